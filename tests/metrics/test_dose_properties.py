"""Doses against slow twins: for random courses the true amounts lie in the bounds, and the best value is exact."""

from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import strategies as st

from tests.batches import examples
from tests.metrics.slow_doses import Course, Typed, day_total, fullest_24h, total
from tests.spec import Tables, case, measured, measured_alone, together

CASES = 96
DRAWS = 12
FILES = ("heparin_totals", "heparin_window", "heparin_days", "terms", "trailing_24h")


def half_hours(low: int, high: int) -> st.SearchStrategy[int]:
    """Multiples of half an hour, so that instants often coincide."""
    return st.integers(low // 30, high // 30).map(lambda n: 30 * n)


@st.composite
def spans(draw: st.DrawFn, low: int = 0, high: int = 4 * 1440) -> tuple[int, int]:
    start = draw(half_hours(low, high))
    return start, start + draw(st.sampled_from([0, 0, 30, 90, 600, 1440, 2000]))


amounts = st.tuples(st.integers(0, 40), st.sampled_from([0, 0, 5, 30])).map(lambda p: (100 * p[0], 100 * (p[0] + p[1])))


@st.composite
def chains(draw: st.DrawFn, name: str) -> list[Typed]:
    """Rates that abut: each starts where the one before it ends; their boundaries are in order and may overlap."""
    n = draw(st.integers(1, 4))
    lows = sorted(draw(st.lists(half_hours(0, 4 * 1440), min_size=n + 1, max_size=n + 1)))
    widths = draw(st.lists(st.sampled_from([0, 0, 60, 600, 1500]), min_size=n + 1, max_size=n + 1))
    bounds: list[tuple[int, int]] = []
    for low, width in zip(lows, widths, strict=True):
        bounds.append((low, max(low + width, bounds[-1][1] if bounds else 0)))
    rows = [
        Typed(
            f"{name}{i}", "infusion", draw(amounts), bounds[i], bounds[i + 1], follows=f"{name}{i - 1}" if i else None
        )
        for i in range(n)
    ]
    rows[-1].is_open = draw(st.sampled_from([False, False, False, True]))
    return rows


@st.composite
def courses(draw: st.DrawFn) -> Course:
    rows: list[Typed] = []
    for i in range(draw(st.integers(0, 3))):
        rows.append(Typed(f"B{i}", "bolus", draw(amounts), draw(spans())))
    for i in range(draw(st.integers(0, 2))):
        rows.append(Typed(f"L{i}", "infusion", draw(amounts), draw(spans()), length=draw(half_hours(30, 3000))))
    for i in range(draw(st.integers(0, 1))):
        start = draw(spans())
        end = (start[0] + draw(half_hours(0, 3000)), start[1] + draw(half_hours(0, 3000)))
        exact = draw(st.booleans())
        rows.append(Typed(f"T{i}", "total", draw(amounts), start, None if exact else (min(end), max(end)),
                          length=draw(half_hours(30, 3000)) if exact else None))  # fmt: skip
    for i in range(draw(st.integers(0, 2))):
        rows += draw(chains(f"I{i}"))
    return Course(rows or [Typed("B", "bolus", (100, 100), (0, 0))])


def corpus(some: list[Course]) -> Tables:
    return together(*(case(f"c{i}", doses=course.text()) for i, course in enumerate(some)))


def lookup(results: dict[str, pl.DataFrame]) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = results["metrics"].iter_rows(named=True)
    return {(row["case_id"], row["metric"], row["stratum"]): row for row in rows}


def assert_inside(row: dict[str, Any], true: float, course: Course) -> None:
    slack = 1e-6 * max(1.0, abs(true))
    assert row["low"] is None or row["low"] <= true + slack, f"{row} low above {true}\n{course.text()}"
    assert row["high"] is None or row["high"] >= true - slack, f"{row} high below {true}\n{course.text()}"


@pytest.fixture(scope="module")
def some() -> list[Course]:
    return examples(courses(), CASES)


@pytest.fixture(scope="module")
def results(some: list[Course]) -> dict[str, pl.DataFrame]:
    return measured_alone(corpus(some), FILES)


def test_every_true_course_lies_inside_the_bounds(some: list[Course], results: dict[str, pl.DataFrame]) -> None:
    random = Random(1)
    rows = lookup(results)
    for i, course in enumerate(some):
        for _ in range(DRAWS):
            true = course.draw(random)
            assert_inside(rows[f"c{i}", "iv_ufh_total", ""], float(total(true)), course)
            assert_inside(rows[f"c{i}", "iv_ufh_max_24h", ""], float(fullest_24h(true)), course)
            for day in range(9):
                row = rows.get((f"c{i}", "iv_ufh_day_total", f"D{day}"))
                amount = float(day_total(true, day))
                assert row is not None or amount == 0, f"a day with {amount} has no row\n{course.text()}"
                if row is not None:
                    assert_inside(row, amount, course)


def test_the_best_value_is_that_of_the_course_at_the_midpoints(
    some: list[Course], results: dict[str, pl.DataFrame]
) -> None:
    rows = lookup(results)
    for i, course in enumerate(some):
        best = course.best()
        expected = [None, None] if best is None else [float(total(best)), float(fullest_24h(best))]
        for metric, value in zip(("iv_ufh_total", "iv_ufh_max_24h"), expected, strict=True):
            found = rows[f"c{i}", metric, ""]["value"]
            if value is None:
                assert found is None, f"{metric} has a value without a course\n{course.text()}"
            else:
                assert found is not None, f"{metric}\n{course.text()}"
                assert abs(found - value) <= 1e-6, f"{metric}: {found} is not {value}\n{course.text()}"
        if best is not None:
            for (case_id, metric, stratum), row in rows.items():
                if case_id == f"c{i}" and metric == "iv_ufh_day_total":
                    assert abs(row["value"] - float(day_total(best, int(stratum[1:])))) <= 1e-6, course.text()


def test_terms_add_up_and_bounds_keep_their_order(results: dict[str, pl.DataFrame]) -> None:
    sums = results["terms"].group_by("case_id", "metric", "stratum", "bound").agg(pl.col("amount").sum())
    found = {tuple(row[:4]): row[4] for row in sums.iter_rows()}
    with_terms = {"iv_ufh_total", "iv_ufh_bolus_total", "iv_ufh_infusion_total", "iv_ufh_max_24h", "iv_ufh_day_total"}
    for row in results["metrics"].iter_rows(named=True):
        for bound, value in (("low", row["low"]), ("best", row["value"]), ("high", row["high"])):
            if row["metric"] in with_terms and value is not None:
                added = found.get((row["case_id"], row["metric"], row["stratum"], bound), 0.0)
                assert abs(added - value) <= 1e-6 * max(1, abs(value)), (row, bound, added)
        bounds = [b for b in (row["low"], row["value"], row["high"]) if b is not None]
        assert bounds == sorted(bounds), row


one_uncertain = st.tuples(
    spans(0, 2000), st.lists(st.tuples(half_hours(0, 3000), st.integers(1, 30)), max_size=3), st.integers(1, 30)
)


def test_the_high_bound_of_one_uncertain_bolus_is_reached() -> None:
    found = []
    for span, others, amount in examples(one_uncertain, 24):
        certain = [Typed(f"B{i}", "bolus", (a, a), (t, t)) for i, (t, a) in enumerate(others)]
        placed = [
            Course([*certain, Typed("X", "bolus", (amount, amount), (t, t))]).best()
            for t in range(span[0], span[1] + 1, 15)
        ]
        true = [float(fullest_24h(doses)) for doses in placed if doses is not None]
        found.append((Course([*certain, Typed("X", "bolus", (amount, amount), span)]), true))
    rows = lookup(measured(corpus([course for course, _ in found]), "heparin_window"))
    for i, (course, true) in enumerate(found):
        row = rows[f"c{i}", "iv_ufh_max_24h", ""]
        assert row["high"] == max(true), course.text()
        assert row["low"] <= min(true), course.text()


def test_shared_boundaries_are_never_wider_than_each_row_by_itself() -> None:
    shared = [Course(rows) for rows in examples(chains("I"), 60)]
    apart = [
        Course([Typed(r.id, r.kind, r.amount, r.start, r.end, is_open=r.is_open) for r in course.rows])
        for course in shared
    ]
    found = lookup(measured(corpus([*shared, *apart]), "heparin_window", "heparin_totals"))
    for i, course in enumerate(shared):
        for metric in ("iv_ufh_max_24h", "iv_ufh_total"):
            row, alone = found[f"c{i}", metric, ""], found[f"c{i + len(shared)}", metric, ""]
            assert row["high"] is None or row["high"] <= alone["high"] + 1e-6, (row, alone, course.text())
