"""Interval arithmetic of the audit against the extremes of sampled true values."""

from casetrace.audit.bounds import Given, Missing, difference, extreme, for_each_unit, quotient
from hypothesis import given
from hypothesis import strategies as st

numbers = st.integers(0, 50).map(float)


@st.composite
def intervals(draw, may_be_open=True):
    low, high = sorted((draw(numbers), draw(numbers)))
    best = draw(st.sampled_from([low, (low + high) / 2, high, None]))
    if may_be_open:
        low = draw(st.sampled_from([low, low, None]))
        high = draw(st.sampled_from([high, high, None]))
    if low is None or high is None:
        best = None
    return Given(best, low, high, "s", (f"R{draw(st.integers(0, 9))}",))


@st.composite
def true_value(draw, interval):
    low = 0.0 if interval.low is None else interval.low
    high = 99.0 if interval.high is None else interval.high
    return draw(st.floats(low, high))


def holds(interval, value):
    above = interval.low is None or interval.low <= value + 1e-9
    return above and (interval.high is None or value <= interval.high + 1e-9)


@given(st.data(), intervals(), intervals())
def test_a_difference_holds_every_true_difference(data, later, earlier):
    truth = data.draw(true_value(later)) - data.draw(true_value(earlier))
    assert holds(difference(later, earlier, "s"), truth)


@given(st.data(), intervals(), intervals())
def test_a_quotient_holds_every_true_quotient_or_refuses(data, upper, lower):
    got = quotient(upper, lower, "1")
    if isinstance(got, Missing):
        assert lower.low is None or lower.low <= 0
    else:
        assert holds(got, data.draw(true_value(upper)) / data.draw(true_value(lower)))


@given(
    st.data(), st.lists(intervals(), min_size=1, max_size=4), st.lists(intervals(), max_size=2), st.sampled_from("ab")
)
def test_an_extreme_holds_whatever_belongs_to_the_set(data, sure, possible, which):
    pick, fold = {"a": ("max", max), "b": ("min", min)}[which]
    member = [p for p in possible if data.draw(st.booleans())]
    truth = fold(data.draw(true_value(v)) for v in [*sure, *member])
    got = extreme(sure, possible, pick, "s")
    assert holds(got, truth)
    if got.value is not None:
        assert holds(got, got.value)


def test_a_possible_value_takes_the_best_number_away_only_when_it_could_win():
    sure = [Given(10.0, 10.0, 10.0, "s", ("A",))]
    assert extreme(sure, [Given(8.0, 8.0, 8.0, "s", ("B",))], "max", "s").value == 10.0
    assert extreme(sure, [Given(12.0, 12.0, 12.0, "s", ("B",))], "max", "s").value is None


def test_a_value_without_upper_bound_leaves_the_largest_open():
    got = extreme([Given(10.0, 10.0, 10.0, "s", ("A",)), Given(None, 150.0, None, "s", ("B",))], [], "max", "s")
    assert (got.value, got.low, got.high) == (None, 150.0, None)


@given(st.data(), intervals(), intervals(), intervals())
def test_a_change_for_each_unit_holds_every_true_one(data, later, earlier, dose):
    change = difference(later, earlier, "%")
    outcome = for_each_unit(change, dose)
    if isinstance(outcome, Missing):
        assert dose.low is None or dose.low <= 0
        return
    truth = (data.draw(true_value(later)) - data.draw(true_value(earlier))) / data.draw(true_value(dose))
    assert outcome.unit == "%/s"
    if outcome.value is not None:
        assert outcome.low <= outcome.value <= outcome.high
    assert holds(outcome, truth)
