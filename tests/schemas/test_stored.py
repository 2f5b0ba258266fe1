"""A table of another version of casetrace is told of, not stumbled over."""

import polars as pl
import pytest
from casetrace.cli import main
from casetrace.core.errors import CasetraceError
from casetrace.schemas import CANONICAL, empty
from casetrace.schemas.stored import require_schema

MODEL = CANONICAL["events"]


def written(tmp_path, frame):
    path = tmp_path / "events.parquet"
    frame.write_parquet(path)
    return path


def test_a_table_of_this_version_passes(tmp_path):
    require_schema({written(tmp_path, empty(MODEL)): MODEL})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.drop("event"), "events.parquet (no column event)"),
        (lambda t: t.with_columns(pl.lit(1).alias("colour")), "events.parquet (unknown column colour)"),
        (
            lambda t: t.with_columns(pl.col("event").cast(pl.Int64)),
            "events.parquet (column event is Int64, not String)",
        ),
        (lambda t: t.select(reversed(t.columns)), "events.parquet (columns in another order)"),
    ],
)
def test_every_other_form_is_named_with_what_to_do(tmp_path, change, told):
    path = written(tmp_path, change(empty(MODEL)))
    with pytest.raises(CasetraceError) as refused:
        require_schema({path: MODEL})
    assert told in str(refused.value)
    assert "casetrace run" in str(refused.value)


def test_the_metrics_and_cohort_stages_say_so_without_a_traceback(tmp_path):
    from click.testing import CliRunner

    from tests.cohort.made_corpus import processed

    corpus = processed(tmp_path)
    cases = corpus.table("cases")
    pl.read_parquet(cases).drop("is_fictional").write_parquet(cases)
    for stage in ("metrics", "cohort"):
        done = CliRunner().invoke(main, ["run", "--stage", stage, "--project", str(corpus.project.root)])
        assert done.exit_code == CasetraceError.exit_code
        assert "cases.parquet (no column is_fictional)" in done.output
        assert isinstance(done.exception, SystemExit)
