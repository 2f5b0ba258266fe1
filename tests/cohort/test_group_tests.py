"""The tests against published values and against counting every arrangement one by one."""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb, factorial, prod

import pytest
from casetrace.cohort.group_tests import exact_table_p, fisher, kruskal_wallis, log_rank, mann_whitney
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cohort.test_survival import MERCAPTOPURINE, parse

MANY = 99_999
NUMBERS = st.lists(st.integers(0, 6).map(float), min_size=2, max_size=5)
WORDS = st.lists(st.sampled_from("xyz"), min_size=1, max_size=5)

#: Remission in weeks under placebo, the other arm of the same trial.
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def arrangements(values, sizes):
    """Every way to deal the values out to groups of these sizes, cases told apart."""
    if len(sizes) == 1:
        yield (tuple(values),)
        return
    for chosen in combinations(range(len(values)), sizes[0]):
        rest = [value for place, value in enumerate(values) if place not in chosen]
        for others in arrangements(rest, sizes[1:]):
            yield (tuple(values[place] for place in chosen), *others)


def wins(first, second):
    """U of the first group: pairs in which its value is the larger; a tie is half a win."""
    return sum((a > b) + Fraction(a == b, 2) for a in first for b in second)


def test_two_groups_that_do_not_overlap_have_the_smallest_p_that_there_is():
    made = mann_whitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], MANY)
    assert (made.test, made.statistic_name, made.statistic) == ("Mann-Whitney, exact", "U of the first group", 0)
    assert made.p == pytest.approx(2 / comb(10, 5))


@settings(max_examples=40, deadline=None)
@given(NUMBERS, NUMBERS)
def test_mann_whitney_counts_every_arrangement(first, second):
    given_wins = wins(first, second)
    found = [wins(*groups) for groups in arrangements([*first, *second], [len(first), len(second)])]
    tails = [sum(u <= given_wins for u in found), sum(u >= given_wins for u in found)]
    made = mann_whitney(first, second, MANY)
    assert made.p == pytest.approx(min(1.0, 2 * min(tails) / len(found)))
    assert made.statistic == given_wins


@settings(max_examples=25, deadline=None)
@given(st.tuples(NUMBERS, NUMBERS, NUMBERS).filter(lambda groups: sum(map(len, groups)) <= 10))
def test_kruskal_wallis_counts_every_arrangement(groups):
    values = [value for group in groups for value in group]
    if len(set(values)) == 1:
        return
    places = {v: sum(x < v for x in values) + Fraction(values.count(v) + 1, 2) for v in values}

    def between(parts):
        return sum(Fraction(sum(places[v] for v in part)) ** 2 / len(part) for part in parts)

    given_sum = between(groups)
    found = [between(parts) for parts in arrangements(values, [len(group) for group in groups])]
    made = kruskal_wallis(groups, MANY)
    assert made.p == pytest.approx(sum(x >= given_sum for x in found) / len(found))
    # H with its correction for ties
    n, ties = len(values), Counter(values)
    h = (12 / (n * (n + 1)) * float(given_sum) - 3 * (n + 1)) / (1 - sum(t**3 - t for t in ties.values()) / (n**3 - n))
    assert made.statistic == pytest.approx(h, abs=1e-9)


def test_beyond_the_limit_arrangements_are_drawn_and_equal_input_gives_equal_p():
    first, second = [1.0, 2, 2, 3, 4, 4, 5, 9], [3.0, 4, 4, 6, 7, 8, 8, 9]
    exact, drawn = mann_whitney(first, second, MANY), mann_whitney(first, second, 5000)
    assert (exact.test, drawn.test) == ("Mann-Whitney, exact", "Mann-Whitney, 5\u202f000 random arrangements")
    assert drawn.p == pytest.approx(exact.p, abs=0.01)
    assert mann_whitney(first, second, 5000) == drawn


@pytest.mark.parametrize(
    ("table", "p"),
    [
        (([3, 1], [1, 3]), Fraction(34, 70)),  # the lady tasting tea
        # 0, 1, 9 or 10 of the first ten: 0.00276
        (([1, 9], [11, 3]), Fraction(2 * (comb(12, 1) * comb(12, 9) + comb(12, 10)), comb(24, 10))),
    ],
)
def test_fisher_of_two_by_two_is_worked_by_hand(table, p):
    groups = [["yes"] * yes + ["no"] * no for yes, no in table]
    made = fisher(groups, MANY)
    assert (made.test, made.statistic_name) == ("Fisher, exact", "odds ratio of yes")
    assert made.p == pytest.approx(float(p))
    (a, b), (c, d) = table
    assert made.statistic == pytest.approx(a * d / (b * c))
    assert exact_table_p([[*row] for row in table], MANY) == p


def test_an_odds_ratio_that_is_not_finite_is_none():
    made = fisher([[1.0] * 5, [1.0] * 2 + [0.0] * 3], MANY)
    assert (made.statistic_name, made.statistic) == ("odds ratio of yes", None)
    assert made.p == pytest.approx(2 * comb(7, 2) / comb(10, 5))


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=3).filter(lambda groups: sum(map(len, groups)) <= 11))
def test_larger_tables_count_every_arrangement(groups):
    """Freeman and Halton: the share of arrangements whose table is no likelier than the given one."""

    def unlikely(parts):
        return prod(factorial(n) for part in parts for n in Counter(part).values())

    words = sorted({word for group in groups for word in group})
    found = [unlikely(parts) for parts in arrangements([w for g in groups for w in g], [len(g) for g in groups])]
    table = [[group.count(word) for word in words] for group in groups]
    assert exact_table_p(table, MANY) == Fraction(sum(x >= unlikely(groups) for x in found), len(found))
    if len(words) > 1:
        assert fisher(groups, MANY).p == pytest.approx(float(exact_table_p(table, MANY)))


def test_tables_that_are_too_many_are_drawn_with_a_fixed_seed():
    groups = [["x", "y", "z"] * 3, ["x", "y", "y", "z"] * 2, ["z", "z", "y"] * 3]
    exact, drawn = fisher(groups, MANY), fisher(groups, 50)
    assert (exact.test, drawn.test) == ("Fisher-Freeman-Halton, exact", "Fisher-Freeman-Halton, 50 random tables")
    assert exact.statistic is None
    assert exact.p != drawn.p
    assert fisher(groups, 50) == drawn
    assert drawn.p == pytest.approx(exact.p, abs=0.25)


def test_the_log_rank_test_of_a_published_trial_is_reproduced():
    """Freireich EJ et al., Blood 1963;21:699-716: chi-square 16.79 with one degree of freedom, p below 0.0001."""
    made = log_rank(parse(PLACEBO), parse(MERCAPTOPURINE))
    assert made.statistic**2 == pytest.approx(16.79, abs=0.005)
    assert made.statistic > 0  # more events under placebo
    assert made.p == pytest.approx(4.17e-5, rel=0.01)


@pytest.mark.parametrize(
    ("first", "second"),
    [("5 6 7", "1+ 2+ 3+"), ("4 4", "4 4"), ("1+ 2+", "3+ 4+")],
)
def test_no_event_that_tells_the_groups_apart_is_no_test(first, second):
    assert log_rank(parse(first), parse(second)) is None
