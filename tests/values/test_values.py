"""The value form: numbers, bounds and words; what is refused says what was probably meant."""

import contextlib
from decimal import Decimal
from fractions import Fraction

import pytest
from casetrace.core.errors import CellError
from casetrace.values.printed_values import parse_number, parse_value, split_reading
from hypothesis import given
from hypothesis import strategies as st

FIVE_PCT = Decimal(5)


def numbers(text):
    value = parse_value(text, FIVE_PCT)
    return tuple(None if n is None else float(n) for n in (value.best, value.low, value.high))


@pytest.mark.parametrize(
    ("text", "kind", "best", "low", "high", "low_strict", "high_strict", "decimals"),
    [
        ("13", "number", 13, 13, 13, False, False, 0),
        ("0.63", "number", 0.63, 0.63, 0.63, False, False, 2),
        ("2.00", "number", 2, 2, 2, False, False, 2),
        ("-2.5", "number", -2.5, -2.5, -2.5, False, False, 1),
        ("<5", "one_sided", None, None, 5, False, True, 0),
        ("<=5", "one_sided", None, None, 5, False, False, 0),
        (">5.5", "one_sided", None, 5.5, None, True, False, 1),
        (">= 20", "one_sided", None, 20, None, False, False, 0),
        ("60..70", "range", 65, 60, 70, False, False, 0),
        ("70..90.9", "range", 80.45, 70, 90.9, False, False, 1),
        ("~40", "approximate", 40, 38, 42, False, False, 0),
        ("~-40", "approximate", -40, -42, -38, False, False, 0),
        (None, "not_printed", None, None, None, False, False, 0),
        ("", "not_printed", None, None, None, False, False, 0),
    ],
)
def test_numbers_and_bounds(text, kind, best, low, high, low_strict, high_strict, decimals):
    value = parse_value(text, FIVE_PCT)
    assert (value.kind, value.low_is_strict, value.high_is_strict) == (kind, low_strict, high_strict)
    assert numbers(text) == (best, low, high)
    assert value.decimals == decimals


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("normal", "word", "normal"),
        ("Weakly  Positive", "word", "weakly positive"),
        ("above target", "word", "above target"),
        ("not done", "not_done", "not done"),
    ],
)
def test_words(text, kind, word):
    value = parse_value(text, FIVE_PCT)
    assert (value.kind, value.word, value.numbers) == (kind, word, [])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0,63", "did you mean '0.63'?"),
        ("1 000", "did you mean '1000'?"),
        ("1,000", "no separator between thousands"),
        ("30\u202f000", "did you mean '30000'?"),
        ("1O000", "60..70"),
        ("1e3", "60..70"),
        ("NaN", "60..70"),
        ("inf", "60..70"),
        ("-Infinity", "60..70"),
        ("60-70", "did you mean '60..70'?"),
        ("60–70", "did you mean '60..70'?"),
        ("≥20", "did you mean '>=20'?"),
        ("9.3 g/dL", "the unit stands in its own column"),
        ("45%", "the unit stands in its own column"),
        ("70..60", "the lower number first"),
        (".5", "60..70"),
        ("5.", "60..70"),
        ("٣", "60..70"),
        ("60..", "60..70"),
        ("<~5", "60..70"),
        ("negativ", "did you mean 'negative'?"),
        ("unremarkable", "weakly positive"),
    ],
)
def test_refused_with_what_was_probably_meant(text, hint):
    with pytest.raises(CellError) as refused:
        parse_value(text, FIVE_PCT)
    assert hint in refused.value.allowed


def test_a_range_of_many_values_has_no_best():
    assert parse_value("60..70", FIVE_PCT).as_stat("range").best is None
    assert parse_value("60..70", FIVE_PCT).as_stat("mean").best == 65


def test_words_may_be_limited_or_free():
    assert parse_value("female", FIVE_PCT, ("female", "male")).word == "female"
    assert parse_value("anything", FIVE_PCT, None).word == "anything"
    with pytest.raises(CellError):
        parse_value("normal", FIVE_PCT, ())


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("9.3 g/dL", "9.3", "g/dL"),
        (">5.5 IU/mL", ">5.5", "IU/mL"),
        ("60..70 mg/dL", "60..70", "mg/dL"),
        ("113", "113", None),
        ("weakly positive", "weakly positive", None),
    ],
)
def test_a_reading_is_value_and_unit(text, value, unit):
    assert split_reading(text) == (value, unit)


@pytest.mark.parametrize("text", ["<5", "1,0", "four", "1e3", "NaN", ""])
def test_plain_number_refuses(text):
    with pytest.raises(CellError):
        parse_number(text)


@given(st.decimals(-(10**6), 10**6, places=3), st.fractions("0.001", 1000))
def test_scaling_is_the_decimal_rounding_of_the_exact_product(number, factor):
    value = parse_value(f"{number:f}", FIVE_PCT).scaled(factor)
    assert float(value.best) == pytest.approx(float(Fraction(number) * factor), rel=1e-15, abs=0)


def test_scaling_leaves_no_dust():
    assert float(parse_value("0.63", FIVE_PCT).scaled(Fraction(100)).best) == 63.0
    assert float(parse_value("1.1", FIVE_PCT).scaled(Fraction(3)).best) == 3.3


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_and_bounds_are_ordered(text):
    with contextlib.suppress(CellError):  # any other exception fails
        value = parse_value(text, FIVE_PCT)
        assert all(number.is_finite() for number in value.numbers)
        if value.best is not None:
            assert value.low <= value.best <= value.high
