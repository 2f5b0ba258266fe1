"""The metrics stage does the work of changed cases only, and writes what a run from nothing writes."""

import shutil

import polars as pl
import pytest
from casetrace.core import fingerprints
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.metrics import run
from casetrace.metrics.stage import run_metrics_stage

from tests.case_builder import ROOT

#: Two of them have claims.
CASES = (
    "cja2019-pseudo-heparin-resistance-56000u",
    "green2021-argatroban-heart-transplant",
    "dager2004-lepirudin-ecmo-17f",
)
NEW = "blood2005-argatroban-cpb-48m"


def project(root, cases=CASES):
    corpus = ProjectFolder(root).corpus()
    for case_id in cases:
        shutil.copytree(ROOT / "data" / "raw" / "case_reports" / case_id, corpus.raw / case_id)
    shutil.copy(ROOT / "params.yaml", root)
    return corpus


def run_stage(corpus):
    params = load(corpus.project.params)
    extract(corpus, params)
    return run_metrics_stage(corpus, params)


def contents(corpus):
    folders = (corpus.metrics, corpus.case_metrics)
    return {p.relative_to(corpus.processed): p.read_bytes() for f in folders for p in f.rglob("*") if p.is_file()}


def from_nothing(corpus, root):
    fresh = ProjectFolder(root / "fresh").corpus()
    shutil.copytree(corpus.raw, fresh.raw)
    shutil.copy(corpus.project.params, fresh.project.root)
    run_stage(fresh)
    return contents(fresh)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    corpus = project(tmp_path_factory.mktemp("project"))
    result = run_stage(corpus)
    assert (result.measured.cases, result.up_to_date) == (3, 0)
    assert result.claims > 0
    return corpus


@pytest.fixture
def corpus(original, tmp_path):
    shutil.copytree(original.project.root, tmp_path / "project")
    return ProjectFolder(tmp_path / "project").corpus()


@pytest.fixture
def measured(monkeypatch):
    """The case ids of each call of the SQL."""
    calls = []
    compute = run.run_metrics

    def watched(tables, *rest, **named):
        calls.append(tables["cases"]["case_id"].to_list())
        return compute(tables, *rest, **named)

    monkeypatch.setattr(run, "run_metrics", watched)
    return calls


def test_a_second_run_measures_nothing_and_changes_nothing(corpus, measured):
    before = contents(corpus)
    assert run_stage(corpus).up_to_date == 3
    assert measured == []
    assert contents(corpus) == before


def test_a_new_case_is_the_only_one_measured(corpus, measured, tmp_path):
    shutil.copytree(ROOT / "data" / "raw" / "case_reports" / NEW, corpus.raw / NEW)
    result = run_stage(corpus)
    assert (result.measured.cases, result.up_to_date) == (4, 3)
    assert measured == [[NEW]]
    assert contents(corpus) == from_nothing(corpus, tmp_path)


def test_a_changed_case_is_the_only_one_measured_and_its_claims_are_tested_anew(corpus, measured, tmp_path):
    doses = corpus.raw / CASES[0] / "doses.csv"
    doses.write_text(doses.read_text(encoding="utf-8").replace("56000", "57000"), encoding="utf-8")
    before = pl.read_parquet(corpus.metrics / "audit.parquet")
    run_stage(corpus)
    assert measured == [[CASES[0]]]
    after = pl.read_parquet(corpus.metrics / "audit.parquet")
    mine = pl.col("case_id") == CASES[0]
    assert not before.filter(mine).equals(after.filter(mine))
    assert before.filter(~mine).equals(after.filter(~mine))
    assert contents(corpus) == from_nothing(corpus, tmp_path)


def test_a_case_that_is_gone_leaves_nothing_and_costs_nothing(corpus, measured, tmp_path):
    shutil.rmtree(corpus.raw / CASES[1])
    assert run_stage(corpus).up_to_date == 2
    assert measured == []
    assert contents(corpus) == from_nothing(corpus, tmp_path)


def test_results_that_were_touched_are_not_trusted(corpus, measured):
    before = contents(corpus)
    path = corpus.metrics / "metrics.parquet"
    pl.read_parquet(path).with_columns(pl.col("value") + 1).write_parquet(path)
    assert run_stage(corpus).up_to_date == 0
    assert len(measured) == 1
    assert contents(corpus) == before


def test_another_parameter_or_other_code_measures_every_case(corpus, measured, monkeypatch):
    path = corpus.project.params
    path.write_text(path.read_text(encoding="utf-8").replace("value: 35000", "value: 36000"), encoding="utf-8")
    assert run_stage(corpus).up_to_date == 0
    monkeypatch.setattr(fingerprints, "code", lambda stage: f"other code of {stage}")
    assert run_stage(corpus).up_to_date == 0
    assert len(measured) == 2


def test_another_engine_measures_every_case_and_another_style_of_the_pages_none(corpus, measured, monkeypatch):
    installed = fingerprints.version
    monkeypatch.setattr(fingerprints, "version", lambda name: "0.1" if name == "typst" else installed(name))
    assert run_stage(corpus).up_to_date == 3
    monkeypatch.setattr(fingerprints, "version", lambda name: "0.1" if name == "duckdb" else installed(name))
    assert run_stage(corpus).up_to_date == 0
    assert len(measured) == 1


def test_a_corpus_of_several_batches_is_measured_as_a_whole(corpus, measured, monkeypatch):
    before = contents(corpus)
    monkeypatch.setattr(run, "BATCH_CASES", 2)
    result = run_stage(corpus)
    assert (result.measured.cases, result.up_to_date) == (3, 0)
    assert measured == [sorted(CASES)[:2], sorted(CASES)[2:]]
    assert contents(corpus) == before
