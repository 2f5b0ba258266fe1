"""Rules that hold for every metric, whatever it computes."""

from typing import Any

import polars as pl
import pytest
from casetrace.metrics.catalogue import VARIES, catalogue
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import dtypes, empty
from casetrace.schemas.results import Metrics
from polars.testing import assert_frame_equal

from tests.laws.corpus import CASES, FULL, SILENT, UNCERTAIN, corpus
from tests.spec import Tables, measured, together

Results = dict[str, pl.DataFrame]
WITH_TERMS = (
    "iv_ufh_total",
    "iv_ufh_bolus_total",
    "iv_ufh_infusion_total",
    "iv_ufh_day_total",
    "iv_ufh_max_24h",
    "sc_ufh_total",
    "sc_ufh_max_24h",
    "drug_total",
)


@pytest.fixture(scope="module")
def results() -> Results:
    return measured(corpus())


def assert_equal(found: Results, expected: Results) -> None:
    for name in RESULTS:
        if name in expected:
            assert_frame_equal(found[name], expected[name], check_exact=True)


def renamed(tables: Tables, name: str) -> Tables:
    """The tables of one case under another id."""
    return {table: frame.with_columns(pl.lit(name).alias("case_id")) for table, frame in tables.items()}


def of_case(found: Results, name: str) -> Results:
    return {table: frame.filter(pl.col("case_id") == name) for table, frame in found.items()}


def test_an_empty_corpus_gives_empty_typed_tables() -> None:
    found = measured({name: empty(model) for name, model in CANONICAL.items()})
    for name, frame in found.items():
        assert frame.is_empty(), name
        assert dict(frame.schema) == dtypes(RESULTS[name]), name


@pytest.mark.parametrize("alone", CASES, ids=lambda tables: tables["cases"]["case_id"][0])
def test_a_case_alone_equals_its_rows_among_many(alone: Tables, results: Results) -> None:
    assert_equal(measured(alone), of_case(results, alone["cases"]["case_id"][0]))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_is_irrelevant(seed: int, results: Results) -> None:
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in corpus().items()}
    assert_equal(measured(shuffled), results)


def test_two_runs_are_equal(results: Results) -> None:
    assert_equal(measured(corpus()), results)


def test_the_same_case_under_another_id_has_the_same_rows(results: Results) -> None:
    copies = [renamed(tables, "copy-of-" + tables["cases"]["case_id"][0]) for tables in CASES]
    found = measured(together(*CASES, *copies))
    for tables in CASES:
        name = tables["cases"]["case_id"][0]
        back = {t: f.with_columns(pl.lit(name).alias("case_id")) for t, f in of_case(found, f"copy-of-{name}").items()}
        assert_equal(back, of_case(results, name))
        assert_equal(of_case(found, name), of_case(results, name))


def test_numbers_are_finite_and_bounds_are_in_order(results: Results) -> None:
    metrics = results["metrics"]
    numbers = metrics.select(pl.col("value", "low", "high").is_finite().fill_null(True).all())
    assert all(numbers.row(0))
    assert Metrics.ordered_bounds(metrics).is_empty()


def test_a_value_is_there_exactly_when_the_status_is_ok(results: Results) -> None:
    wrong = results["metrics"].filter((pl.col("status") == "ok") != pl.col("value").is_not_null())
    assert wrong.is_empty(), wrong


def test_no_value_without_a_reason(results: Results) -> None:
    silent = results["metrics"].filter((pl.col("status") != "ok") & pl.col("reason").is_null())
    assert silent.is_empty(), silent


def test_no_bounds_where_there_are_no_data(results: Results) -> None:
    odd = results["metrics"].filter(
        pl.col("status").is_in(["no_data", "not_applicable"])
        & (pl.col("low").is_not_null() | pl.col("high").is_not_null())
    )
    assert odd.is_empty(), odd


def test_open_verdicts_span_no_and_yes(results: Results) -> None:
    verdicts = results["metrics"].filter((pl.col("unit") == "{yes_no}") & pl.col("low").is_not_null())
    expected = verdicts.with_columns(low=pl.col("value").fill_null(0.0), high=pl.col("value").fill_null(1.0))
    assert_frame_equal(verdicts, expected)
    assert verdicts.height > 10


def test_every_row_id_exists_in_its_case(results: Results) -> None:
    tables = corpus()
    known = pl.concat([f.select("case_id", "row_id") for f in tables.values() if "row_id" in f.columns]).unique()
    for name, column in (("metrics", "row_ids"), ("score_items", "row_ids"), ("terms", "row_id")):
        frame = results[name].select("case_id", pl.col(column).alias("row_id"))
        cited = frame.explode("row_id").drop_nulls() if column == "row_ids" else frame
        assert cited.join(known, on=["case_id", "row_id"], how="anti").is_empty(), name
        assert cited.height > 20, name


def test_numbers_with_a_value_name_their_rows(results: Results) -> None:
    counts = pl.col("unit").is_in(["{count}", "{yes_no}"])
    rootless = results["metrics"].filter(pl.col("value").is_not_null() & (pl.col("row_ids").list.len() == 0) & ~counts)
    assert rootless.filter(pl.col("metric") != "iv_ufh_infusion_total").is_empty(), rootless


def test_terms_add_up_to_every_bound(results: Results) -> None:
    sums = results["terms"].group_by("case_id", "metric", "stratum", "bound").agg(pl.col("amount").sum())
    added = {tuple(row[:4]): row[4] for row in sums.iter_rows()}
    tested = 0
    for row in results["metrics"].filter(pl.col("metric").is_in(WITH_TERMS)).iter_rows(named=True):
        for bound, column in (("low", "low"), ("best", "value"), ("high", "high")):
            total = added.pop((row["case_id"], row["metric"], row["stratum"], bound), 0.0)
            if row[column] is None:
                assert total == 0, (row, bound)
            else:
                assert total == pytest.approx(row[column], abs=1e-6), (row, bound)
                tested += 1
    assert not added, "terms without a metric"
    assert tested > 60


def test_metrics_that_are_not_split_have_one_row_per_case(results: Results) -> None:
    for name, entry in catalogue().items():
        rows = results["metrics"].filter(pl.col("metric") == name)
        if entry.stratum is None:
            assert sorted(rows["case_id"]) == sorted(t["cases"]["case_id"][0] for t in CASES), name
            assert set(rows["stratum"]) == {""}, name
        else:
            assert "" not in set(rows["stratum"]), name


def test_every_declared_metric_is_emitted_in_its_unit_and_no_other(results: Results) -> None:
    emitted = {tuple(row) for row in results["metrics"].select("metric", "unit").unique().iter_rows()}
    assert {name for name, _ in emitted} == set(catalogue())
    assert not {(name, unit) for name, unit in emitted if catalogue()[name].unit not in (unit, VARIES)}


def blanked(tables: Tables) -> list[tuple[str, Tables]]:
    """One variant per laboratory result and dose: the same case with that number not printed."""
    lab = {"value_reported": None, "value_kind": "not_printed", "value": None, "value_low": None, "value_high": None,
           "value_word": None, "low_is_strict": False, "high_is_strict": False}  # fmt: skip
    dose = {"amount_reported": None, "amount_status": "not_printed"}
    dose |= {f"amount{per}{bound}": None for per in ("", "_per_kg") for bound in ("", "_low", "_high")}
    variants = []
    for table, nothing in (("labs", lab), ("doses", dose)):
        frame = tables[table]
        for row_id in frame["row_id"].unique():
            is_row = pl.col("row_id") == row_id
            fields: list[pl.Expr] = [
                pl.when(is_row).then(pl.lit(v, dtype=frame.schema[c])).otherwise(pl.col(c)).alias(c)
                for c, v in nothing.items()
            ]
            variants.append((row_id, tables | {table: frame.with_columns(fields)}))
    return variants


@pytest.mark.parametrize("tables", CASES, ids=lambda tables: tables["cases"]["case_id"][0])
def test_taking_a_number_away_never_turns_an_unknown_into_a_value(tables: Tables, results: Results) -> None:
    name = tables["cases"]["case_id"][0]
    variants = blanked(tables)
    if not variants:
        assert name == SILENT["cases"]["case_id"][0]
        return
    found = measured(together(*(renamed(variant, f"without-{row_id}") for row_id, variant in variants)))["metrics"]
    before: dict[tuple[Any, ...], float | None] = {
        (row["metric"], row["stratum"]): row["value"] for row in of_case(results, name)["metrics"].iter_rows(named=True)
    }
    for row in found.iter_rows(named=True):
        known = before.get((row["metric"], row["stratum"]))
        assert row["value"] is None or known is not None, f"{row} was unknown before {row['case_id']}"


@pytest.mark.parametrize("tables", [FULL, UNCERTAIN], ids=["full", "uncertain"])
def test_bounds_only_widen_when_a_number_is_taken_away(tables: Tables, results: Results) -> None:
    """Where a dose is not printed, no lower bound of an amount rises and no upper bound falls."""
    name = tables["cases"]["case_id"][0]
    doses = [(row_id, variant) for row_id, variant in blanked(tables) if row_id in set(tables["doses"]["row_id"])]
    found = measured(together(*(renamed(variant, f"without-{row_id}") for row_id, variant in doses)))["metrics"]
    before = {(r["metric"], r["stratum"]): r for r in of_case(results, name)["metrics"].iter_rows(named=True)}
    tested = 0
    for row in found.filter(pl.col("metric").str.starts_with("iv_ufh") & pl.col("unit").str.contains("iU")).iter_rows(
        named=True
    ):
        old = before[row["metric"], row["stratum"]]
        assert row["low"] is None or row["low"] <= old["low"], (row, old)
        assert row["high"] is None or row["high"] >= old["high"], (row, old)
        tested += 1
    assert tested > 20


def test_moving_a_case_by_whole_days_moves_instants_and_nothing_else(results: Results) -> None:
    by = 3
    moved = {name: _shifted(frame, by * 1440) for name, frame in FULL.items()}
    found, expected = (f.filter(pl.col("case_id") == "full") for f in (measured(moved)["metrics"], results["metrics"]))
    instants = ("iv_ufh_first_start", "iv_ufh_last_end", "any_heparin_first_exposure", "iv_ufh_max_24h_window_start",
                "iv_ufh_max_24h_window_end", "platelets_recovery_first", "platelets_recovery_sustained",
                "platelets_fall_onset", "platelets_recovery_reference_first",
                "platelets_recovery_reference_sustained")  # fmt: skip
    for row in found.iter_rows(named=True):
        stratum = row["stratum"]
        if row["metric"] == "iv_ufh_day_total":
            stratum = f"D{int(stratum[1:]) - by}"
        old = expected.row(
            by_predicate=(pl.col("metric") == row["metric"]) & (pl.col("stratum") == stratum), named=True
        )
        shift = by * 1440 if row["metric"] in instants else by if row["metric"] == "platelets_nadir_day" else 0
        for column in ("value", "low", "high"):
            assert row[column] == (None if old[column] is None else old[column] + shift), (row, old)


def _shifted(frame: pl.DataFrame, minutes: int) -> pl.DataFrame:
    fixed = ("offset_min", "length_min", "start_offset_min", "end_offset_min")
    columns = [c for c in frame.columns if c.endswith("_min") and c not in fixed]
    days = [c for c in frame.columns if c in ("day", "start_day")]
    text = [c for c in ("start_boundary", "end_boundary") if c in frame.columns]
    return frame.with_columns(
        *(pl.col(c) + minutes for c in columns),
        *(pl.col(c) + minutes // 1440 for c in days),
        *(pl.format("m{}", c).alias(c) for c in text),
    )
