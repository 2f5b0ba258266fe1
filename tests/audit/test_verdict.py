"""A stated value against an estimate: rounding, the verdicts, what is not printed, and the margin."""

from decimal import Decimal

import pytest
from casetrace.audit.verdict import (
    CONTRADICTED,
    NOT_COMPUTABLE,
    NOT_SHOWN,
    POSSIBLE,
    REPRODUCED,
    Judgement,
    Stated,
    judge,
    last_digit,
)
from casetrace.values.estimate import Estimate


def given(low, high):
    return Estimate.between(low, high, "h", ("A",))


def stated(comparator, text):
    """A value as it is typed in a claim: ``6``, ``61000``, ``10..19``."""
    low, _, high = text.partition("..")
    decimals = len(low.partition(".")[2])
    printed = Decimal(1).scaleb(-decimals)
    step, printed = (printed, printed) if high else last_digit(text, decimals)
    return Stated(comparator, Decimal(low), Decimal(high or low), step, printed, Decimal(5))


@pytest.mark.parametrize(
    ("comparator", "value", "low", "high", "verdict", "margin"),
    [
        # An interval that rounds to the stated value as a whole reproduces it: 5 h 49 min is printed as 6 h.
        ("=", "6", 349 / 60, 349 / 60, REPRODUCED, None),
        ("=", "4", 245 / 60, 245 / 60, REPRODUCED, None),
        ("=", "4", 275 / 60, 275 / 60, CONTRADICTED, 275 / 60 - 4),
        ("=", "61000", 46435.0, 46986.0, CONTRADICTED, 14014.0),
        ("=", "46700", 46435.0, 46986.0, POSSIBLE, None),
        (">", "35000", 46435.0, 46986.0, REPRODUCED, None),
        (">", "46500", 46435.0, 46986.0, POSSIBLE, None),
        (">", "35000", 35000.0, 35000.0, CONTRADICTED, 0.0),
        (">=", "35000", 35000.0, 35000.0, REPRODUCED, None),
        ("<", "5", 3.0, 6.0, POSSIBLE, None),
        ("<", "5", 5.0, 5.0, CONTRADICTED, 0.0),
        ("<=", "32", 38.0, 38.0, CONTRADICTED, 6.0),
        ("~", "2", 1.5, 2.4, REPRODUCED, None),
        ("~", "100", 104.0, 104.0, REPRODUCED, None),
        ("~", "100", 106.0, 106.0, CONTRADICTED, 6.0),
        # A missing bound is no bound: it can make a statement possible, never reproduced.
        (">", "35000", 40000.0, None, REPRODUCED, None),
        ("=", "35000", 20000.0, None, POSSIBLE, None),
        ("=", "35000", None, None, NOT_COMPUTABLE, None),
    ],
)
def test_verdict(comparator, value, low, high, verdict, margin):
    found = judge(stated(comparator, value), given(low, high))
    assert found.verdict == verdict
    assert found.margin == (None if margin is None else pytest.approx(margin))


@pytest.mark.parametrize(
    ("value", "number", "holds"),
    [
        # Half up at the printed digits, to the last half.
        ("6", 5.5, True), ("6", 6.5, False), ("5", 5.5, False), ("57.1", 57.14, True), ("57.1", 57.15, False),
        ("57.2", 57.15, True), ("-98", -98.4, True), ("-98", -98.5, False), ("-99", -98.5, True), ("0", 0.4, True),
        ("0", 0.5, False), ("0.0", 0.04, True),
        # 0.1 + 0.2 is 0.3, however binary fractions are added.
        ("0.3", 0.1 + 0.2, True), ("0.25", 0.245, True), ("2.7", 300 / 110, True),
        # The zeros at the end of a whole number: at its last digit that is not 0, never fewer than two digits.
        ("61000", 61400, True), ("61000", 61500, False), ("61000", 60500, True), ("61000", 60499, False),
        ("60000", 61400, False), ("60000", 60499, True), ("60000", 59500, True), ("12200", 12249, True),
        ("12200", 12250, False), ("120000", 124999, True), ("100", 104, True), ("100", 105, False), ("10", 10.4, True),
        ("10", 10.5, False), ("20", 19, False), ("5", 5.4, True), ("1000", 1049, True), ("61400", 61000, False),
        # Printed decimals end what is read: 61.0 is no 61.
        ("61.0", 61.04, True), ("61.0", 61.4, False),
        # The ends of a range are limits.
        ("10..19", 19.4, True), ("10..19", 19.5, False), ("10..19", 9.5, True), ("300..350", 354, False),
    ],
)  # fmt: skip
def test_rounding(value, number, holds):
    assert (judge(stated("=", value), given(number, number)).verdict == REPRODUCED) is holds


def test_a_limit_is_not_rounded():
    assert judge(stated("<=", "32"), given(32.4, 32.4)).verdict == CONTRADICTED
    assert judge(stated(">", "35000"), given(35000.4, 35000.4)).verdict == REPRODUCED


@pytest.mark.parametrize(
    ("value", "number", "by_rounding"),
    [("61000", 61000, False), ("61000", 61400, True), ("60000", 60000.4, False), ("60000", 60400, True), ("57.1", 57.14, False)],
)  # fmt: skip
def test_that_zeros_were_read_as_rounded_is_told_where_it_decides(value, number, by_rounding):
    assert judge(stated("=", value), given(number, number)) == Judgement(REPRODUCED, None, by_rounding)


@pytest.mark.parametrize(
    ("value", "unprinted", "verdict"),
    [
        ("90", "higher", NOT_SHOWN), ("90", "either", NOT_SHOWN), ("90", "lower", CONTRADICTED), ("90", "none", CONTRADICTED),
        ("50", "lower", NOT_SHOWN), ("50", "either", NOT_SHOWN), ("50", "higher", CONTRADICTED), ("50", "none", CONTRADICTED),
        ("70", "none", REPRODUCED), ("70", "higher", REPRODUCED),
    ],
)  # fmt: skip
def test_numbers_that_are_not_printed_can_save_a_statement_on_their_side_only(value, unprinted, verdict):
    assert judge(stated("=", value), given(70.0, 70.0), unprinted).verdict == verdict


@pytest.mark.parametrize(
    ("comparator", "unprinted", "verdict"),
    [
        (">", "higher", NOT_SHOWN),
        (">", "lower", CONTRADICTED),
        ("<", "lower", NOT_SHOWN),
        ("<=", "higher", CONTRADICTED),
    ],
)
def test_of_a_limit_too(comparator, unprinted, verdict):
    number = 70.0 if comparator == ">" else 110.0
    assert judge(stated(comparator, "90"), given(number, number), unprinted).verdict == verdict


def test_a_bound_that_is_not_reached_contradicts_a_limit_at_the_same_number():
    above = Estimate(None, 5.5, None, "h", ("A",), low_is_strict=True)
    assert judge(stated("<=", "5.5"), above) == Judgement(CONTRADICTED, 0.0)
    assert judge(stated("<=", "5.6"), above).verdict == POSSIBLE
    assert judge(stated(">", "5.5"), above).verdict == REPRODUCED
    below = Estimate(None, None, 5.5, "h", ("A",), high_is_strict=True)
    assert judge(stated("<", "5.5"), below).verdict == REPRODUCED
    assert judge(stated(">=", "5.5"), below) == Judgement(CONTRADICTED, 0.0)
