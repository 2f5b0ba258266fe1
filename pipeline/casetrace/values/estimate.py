"""One number as a source allows it: a best value between two bounds, with its unit and the rows behind it.

The arithmetic is that of intervals: a result holds every number that the operands allow together, and no bound is
wider than that when the operands are independent of each other.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from casetrace.values import display


@dataclass(frozen=True)
class Estimate:
    """A number with its bounds. A bound that is None does not exist; a strict one is not reached itself.

    Args:
        best: The best value; None when there is none. Where both bounds are one number, it is that number.
        low: The lowest value that is possible.
        high: The highest value that is possible.
        unit: UCUM code; None when the number has no unit.
        rows: Ids of the rows that the number comes from.
        low_is_strict: Whether the number lies above `low`, not at it.
        high_is_strict: Whether the number lies below `high`, not at it.

    Raises:
        ValueError: a number that is NaN or infinite, or not ``low <= best <= high``.
    """

    best: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    rows: tuple[str, ...] = ()
    low_is_strict: bool = False
    high_is_strict: bool = False

    def __post_init__(self) -> None:
        numbers = [n for n in (self.low, self.best, self.high) if n is not None]
        if not all(math.isfinite(n) for n in numbers):
            raise ValueError(f"an estimate of numbers that are not finite: {numbers}")
        if numbers != sorted(numbers):
            raise ValueError(f"an estimate whose low, best and high are not in order: {numbers}")
        if self.best is None and self.low is not None and self.low == self.high:
            object.__setattr__(self, "best", self.low)

    @classmethod
    def exact(cls, number: float, unit: str | None = None, rows: Iterable[str] = ()) -> "Estimate":
        """A number that is known."""
        return cls(number, number, number, unit, tuple(rows))

    @classmethod
    def between(
        cls, low: float | None, high: float | None, unit: str | None = None, rows: Iterable[str] = ()
    ) -> "Estimate":
        """A number of which only bounds are known."""
        return cls(None, low, high, unit, tuple(rows))

    @property
    def is_known(self) -> bool:
        """Whether both bounds are one number."""
        return self.low is not None and self.low == self.high

    @property
    def is_open(self) -> bool:
        """Whether nothing bounds the number."""
        return self.low is None and self.high is None

    def __neg__(self) -> "Estimate":
        return self.scaled(-1)

    def __add__(self, other: "Estimate") -> "Estimate":
        """The sum of two numbers of one unit.

        Raises:
            ValueError: the units differ.
        """
        unit = _one_unit(self, other)
        return Estimate(
            _both(self.best, other.best, lambda a, b: a + b),
            _both(self.low, other.low, lambda a, b: a + b),
            _both(self.high, other.high, lambda a, b: a + b),
            unit, merged(self.rows, other.rows),
            self.low_is_strict or other.low_is_strict, self.high_is_strict or other.high_is_strict,
        )  # fmt: skip

    def __sub__(self, other: "Estimate") -> "Estimate":
        """The difference of two numbers of one unit.

        Raises:
            ValueError: the units differ.
        """
        return self + -other

    def __mul__(self, number: float) -> "Estimate":
        """The number times a plain number of either sign; the unit stays."""
        return self.scaled(number)

    def __truediv__(self, other: "Estimate | float") -> "Estimate":
        """The number, of either sign, over a plain number or over an estimate that is surely positive.

        The unit is that of both, `s/mg`, or `1` where they have the same.

        Raises:
            ZeroDivisionError: the divisor may be 0 or negative.
        """
        if not isinstance(other, Estimate):
            return self.scaled(1 / other)
        if other.low is None or other.low <= 0:
            raise ZeroDivisionError("the divisor may be 0")
        # The outermost quotients: over the smaller divisor on the far side of 0, over the larger one on the near side.
        least, most = (other.low, other.low_is_strict), (other.high, other.high_is_strict)
        low, low_is_strict = _over((self.low, self.low_is_strict), most, least)
        high, high_is_strict = _over((self.high, self.high_is_strict), least, most)
        best = _both(self.best, other.best, lambda a, b: a / b)
        return Estimate(
            best, low, high, _unit_of_quotient(self.unit, other.unit), merged(self.rows, other.rows),
            low_is_strict, high_is_strict,
        )  # fmt: skip

    def scaled(self, by: float, unit: str | None = None) -> "Estimate":
        """The number times a plain number of either sign; in another unit where one is named."""
        turned = by < 0
        low, high = (self.high, self.low) if turned else (self.low, self.high)
        strict = (self.high_is_strict, self.low_is_strict) if turned else (self.low_is_strict, self.high_is_strict)
        best, low, high = (None if n is None else n * by for n in (self.best, low, high))
        return Estimate(best, low, high, self.unit if unit is None else unit, self.rows, *strict)

    def rising(self, function: Callable[[float], float], unit: str | None) -> "Estimate":
        """The number through a function that never decreases."""
        best, low, high = (None if n is None else function(n) for n in (self.best, self.low, self.high))
        return replace(self, best=best, low=low, high=high, unit=unit)

    def __str__(self) -> str:
        """`46 711 U (46 435 to 46 986)`; the bounds alone where there is no best value; `not known` without any."""
        unit, decimals = display.unit_text(self.unit, "heparin"), display.decimals_for(self.unit)
        bounds = display.span(self.low, self.high, decimals)
        if self.best is None:
            return display.quantity(bounds, unit) if bounds else "not known"
        best = display.quantity(display.number(self.best, decimals), unit)
        return best if self.is_known or not bounds else f"{best} ({bounds})"

    def __repr__(self) -> str:
        rows = f", rows={list(self.rows)}" if self.rows else ""
        low = f"{'>' if self.low_is_strict else ''}{self.low}"
        high = f"{'<' if self.high_is_strict else ''}{self.high}"
        return f"Estimate(best={self.best}, low={low}, high={high}, unit={self.unit!r}{rows})"


def total(terms: Sequence[Estimate]) -> Estimate:
    """The sum of numbers of one unit.

    Raises:
        ValueError: there are none, or their units differ.
    """
    if not terms:
        raise ValueError("the sum of no number has no unit")
    found = terms[0]
    for term in terms[1:]:
        found += term
    return found


def mean(sure: Sequence[Estimate], possible: Sequence[Estimate] = ()) -> Estimate:
    """The mean of numbers of one unit, of which the possible ones may not belong to the set.

    Raises:
        ValueError: there are none, or their units differ.
    """
    every = [*sure, *possible]
    rows = merged(*(v.rows for v in every))
    low = _least_mean([v.low for v in sure], [v.low for v in possible])
    highest = _least_mean([_minus(v.high) for v in sure], [_minus(v.high) for v in possible])
    best = None if possible else _mean([v.best for v in sure])
    return Estimate(best, low, _minus(highest), total(every).unit, rows)


def largest(sure: Sequence[Estimate], possible: Sequence[Estimate] = ()) -> Estimate:
    """The largest of numbers of one unit, bound by bound.

    Possible numbers may not belong to the set: they widen the bound that they could move, and leave the largest without
    a best value when they could be it.

    Raises:
        ValueError: there are none, or their units differ.
    """
    every = [*sure, *possible]
    unit, rows = total(every).unit, merged(*(v.rows for v in every))
    lows = [(v.low, v.low_is_strict) for v in (sure or possible) if v.low is not None]
    low, low_is_strict = max(lows, default=(None, False))
    if not sure:
        # Which of the possible numbers belong to the set is not known: it may be the smallest alone.
        low, low_is_strict = min(lows) if len(lows) == len(possible) else (None, False)
    highs = [(v.high, not v.high_is_strict) for v in every if v.high is not None]
    high, is_reached = max(highs) if len(highs) == len(every) else (None, True)
    best = max((v.best for v in sure if v.best is not None), default=None)
    rivals = [*(v for v in sure if v.best is None), *possible]
    is_settled = best is not None and all(v.high is not None and v.high <= best for v in rivals)
    return Estimate(best if is_settled else None, low, high, unit, rows, low_is_strict, not is_reached)


def smallest(sure: Sequence[Estimate], possible: Sequence[Estimate] = ()) -> Estimate:
    """The smallest of numbers of one unit, bound by bound; as `largest`."""
    return -largest([-v for v in sure], [-v for v in possible])


def merged(*ids: Iterable[str]) -> tuple[str, ...]:
    """Row ids without repetition, in the order met."""
    return tuple(dict.fromkeys(i for group in ids for i in group))


def _one_unit(left: Estimate, right: Estimate) -> str | None:
    if left.unit != right.unit:
        raise ValueError(f"{left.unit} and {right.unit} cannot be added")
    return left.unit


def _unit_of_quotient(upper: str | None, lower: str | None) -> str | None:
    return "1" if upper == lower else upper if lower is None else f"{upper or '1'}/{lower}"


def _both(left: float | None, right: float | None, function: Callable[[float, float], float]) -> float | None:
    return None if left is None or right is None else function(left, right)


def _over(
    bound: tuple[float | None, bool], of_rise: tuple[float | None, bool], of_fall: tuple[float | None, bool]
) -> tuple[float | None, bool]:
    """One bound over the divisor that makes it outermost, and whether it is reached; without one it tends to 0."""
    number, is_strict = bound
    if number is None:
        return None, False
    divisor, divisor_is_strict = of_rise if number >= 0 else of_fall
    if number == 0:
        return 0.0, is_strict
    return (0.0, True) if divisor is None else (number / divisor, is_strict or divisor_is_strict)


def _minus(number: float | None) -> float | None:
    return None if number is None else -number


def _mean(numbers: Sequence[float | None]) -> float | None:
    known = [n for n in numbers if n is not None]
    return sum(known) / len(known) if known and len(known) == len(numbers) else None


def _least_mean(sure: Sequence[float | None], possible: Sequence[float | None]) -> float | None:
    """The least mean of the sure numbers with any of the possible ones; None where one of them is not bounded."""
    known, maybe = [n for n in sure if n is not None], sorted(n for n in possible if n is not None)
    if len(known) < len(sure) or len(maybe) < len(possible):
        return None
    while maybe and (not known or maybe[0] < sum(known) / len(known)):
        known.append(maybe.pop(0))
    return sum(known) / len(known)
