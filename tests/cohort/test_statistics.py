import polars as pl
from casetrace.cohort.statistics import missingness, summary

from tests.cohort.characteristics_builder import LIMITS, everyone, numbered


def only(rows, *columns):
    (row,) = summary(rows, everyone(rows), LIMITS).select(columns).rows()
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
    found = summary(rows, [("first", ["c00", "c01"]), ("second", ["c02", "c03"])], LIMITS)
    assert found.select("group", "word", "count", "n_missing").rows() == [
        ("first", "a", 2, 0),
        ("first", "b", 0, 0),
        ("second", "a", 0, 1),
        ("second", "b", 1, 1),
    ]


def test_missingness_counts_every_case_once_and_names_the_reasons():
    (row,) = missingness(numbered([1, None, None, (1, 2)])).to_dicts()
    assert (row["n_known"], row["n_open"], row["n_missing"], row["n_not_applicable"]) == (1, 1, 2, 0)
    assert row["reasons"] == ["2 × the article does not tell", "1 × bounds"]


def test_missingness_counts_cases_by_code_whatever_their_rows():
    """Two cases lack an amount of different rows, one of them a weight too: each reason counts its cases."""
    frame = numbered([1, None, None, None])

    def of(code, *rows):
        return {"code": code, "rows": list(rows), "number": None, "term": None, "part": None}

    coded = [[], [of("implausible", "A1")], [of("implausible", "B7"), of("no_reference_range")], []]
    frame = frame.with_columns(pl.Series("reasons", coded, frame.schema["reasons"]))
    (row,) = missingness(frame).to_dicts()
    assert row["reasons"] == [
        "2 × an entry is outside the plausible range",
        "1 × no reference range printed",
        "1 × the article does not tell",
    ]


def test_the_limits_come_from_the_parameters():
    from dataclasses import replace

    rows = numbered([1, 2, 3, 4, 5])
    (row,) = summary(rows, everyone(rows), replace(LIMITS, median=6)).to_dicts()
    assert (row["median"], row["listed"]) == (None, [1, 2, 3, 4, 5])
    (row,) = summary(rows, everyone(rows), replace(LIMITS, quartiles=5)).to_dicts()
    assert (row["q1"], row["median"], row["q3"]) == (2, 3, 4)
    rows = numbered([1, 0, 1], "yes_no")
    (row,) = summary(rows, everyone(rows), replace(LIMITS, percent=3)).to_dicts()
    assert round(row["percent"], 3) == 66.667
