from dataclasses import replace

import polars as pl
import pytest
from casetrace.cohort.significance import same_patients, significance
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import TimesToEvent

from tests.cohort.characteristics_builder import LIMITS, numbered, parted

NO_TIMES = pl.DataFrame(schema=dtypes(TimesToEvent))


def timed(*times):
    rows = [
        {"curve": "k", "label": "K", "case_id": f"c{i:02d}", "days": days, "days_low": days, "days_high": days,
         "is_event": is_event, "reason": "r"}
        for i, (days, is_event) in enumerate(times)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dtypes(TimesToEvent), orient="row")


def row_of(values, *sizes, kind="number", limits=LIMITS, by="sex", more=()):
    rows = numbered(values, kind)
    (row,) = significance(rows, NO_TIMES, [*parted(rows, *sizes), *more], by, limits, {}).to_dicts()
    return row


def test_numbers_of_two_groups_are_tested_by_their_ranks():
    row = row_of([*range(10)], 5, 5)
    assert (row["test"], row["statistic_name"], row["statistic"]) == ("Mann-Whitney, exact", "U of the first group", 0)
    assert row["p"] == pytest.approx(2 / 252)
    assert row["assumption"].startswith("If the groups did not differ")
    assert (row["n_tested"], row["groups"], row["reason"]) == ([5, 5], ["g: a", "g: b"], None)


def test_numbers_of_three_groups_and_words_have_tests_of_their_own():
    assert row_of([*range(15)], 5, 5, 5)["test"].startswith("Kruskal-Wallis")
    assert row_of(["x", "y"] * 5, 5, 5, kind="choice")["test"] == "Fisher, exact"
    assert row_of([1, 0] * 5, 5, 5, kind="yes_no")["statistic_name"] == "odds ratio of yes"
    assert row_of(["x", "y", "z", "x", "y"] * 2, 5, 5, kind="choice")["test"] == "Fisher-Freeman-Halton, exact"


def test_bounds_are_left_out_and_counted_and_silence_too():
    row = row_of([1, 2, 3, 4, 5, (0, 9), (1, None), None, 6, 7, 8, 9, 10, (2, 3)], 8, 6)
    assert (row["n_tested"], row["n_left_out"]) == ([5, 5], [2, 1])
    assert row["p"] == pytest.approx(2 / 252)


def test_a_best_value_between_bounds_is_tested_and_counted():
    rows = numbered([*range(10)]).with_columns(low=pl.col("value"), high=pl.col("value") + (pl.col("case_id") == "c03"))
    (row,) = significance(rows, NO_TIMES, parted(rows, 5, 5), "sex", LIMITS, {}).to_dicts()
    assert row["n_uncertain"] == 1


@pytest.mark.parametrize(
    ("values", "sizes", "more", "reason"),
    [
        ([*range(9)], (5, 4), {}, "fewer than 5 known cases in a group"),
        ([*range(9), None], (5, 5), {}, "fewer than 5 known cases in a group"),
        ([*range(10)], (10,), {}, "there is one group only"),
        ([3] * 10, (5, 5), {}, "all known cases are alike"),
        (["x"] * 10, (5, 5), {"kind": "choice"}, "all known cases are alike"),
        ([*range(10)], (5, 5), {"by": "x"}, "it makes the groups"),
        ([*range(10)], (5, 5), {"limits": replace(LIMITS, test=6)}, "fewer than 6 known cases in a group"),
        # Cases of which the group is not known are in none.
        ([*range(10)], (10,), {"more": [("g: not known", [])]}, "there is one group only"),
    ],
)
def test_what_is_not_tested_says_why(values, sizes, more, reason):
    row = row_of(values, *sizes, **more)
    assert row["reason"] == reason
    assert all(row[name] is None for name in ("test", "statistic_name", "statistic", "p", "p_holm", "assumption"))


def test_how_much_of_an_article_was_read_is_no_fact_of_the_patient():
    rows = numbered(["full", "part"] * 5, "choice").with_columns(variable=pl.lit("read"))
    (row,) = significance(rows, NO_TIMES, parted(rows, 5, 5), "sex", LIMITS, {}).to_dicts()
    assert (row["p"], row["reason"]) == (None, "a fact of the article, not of the patient")


def test_cases_of_one_patient_are_counted_where_two_of_them_are_tested():
    rows = numbered([*range(9), None])
    cases = pl.DataFrame({"case_id": ["c00", "c04", "c08", "c09"], "same_patient_as": [["c01"], [], ["c09"], ["c08"]]})
    limits = replace(LIMITS, test=4)
    (row,) = significance(rows, NO_TIMES, parted(rows, 5, 5), "sex", limits, same_patients(cases)).to_dicts()
    # c01 does not say so itself; c09 has no value and is not tested.
    assert row["n_same_patient"] == 2


def test_p_is_adjusted_for_the_number_of_tests_after_holm():
    """Three tests: the smallest p times 3, the next times 2, the last as it is, and none below one before it."""
    values = {"x": [*range(10)], "y": [0, 1, 2, 3, 9, 4, 5, 6, 7, 8], "z": [0, 2, 4, 6, 8, 1, 3, 5, 7, 9], "few": [1]}
    rows = pl.concat(numbered(v).with_columns(variable=pl.lit(name), label=pl.lit(name)) for name, v in values.items())
    groups = parted(numbered(values["x"]), 5, 5)
    found = {row["variable"]: row for row in significance(rows, NO_TIMES, groups, "sex", LIMITS, {}).to_dicts()}
    p = [found[name]["p"] for name in "xyz"]
    assert p == sorted(p)
    assert [found[name]["p_holm"] for name in "xyz"] == pytest.approx(
        [3 * p[0], max(3 * p[0], 2 * p[1]), max(3 * p[0], 2 * p[1], p[2])]
    )
    assert found["few"]["p_holm"] is None


def curve(times, *sizes):
    rows = numbered([1] * len(times))
    found = significance(rows, timed(*times), parted(rows, *sizes), "sex", LIMITS, {})
    return found.filter(pl.col("kind") == "time").to_dicts()[0]


def test_a_curve_is_tested_by_the_log_rank_of_its_best_times():
    """Observed and expected events by hand: 1 to 5 against 6 to 10 days, all events."""
    row = curve([(float(day), True) for day in range(1, 11)], 5, 5)
    at_risk = [(5, 10), (4, 9), (3, 8), (2, 7), (1, 6)]
    expected = sum(a / n for a, n in at_risk)
    variance = sum(a / n * (n - a) / n for a, n in at_risk)
    assert row["statistic"] == pytest.approx((5 - expected) / variance**0.5)
    assert (row["test"], row["n_tested"], row["section"]) == ("Log-rank", [5, 5], "Times to an event")


@pytest.mark.parametrize(
    ("times", "sizes", "reason"),
    [
        ([(1.0, True)] * 4 + [(None, None)] + [(2.0, True)] * 5, (5, 5), "fewer than 5 known cases in a group"),
        ([(1.0, False)] * 10, (5, 5), "the event came in no case"),
        (
            [(9.0, True)] * 5 + [(1.0, False)] * 5,
            (5, 5),
            "at no event were both groups still followed, or it came in all at once",
        ),
        ([(1.0, True)] * 15, (5, 5, 5), "the log-rank test is made between two groups only"),
    ],
)
def test_a_curve_that_is_not_tested_says_why(times, sizes, reason):
    row = curve(times, *sizes)
    assert (row["p"], row["reason"]) == (None, reason)
    assert sum(row["n_tested"]) + sum(row["n_left_out"]) == len(times)
