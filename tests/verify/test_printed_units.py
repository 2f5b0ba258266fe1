"""The unit printed right behind a number."""

import re
from decimal import Decimal

import pytest
from casetrace import vocabulary
from casetrace.verify.numerals import Style, find
from casetrace.verify.printed_units import PrintedUnits, is_word_break
from casetrace.verify.source_text import normalise

UNITS = PrintedUnits(vocabulary.load().units)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("17.7 [reference range 4.0–10.0] × 10⁹/L", "17.7", "10*9/L"),
        ("18 × 109/L.", "18", "10*9/L"),
        ("18 x 10^9/L.", "18", "10*9/L"),
        ("29 (reference range 23–32) s.", "29", "s"),
        ("45–90 s", "45", "s"),
        ("9.6 units/kg/hr at", "9.6", "[iU]/kg/h"),
        ("1 µg/kg/min", "1", "ug/kg/min"),
        ("0.63 U/mL", "0.63", "[iU]/mL"),
        ("a 30 000-unit bolus", "30000", "[iU]"),
        ("4000units", "4000", "[iU]"),
        ("6 hours later", "6", "h"),
        ("Eight days later", "8", "d"),
        ("7 months", "7", "mo"),
        ("4 d (", "4", "d"),
        ("41-year-old", "41", "a"),
        ("1.1 (reference range 0.9–1.1). We", "1.1", None),
        ("1.1 and 29 s, respectively", "1.1", None),
        ("33 in the morning", "33", None),
        ("68 a day later", "68", None),
        ("111 to 13", "111", None),
    ],
)
def test_unit_behind_a_number(text, number, unit):
    text = normalise(text)
    span = find(text, Decimal(number), Style())[0]
    assert UNITS.after(text, span) == unit


ENDS = [("5000U.", True), ("4Ts", False), ("5th day", True), ("29 s", True), ("29sec", True), ("2x9", False)]


@pytest.mark.parametrize(("text", "ends"), ENDS)
def test_letters_behind_a_number(text, ends):
    [span] = find(text, Decimal(re.match(r"\d+", text)[0]), Style())
    assert is_word_break(text, span, UNITS) is ends
