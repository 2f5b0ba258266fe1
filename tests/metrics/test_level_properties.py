"""Platelets and monitoring against slow twins: exact where everything is certain, inside the bounds where not."""

from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from tests.batches import examples
from tests.metrics import slow_levels as slow
from tests.spec import PARAMS, Tables, case, files_of, measured, together

CASES = 90
DAY = 1440
HEPARIN = 2 * DAY + 600
FALLS = ("platelets_fall_pct", "platelets_largest_fall_24h_abs", "platelets_recovery_first")

minutes = st.integers(0, 20 * DAY // 120).map(lambda n: 120 * n)
platelet_counts = st.integers(1, 60).map(lambda n: float(5 * n))


@st.composite
def levels(draw: st.DrawFn, fewest: int = 2, values: st.SearchStrategy[float] = platelet_counts) -> list[slow.Level]:
    """Results in order, no two at one time."""
    times = sorted(draw(st.sets(minutes, min_size=fewest, max_size=7)))
    return [(t, draw(values)) for t in times]


def labs(found: list[slow.Level], analyte: str = "platelets") -> str:
    lines = [f"P{i} | {t} | {analyte} | {v:g}" for i, (t, v) in enumerate(found)]
    return "\n".join(["id | when | analyte | value", *lines])


def corpus(some: list[Any], make: Any) -> Tables:
    return together(*(make(f"c{i}", one) for i, one in enumerate(some)))


def lookup(results: dict[str, pl.DataFrame]) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(r["case_id"], r["metric"], r["stratum"]): r for r in results["metrics"].iter_rows(named=True)}


def assert_same(row: dict[str, Any], expected: float | None, about: object) -> None:
    if expected is None:
        assert row["value"] is None, f"{row}\n{about}"
    else:
        assert row["value"] is not None, f"{row}, expected {expected}\n{about}"
        assert abs(row["value"] - expected) < 1e-6, f"{row}, expected {expected}\n{about}"
        assert abs(row["low"] - expected) < 1e-6, f"{row}, expected {expected}\n{about}"
        assert abs(row["high"] - expected) < 1e-6, f"{row}, expected {expected}\n{about}"


def with_heparin(name: str, found: list[slow.Level]) -> Tables:
    return case(name, doses=f"id | amount | start\nH | 5000 | {HEPARIN + 1}", labs=labs(found))


def test_platelet_metrics_of_certain_counts() -> None:
    some = examples(levels(), CASES)
    rows = lookup(measured(corpus(some, with_heparin), *files_of(*FALLS)))
    for i, counts in enumerate(some):
        for reading, fall in slow.falls(counts, HEPARIN + 1).items():
            assert_same(rows[f"c{i}", "platelets_fall_pct", reading], fall, (reading, counts))
        assert_same(rows[f"c{i}", "platelets_largest_fall_24h_abs", ""], slow.largest_fall_24h(counts), counts)
        limit = PARAMS["recovery_10e9_l"]
        was_low = min(v for _, v in counts) < limit
        for metric, sustained in (("platelets_recovery_first", False), ("platelets_recovery_sustained", True)):
            expected = slow.recovery(counts, limit, sustained=sustained) if was_low else None
            assert_same(rows[f"c{i}", metric, ""], expected, counts)


@st.composite
def uncertain(draw: st.DrawFn) -> list[tuple[tuple[int, int], tuple[float, float]]]:
    """Counts whose times and values are spans."""
    found = []
    for _ in range(draw(st.integers(2, 6))):
        start = draw(minutes)
        low = draw(platelet_counts)
        found.append(((start, start + draw(st.sampled_from([0, 0, 120, DAY, 3 * DAY]))),
                      (low, low + draw(st.sampled_from([0.0, 0.0, 20.0, 100.0])))))  # fmt: skip
    return found


def spelled(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"


def typed(name: str, found: list[tuple[tuple[int, int], tuple[float, float]]]) -> Tables:
    lines = [f"P{i} | {spelled(*when)} | {spelled(*count)}" for i, (when, count) in enumerate(found)]
    text = "\n".join(["id | when | value", *lines])
    return case(name, doses=f"id | amount | start\nH | 5000 | {HEPARIN + 1}", labs=text)


def test_platelet_bounds_hold_every_true_course() -> None:
    some = examples(uncertain(), CASES)
    random = Random(1)
    names = ("platelets_lowest", "platelets_fall_pct", "platelets_largest_fall_24h_abs")
    rows = lookup(measured(corpus(some, typed), *files_of(*names)))
    for i, found in enumerate(some):
        for _ in range(10):
            true = sorted((random.randint(*t), random.uniform(*v)) for t, v in found)
            expected: dict[tuple[str, str], float | None] = {
                ("platelets_lowest", ""): min(v for _, v in true),
                ("platelets_first", ""): true[0][1],
                ("platelets_last", ""): true[-1][1],
                ("platelets_largest_fall_24h_abs", ""): slow.largest_fall_24h(true),
            }
            readings = slow.falls(true, HEPARIN + 1)
            # Since heparin only counts that surely lie there qualify, so its bounds may be missing, never wrong.
            expected["platelets_fall_pct", "before_heparin"] = readings["before_heparin"]
            for (metric, stratum), value in expected.items():
                row = rows[f"c{i}", metric, stratum]
                if value is not None:
                    assert row["low"] is None or row["low"] <= value + 1e-9, (row, true, found)
                    assert row["high"] is None or row["high"] >= value - 1e-9, (row, true, found)


aptts = st.integers(20, 120).map(float)


def monitored(name: str, found: list[slow.Level]) -> Tables:
    return case(
        name,
        targets="id | value\nT | 60..80",
        labs=labs(found, "aptt"),
        doses="""
        id | kind     | amount | start | end
        H  | infusion | 1000   | -10   | D30
        """,
    )


def test_time_in_range_of_certain_results() -> None:
    some = examples(levels(1, aptts), CASES)
    rows = lookup(measured(corpus(some, monitored), "monitoring"))
    for i, found in enumerate(some):
        row = rows[f"c{i}", "aptt_time_in_range", "unfractionated heparin"]
        expected = slow.time_in_range(found, 60, 80, int(PARAMS["max_gap_h"]) * 60)
        assert (row["value"] is None) == (expected is None), (row, expected, found)
        if expected is not None:
            assert abs(row["value"] - expected) < 0.4, (row, expected, found)
        share = rows[f"c{i}", "aptt_share_in_target", "unfractionated heparin"]
        assert abs(share["value"] - 100 * sum(60 <= v <= 80 for _, v in found) / len(found)) < 1e-9
        reached = [t + 10 for t, v in found if 60 <= v <= 80]
        to_target = rows[f"c{i}", "aptt_time_to_target", "unfractionated heparin"]
        assert to_target["value"] == (min(reached) if reached else None)


hours = st.integers(0, 96)
MANY = ("unfractionated heparin", "argatroban", "warfarin")


@st.composite
def courses(draw: st.DrawFn) -> tuple[list[slow.Given], list[int]]:
    """Doses of three anticoagulants, no two starting at once, and the minutes of some results."""
    starts = sorted(draw(st.sets(hours, min_size=2, max_size=7)))
    doses: list[slow.Given] = []
    for number, hour in enumerate(starts):
        drug = draw(st.sampled_from(MANY))
        start = 60 * hour + number
        length = draw(st.sampled_from([0, 0, 240, 720, 1440, None])) if drug != "warfarin" else 0
        doses.append(slow.Given(drug, start, None if length is None else start + length))
    return doses, sorted(60 * hour + 30 for hour in draw(st.sets(st.integers(0, 140), min_size=1, max_size=12)))


def dosed(name: str, one: tuple[list[slow.Given], list[int]]) -> Tables:
    lines = ["id | drug | kind | amount | start | end"]
    for i, dose in enumerate(one[0]):
        kind, end = ("bolus", "") if dose.is_bolus else ("infusion", "" if dose.end is None else str(dose.end))
        lines.append(f"D{i} | {dose.drug} | {kind} | 5 | {dose.start} | {end}")
    return case(name, doses="\n".join(lines), labs=labs([(t, 50.0) for t in one[1]], "aptt"))


def test_results_count_under_the_one_anticoagulant_that_was_given() -> None:
    some = examples(courses(), 300)
    rows = lookup(measured(corpus(some, dosed), "monitoring", "monitoring_holds"))
    after_bolus, open_end = int(PARAMS["max_gap_h"]) * 60, int(PARAMS["open_end_d"]) * DAY
    for i, (doses, minutes) in enumerate(some):
        for drug in MANY:
            expected = {f"P{n}" for n, t in enumerate(minutes) if drug in slow.under(doses, t, after_bolus, open_end)}
            row = rows.get((f"c{i}", "aptt_n", drug))
            assert set(row["row_ids"] if row else []) == expected, (drug, doses, minutes, row)
            held = {f"P{n}" for n, t in enumerate(minutes) if f"P{n}" in expected and slow.in_hold(doses, drug, t)}
            row = rows.get((f"c{i}", "aptt_n_while_held", drug))
            assert len(held) >= (row["low"] if row else 0), (drug, doses, minutes, row)
            assert held.issubset(row["row_ids"] if row else []), (drug, doses, minutes, row)
            if row and row["value"] is not None:
                assert set(row["row_ids"]) == held, (drug, doses, minutes, row)
