"""When the fullest 24 hours ended: bounds that hold for every true course, and are exact where they can be."""

from fractions import Fraction
from random import Random

from tests.batches import examples
from tests.metrics.slow_doses import WINDOW, Given, in_window
from tests.metrics.test_dose_properties import CASES, DRAWS, corpus, courses, lookup
from tests.shared_inputs import metric
from tests.spec import case, check, measured_alone

END = "iv_ufh_max_24h_window_end"


def first_fullest(doses: list[Given]) -> tuple[Fraction, int]:
    """The largest amount in any 24 hours and the earliest end of a window that holds it, by going through all of them."""
    ends = [(dose.start, dose.end if dose.end is not None else dose.start) for dose in doses]
    instants = {t + shift for pair in ends for t in pair for shift in (0, WINDOW)}
    amounts = {
        t: max(in_window(doses, t - WINDOW, t, last_is_open=left) for left in (False, True)) for t in sorted(instants)
    }
    most = max(amounts.values(), default=Fraction(0))
    return most, min((t for t, amount in amounts.items() if amount == most), default=0)


def test_the_fullest_window_of_every_true_course_ends_within_the_bounds() -> None:
    random = Random(1)
    some = examples(courses(), CASES)
    rows = lookup(measured_alone(corpus(some), ("heparin_window",)))
    for i, course in enumerate(some):
        row = rows[f"c{i}", END, ""]
        assert (row["low"] is None) == (row["high"] is None)
        for true in [course.draw(random) for _ in range(DRAWS)]:
            most, end = first_fullest(true)
            if most > 0 and row["low"] is not None:
                assert row["low"] <= end <= row["high"], (end, row, true, course.text())
        best = course.best()
        if best is not None and first_fullest(best)[0] > 0:
            assert row["value"] == first_fullest(best)[1], course.text()


def test_a_certain_amount_may_lie_in_many_windows() -> None:
    assert metric("window-moves", "iv_ufh_max_24h")["low"] == 24000
    found = metric("window-moves", END)
    assert (found["low"], found["high"]) == (1440, 2879)
    start = metric("window-moves", "iv_ufh_max_24h_window_start")
    assert (start["low"], start["high"]) == (0, 1439)


def test_the_first_of_equal_windows_is_certain_where_the_times_are() -> None:
    tables = case(doses="id | kind | amount | start | end\nI | infusion | 1000 | D0T00:00 | D3T00:00")
    check(tables, f"metric | value | low | high | reason\n{END} | 1440 | 1440 | 1440 |")


def test_a_bolus_of_uncertain_time_moves_the_window_by_as_much() -> None:
    tables = case(
        doses="""
        id | kind  | amount | start
        B1 | bolus | 5000   | 100..200
        """
    )
    check(tables, f"metric | value | low | high\niv_ufh_max_24h | 5000 | 5000 | 5000\n{END} | 150 | 100 | 200")


def test_a_small_dose_of_unknown_time_leaves_the_window_of_the_large_ones() -> None:
    tables = case(
        doses="""
        id | kind  | amount | start
        B1 | bolus | 5000   | 0
        B2 | bolus | 5000   | 600
        B3 | bolus | 100    | 5000..9000
        """
    )
    check(tables, f"metric | value | low | high\n{END} | 600 | 600 | 600")


def test_without_an_upper_limit_of_the_amount_the_window_has_no_bounds() -> None:
    tables = case(doses="id | kind | amount | start\nB1 | bolus | 5000 | 0\nB2 | bolus | | 5000")
    check(tables, f"metric | value | low | high | reason\n{END} | - | - | - | the amount of B2 is not printed")


def test_an_end_that_is_not_stated_leaves_the_window_where_it_surely_is() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        B1 | bolus    | 5000   | D0T00:00 |
        I1 | infusion | 100    | D5T00:00 |
        """
    )
    check(
        tables,
        f"""
        metric         | value | low  | high | status
        iv_ufh_max_24h | 5000  | 5000 | 5000 | ok
        {END}          | 0     | 0    | 0    | ok
        """,
    )
