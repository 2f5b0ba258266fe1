"""The archive for a journal's supplement: complete, readable alone, equal bytes; citations that programs can read."""

import csv
import io
import zipfile
from dataclasses import replace

import polars as pl
from casetrace.report.case_data import CaseData
from casetrace.report.render import supplement
from casetrace.report.text import citation
from casetrace.schemas import CANONICAL, RESULTS

PAGES = {"report.html": b"<p>page</p>", "report.pdf": b"%PDF"}


def opened(case: CaseData) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(supplement.archive(case, PAGES, b"time: {}\n")))


def test_it_holds_report_data_results_codebook_and_citation(case: CaseData) -> None:
    names = {n.removeprefix("one/") for n in opened(case).namelist()}
    data = {f"tables/{n}.csv" for n in CANONICAL} | {f"results/{n}.csv" for n in RESULTS}
    about = {"README.txt", "params.yaml", "citation.bib", "citation.ris", "codebook.csv"}
    assert names == set(PAGES) | data | about


def test_nothing_of_other_patients_is_in_it(case: CaseData) -> None:
    others = replace(case, results=case.results | {"distribution": pl.DataFrame({"value": [12345.678]})})
    archive = opened(others)
    assert not any("distribution" in name for name in archive.namelist())
    assert all(b"12345.678" not in archive.read(name) for name in archive.namelist())


def test_tables_can_be_read_back_with_every_digit(case: CaseData) -> None:
    read = list(csv.DictReader(io.StringIO(opened(case).read("one/results/metrics.csv").decode())))
    own = case.results["metrics"].to_dicts()
    assert len(read) == len(own) > 0
    for row, expected in zip(read, own, strict=True):
        assert row["metric"] == expected["metric"]
        assert (float(row["value"]) if row["value"] else None) == expected["value"]
        assert row["row_ids"] == "; ".join(expected["row_ids"])


def test_every_column_is_in_the_codebook(case: CaseData) -> None:
    rows = {(r["folder"], r["table"], r["column"]) for r in csv.DictReader(io.StringIO(supplement.codebook()))}
    archive = opened(case)
    for name in archive.namelist():
        folder, _, table = name.removeprefix("one/").removesuffix(".csv").partition("/")
        if table:
            head = archive.read(name).decode().splitlines()[0].split(",")
            assert {(folder, table, column) for column in head} <= rows


def test_equal_input_gives_equal_bytes_without_a_date(case: CaseData) -> None:
    assert supplement.archive(case, PAGES, b"") == supplement.archive(case, dict(reversed(PAGES.items())), b"")
    assert {entry.date_time for entry in opened(case).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def with_source(case: CaseData, **fields: object) -> CaseData:
    frame = case.tables["sources"]
    changed = frame.with_columns(*(pl.Series(n, [v], dtype=frame.schema[n]) for n, v in fields.items()))
    return replace(case, tables=case.tables | {"sources": changed})


SOURCE = {"authors": ["Åström B", "de la Cruz C"], "article_title": "Heparin & 5% {AT}", "journal": "J Clin_Inv",
          "year": 2019, "volume": "191", "issue": "10", "pages": "E283–E287", "doi": "10.1/a_b"}  # fmt: skip


def test_bibtex_escapes_what_means_something_to_it(case: CaseData) -> None:
    text = citation.bibtex(with_source(case, **SOURCE))
    assert text.startswith("@article{one,\n")
    assert "author = {Åström B and de la Cruz C}," in text
    assert r"title = {{Heparin \& 5\% \{AT\}}}," in text
    assert r"journal = {J Clin\_Inv}," in text
    assert "pages = {E283--E287}," in text
    assert "doi = {10.1/a_b}," in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_ris_has_one_tag_a_line_and_ends(case: CaseData) -> None:
    lines = citation.ris(with_source(case, **SOURCE)).split("\r\n")
    assert lines[0] == "TY  - JOUR"
    assert [line for line in lines if line.startswith("AU")] == ["AU  - Åström B", "AU  - de la Cruz C"]
    assert {"SP  - E283", "EP  - E287", "DO  - 10.1/a_b", "TI  - Heparin & 5% {AT}"} <= set(lines)
    assert lines[-2:] == ["ER  - ", ""]


def test_a_source_of_which_little_is_known_is_cited_by_the_title_of_the_case(silent_case: CaseData) -> None:
    bare = (
        with_source(silent_case, **dict.fromkeys(SOURCE, None)) if silent_case.tables["sources"].height else silent_case
    )
    title = str(silent_case.case["title"])
    assert f"title = {{{{{title}}}}}" in citation.bibtex(bare)
    assert f"TI  - {title}\r\n" in citation.ris(bare)
    assert "None" not in citation.bibtex(bare) + citation.ris(bare)
