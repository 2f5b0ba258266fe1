"""A stated value against what the printed numbers give, and what numbers that are not printed could make of it."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from casetrace.schemas.claim_tests import Unprinted
from casetrace.values.estimate import Estimate

REPRODUCED = "reproduced"
POSSIBLE = "possible"
NOT_SHOWN = "not shown by the printed numbers"
CONTRADICTED = "contradicted by the printed numbers"
TWO_PLACES = "two places differ"
NOT_COMPUTABLE = "not computable"
NOTHING = "nothing to test against"

#: Digits of a derived number that are compared; beyond them stands the noise of binary fractions.
_DIGITS = 12
#: Whole numbers are never read as rounded to fewer digits than this.
_LEAST_DIGITS = 2


@dataclass(frozen=True)
class Stated:
    """A stated value in its own unit: ``low == high`` unless a range is stated.

    ``step`` is one unit of the last digit that counts: numbers are compared as rounded half up to it. ``printed_step``
    is one unit of the last digit that is printed, which is finer where a whole number ends in zeros.
    """

    comparator: str
    low: Decimal
    high: Decimal
    step: Decimal = Decimal(1)
    printed_step: Decimal = Decimal(1)
    about_pct: Decimal = Decimal(0)

    def side_of(self, number: Decimal) -> int:
        """-1 below everything for which the statement holds, 0 where it holds, 1 above."""
        if self.comparator in ("<", "<="):
            return 0 if number < self.high or (number == self.high and self.comparator == "<=") else 1
        if self.comparator in (">", ">="):
            return 0 if number > self.low or (number == self.low and self.comparator == ">=") else -1
        rounded = rounded_half_up(number, self.step)
        slack = max(abs(self.low), abs(self.high)) * self.about_pct / 100 if self.comparator == "~" else Decimal(0)
        if rounded < self.low:
            return 0 if slack and number >= self.low - slack else -1
        if rounded > self.high:
            return 0 if slack and number <= self.high + slack else 1
        return 0


@dataclass(frozen=True)
class Judgement:
    """A verdict; of a contradiction the distance from the stated value to the nearest possible one, in its unit.

    ``by_rounding`` is true where the last zeros of a whole number were read as rounded and that decided.
    """

    verdict: str
    margin: float | None = None
    by_rounding: bool = False


def last_digit(text: str, decimals: int) -> tuple[Decimal, Decimal]:
    """One unit of the last digit that counts, and of the last that is printed, of a number as it is typed.

    The zeros at the end of a whole number may be digits or filling: it is read at its last digit that is not 0, and
    never at fewer than two digits. 61 000 is read to the thousand, and so is 60 000.
    """
    printed = Decimal(1).scaleb(-decimals)
    digits = text.strip().lstrip("+-~<>= ").lstrip("0")
    if decimals or not digits.isdecimal():
        return printed, printed
    zeros = len(digits) - len(digits.rstrip("0"))
    return Decimal(1).scaleb(max(0, min(zeros, len(digits) - _LEAST_DIGITS))), printed


def rounded_half_up(number: Decimal, step: Decimal) -> Decimal:
    """The number in whole steps; a half goes away from 0."""
    return (number / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def judge(stated: Stated, found: Estimate, unprinted: Unprinted = "none") -> Judgement:
    """The verdict on a statement.

    Args:
        stated: What is stated.
        found: What the printed numbers give, in the unit of the statement.
        unprinted: What values that are not printed could do to it.
    """
    if found.is_open:
        return Judgement(NOT_COMPUTABLE)
    low, high = _sides(stated, found)
    if low == high == 0:
        fine = _as_printed(stated)
        return Judgement(REPRODUCED, by_rounding=stated.step != stated.printed_step and _sides(fine, found) != (0, 0))
    if low <= 0 <= high:
        return Judgement(POSSIBLE)
    # The statement lies on one side of everything that the printed numbers give.
    can_reach = "lower" if low > 0 else "higher"
    if unprinted in (can_reach, "either"):
        return Judgement(NOT_SHOWN)
    nearest = found.low if low > 0 else found.high
    assert nearest is not None  # an absent bound reaches every statement on its side
    edge = stated.high if low > 0 else stated.low
    return Judgement(CONTRADICTED, abs(float(edge) - nearest))


def _as_printed(stated: Stated) -> Stated:
    return Stated(
        stated.comparator, stated.low, stated.high, stated.printed_step, stated.printed_step, stated.about_pct
    )


def _sides(stated: Stated, found: Estimate) -> tuple[int, int]:
    """On which side of the statement the lowest and the highest possible number lie."""
    return (
        _side(stated, -math.inf if found.low is None else found.low, +1 if found.low_is_strict else 0),
        _side(stated, math.inf if found.high is None else found.high, -1 if found.high_is_strict else 0),
    )


def _side(stated: Stated, bound: float, nudge: int) -> int:
    """The side of one bound; a bound that is not reached is moved inwards by next to nothing."""
    if math.isinf(bound):
        closed = stated.comparator not in (("<", "<=") if bound < 0 else (">", ">="))
        return int(math.copysign(1, bound)) if closed else 0
    with localcontext() as context:
        context.prec = 40
        number = Decimal(f"{bound:.{_DIGITS}g}")
        return stated.side_of(number + nudge * Decimal("1e-25") * max(abs(number), Decimal("1e-6")))
