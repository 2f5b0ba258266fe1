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
        ("time_zero: {meaning: first dose,", "time_zero: {", "key time_zero.meaning: the key is missing"),
        ("day_zero_starts: hour_zero", "day_zero: x", "key time_zero.day_zero_starts: the key is missing"),
        ("licence: CC BY 4.0", "licence:", "key licence: the key has no value (allowed: the licence of the article"),
        ("read: part", "read: Part", "key read: 'Part' is not a choice (did you mean 'part'?)"),
        (
            "D-2T12:00/D25",
            "day 0 to day 25",
            "is not a time (allowed: the first and the last day that the source covers",
        ),
        ("observed: D-2T12:00/D25", "observed: D25", "'D25' is not a span of study days"),
        ("observed: D-2T12:00/D25", "observed: D0/@X", "is not a span of study days"),
        ("licence: CC BY 4.0", "licence: CC BY 4.0\nclocks: {pod: {0: D0}}", "'pod' cannot name a clock"),
        ("licence: CC BY 4.0", "licence: CC BY 4.0\nclocks: {POD: {0: day 1}}", "'day 1' is not a time"),
        ("citation:\n", "citation: here\nx:\n", "key citation: the key holds no further keys"),
        ("case_id: small-case", "- case_id: small-case", "cannot be read as YAML"),
        ("case_id: small-case", "[case_id]: small-case", "a key is no word (line 1)"),
    ],
)
def test_faults(tmp_path, old, new, message):
    assert old in FULL
    _, problems = read(tmp_path, {**QUIET, "source.yaml": FULL.replace(old, new, 1)})
    assert any(message in str(problem) for problem in problems), [str(p) for p in problems]


def test_a_citation_without_anything_in_it_is_missing(tmp_path):
    start, end = FULL.index("citation:"), FULL.index("licence:")
    text = FULL[:start] + "citation: {authors: [], journal: , year: }\n" + FULL[end:]
    _, problems = read(tmp_path, {**QUIET, "source.yaml": text})
    assert [(p.column, p.what) for p in problems] == [("citation", "the key has no value")]


def test_faults_of_the_source_and_of_the_rows_are_told_at_once(tmp_path):
    text = SOURCE.replace("observed: D0/D25", "observed: three weeks").replace("status: draft", "status: done")
    files = {"source.yaml": text, "events.csv": "id,event,when\nOP,surgery,day 1\nOP,ecmo_start,D400\n"}
    _, problems = read(tmp_path, files)
    assert [(p.file.partition("/")[2], p.row, p.column) for p in problems] == [
        ("events.csv", 2, "when"),
        ("events.csv", 3, "id"),
        ("source.yaml", None, "observed"),
        ("source.yaml", None, "status"),
    ]


@pytest.mark.parametrize(("typed", "found"), [("true", True), ("false", False), ('"true"', True), ("", False)])
def test_a_case_is_fictional_only_where_its_source_says_so(tmp_path, typed, found):
    cases = tables(tmp_path, {**QUIET, "source.yaml": f"{FULL}fictional: {typed}\n"})["cases"]
    assert rows(cases, "is_fictional") == [(found,)]


def test_without_the_key_a_case_is_a_patient(tmp_path):
    assert rows(tables(tmp_path, {"source.yaml": SOURCE})["cases"], "is_fictional") == [(False,)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("yes", "source.yaml, key fictional: 'yes' is not a choice (allowed: true, false)"),
        ("1", "source.yaml, key fictional: '1' is not a choice (allowed: true, false)"),
        ("True", "source.yaml, key fictional: 'True' is not a choice (did you mean 'true'?)"),
        ("flase", "source.yaml, key fictional: 'flase' is not a choice (did you mean 'false'?)"),
    ],
)
def test_any_other_word_is_refused(tmp_path, typed, message):
    _, problems = read(tmp_path, {**QUIET, "source.yaml": f"{FULL}fictional: {typed}\n"})
    assert [str(problem).split("/", 1)[1] for problem in problems] == [message]


def test_the_small_source_is_another_valid_one(tmp_path):
    assert tables(tmp_path, {"source.yaml": SOURCE})["cases"].height == 1
