"""The body weight that was in force at a dose: the last one taken by then, or each one that may have been it."""

from dataclasses import dataclass, replace
from decimal import Decimal

from casetrace.extract.results import Weight
from casetrace.values.instants import Instant
from casetrace.values.printed_values import Value


@dataclass(frozen=True)
class DosingWeight:
    """The weight that a dose rests on, in kg. `row_ids` has several where which of them was in force is not known."""

    row_ids: tuple[str, ...]
    value: Value


def weight_in_force(weights: list[Weight], start: Instant) -> DosingWeight | None:
    """The weight in force when a dose started; None when no weight is printed.

    A weight holds from the time it was taken until the next one, and one without a time until the first that has one;
    before all of them the first holds. Where this leaves several open, the value has the bounds of all of them, and a
    best value only where they agree.

    Args:
        weights: Every weight of the case.
        start: When the dose started.
    """
    timed = [weight for weight in weights if weight.when.form != "unknown"]
    found = [weight for weight in timed if _may_be_last_by(weight, timed, start)]
    if not any(_is_taken_by(weight, start) for weight in found):
        earlier = [weight for weight in weights if weight.when.form == "unknown"] or _first(timed)
        found += [weight for weight in earlier if weight not in found]
    if not found:
        return None
    first = found[0].value
    if all(weight.value == first for weight in found):
        value = first
    else:
        values = [weight.value for weight in found]
        value = replace(first, kind="range", best=None, low=_lowest(values), high=_highest(values))
    return DosingWeight(tuple(weight.row_id for weight in found), value)


def _is_taken_by(weight: Weight, start: Instant) -> bool:
    """Whether the weight was taken by the start of the dose; of one day both, the weight holds for the dose."""
    return weight.when.latest <= start.latest


def _may_be_last_by(weight: Weight, timed: list[Weight], start: Instant) -> bool:
    """Whether the weight may have been the last one taken by the start of the dose."""
    if weight.when.earliest > start.latest:
        return False
    return not any(weight.when.latest < other.when.earliest and _is_taken_by(other, start) for other in timed)


def _first(timed: list[Weight]) -> list[Weight]:
    """Each weight that may be the first one taken."""
    latest = min((weight.when.latest for weight in timed), default=0)
    return [weight for weight in timed if weight.when.earliest <= latest]


def _lowest(values: list[Value]) -> Decimal | None:
    lows = [value.low for value in values]
    return None if None in lows else min(low for low in lows if low is not None)


def _highest(values: list[Value]) -> Decimal | None:
    highs = [value.high for value in values]
    return None if None in highs else max(high for high in highs if high is not None)
