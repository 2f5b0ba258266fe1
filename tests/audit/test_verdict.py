"""A stated value against an interval: the verdicts and the margin."""

import pytest
from casetrace.audit.bounds import Given
from casetrace.audit.verdict import CONTRADICTED, NOT_COMPUTABLE, POSSIBLE, REPRODUCED, Stated, judge


def given(low, high):
    return Given(None, low, high, "h", ("A",))


def stated(comparator, low, high=None, decimals=0):
    return Stated(comparator, low, low if high is None else high, 0.5 * 10**-decimals, about_pct=5)


@pytest.mark.parametrize(
    ("comparator", "value", "low", "high", "verdict", "margin"),
    [
        # An interval that rounds to the stated value as a whole reproduces it: 5 h 49 min is printed as 6 h.
        ("=", 6.0, 349 / 60, 349 / 60, REPRODUCED, None),
        ("=", 4.0, 245 / 60, 245 / 60, REPRODUCED, None),
        ("=", 4.0, 275 / 60, 275 / 60, CONTRADICTED, 275 / 60 - 4),
        ("=", 61000.0, 46435.0, 46986.0, CONTRADICTED, 14014.0),
        ("=", 46500.0, 46435.0, 46986.0, POSSIBLE, None),
        (">", 35000.0, 46435.0, 46986.0, REPRODUCED, None),
        (">", 46500.0, 46435.0, 46986.0, POSSIBLE, None),
        (">", 35000.0, 35000.0, 35000.0, CONTRADICTED, 0.0),
        (">=", 35000.0, 35000.0, 35000.0, REPRODUCED, None),
        ("<", 5.0, 3.0, 6.0, POSSIBLE, None),
        ("<", 5.0, 5.0, 5.0, CONTRADICTED, 0.0),
        ("<=", 32.0, 38.0, 38.0, CONTRADICTED, 6.0),
        ("~", 2.0, 1.5, 2.5, REPRODUCED, None),
        ("~", 100.0, 104.0, 104.0, REPRODUCED, None),
        ("~", 100.0, 106.0, 106.0, CONTRADICTED, 6.0),
        # A missing bound is no bound: it can make a statement possible, never reproduced.
        (">", 35000.0, 40000.0, None, REPRODUCED, None),
        ("=", 35000.0, 20000.0, None, POSSIBLE, None),
        ("=", 35000.0, None, None, NOT_COMPUTABLE, None),
    ],
)
def test_verdict(comparator, value, low, high, verdict, margin):
    got, distance = judge(stated(comparator, value), given(low, high))
    assert got == verdict
    assert distance == (None if margin is None else pytest.approx(margin))


def test_a_stated_range_holds_with_its_ends():
    assert judge(stated("=", 10.0, 19.0), given(13.0, 13.0)) == (REPRODUCED, None)
    assert judge(stated("=", 10.0, 19.0), given(9.0, 9.0)) == (CONTRADICTED, 1.0)


def test_a_bound_that_is_not_reached_contradicts_a_limit_at_the_same_number():
    above = Given(None, 5.5, None, "h", ("A",), low_is_strict=True)
    assert judge(stated("<=", 5.5, decimals=1), above) == (CONTRADICTED, 0.0)
    assert judge(stated("<=", 5.6, decimals=1), above) == (POSSIBLE, None)
