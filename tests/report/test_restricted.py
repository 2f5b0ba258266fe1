"""A corpus that is not public, through the command: one page in aggregate, and nothing of a single case anywhere."""

import io
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from casetrace.cohort import read_cohort
from casetrace.cohort.in_aggregate import read_aggregate
from casetrace.core.errors import EXIT_STAGE_FAILED, NotFoundError
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.privacy import standing_file
from casetrace.report.corpus_pages.collection import write_cohort_page

from tests.cli.test_cli import call
from tests.cohort import attack
from tests.cohort.test_aggregate import KINDS, assert_nothing_is_given_back
from tests.importers.mimiciv.small import imported, lab

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT.parent / "shared" / "data" / "mimic-iv-demo-2.2"
needs_demo = pytest.mark.skipif(
    not DEMO.is_dir(), reason="the demo data of MIMIC-IV is not beside the project (../shared)"
)


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """The demo taken as a corpus that is not public, with every stage run."""
    root = tmp_path_factory.mktemp("closed")
    shutil.copy(ROOT / "params.yaml", root)
    call("import", "mimic-iv", DEMO, "--corpus", "closed", "--project", root)
    stages = [word for stage in ("metrics", "cohort", "report", "index") for word in ("--stage", stage)]
    said = call("run", "closed", *stages, "--project", root)
    return ProjectFolder(root).corpus("closed"), said


def cells(found):
    """The case ids -> variables -> cell, as the attack's tests write them, from the characteristics."""
    cases = {}
    for row in found.iter_rows(named=True):
        cell = row["word"] if row["kind"] == "choice" else row["value"]
        cases.setdefault(row["case_id"], {})[row["variable"]] = cell if row["state"] == "known" else row["state"]
    return cases


@needs_demo
def test_one_page_is_all_that_is_made(closed):
    corpus, said = closed
    assert [path.name for path in corpus.reports.iterdir()] == ["cohort.html"]
    assert "no case reports, since closed is not public" in said
    assert "140" not in said.split("cohort:")[1].split("\n")[0]


@needs_demo
def test_neither_page_nor_files_hold_a_row_or_a_name_of_a_case(closed):
    corpus, _ = closed
    html = corpus.cohort_page.read_text(encoding="utf-8")
    page = attack.read(html)
    assert {name.split(".")[0] for name in page.files} == {
        f"aggregate-{name}" for name in ("characteristics", "classes", "quantiles", "sizes")
    }
    ids = pl.read_parquet(corpus.table("cases"))["case_id"].to_list()
    held = [html, *(raw.decode() for name, raw in page.files.items() if name.endswith("csv"))]
    held += [
        str(pl.read_parquet(io.BytesIO(raw)).rows()) for name, raw in page.files.items() if name.endswith("parquet")
    ]
    assert not [case_id for case_id in ids if any(case_id in text for text in held)]
    assert "report.html" not in html
    for name, raw in page.files.items():
        if name.endswith("parquet"):
            assert "case_id" not in pl.read_parquet(io.BytesIO(raw)).columns


@needs_demo
def test_what_the_page_prints_is_what_its_files_hold(closed):
    corpus, _ = closed
    page = attack.read(corpus.cohort_page.read_text(encoding="utf-8"))
    found = attack.tables(page)
    heads, *rows = page.rows
    assert [head.split()[0] for head in heads[2:6]] == ["Known", "Bounds", "Not", "Does"]
    assert len(rows) == found["characteristics"].height
    for row, told in zip(rows, found["characteristics"].iter_rows(named=True), strict=True):
        for text, state in zip(row[2:6], attack.STATES, strict=True):
            assert attack.bounds(text) == (told[f"{state}_low"], told[f"{state}_high"]), row[0]
    numbers = found["classes"].filter(pl.col("kind") == "number")
    drawn = [part for _, part in numbers.group_by("variable", maintain_order=True) if part.height > 1]
    assert len(page.figures) == len(drawn) >= 5
    for texts, part in zip(page.figures, drawn, strict=True):
        assert [attack.bounds(text) for text in texts[1::2]] == part.select("n_low", "n_high").rows()


@needs_demo
def test_subtraction_across_the_tables_of_the_demo_recovers_no_small_cell(closed, monkeypatch):
    corpus, _ = closed
    found = pl.read_parquet(corpus.cohort / "characteristics.parquet")
    for name, kind, unit in found.select("variable", "kind", "unit").unique().iter_rows():
        monkeypatch.setitem(KINDS, name, (kind, unit))
    assert_nothing_is_given_back(cells(found), read_aggregate(corpus))


@needs_demo
@pytest.mark.parametrize("asked", [("--by", "sex"), ("--where", "age >= 60"), ("--by", "sex", "--test")])
def test_parts_of_it_are_refused_and_the_page_stays(closed, tmp_path, asked):
    corpus, _ = closed
    before = corpus.cohort_page.read_bytes()
    said = call("cohort", "closed", *asked, "--out", tmp_path / "part.html", "--project", corpus.project.root, expect=2)
    assert "is not public and is shown as a whole only" in said
    assert "casetrace cohort closed" in said
    assert not (tmp_path / "part.html").exists()
    assert corpus.cohort_page.read_bytes() == before


@needs_demo
def test_the_command_makes_the_same_page_here_or_elsewhere(closed, tmp_path):
    corpus, _ = closed
    before = corpus.cohort_page.read_bytes()
    call("cohort", "closed", "--project", corpus.project.root)
    assert corpus.cohort_page.read_bytes() == before
    call("cohort", "closed", "--out", tmp_path / "whole.html", "--project", corpus.project.root)
    assert (
        attack.read((tmp_path / "whole.html").read_text(encoding="utf-8")).files == attack.read(before.decode()).files
    )


@needs_demo
def test_the_index_leads_to_the_page_and_has_no_line_of_a_case(closed):
    corpus, _ = closed
    index = (corpus.project.root / "reports" / "index.html").read_text(encoding="utf-8")
    assert '<a href="closed/cohort.html">closed in aggregate</a>' in index
    assert not [c for c in pl.read_parquet(corpus.table("cases"))["case_id"] if c in index]


@needs_demo
def test_tables_from_when_it_was_public_are_not_shown(closed, tmp_path):
    corpus, _ = closed
    shutil.copytree(corpus.project.root, tmp_path / "copy")
    again = ProjectFolder(tmp_path / "copy").corpus("closed")
    params = again.project.params
    kept = standing_file(again).read_text(encoding="utf-8")
    standing_file(again).write_text(json.dumps(json.loads(kept) | {"public": True}), encoding="utf-8")
    params.write_text(
        params.read_text(encoding="utf-8").replace("{value: 500, unit: cases", "{value: 100, unit: cases")
    )
    call("cohort", "closed", "--project", again.project.root)
    assert "140 cases in aggregate" in again.cohort_page.read_text(encoding="utf-8")
    standing_file(again).write_text(kept, encoding="utf-8")
    with pytest.raises(NotFoundError, match="written while it was public"):
        write_cohort_page(again, load(params))


@needs_demo
def test_reports_from_when_it_was_public_must_go_first(closed, tmp_path):
    corpus, _ = closed
    shutil.copytree(corpus.project.root, tmp_path / "copy")
    again = ProjectFolder(tmp_path / "copy").corpus("closed")
    again.case_report("p-1").mkdir()
    (again.case_report("p-1") / "report.html").write_text("<p>a case</p>", encoding="utf-8")
    said = call("cohort", "closed", "--project", again.project.root, expect=EXIT_STAGE_FAILED)
    assert "holds 1 reports of single cases from when closed was public" in said


@needs_demo
def test_the_page_is_found_by_where(closed):
    corpus, _ = closed
    assert str(corpus.cohort_page) in call("where", "closed", "--project", corpus.project.root)


@needs_demo
def test_a_large_public_corpus_is_shown_in_aggregate_exactly_and_a_part_of_it_row_by_row(closed, tmp_path):
    corpus, _ = closed
    root = tmp_path / "copy"
    shutil.copytree(corpus.project.root, root)
    place = ProjectFolder(root).corpus("closed")
    kept = json.loads(standing_file(place).read_text(encoding="utf-8"))
    standing_file(place).write_text(json.dumps(kept | {"public": True}), encoding="utf-8")
    text = place.project.params.read_text(encoding="utf-8")
    place.project.params.write_text(text.replace("{value: 500, unit: cases", "{value: 100, unit: cases"))
    said = call("run", "closed", "--stage", "cohort", "--stage", "report", "--project", root)
    assert "no case reports of so many imported cases" in said
    assert [path.name for path in place.reports.iterdir()] == ["cohort.html"]
    call("cohort", "closed", "--by", "sex", "--out", tmp_path / "sex.html", "--project", root)
    grouped = attack.tables(attack.read((tmp_path / "sex.html").read_text(encoding="utf-8")))
    assert grouped["sizes"].select("cases_low", "cases_high").rows() == [(63, 63), (77, 77)]
    call("cohort", "closed", "--where", "age > 80", "--out", tmp_path / "old.html", "--project", root)
    rows = (tmp_path / "old.html").read_text(encoding="utf-8")
    assert 'id="by-case"' in rows
    assert "Cases are published because" not in rows
    assert "too many cases" in call("cohort", "closed", "--by", "sex", "--test", "--project", root, expect=2)
    text = place.project.params.read_text(encoding="utf-8")
    place.project.params.write_text(text.replace("{value: 100, unit: cases", "{value: 500, unit: cases"))
    call("cohort", "closed", "--project", root)
    assert read_cohort(place)["summary"].height
    assert not (place.cohort / "counts.parquet").exists()


def test_of_a_single_case_nothing_is_shown(tmp_path):
    corpus, _ = imported(tmp_path, labs=[lab("51265", "2150-01-03 10:00:00", "87")])
    shutil.copy(ROOT / "params.yaml", tmp_path)
    call("run", corpus.name, "--stage", "metrics", "--stage", "cohort", "--stage", "report", "--project", tmp_path)
    html = corpus.cohort_page.read_text(encoding="utf-8")
    assert "Too few cases to show anything" in html
    assert "10 or fewer cases or patients" in html
    assert attack.read(html).files == {}
    assert attack.read(html).rows == []
