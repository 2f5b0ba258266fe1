from statistics import fmean

import polars as pl
import pytest

from pipeline.cohort.statistics import differences, missingness, summary
from pipeline.schemas.base import dtypes
from pipeline.schemas.cohort import Characteristics


def frame(kind="number", **cases):
    """Characteristics of one variable: a number or word per case; None is missing, a pair is bounds only."""
    rows = []
    for case, given in cases.items():
        row = {
            "case_id": case,
            "section": "S",
            "variable": "x",
            "label": "X",
            "kind": kind,
            "value": None,
            "low": None,
            "high": None,
            "word": None,
            "unit": "mg" if kind == "number" else "",
            "state": "known",
            "reason": None,
        }
        if given is None:
            row |= {"state": "missing", "reason": "the article does not tell"}
        elif isinstance(given, tuple):
            row |= {"state": "open", "low": given[0], "high": given[1], "reason": "bounds"}
        elif kind == "choice":
            row["word"] = given
        else:
            row["value"] = float(given)
        rows.append(row)
    return pl.DataFrame(rows, schema=dtypes(Characteristics), orient="row")


def numbered(values, kind="number"):
    return frame(kind, **{f"c{place:02d}": value for place, value in enumerate(values)})


def everyone(rows):
    return [("all", rows["case_id"].to_list())]


def only(rows, *columns):
    (row,) = summary(rows, everyone(rows)).select(columns).rows()
    return row


NUMBERS = ("median", "q1", "q3", "minimum", "maximum", "listed")


def test_three_cases_are_listed_without_median_and_quartiles():
    assert only(numbered([3, 1, 2]), *NUMBERS) == (None, None, None, 1, 3, [1, 2, 3])


def test_from_five_a_median_and_from_eight_quartiles():
    assert only(numbered([5, 1, 2, 4, 3]), *NUMBERS) == (3, None, None, 1, 5, [])
    # type 7, as R's quantile() gives it by default
    assert only(numbered(range(1, 9)), *NUMBERS) == (4.5, 2.75, 6.25, 1, 8, [])


def test_only_known_values_are_summarised_and_all_others_are_counted():
    rows = numbered([1, 2, 3, 4, None, (0, 9), (5, None)])
    columns = ("n_known", "n_open", "n_missing", "n_not_applicable", "listed")
    assert only(rows, *columns) == (4, 2, 1, 0, [1, 2, 3, 4])


def test_nothing_known_gives_no_number():
    assert only(numbered([None, (1, 2)]), "n_known", *NUMBERS) == (0, None, None, None, None, None, [])


def test_a_count_has_a_percentage_only_from_ten_known():
    assert only(numbered([1, 0, 1], "yes_no"), "count", "percent") == (2, None)
    assert only(numbered([1, 0] * 5 + [None], "yes_no"), "count", "percent") == (5, 50.0)


def test_a_choice_has_a_row_for_each_word_also_in_a_group_without_it():
    rows = numbered(["a", "a", "b", None], "choice")
    found = summary(rows, [("first", ["c00", "c01"]), ("second", ["c02", "c03"])])
    assert found.select("group", "word", "count", "n_missing").rows() == [
        ("first", "a", 2, 0),
        ("first", "b", 0, 0),
        ("second", "a", 0, 1),
        ("second", "b", 1, 1),
    ]


def halves(rows):
    ids = rows["case_id"].to_list()
    return [("g: a", ids[: len(ids) // 2]), ("g: b", ids[len(ids) // 2 :])]


def test_the_standardised_difference_is_that_of_the_definition():
    a, b = [1, 2, 3, 4, 5], [3, 5, 7, 9, 11]
    rows = numbered([*a, *b])
    (row,) = differences(rows, halves(rows)).to_dicts()
    assert row["smd"] == pytest.approx((fmean(a) - fmean(b)) / ((2.5 + 10) / 2) ** 0.5)
    assert (row["first"], row["second"], row["reason"]) == ("g: a", "g: b", None)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], "fewer than 5 known cases in a group"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, None], "fewer than 5 known cases in a group"),
        ([1] * 5 + [2] * 5, "nothing varies within the groups"),
    ],
)
def test_no_standardised_difference_where_it_would_mislead(values, reason):
    rows = numbered(values)
    (row,) = differences(rows, halves(rows)).to_dicts()
    assert (row["smd"], row["reason"]) == (None, reason)


def test_cases_that_are_in_no_group_make_no_third_group_and_three_groups_have_no_difference():
    rows = numbered([1, 2, 3, 4, 5, 2, 3, 4, 5, 6])
    assert differences(rows, [*halves(rows), ("g: not known", [])]).height == 1
    assert differences(rows, [*halves(rows), ("g: c", [])]).height == 0
    assert differences(rows, everyone(rows)).height == 0


def test_missingness_counts_every_case_once_and_names_the_reasons():
    (row,) = missingness(numbered([1, None, None, (1, 2)])).to_dicts()
    assert (row["n_known"], row["n_open"], row["n_missing"], row["n_not_applicable"]) == (1, 1, 2, 0)
    assert row["reasons"] == ["2 × the article does not tell", "1 × bounds"]
