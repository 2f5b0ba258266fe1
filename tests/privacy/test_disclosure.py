"""What is told of counts leaves every small one open, and the arithmetic equals a search through every possibility."""

from itertools import product

import polars as pl
import pytest
from casetrace.privacy.disclosure import (
    ROOM,
    SMALLEST_CELL,
    WITHHELD,
    CellSize,
    CountRange,
    disclosed_count,
    exactly,
    patients_of,
    possible,
    suppress,
)
from hypothesis import given, settings
from hypothesis import strategies as st

COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 60))


def size(cases, patients=None):
    return CellSize(cases, cases if patients is None else patients)


@pytest.mark.parametrize(
    ("cases", "low", "high"),
    [(0, 0, 10), (1, 0, 10), (10, 0, 10), (11, 11, 20), (20, 11, 20), (21, 21, 30), (140, 131, 140)],
)
def test_counts_are_told_in_classes_of_ten_and_none_is_not_told_from_a_few(cases, low, high):
    assert disclosed_count(size(cases)) == CountRange(low, high)


def test_wider_classes_never_reach_below_eleven_nor_beyond_the_total():
    assert disclosed_count(size(15), 40) == CountRange(11, 40)
    assert disclosed_count(size(15), 40, size(22)) == CountRange(11, 30)


def test_many_cases_of_few_patients_are_not_told_at_all():
    assert disclosed_count(size(30, patients=9)) == WITHHELD
    assert disclosed_count(size(9, patients=9)) == CountRange(0, 10)


def test_a_public_count_is_told_exactly():
    assert exactly(size(3)) == CountRange(3, 3)


def test_the_case_that_the_sum_would_give_back_is_told_more_widely():
    """131 to 140 in all, 121 to 130 of them yes: at least one no, and at most ten."""
    total, parts, answers = size(131), [size(131), size(0)], [size(123), size(8)]
    classes = [disclosed_count(one) for one in answers]
    _, (_, no) = possible(disclosed_count(total), [disclosed_count(one) for one in parts], classes)
    assert no.low >= 1  # the classes alone give the small count away
    assert no.high < SMALLEST_CELL
    outer, inner = suppress(total, parts, answers)
    _, (_, no) = possible(disclosed_count(total), outer, inner)
    assert no.low == 0
    assert inner == [CountRange(121, 140), CountRange(0, 10)]


def test_where_no_width_helps_nothing_is_told():
    outer, inner = suppress(size(15), [size(15), size(0)], [size(8), size(7)])
    assert set(inner) == {WITHHELD}
    assert set(outer) == {WITHHELD}


def test_counts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        suppress(size(20), [size(12), size(7)], [size(12)])
    with pytest.raises(ValueError, match="do not add up"):
        suppress(size(20), [size(12), size(8)], [size(11)])


@settings(deadline=None)
@given(st.data(), st.lists(st.integers(0, 5), min_size=1, max_size=3), st.lists(st.integers(0, 5), max_size=2))
def test_the_possible_counts_are_those_of_a_search_through_all(data, inner, others):
    def around(n):
        return CountRange(data.draw(st.integers(max(0, n - 3), n)), data.draw(st.integers(n, n + 3)))

    known, parts = [around(n) for n in inner], [around(n) for n in [sum(inner), *others]]
    total = around(sum(inner) + sum(others))
    worlds = [
        (values[: len(inner)], values[len(inner) :])
        for values in product(*(range(one.low, one.high + 1) for one in [*known, *parts]))
        if sum(values[: len(inner)]) == values[len(inner)] and total.low <= sum(values[len(inner) :]) <= total.high
    ]
    outer, found = possible(total, parts, known)
    for place, one in enumerate(found):
        assert (one.low, one.high) == (min(w[0][place] for w in worlds), max(w[0][place] for w in worlds))
    for place, one in enumerate(outer):
        assert (one.low, one.high) == (min(w[1][place] for w in worlds), max(w[1][place] for w in worlds))


@settings(deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=6), st.lists(COUNTS, min_size=0, max_size=3))
def test_nothing_told_gives_a_small_count_back(inner, others):
    total = size(sum(inner) + sum(others))
    parts, known = [size(n) for n in [sum(inner), *others]], [size(n) for n in inner]
    outer, found = suppress(total, parts, known)
    open_outer, open_found = possible(disclosed_count(total), outer, found)
    for one, classes, left in zip([*parts, *known], [*outer, *found], [*open_outer, *open_found], strict=True):
        assert left.low <= one.cases <= left.high
        assert classes.is_withheld or classes.low <= one.cases <= classes.high
        if total.cases >= SMALLEST_CELL:
            assert left.high - left.low >= ROOM
        if one.cases < SMALLEST_CELL and total.cases >= SMALLEST_CELL:
            assert left.low == 0 or left.high >= SMALLEST_CELL


def test_the_cases_of_a_patient_have_one_name():
    cases = pl.DataFrame({"case_id": ["b", "a", "c"], "same_patient_as": [["a"], ["b"], []]})
    assert patients_of(cases) == {"a": "a", "b": "a", "c": "c"}
