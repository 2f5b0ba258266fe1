"""Classes of a number: round edges, enough members in each, and quantiles told by the class that they lie in."""

from collections import Counter
from fractions import Fraction
from math import ceil

import pytest
from casetrace.privacy import bins
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.lists(st.integers(-50, 400).map(float), min_size=1, max_size=120)


def enough(positions):
    return len(positions) >= 11


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([], []),
        ([5.0] * 30, []),
        ([float(v) for v in range(101)], [float(v) for v in range(10, 100, 5)]),
        ([v / 1000 for v in range(101)], [v / 1000 for v in range(10, 100, 5)]),
    ],
)
def test_edges_are_round_and_lie_within_the_middle_of_the_values(values, edges):
    assert bins.grid(values) == edges


def test_what_is_counted_has_edges_a_whole_number_apart():
    assert bins.grid([0.0, 1.0, 2.0, 3.0] * 10, smallest_step=1.0) == [1.0, 2.0, 3.0]


def test_no_age_edge_lies_beyond_ninety():
    edges = bins.grid([float(v) for v in range(20, 121)], last=bins.LAST_AGE_EDGE)
    assert edges[-1] == 90


@given(VALUES)
def test_every_class_has_enough_members_and_every_value_one_class(values):
    edges = bins.merged(bins.grid(values), values, enough)
    sizes = Counter(bins.place(edges, v) for v in values)
    assert sum(sizes.values()) == len(values)
    assert not edges or all(sizes[number] >= 11 for number in range(len(edges) + 1))
    assert set(edges) <= set(bins.grid(values))


def test_a_remainder_at_the_top_joins_the_class_below():
    values = [1.0] * 12 + [2.0] * 12 + [3.0] * 4
    assert bins.merged([2.0, 3.0], values, enough) == [2.0]


def test_a_class_needs_enough_patients_not_only_cases():
    persons = ["one"] * 20 + [str(i) for i in range(20)]
    values = [1.0] * 20 + [2.0] * 20
    assert bins.merged([2.0], values, lambda some: len({persons[i] for i in some}) >= 11) == []


@given(VALUES, st.sampled_from([10, 25, 50, 75, 90]))
def test_the_quantile_lies_in_its_class(values, share):
    edges = bins.merged(bins.grid(values), values, enough)
    low, high = bins.quantile_class(edges, values, values, share)
    quantile = sorted(values)[max(ceil(Fraction(share * len(values), 100)), 1) - 1]
    assert low is None or low <= quantile
    assert high is None or quantile < high


def test_members_known_by_bounds_only_open_the_class_of_a_quantile():
    lows, highs = [1.0] * 12 + [5.0] * 12, [1.0] * 12 + [float("inf")] * 12
    assert bins.quantile_class([3.0, 6.0], lows, highs, 50) == (None, 3.0)
    assert bins.quantile_class([3.0, 6.0], lows, highs, 75) == (3.0, None)
