"""Printed forms of numbers: every form is found, whole, and never a part of another number."""

from decimal import Decimal

import pytest
from casetrace.verify.numerals import Span, Style, find, in_words, is_form_of, may_belong_to_longer, style_of
from casetrace.verify.source_text import normalise
from hypothesis import given
from hypothesis import strategies as st

ENGLISH, COMMA, POINTS = Style(), Style(decimal_comma=True), Style(decimal_comma=True, point_thousands=True)
SPACES = [" ", "\u00a0", "\u2009", "\u202f", "\u2007", "\u2002"]


def printed(text: str, number: str, style: Style = ENGLISH) -> list[str]:
    return [text[span.start : span.end] for span in find(text, Decimal(number), style)]


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


@given(number=st.integers(1000, 99_999_999), mark=st.sampled_from(["", ",", "'", *SPACES]))
def test_whole_number_is_found_in_every_grouping(number, mark):
    text = normalise(f"gave {grouped(number, mark)} units")
    assert printed(text, str(number)) == [normalise(grouped(number, mark))]


@given(
    number=st.decimals(min_value="0.001", max_value=9999, places=3),
    point=st.sampled_from([".", "·"]),
)
def test_decimal_is_found_with_any_point(number, point):
    shown = format(number.normalize(), "f")
    text = f"was {shown.replace('.', point)} (normal)"
    assert printed(text, shown) == [shown.replace(".", point)]


@given(number=st.integers(0, 9999), before=st.integers(0, 99), after=st.integers(0, 99))
def test_number_is_never_found_inside_a_longer_one(number, before, after):
    decimals = [f"{before}.{number}", f"{number}.{after}7"]
    for longer in [f"{before}{number}", f"{number}{after}", f"{before},{number:03}", *decimals]:
        same = longer.replace(",", "").lstrip("0") == str(number) or Decimal(longer.replace(",", "")) == number
        if not same:
            assert printed(f"value {longer} s", str(number)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("at 1140 on", "140"), ("was 11.1 now", "1.1"), ("11.1 now", "11"), ("PF4 assay", "4"), ("IgG-5 test", "5"),
        ("× 109/L", "109"), ("× 10^9/L", "9"), ("sepsis.2 Moreover", "2"), ("circuit,10 then", "10"),
        ("in ECMO.10", "10"), ("12:30", "12"), ("12:30", "30"), ("on day 4", "4"), ("Box 1 shows", "1"),
        ("days 0 to 5 were", "5"), ("COVID-19", "19"), ("day 5 000 more", "5000"), ("day 4 120 units", "4120"),
        ("fell by −98", "98"), ("twenty-five", "5"), ("twenty-five", "20"), ("two hundred", "2"), ("someone", "1"),
        ("5 1⁄2 h", "2"), ("30 000 U", "0"),
    ],
)  # fmt: skip
def test_no_value_stands_there(text, number):
    assert printed(text, number) == []


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("range 23–32 s", "23", ["23"]), ("range 23–32 s", "32", ["32"]), ("23-32", "32", ["32"]),
        ("≤ 33]", "33", ["33"]),
        ("a 41-year-old", "41", ["41"]), ("30 000-unit", "30000", ["30 000"]), ("29.", "29", ["29"]),
        ("was .63 U", "0.63", [".63"]), ("was 4.0 now", "4", ["4.0"]), ("is 2.00 g", "2", ["2.00"]),
        ("Twenty-five days", "25", ["Twenty-five"]), ("twenty five days", "25", ["twenty five"]),
        ("two units", "2", ["two"]),
        ("fell by −98", "-98", ["−98"]), ("109 g/L", "109", ["109"]), ("day 4 120 units", "120", ["120"]),
        ("4000 at 0715, 10 000 at 1055", "10000", ["10 000"]),
    ],
)  # fmt: skip
def test_value_stands_there(text, number, expected):
    assert printed(text, number) == expected


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("0.63 and 1,406 units", Style(comma_thousands=True)),
        ("0,63 und 1.406 Einheiten", COMMA),
        ("0,63 und 1.234.567 Einheiten", POINTS),
        ("0,63 und 1.234,5 Einheiten", POINTS),
        ("1.406 alone, and 1.5", ENGLISH),
        ("support.4,5 In sepsis", ENGLISH),
    ],
)
def test_style_is_judged_from_plain_forms_only(text, style):
    assert style_of(text) == style


@given(
    first=st.integers(1, 999),
    second=st.integers(100, 999),
    mark=st.sampled_from([", ", "; ", " and ", "–", " to ", " s, "]),
)
def test_two_printed_numbers_are_never_joined(first, second, mark):
    text = f"was {first}{mark}{second} then"
    assert printed(text, f"{first}{second}") == []
    assert str(first) in printed(text, str(first))
    assert str(second) in printed(text, str(second))


@given(day=st.integers(1, 99), amount=st.integers(100, 999))
def test_day_and_the_number_after_it_are_never_joined(day, amount):
    text = f"on day {day} {amount} units were given"
    assert printed(text, f"{day}{amount}") == []
    [span] = find(text, Decimal(amount), ENGLISH)
    assert not may_belong_to_longer(text, span, ENGLISH)


def test_point_between_thousands_only_where_the_article_writes_so():
    assert printed("gave 1.406 units", "1406", ENGLISH) == []
    assert printed("gave 1.406 units", "1406", COMMA) == []
    assert printed("gave 1.406 units", "1406", POINTS) == ["1.406"]
    assert printed("was 1,406 g", "1406", COMMA) == []
    assert printed("was 1,406 g", "1.406", COMMA) == ["1,406"]


def test_spaces_do_not_group_where_commas_do():
    assert printed("counts 68 150 and", "68150", Style(comma_thousands=True)) == []


def test_number_beside_a_group_of_three_may_belong_to_it():
    text = "platelets 68 150 in the table"
    for number in (68, 150):
        [span] = find(text, Decimal(number), ENGLISH)
        assert may_belong_to_longer(text, span, ENGLISH)
    text = "platelets 68 150–400 in the table"
    assert [may_belong_to_longer(text, span, ENGLISH) for span in find(text, Decimal(68), ENGLISH)] == [False]


@given(st.integers(0, 99))
def test_words_are_read_back(number):
    words = in_words(number)
    assert words is not None
    assert printed(f"after {words} days", str(number)) == [words]
    assert in_words(number + 100) is None


@given(prefix=st.text(alphabet="äµ≤×🫀é ", max_size=20), number=st.integers(100, 999_999))
def test_offsets_count_characters_of_the_normalised_text(prefix, number):
    text = normalise(f"x {prefix} = {number} s")
    [span] = find(text, Decimal(number), ENGLISH)
    assert text[span.start : span.end] == str(number)
    assert is_form_of(text, span, Decimal(number), ENGLISH)
    assert not is_form_of(text, span, Decimal(number + 1), ENGLISH)
    assert not is_form_of(text, Span(span.start, span.end - 1), Decimal(number), ENGLISH)
