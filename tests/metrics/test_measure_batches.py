"""A corpus measured some cases at a time has the same results as one measured at once, byte for byte."""

import hashlib

import polars as pl
import pytest
from casetrace.core import growing_table
from casetrace.core.paths import ProjectFolder
from casetrace.metrics import run as stage
from casetrace.schemas import CANONICAL

from tests.laws.corpus import corpus as cases
from tests.spec import PARAMS


class Given:
    def for_sql(self):
        return PARAMS


@pytest.fixture
def corpus(tmp_path):
    made = ProjectFolder(tmp_path).corpus("made")
    made.tables.mkdir(parents=True)
    tables = cases()
    for name in CANONICAL:
        tables[name].write_parquet(made.table(name))
    return made


def hashes(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows_of(corpus):
    sizes = pl.concat(pl.read_parquet(corpus.table(name)).select("case_id") for name in ("labs", "doses"))
    return dict(sizes.group_by("case_id").len().iter_rows())


@pytest.mark.parametrize(
    ("group_rows", "batch_cases", "batch_rows"),
    [(growing_table.GROUP_ROWS, 3, 10**6), (40, 1000, 30)],
)
def test_batches_change_no_byte(corpus, monkeypatch, group_rows, batch_cases, batch_rows):
    monkeypatch.setattr(growing_table, "GROUP_ROWS", group_rows)
    at_once = stage.compute_metrics(corpus, Given())
    before = hashes(corpus.processed)
    monkeypatch.setattr(stage, "BATCH_CASES", batch_cases)
    monkeypatch.setattr(stage, "BATCH_ROWS", batch_rows)
    seen = []
    assert stage.compute_metrics(corpus, Given(), lambda parts: seen.extend(parts) or parts) == at_once
    assert len(seen) > 1
    assert hashes(corpus.processed) == before


def test_batches_hold_every_case_once_in_order_and_keep_to_both_limits(corpus, monkeypatch):
    monkeypatch.setattr(stage, "BATCH_CASES", 2)
    monkeypatch.setattr(stage, "BATCH_ROWS", 24)
    parts = stage.batches(corpus)
    rows = rows_of(corpus)
    assert [case for part in parts for case in part] == sorted(cases()["cases"]["case_id"])
    assert max(map(len, parts)) == 2
    for part in parts:
        assert sum(rows.get(case, 0) for case in part) <= 24 or len(part) == 1
    assert any(len(part) == 1 and rows[part[0]] > 24 for part in parts)


def test_a_batch_reads_its_own_cases_and_no_others(corpus):
    ids = sorted(cases()["cases"]["case_id"])[1:3]
    tables = stage.read_tables(corpus, ids)
    assert tables["cases"]["case_id"].sort().to_list() == ids
    for name, frame in tables.items():
        expected = cases()[name].filter(pl.col("case_id").is_in(ids))
        assert frame.equals(expected), name


def test_a_large_corpus_has_no_json_by_case(corpus, monkeypatch):
    stage.compute_metrics(corpus, Given())
    assert len(list(corpus.case_metrics.iterdir())) == cases()["cases"].height
    monkeypatch.setattr(stage, "CASES_WITH_JSON", cases()["cases"].height - 1)
    stage.compute_metrics(corpus, Given())
    assert list(corpus.case_metrics.iterdir()) == []


def test_a_corpus_without_cases_has_empty_results(corpus):
    for name in CANONICAL:
        cases()[name].clear().write_parquet(corpus.table(name))
    assert stage.batches(corpus) == [[]]
    assert stage.compute_metrics(corpus, Given()).metrics == 0
    assert pl.read_parquet(corpus.metrics / "case_metrics.parquet").shape == (0, 1)
