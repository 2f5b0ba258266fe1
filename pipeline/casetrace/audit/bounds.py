"""What a test of a claim gives: an interval with the rows behind it, or the reason why there is none."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal


@dataclass(frozen=True)
class Given:
    """What the printed numbers give, as an interval; a bound that is None does not exist, a strict one is not reached.

    ``how`` continues the sentence "The printed numbers give ...".
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    row_ids: tuple[str, ...]
    how: str = ""
    low_is_strict: bool = False
    high_is_strict: bool = False

    def map(self, function: Callable[[float], float], unit: str | None) -> "Given":
        """The same interval through a function that never decreases."""
        value, low, high = (None if x is None else function(x) for x in (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high, unit=unit)


@dataclass(frozen=True)
class Missing:
    """The claim cannot be computed; ``reason`` names what is missing."""

    reason: str
    row_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotIndependent:
    """The only rows that could test the claim were derived from it."""

    reason: str
    row_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Discrepancy:
    """Two places of the source, or the source and a score's definition, say different things."""

    given: Given
    reason: str
    row_ids: tuple[str, ...] = field(default=())


Outcome = Given | Missing | NotIndependent | Discrepancy


def difference(later: Given, earlier: Given, unit: str | None) -> Given:
    """``later - earlier`` by interval arithmetic."""
    return Given(
        _minus(later.value, earlier.value),
        _minus(later.low, earlier.high),
        _minus(later.high, earlier.low),
        unit,
        merged(earlier.row_ids, later.row_ids),
    )


def quotient(upper: Given, lower: Given, unit: str | None) -> Given | Missing:
    """``upper / lower`` for values that are not negative; a divisor that may be 0 gives no number."""
    rows = merged(upper.row_ids, lower.row_ids)
    if lower.low is None or lower.low <= 0:
        return Missing("the divisor may be 0", rows)
    return Given(
        None if upper.value is None or lower.value is None else upper.value / lower.value,
        None if upper.low is None or lower.high is None else upper.low / lower.high,
        None if upper.high is None else upper.high / lower.low,
        unit,
        rows,
    )


def for_each_unit(change: Given, dose: Given) -> Given | Missing:
    """A change of either sign over a dose, bound by bound; a dose that may be 0 gives no number."""
    if dose.low is None or dose.low <= 0:
        return Missing("the dose may be 0", merged(change.row_ids, dose.row_ids))
    # The outermost quotient: over the smaller dose on the far side of 0, over the larger one on the near side.
    smallest, largest = dose.low, math.inf if dose.high is None else dose.high

    def over(number: float | None, of_rise: float, of_fall: float) -> float | None:
        return None if number is None else number / (of_rise if number >= 0 else of_fall)

    return Given(
        None if change.value is None or dose.value is None else change.value / dose.value,
        over(change.low, largest, smallest),
        over(change.high, smallest, largest),
        f"{change.unit}/{dose.unit}",
        merged(change.row_ids, dose.row_ids),
    )


def extreme(sure: list[Given], possible: list[Given], pick: Literal["max", "min"], unit: str | None) -> Given:
    """Largest or smallest of several values, bound by bound.

    ``possible`` values may not belong to the set: they widen the bound that they could move and leave the
    extreme without a best number when they could decide it.
    """
    every = [*sure, *possible]
    if pick == "min":
        turned = extreme([_negated(v) for v in sure], [_negated(v) for v in possible], "max", unit)
        return _negated(turned)
    low = max((v.low for v in sure if v.low is not None), default=None)
    high = None if any(v.high is None for v in every) else max(v.high for v in every if v.high is not None)
    best = max((v.value for v in sure if v.value is not None), default=None)
    rivals = [v for v in every if v.value is None or v in possible]
    is_settled = best is not None and all(v.high is not None and v.high <= best for v in rivals)
    return Given(best if is_settled else None, low, high, unit, merged(*(v.row_ids for v in every)))


def _negated(value: Given) -> Given:
    def turn(number: float | None) -> float | None:
        return None if number is None else -number

    return Given(turn(value.value), turn(value.high), turn(value.low), value.unit, value.row_ids, value.how)


def _minus(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right


def merged(*ids: Iterable[str]) -> tuple[str, ...]:
    """Row ids without repetition, in the order met."""
    return tuple(dict.fromkeys(i for group in ids for i in group))
