"""A changed comparison corpus leads to a new placing, also under DVC; without one, nobody stands in for it."""

import polars as pl
import pytest
from casetrace.core.paths import Project
from casetrace.metrics.nobody import write_nobody
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import dtypes

from tests.end_to_end.test_end_to_end import call, edit, fresh_copy

CASE = "blood2005-argatroban-cpb-48m"


def test_nobody_has_typed_tables_without_a_row(tmp_path):
    corpus = Project(tmp_path).corpus("none")
    assert write_nobody(corpus) == corpus.processed
    written = {corpus.table("cases"): CANONICAL["cases"], corpus.metrics / "metrics.parquet": RESULTS["metrics"]}
    for path, model in written.items():
        table = pl.read_parquet(path)
        assert table.height == 0
        assert dict(table.schema) == dtypes(model)


def placing(folder):
    return pl.read_parquet(folder / "data/processed/case_reports/metrics/placing.parquet")


@pytest.mark.slow
def test_dvc_places_the_cases_anew_when_the_comparison_corpus_has_changed(tmp_path):
    folder = fresh_copy(tmp_path / "project", cases=[CASE])
    call("git", "init", "-q", cwd=folder)
    call("dvc", "init", "-q", cwd=folder)
    stage = ("dvc", "repro", "metrics@case_reports")
    call(*stage, cwd=folder)
    assert not (folder / "data/processed/case_reports/metrics/placing.parquet").exists()

    others = folder / "data/processed/others/metrics/metrics.parquet"
    others.parent.mkdir(parents=True)
    names = ("other-1", "other-2")
    cases = pl.read_parquet(folder / "data/processed/case_reports/tables/cases.parquet")
    patients = folder / "data/processed/others/tables/cases.parquet"
    patients.parent.mkdir()
    pl.concat([cases.with_columns(case_id=pl.lit(name)) for name in names]).write_parquet(patients)
    own = pl.read_parquet(folder / "data/processed/case_reports/metrics/metrics.parquet")
    treated = pl.when(pl.col("metric") == "iv_ufh_total").then(1000.0).otherwise(pl.col("value")).alias("value")
    one = own.with_columns(treated, pl.lit("other-1").alias("case_id"))
    two = own.with_columns(treated, pl.lit("other-2").alias("case_id"))
    one.write_parquet(others)
    edit(folder / "params.yaml", "corpus: none", "corpus: others")
    call(*stage, cwd=folder)
    group = placing(folder)["n"] + placing(folder)["n_without"]
    assert set(group) == {1}

    assert "up to date" in call(*stage, cwd=folder).stdout
    pl.concat([one, two]).write_parquet(others)
    assert "Running stage 'metrics@case_reports'" in call(*stage, cwd=folder).stdout
    group = placing(folder)["n"] + placing(folder)["n_without"]
    assert set(group) == {2}
