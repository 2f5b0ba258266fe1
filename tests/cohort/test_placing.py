"""The placing stage: the cases among each comparison corpus, also under DVC; without one there is no such stage."""

import polars as pl
import pytest
from casetrace.cli import main
from casetrace.report.case_data import read_case
from click.testing import CliRunner

from tests.end_to_end.test_end_to_end import call, edit, fresh_copy

CASE = "cmaj-2019-heparin-resistance"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project with one case and two corpora of made-up patients, under DVC; measured."""
    folder = fresh_copy(tmp_path_factory.mktemp("placed") / "project", cases=[CASE])
    call("git", "init", "-q", cwd=folder)
    call("dvc", "init", "-q", cwd=folder)
    call("casetrace", "run", "--stage", "extract", "--stage", "metrics", cwd=folder)
    for name, members in (("few", 1), ("more", 2)):
        write_others(folder, name, members)
    return folder


def write_others(folder, name, members):
    processed = folder / "data" / "processed"
    place = processed / name
    for part in ("tables", "metrics"):
        (place / part).mkdir(parents=True, exist_ok=True)
    ids = [f"other-{number}" for number in range(members)]
    cases = pl.read_parquet(processed / "case_reports" / "tables" / "cases.parquet")
    pl.concat([cases.with_columns(case_id=pl.lit(i)) for i in ids]).write_parquet(place / "tables" / "cases.parquet")
    own = pl.read_parquet(processed / "case_reports" / "metrics" / "metrics.parquet")
    best = "value" if "value" in own.columns else "best"
    treated = pl.when(pl.col("metric") == "iv_ufh_total").then(pl.lit(1000)).otherwise(pl.col(best))
    own = own.with_columns(treated.cast(own.schema[best]).alias(best))
    pl.concat([own.with_columns(case_id=pl.lit(i)) for i in ids]).write_parquet(place / "metrics" / "metrics.parquet")


def sizes(folder):
    """The number of members among whom the case is placed, by comparison corpus."""
    found = {}
    for path in sorted((folder / "data/processed/case_reports/placing").glob("*/placing.parquet")):
        rows = pl.read_parquet(path)
        found[path.parent.name] = set(rows["n"] + rows["n_without"])
    return found


def run(folder, *words, expect=0):
    done = CliRunner().invoke(main, ["run", *words, "--project", str(folder)])
    assert done.exit_code == expect, (done.output, done.exception)
    return done.output


@pytest.mark.slow
def test_dvc_makes_a_stage_for_each_comparison_corpus_and_none_without_one(folder):
    listed = call("dvc", "stage", "list", cwd=folder).stdout
    assert "metrics@case_reports" in listed
    assert "placing" not in listed
    edit(folder / "params.yaml", "corpora: []", "corpora: [few, more]")
    assert call("dvc", "stage", "list", cwd=folder).stdout.count("placing@") == 2
    call("dvc", "repro", "placing", cwd=folder)
    assert sizes(folder) == {"few": {1}, "more": {2}}

    assert "Running stage" not in call("dvc", "repro", "placing", cwd=folder).stdout
    write_others(folder, "few", 3)
    said = call("dvc", "repro", "placing", cwd=folder).stdout
    assert "Running stage 'placing@few'" in said
    assert "Running stage 'placing@more'" not in said
    assert sizes(folder) == {"few": {3}, "more": {2}}
    edit(folder / "params.yaml", "corpora: [few, more]", "corpora: []")
    write_others(folder, "few", 1)


def test_a_placing_among_a_corpus_that_is_no_longer_named_is_neither_kept_nor_shown(folder):
    from casetrace.core.paths import ProjectFolder

    corpus = ProjectFolder(folder).corpus()
    edit(folder / "params.yaml", "corpora: []", "corpora: [few, more]")
    run(folder, "--stage", "placing")
    assert set(read_case(corpus, CASE).results["placing"]["comparison"]) == {"few", "more"}
    assert set(read_case(corpus, CASE).results["distribution"]["comparison"]) == {"few", "more"}
    edit(folder / "params.yaml", "corpora: [few, more]", "corpora: [more]")
    assert set(read_case(corpus, CASE).results["placing"]["comparison"]) == {"more"}
    run(folder, "--stage", "placing")
    assert sizes(folder) == {"more": {2}}
    edit(folder / "params.yaml", "corpora: [more]", "corpora: []")


def test_a_corpus_that_is_not_named_or_has_no_results_is_said(folder):
    assert "names no comparison corpus 'few'" in run(folder, "--stage", "placing", "--among", "few", expect=3)
    edit(folder / "params.yaml", "corpora: []", "corpora: [nowhere]")
    assert "nowhere" in run(folder, "--stage", "placing", expect=3)
    edit(folder / "params.yaml", "corpora: [nowhere]", "corpora: []")


@pytest.mark.parametrize("wrong", ["none", "[../raw]", "[few, few]", "[1]", "[a/b]", "few"])
def test_comparison_corpora_are_a_list_of_names(folder, wrong):
    edit(folder / "params.yaml", "corpora: []", f"corpora: {wrong}")
    said = run(folder, "--stage", "placing", expect=2)
    edit(folder / "params.yaml", f"corpora: {wrong}", "corpora: []")
    assert "params.yaml, key comparison.corpora" in said
