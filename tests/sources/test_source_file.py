"""source.yaml: everything it can say reaches the tables."""

import pytest

from tests.case_builder import SOURCE, read, rows, tables

FULL = """\
case_id: small-case
title: A small case
citation:
  authors: [A B, C D]
  title: An article
  journal: J Test
  year: 2020
  volume: 0191
  issue: 10
  pages: E283-E287
  doi: 10.1000/x
  pmid: 01234567
  pmcid: PMC1
  url: https://example.org
licence: CC BY 4.0
curators: [First, {name: Second, orcid: 0000-0000-0000-0000}]
status: checked
read: part
patient_label: patient 2
same_patient_as: [small-case]
time_zero: {meaning: first dose, day_zero_starts: hour_zero}
observed: D-2T12:00/D25
source_text: {sha256: %s}
""" % ("0" * 64)

SHEETS = ("patient", "targets", "labs", "doses", "events", "findings", "scores", "claims")
QUIET = {f"{name}.csv": None for name in SHEETS}


def test_everything_reaches_the_tables(tmp_path):
    found = tables(tmp_path, {**QUIET, "source.yaml": FULL})
    [source] = found["sources"].to_dicts()
    assert source == {
        "case_id": "small-case",
        "authors": ["A B", "C D"],
        "article_title": "An article",
        "journal": "J Test",
        "year": 2020,
        "volume": "0191",
        "issue": "10",
        "pages": "E283-E287",
        "doi": "10.1000/x",
        "pmid": "01234567",
        "pmcid": "PMC1",
        "url": "https://example.org",
        "licence": "CC BY 4.0",
        "curators": ["First", "Second"],
        "source_text_sha256": "0" * 64,
    }
    assert rows(found["cases"], "status", "read", "patient_label", "same_patient_as", "day_zero_starts") == [
        ("checked", "part", "patient 2", ["small-case"], "hour_zero")
    ]
    assert rows(found["cases"], "observed_start_min", "observed_end_min") == [(-2160, 37439)]


def test_a_folder_with_only_a_source_gives_empty_typed_tables(tmp_path):
    found = tables(tmp_path, {**QUIET, "source.yaml": FULL})
    assert {name: frame.height for name, frame in found.items() if frame.height} == {"cases": 1, "sources": 1}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("same_patient_as: [small-case]", "same_patient_as: small-case", "the key is not a list"),
        ("curators: [First", "curators: [{orcid: 1}", "an entry has no name"),
        ("sha256: 0", "sha256: zz0", "not a SHA-256 hash"),
        ("title: A small case", "title: [a, b]", "more than one text"),
        ("time_zero: {meaning: first dose,", "time_zero: {", "column time_zero.meaning: the key is missing"),
        ("day_zero_starts: hour_zero", "day_zero: x", "column time_zero.day_zero_starts: the key is missing"),
        ("observed: D-2T12:00/D25", "observed: D25", "'D25' is not a span of study days"),
        ("observed: D-2T12:00/D25", "observed: D0/@X", "is not a span of study days"),
        ("licence: CC BY 4.0", "licence: CC BY 4.0\nclocks: {pod: {0: D0}}", "'pod' cannot name a clock"),
        ("licence: CC BY 4.0", "licence: CC BY 4.0\nclocks: {POD: {0: day 1}}", "'day 1' is not a time"),
        ("citation:\n", "citation: here\nx:\n", "column citation: the key holds no further keys"),
        ("case_id: small-case", "- case_id: small-case", "cannot be read as YAML"),
    ],
)
def test_faults(tmp_path, old, new, message):
    assert old in FULL
    _, problems = read(tmp_path, {**QUIET, "source.yaml": FULL.replace(old, new, 1)})
    assert any(message in str(problem) for problem in problems), [str(p) for p in problems]


def test_the_small_source_is_another_valid_one(tmp_path):
    assert tables(tmp_path, {"source.yaml": SOURCE})["cases"].height == 1
