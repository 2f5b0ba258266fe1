"""A stated value against what the printed numbers give."""

import math
from dataclasses import dataclass

from casetrace.audit.bounds import Given

REPRODUCED = "reproduced"
POSSIBLE = "possible"
CONTRADICTED = "contradicted by the printed numbers"
TWO_PLACES = "two places differ"
NOT_COMPUTABLE = "not computable"
NOTHING = "nothing to test against"


@dataclass(frozen=True)
class Stated:
    """A stated value in the unit of the test: ``low == high`` unless a range is stated.

    ``half_digit`` is half a unit of the last printed decimal: any value within it rounds to what is printed.
    """

    comparator: str
    low: float
    high: float
    half_digit: float
    about_pct: float

    def allowed(self) -> tuple[float, float]:
        """The values for which the statement holds, from and to; strictness is judged in `judge`."""
        low, high = self.low, self.high
        if self.comparator in ("<", "<="):
            return -math.inf, high
        if self.comparator in (">", ">="):
            return low, math.inf
        slack = self.half_digit
        if self.comparator == "~":
            slack = max(slack, abs(self.high) * self.about_pct / 100)
        return low - slack, high + slack


def judge(stated: Stated, given: Given) -> tuple[str, float | None]:
    """The verdict, and for a contradiction the distance from the stated value to the nearest possible one."""
    low = -math.inf if given.low is None else given.low
    high = math.inf if given.high is None else given.high
    if math.isinf(low) and math.isinf(high):
        return NOT_COMPUTABLE, None
    least, most = stated.allowed()
    # A bound that is itself not reached (> 5.5) satisfies a strict statement at the same number.
    above = stated.comparator == ">" and given.low_is_strict and low == least
    below = stated.comparator == "<" and given.high_is_strict and high == most
    inside = (_holds(stated, low, least, most) or above) and (_holds(stated, high, least, most) or below)
    if inside:
        return REPRODUCED, None
    apart = (given.low_is_strict and low == most) or (given.high_is_strict and high == least)
    if _overlaps(stated, low, high, least, most) and not apart:
        return POSSIBLE, None
    margin = stated.low - high if high < stated.low else low - stated.high
    return CONTRADICTED, abs(margin)


def _holds(stated: Stated, value: float, least: float, most: float) -> bool:
    if stated.comparator == "<":
        return value < most
    if stated.comparator == ">":
        return value > least
    return least <= value <= most


def _overlaps(stated: Stated, low: float, high: float, least: float, most: float) -> bool:
    if stated.comparator == "<":
        return low < most
    if stated.comparator == ">":
        return high > least
    return low <= most and high >= least
