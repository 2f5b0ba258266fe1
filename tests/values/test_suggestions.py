"""What a message says was probably meant: a suggestion can always be read, and an ambiguous text gets none."""

import re
from decimal import Decimal

import pytest
from casetrace.values.printed_values import parse_value
from casetrace.values.suggestions import about_every, about_time, about_value, alike, european, near_word
from casetrace.values.times import parse_every, parse_time
from hypothesis import given
from hypothesis import strategies as st

RULE = "the rule"


def suggested(said):
    found = re.match(r"did you mean '(.*?)'\?", said)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("6", "D6"), ("-2", "D-2"), ("d5", "D5"), ("Day 3", "D3"), ("day 3 8:30", "D3T08:30"), ("D4 08:00", "D4T08:00"),
        ("D6T9:30", "D6T09:30"), ("D5 08.15 Uhr", "D5T08:15"), ("POD 3", "POD3"), ("pod3 7:05", "POD3T07:05"),
        ("OP+36h", "@OP+36h"), ("@OP + 36 hours", "@OP+36h"), ("36 h after OP", "@OP+36h"), ("2 days before OP", "@OP-2d"),
        ("1 month after DISCHARGE", "@DISCHARGE+1mo"), ("D5-D7", "D5/D7"), ("day 5 to day 7", "D5/D7"),
    ],
)  # fmt: skip
def test_times_with_one_reading(typed, meant):
    assert suggested(about_time(typed, RULE)) == meant
    parse_time(meant)


@pytest.mark.parametrize(("typed", "is_warned"), [("day 1", True), ("1", True), ("D1 08:00", False), ("POD 1", False)])
def test_a_day_that_may_be_counted_from_one_is_not_silently_made_the_second(typed, is_warned):
    assert ("D0 is the first day" in about_time(typed, RULE)) == is_warned


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("OP", "@OP where that is the id of a row"),
        ("08:00", "the day before the hour"),
        ("+2 weeks", "a distance behind the row"),
        ("during surgery", "@ID for the time of an event that has a row"),
        ("unknown", "an empty cell"),
        ("D5T25:00", RULE),
        ("D4+2h", RULE),
        ("#", RULE),
    ],
)
def test_times_with_advice(typed, advice):
    assert advice in about_time(typed, RULE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0,63", "0.63"), ("25,4-33,8", "25.4..33.8"), ("423 – 755", "423..755"), ("3.0-6.0", "3.0..6.0"),
        ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1,234,567", "1234567"), ("56 000", "56000"), ("56'000", "56000"),
        ("≥20", ">=20"), ("=<5", "<=5"), ("<0,5", "<0.5"), ("ca. 40", "~40"), ("about 1,5", "~1.5"), ("60 to 70", "60..70"),
    ],
)  # fmt: skip
def test_values_with_one_reading(typed, meant):
    assert suggested(about_value(typed, RULE)) == meant
    parse_value(meant, Decimal(10))


@pytest.mark.parametrize("typed", ["56,000", "1,234", "<1,000", "70-60", "1..2..3", "12x", "10 ± 2", "5/6", "13"])
def test_values_with_two_readings_or_none_get_no_suggestion(typed):
    assert suggested(about_value(typed, RULE)) is None


@pytest.mark.parametrize("typed", ["n.d.", "n/a", "NA", "k.A.", "-", "–", "?", "unknown", "not given", "Not reported"])
def test_words_for_nothing_told_ask_for_an_empty_cell(typed):
    assert about_value(typed, RULE) == "an empty cell where the number is not told"
    assert about_value(typed, RULE, may_be_undone=True).endswith(", 'not done' where the test was not done")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("q8h", "8h"), ("q 12 h", "12h"), ("every 6 hours", "6h"), ("bid", "12h"), ("b.i.d.", "12h"), ("daily", "1d")],
)
def test_distances_between_doses(typed, meant):
    assert suggested(about_every(typed, RULE)) == meant
    parse_every(meant)


@pytest.mark.parametrize(
    ("typed", "allowed", "meant"),
    [
        ("Infusion", ["bolus", "infusion"], "infusion"),
        ("i.v.", ["iv", "sc", "oral"], "iv"),
        ("PO", ["iv", "sc", "oral"], "oral"),
        ("loading", ["bolus", "infusion"], "bolus"),
        ("abstrakt", ["full", "part", "abstract"], "abstract"),
        ("not reported", ["present", "not_reported"], "not_reported"),
        ("M", ["female", "male", "other"], "male"),
        ("neg", ["negative", "positive"], "negative"),
        ("n", ["negative", "normal", "no"], None),
        ("nurse", ["authors", "curator"], None),
        ("?", ["authors", "curator"], None),
    ],
)
def test_words_of_the_wards(typed, allowed, meant):
    assert near_word(typed, allowed) == meant


def test_names_that_share_a_word_or_its_beginning():
    known = ["thrombosis", "circuit thrombosis", "stroke", "platelet count"]
    assert alike("arm vein thrombus", known) == ["thrombosis", "circuit thrombosis"]
    assert alike("count", known) == []  # a word that says little
    assert alike("gi bleed", known) == []


@given(st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False))
def test_a_number_with_a_decimal_comma_is_never_taken_for_another_number(number):
    meant = suggested(about_value(f"{number:f}".replace(".", ","), RULE))
    assert meant is not None
    assert Decimal(meant) == number


@given(st.text(max_size=20))
def test_every_suggestion_can_be_read(typed):
    if (meant := suggested(about_value(typed, RULE))) is not None:
        assert parse_value(meant, Decimal(10)).numbers
    if (meant := suggested(about_time(typed, RULE))) is not None:
        parse_time(meant)


@given(st.from_regex(r"(D|day |POD ?)?-?[0-9]{1,3}[ T]?([0-9]{1,2}[:.][0-9]{2})?", fullmatch=True))
def test_every_suggestion_for_a_day_can_be_read(typed):
    if (meant := suggested(about_time(typed, RULE))) is not None:
        parse_time(meant)


@pytest.mark.parametrize("typed", ["1,406", "56,000", "<1,406", "~12,500"])
def test_a_comma_before_three_digits_is_not_decided(typed):
    digits = typed.lstrip("<~")
    said = about_value(typed, "RULE")
    assert digits.replace(",", "") in said
    assert digits.replace(",", ".") in said
    assert "did you mean" not in said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("64.000", "64000"),
        ("<64.000", "64000"),
        ("1.250.000", "1250000"),
        ("64.00", None),
        ("0.125", None),
        ("6400", None),
    ],
)
def test_points_that_may_part_thousands(typed, meant):
    assert european(typed) == meant
