"""The metrics stage: what it writes, that it writes the same bytes again, and that a failure leaves the old results."""

import json
from pathlib import Path

import polars as pl
import pytest
from casetrace.core.errors import NotFoundError
from casetrace.core.params import Params, load
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.metrics import result_files
from casetrace.metrics.result_files import wide
from casetrace.metrics.run import compute_metrics, run_metrics
from casetrace.schemas import RESULTS
from casetrace.schemas.base import dtypes

from tests.laws.corpus import corpus as invented
from tests.spec import PARAMS, Tables, case

PARAMETERS: Params = load(Path(__file__).resolve().parents[2] / "params.yaml")


def write_tables(root: Path, tables: Tables) -> Corpus:
    place = ProjectFolder(root).corpus("cases")
    place.tables.mkdir(parents=True)
    for name, frame in tables.items():
        frame.write_parquet(place.table(name))
    return place


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def first_cases() -> int:
    return invented()["cases"].height


def test_every_result_is_written_and_reads_back_valid(tmp_path: Path) -> None:
    place = write_tables(tmp_path, invented())
    measured = compute_metrics(place, PARAMETERS)
    metrics = pl.read_parquet(place.metrics / "metrics.parquet")
    assert RESULTS["metrics"].checked(metrics).height == measured.metrics
    assert measured.cases == first_cases()
    for name in ("trailing_24h", "terms", "score_items"):
        assert RESULTS[name].checked(pl.read_parquet(place.series / f"{name}.parquet")).height > 0


def test_two_runs_in_two_places_write_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_tables(tmp_path / name, invented()) for name in ("a", "b"))
    compute_metrics(first, PARAMETERS)
    compute_metrics(second, PARAMETERS)
    compute_metrics(second, PARAMETERS)
    assert contents(first.metrics) == contents(second.metrics)
    assert contents(first.case_metrics) == contents(second.case_metrics)
    assert len(contents(first.case_metrics)) == first_cases()


def test_the_wide_table_has_one_row_per_case_and_the_best_values(tmp_path: Path) -> None:
    place = write_tables(tmp_path, invented())
    compute_metrics(place, PARAMETERS)
    table = pl.read_parquet(place.metrics / "case_metrics.parquet")
    assert table["case_id"].to_list() == sorted(invented()["cases"]["case_id"])
    metrics = pl.read_parquet(place.metrics / "metrics.parquet")
    day = metrics.filter((pl.col("metric") == "iv_ufh_day_total") & (pl.col("case_id") == "full"))
    for stratum, value in day.select("stratum", "value").iter_rows():
        assert table.filter(pl.col("case_id") == "full")[f"iv_ufh_day_total__{stratum}"][0] == value


def test_each_case_has_one_flat_json(tmp_path: Path) -> None:
    place = write_tables(tmp_path, invented())
    compute_metrics(place, PARAMETERS)
    found = json.loads((place.case_metrics / "certain.json").read_text())
    assert found["iv_ufh_bolus_total"] == 38000
    assert found["iv_ufh_day_total.D1"] == 10400
    assert found["four_ts_total"] is None
    assert list(found) == sorted(found)


def test_a_wide_table_of_no_cases_has_no_rows() -> None:
    assert wide(RESULTS["metrics"].checked(pl.DataFrame(schema=dtypes(RESULTS["metrics"])))).height == 0


def test_missing_tables_are_named(tmp_path: Path) -> None:
    place = write_tables(tmp_path, case())
    place.table("labs").unlink()
    with pytest.raises(NotFoundError, match="no table labs; run the stage extract first"):
        compute_metrics(place, PARAMETERS)


def test_a_failure_leaves_the_earlier_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_tables(tmp_path, case())
    compute_metrics(place, PARAMETERS)
    before = contents(place.metrics)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(result_files, "write_by_case", fail)
    with pytest.raises(OSError, match="disk full"):
        compute_metrics(place, PARAMETERS)
    assert contents(place.metrics) == before
    assert [p.name for p in place.processed.iterdir() if p.name.startswith(".metrics")] == []


def test_tables_that_break_their_schema_are_refused(tmp_path: Path) -> None:
    tables = case(labs="id | when | value\nP1 | D0 | 100")
    place = write_tables(tmp_path, tables | {"labs": tables["labs"].with_columns(value=pl.lit(float("nan")))})
    with pytest.raises(Exception, match="Labs"):
        compute_metrics(place, PARAMETERS)


def test_the_summary_says_how_much_was_measured(tmp_path: Path) -> None:
    place = write_tables(tmp_path, case())
    results = run_metrics(case(), PARAMS)["metrics"]
    assert compute_metrics(place, PARAMETERS).summary().startswith(f"{results.height} results for 1 cases")
