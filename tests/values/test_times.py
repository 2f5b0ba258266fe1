"""The time form: every sign of it, and what is refused."""

import contextlib

import pytest
from casetrace.core.errors import CellError
from casetrace.values.times import (
    ClockDay,
    Day,
    Distance,
    Interval,
    Length,
    Point,
    Reference,
    Unknown,
    check_row_id,
    parse_end,
    parse_every,
    parse_time,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, Unknown()),
        ("  ", Unknown()),
        ("D5", Point(Day(5))),
        ("D-3", Point(Day(-3))),
        ("D4T03:15", Point(Day(4, 195))),
        ("D-1T23:59", Point(Day(-1, 1439))),
        ("D6T05:57~", Point(Day(6, 357), None, True)),
        ("D5~", Point(Day(5), None, True)),
        ("POD3", Point(ClockDay("POD", 3))),
        ("POD-1T08:00", Point(ClockDay("POD", -1, 480))),
        ("@INR-D4", Point(Reference("INR-D4"))),
        ("@HEP1.end", Point(Reference("HEP1", True))),
        ("@ARG+2h~", Point(Reference("ARG"), Distance(120, "min"), True)),
        ("@FALL-24h", Point(Reference("FALL"), Distance(-1440, "min"))),
        ("@ARG+90min", Point(Reference("ARG"), Distance(90, "min"))),
        ("@HEP1.end-30min", Point(Reference("HEP1", True), Distance(-30, "min"))),
        ("@ECMO-END+4d", Point(Reference("ECMO-END"), Distance(4, "d"))),
        ("@ECMO+2w", Point(Reference("ECMO"), Distance(14, "d"))),
        ("@DIS+7mo", Point(Reference("DIS"), Distance(7, "mo"))),
        ("D4/D6", Interval(Point(Day(4)), Point(Day(6)))),
        ("../D4T03:15", Interval(None, Point(Day(4, 195)))),
        ("D6T05:57/..", Interval(Point(Day(6, 357)), None)),
        ("@ARG / D11", Interval(Point(Reference("ARG")), Point(Day(11)))),
    ],
)
def test_every_form_is_read(text, expected):
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2020-04-21", "calendar date"),
        ("21 April 2020", "calendar date"),
        ("April 21, 2020", "calendar date"),
        ("21/04/2020", "calendar date"),
        ("21.04.20", "calendar date"),
        ("2020-04-21T08:00", "calendar date"),
        ("d5", "did you mean 'D5'?"),
        ("5", "not a time"),
        ("day 5", "not a time"),
        ("D5T3:15", "did you mean 'D5T03:15'?"),
        ("D5 03:15", "did you mean 'D5T03:15'?"),
        ("D5T03:15:20", "did you mean 'D5T03:15'?"),
        ("D5T24:00", "no such time of day"),
        ("D5T12:60", "no such time of day"),
        ("D4/D5/D6", "more than two sides"),
        ("../..", "open on both sides"),
        ("D4/", "not a time"),
        ("@", "not a time"),
        ("@ARG+1.5h", "whole number"),
        ("@ARG+2 hours", "did you mean '@ARG+2h'?"),
        ("D4+2h", "not a time"),
        ("+2h", "not a time"),
        ("~D4", "not a time"),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text, message):
    with pytest.raises(CellError) as refused:
        parse_time(text)
    assert message in str(refused.value)
    assert refused.value.allowed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+12h", Length(720)),
        ("+5d", Length(7200)),
        ("+2w", Length(20160)),
        ("+30min", Length(30)),
        ("+2h~", Length(120, True)),
        ("D5", Point(Day(5))),
        (None, Unknown()),
    ],
)
def test_end_may_be_a_length(text, expected):
    assert parse_end(text) == expected


@pytest.mark.parametrize("text", ["-12h", "+1mo", "+0h", "+h", "+1.5h", "+12"])
def test_a_length_is_positive_and_exact(text):
    with pytest.raises(CellError, match="not a length"):
        parse_end(text)


@pytest.mark.parametrize(("text", "minutes"), [("8h", 480), ("1d", 1440), ("30min", 30), ("1w", 10080)])
def test_every_in_minutes(text, minutes):
    assert parse_every(text) == minutes


@pytest.mark.parametrize("text", ["", "8", "0h", "q8h", "-8h", "1mo"])
def test_every_refuses(text):
    with pytest.raises(CellError):
        parse_every(text)


@pytest.mark.parametrize("text", ["PLT1", "ECMO-END", "INR-D4", "a_b"])
def test_row_ids_accepted(text):
    assert check_row_id(text) == text


@pytest.mark.parametrize("text", ["1A", "A B", "A.end", "FALL-24h", "FU-7mo", "@A", ""])
def test_row_ids_refused(text):
    with pytest.raises(CellError):
        check_row_id(text)


ROW_IDS = st.from_regex(r"[A-Z][A-Z0-9]{0,5}(-[A-Z]{1,3})?", fullmatch=True)
DAYS = st.builds(Day, st.integers(-400, 400), st.none() | st.integers(0, 1439))
BASES = DAYS | st.builds(Reference, ROW_IDS, st.booleans())
DISTANCES = st.builds(Distance, st.integers(-500, 500), st.sampled_from(["min", "d", "mo"]))


def write(point: Point) -> str:
    """A point as a person would type it; the inverse of the parser, written apart from it."""
    if isinstance(point.base, Day):
        text = f"D{point.base.number}"
        if point.base.minute is not None:
            text += f"T{point.base.minute // 60:02d}:{point.base.minute % 60:02d}"
    else:
        text = f"@{point.base.row}{'.end' if point.base.end else ''}"
    if point.distance is not None:
        text += f"{point.distance.amount:+d}{point.distance.unit}"
    return text + ("~" if point.approximate else "")


@given(base=BASES, distance=st.none() | DISTANCES, approximate=st.booleans())
def test_what_is_written_is_read_back(base, distance, approximate):
    point = Point(base, distance if isinstance(base, Reference) else None, approximate)
    assert parse_time(write(point)) == point


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_never_a_crash(text):
    for parse in (parse_time, parse_end):
        with contextlib.suppress(CellError):  # any other exception fails
            assert parse(text) is not None
