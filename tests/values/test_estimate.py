"""Interval arithmetic against enumeration: every result holds what the operands allow, and no more."""

from itertools import product

import pytest
from casetrace.values.estimate import Estimate, largest, mean, smallest, total
from hypothesis import given
from hypothesis import strategies as st

SMALL = st.integers(-4, 6)


@st.composite
def closed(draw, at_least=None):
    """An interval of whole numbers with both bounds."""
    numbers = SMALL if at_least is None else st.integers(at_least, at_least + 6)
    low, high = sorted((draw(numbers), draw(numbers)))
    best = draw(st.sampled_from([None, *range(low, high + 1)]))
    return Estimate(best, float(low), float(high), "s", (f"R{draw(st.integers(0, 9))}",))


def numbers_of(estimate):
    return range(int(estimate.low), int(estimate.high) + 1)


def assert_tight(result, numbers):
    """The bounds are the extremes of what was enumerated."""
    assert result.low == pytest.approx(min(numbers))
    assert result.high == pytest.approx(max(numbers))
    assert result.best is None or result.low <= result.best <= result.high


@given(closed(), closed())
def test_sums_and_differences(a, b):
    pairs = list(product(numbers_of(a), numbers_of(b)))
    assert_tight(a + b, [x + y for x, y in pairs])
    assert_tight(a - b, [x - y for x, y in pairs])
    assert_tight(total([a, b, a]), [x + y + z for x, y, z in product(numbers_of(a), numbers_of(b), numbers_of(a))])


@given(closed(), st.sampled_from([-3.0, -0.5, 0.0, 2.0]))
def test_a_plain_factor_of_either_sign(a, by):
    assert_tight(a * by, [x * by for x in numbers_of(a)])


@given(closed(), closed(at_least=1))
def test_a_quotient_of_either_sign(a, b):
    assert_tight(a / b, [x / y for x, y in product(numbers_of(a), numbers_of(b))])


@given(st.lists(closed(), min_size=1, max_size=3), st.lists(closed(), max_size=2))
def test_extremes_and_means_of_sets_that_are_not_certain(sure, possible):
    for result, fold in (
        (largest(sure, possible), max),
        (smallest(sure, possible), min),
        (mean(sure, possible), lambda v: sum(v) / len(v)),
    ):
        subsets = [
            [*sure, *(p for p, is_in in zip(possible, chosen, strict=True) if is_in)]
            for chosen in product((False, True), repeat=len(possible))
        ]
        # The extreme of any corner is a corner: low and high ends are enough.
        corners = [fold(values) for s in subsets for values in product(*((e.low, e.high) for e in s))]
        assert_tight(result, corners)


def test_an_absent_bound_stays_absent():
    open_above = Estimate.between(2.0, None, "s")
    assert (open_above + Estimate.exact(1.0, "s")).high is None
    assert (Estimate.exact(1.0, "s") - open_above).low is None
    assert largest([Estimate.exact(9.0, "s"), open_above]).high is None
    assert largest([Estimate.exact(9.0, "s"), open_above]).low == 9.0
    assert mean([Estimate.exact(9.0, "s"), open_above]).high is None


def test_a_divisor_without_an_upper_bound_takes_the_quotient_towards_0():
    found = Estimate.between(4.0, 6.0, "s") / Estimate.between(2.0, None, "mg")
    assert (found.low, found.high, found.low_is_strict, found.unit) == (0.0, 3.0, True, "s/mg")


@pytest.mark.parametrize(
    "divisor", [Estimate.between(0.0, 2.0), Estimate.between(-1.0, 2.0), Estimate.between(None, 2.0)]
)
def test_a_divisor_that_may_be_0_gives_no_number(divisor):
    with pytest.raises(ZeroDivisionError):
        Estimate.exact(1.0) / divisor


@pytest.mark.parametrize(
    "numbers",
    [(2.0, 3.0, 4.0), (5.0, 3.0, 4.0), (None, 4.0, 3.0), (float("nan"), None, None), (None, None, float("inf"))],
)
def test_what_is_no_estimate_is_refused(numbers):
    with pytest.raises(ValueError, match="estimate"):
        Estimate(*numbers)


def test_units_must_be_one():
    with pytest.raises(ValueError, match="cannot be added"):
        Estimate.exact(1.0, "s") + Estimate.exact(1.0, "mg")


def test_bounds_that_are_equal_are_the_number():
    assert Estimate.between(3.0, 3.0).best == 3.0
    assert Estimate.between(3.0, 3.0).is_known


def test_strict_bounds_stay_strict():
    above = Estimate(None, 5.5, None, "s", low_is_strict=True)
    assert (above + Estimate.exact(1.0, "s")).low_is_strict
    assert (Estimate.exact(1.0, "s") - above).high_is_strict
    assert largest([above, Estimate.exact(5.5, "s")]).low_is_strict


def test_a_possible_value_takes_the_best_number_away_only_when_it_could_win():
    sure = [Estimate.exact(10.0, "s", ["A"])]
    assert largest(sure, [Estimate.exact(8.0, "s", ["B"])]).best == 10.0
    assert largest(sure, [Estimate.exact(12.0, "s", ["B"])]).best is None


def test_how_it_is_written():
    dose = Estimate(46711.0, 46435.0, 46986.0, "[iU]", ("HEP1",))
    assert str(dose).replace("\u202f", " ").replace("\xa0", " ") == "46 711 U (46 435 to 46 986)"
    assert repr(dose) == "Estimate(best=46711.0, low=46435.0, high=46986.0, unit='[iU]', rows=['HEP1'])"
    assert str(Estimate.exact(33.0, "s")).replace("\xa0", " ") == "33 s"
    assert str(Estimate()) == "not known"
    assert repr(Estimate(None, 5.5, None, low_is_strict=True)) == "Estimate(best=None, low=>5.5, high=None, unit=None)"
