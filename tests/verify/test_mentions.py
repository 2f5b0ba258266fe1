"""Clock times and days of a text, and which of them goes with a number."""

import pytest
from casetrace.verify.mentions import clock_times, days, going_with
from casetrace.verify.numerals import Span
from casetrace.verify.source_text import SourceText
from hypothesis import given
from hypothesis import strategies as st


def clocks(text: str) -> list[tuple[str, int | None]]:
    found = clock_times(text, lambda span: text[span.end :].lstrip().startswith(("units", "IU")))
    return [(text[m.span.start : m.span.end], m.value) for m in found]


def day_list(text: str) -> list[tuple[str, int | None, int | None]]:
    return [(text[m.span.start : m.span.end], m.value, m.meant) for m in days(text)]


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_every_form_of_a_clock_time(hour, minute):
    value = hour * 60 + minute
    half = "am" if hour < 12 else "p.m."
    forms = [
        f"{hour:02}{minute:02}", f"{hour:02}:{minute:02}", f"{hour}:{minute:02}", f"{hour:02}h{minute:02}",
        f"{(hour - 1) % 12 + 1}:{minute:02} {half}",
    ]  # fmt: skip
    for form in forms:
        assert clocks(f"given at {form} on that day")[0][1] == value, form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 1140 on", [("1140", 700)]),
        ("(0305 on day 6", [("0305", 185)]),
        ("gave 1000 IU at 2300", [("2300", 1380)]),
        ("from 1000 units to", []),
        ("in 2019 we", []),
        ("at 2460 units", []),
        ("ratio 1:4", []),
        ("at 3 pm", [("3 pm", 900)]),
        ("at 12:10 am", [("12:10 am", 10)]),
        ("at noon and at midnight", [("noon", 720), ("midnight", 0)]),
        ("at 14.30 h", [("14.30", 870)]),
        ("was 14.30 g", []),
    ],
)
def test_clock_times(text, expected):
    assert clocks(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on postadmission day 4", [("4", 4, None)]),
        ("from days 0 to 5. The", [("0", 0, None), ("5", 5, None)]),
        ("POD 3 and POD4", [("3", 3, None), ("4", 4, None)]),
        ("D2, D-3 and day −1", [("2", 2, None), ("3", -3, None), ("1", -1, None)]),
        ("the 4th hospital day", [("4", 4, None)]),
        ("on the fifth day", [("fifth", 5, None)]),
        ("on day four", [("four", 4, None)]),
        ("on day 4; later that day", [("4", 4, None), ("that day", None, 4)]),
        ("on day 4; the next day", [("4", 4, None), ("next day", None, 5)]),
        ("on the same day", [("same day", None, None)]),
        ("day 5: 4000 units", [("5", 5, None)]),
        ("day 5, 10 units", [("5", 5, None)]),
        ("for 5 days", []),
    ],
)
def test_days(text, expected):
    assert day_list(text) == expected


@pytest.mark.parametrize(
    ("text", "number", "time"),
    [
        ("4000 units at 0715, 5000 units at 1055.", "5000", "1055"),
        ("4000 units at 0715, 5000 units at 1055.", "4000", "0715"),
        ("At 0715 4000 units, at 1055 5000 units.", "5000", "1055"),
        ("At 0715 4000 units, at 1055 5000 units.", "4000", "0715"),
        ("At 2300 it was 29 s. Additionally, it fell to 65 g.", "65", "2300"),
        ("It was 7 at 1229 on day 4, then 9 later that day, at 1533.", "9", "1533"),
        ("At 2300 he came. The level was 5 and at 0305 it was 7.", "5", "2300"),
    ],
)
def test_time_that_goes_with_a_number(text, number, time):
    source = SourceText(text)
    mentions = clock_times(text, lambda span: text[span.end :].startswith(" units"))
    start = text.index(number)
    mention = going_with(Span(start, start + len(number)), mentions, source)
    assert mention
    assert text[mention.span.start : mention.span.end] == time
