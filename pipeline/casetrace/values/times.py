"""The time form of a case folder: text -> expression. What the signs mean is in docs/case-folder.md.

Parsing knows nothing of other rows; `casetrace.values.timeline` turns expressions into instants.
"""

import re
from dataclasses import dataclass
from typing import Literal

from casetrace.core.errors import CellError
from casetrace.values.suggestions import about_every, about_time

DAY_MIN = 24 * 60
ALLOWED = "D4, D4T03:15, D4~, D4T03:15/D4T04:00, ../D4, @ID, @ID.end, @ID+2h, @ID+4d"
ALLOWED_LENGTH = "+30min, +12h, +5d, +2w"

_DISTANCE = r"(?P<sign>[+-])(?P<amount>[0-9]{1,6})(?P<unit>min|mo|h|d|w)"
_CLOCK_TIME = r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}))?"
_DAY = re.compile(rf"(?P<clock>[A-Z][A-Za-z_]*?)(?P<number>-?[0-9]{{1,5}}){_CLOCK_TIME}(?P<about>~)?")
_REFERENCE = re.compile(rf"@(?P<row>[A-Za-z][A-Za-z0-9_-]*?)(?P<end>\.end)?(?:{_DISTANCE})?(?P<about>~)?")
_LENGTH = re.compile(rf"{_DISTANCE}(?P<about>~)?")
_ROW_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_ENDS_LIKE_DISTANCE = re.compile(r".*[+-][0-9]+(min|mo|h|d|w)")
_CALENDAR = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|[0-9]{1,2}\.[0-9]{1,2}\.?$|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"
    r"|([0-9]{1,2}\.?\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+[0-9]+",
    re.IGNORECASE,
)
_MINUTES = {"min": 1, "h": 60}
_DAYS = {"d": 1, "w": 7}


@dataclass(frozen=True)
class Day:
    """A study day, or a minute of it."""

    number: int
    minute: int | None = None


@dataclass(frozen=True)
class ClockDay:
    """A day of one of the source's own counts (POD3), or a minute of it."""

    clock: str
    number: int
    minute: int | None = None


@dataclass(frozen=True)
class Reference:
    """The start (or time) of another row, or its end."""

    row: str
    end: bool = False


@dataclass(frozen=True)
class Distance:
    """A signed distance in exact minutes, in whole study days, or in calendar months."""

    amount: int
    unit: Literal["min", "d", "mo"]


@dataclass(frozen=True)
class Point:
    """One time with an optional distance; `approximate` when '~' stands beside it."""

    base: Day | ClockDay | Reference
    distance: Distance | None = None
    approximate: bool = False


@dataclass(frozen=True)
class Interval:
    """Some time between two points; a side that is None is open."""

    start: Point | None
    end: Point | None


@dataclass(frozen=True)
class Length:
    """A bare length in `end`: that many minutes after the start of the same row."""

    minutes: int
    approximate: bool = False


@dataclass(frozen=True)
class Unknown:
    """Nothing is known but that it lies within what the source covers."""


TimeExpr = Point | Interval | Unknown


def parse_time(text: str | None) -> TimeExpr:
    """A time cell as an expression; an empty cell is unknown.

    Raises:
        CellError: for anything that is not in the time form, calendar dates among it.
    """
    typed = (text or "").strip()
    if not typed:
        return Unknown()
    if _CALENDAR.match(typed):
        raise CellError(f"'{typed}' is a calendar date", f"study days: {ALLOWED}")
    if "/" not in typed:
        return parse_point(typed)
    sides = [side.strip() for side in typed.split("/")]
    if len(sides) != 2:
        raise CellError(f"'{typed}' has more than two sides", "D4/D6")
    start, end = (None if side == ".." else parse_point(side) for side in sides)
    if start is None and end is None:
        raise CellError(f"'{typed}' is open on both sides", "an empty cell when the time is unknown")
    return Interval(start, end)


def parse_point(text: str) -> Point:
    """One time without '/'.

    Raises:
        CellError: for anything else.
    """
    if match := _REFERENCE.fullmatch(text):
        base: Day | ClockDay | Reference = Reference(match["row"], bool(match["end"]))
        return Point(base, _distance(match) if match["amount"] else None, bool(match["about"]))
    if match := _DAY.fullmatch(text):
        number, minute = int(match["number"]), _minute_of_day(match)
        base = Day(number, minute) if match["clock"] == "D" else ClockDay(match["clock"], number, minute)
        return Point(base, None, bool(match["about"]))
    raise CellError(f"'{text}' is not a time", about_time(text, ALLOWED))


def parse_end(text: str | None) -> TimeExpr | Length:
    """An `end` cell: a time, or a bare length (+12h, +5d).

    Raises:
        CellError: for anything else.
    """
    typed = (text or "").strip()
    if not typed.startswith(("+", "-")):
        return parse_time(typed)
    match = _LENGTH.fullmatch(typed)
    if not match or match["sign"] == "-" or match["unit"] == "mo" or int(match["amount"]) == 0:
        raise CellError(f"'{typed}' is not a length", ALLOWED_LENGTH)
    return Length(_length_min(int(match["amount"]), match["unit"]), bool(match["about"]))


def parse_every(text: str) -> int:
    """Minutes between two doses (`8h`, `1d`).

    Raises:
        CellError: for anything else.
    """
    match = re.fullmatch(r"(?P<amount>[0-9]{1,6})(?P<unit>min|h|d|w)", text.strip())
    if not match or int(match["amount"]) == 0:
        raise CellError(f"'{text}' is not the distance between two doses", about_every(text, "8h, 12h, 1d, 1w"))
    return _length_min(int(match["amount"]), match["unit"])


def check_row_id(text: str) -> str:
    """The id of a row, refused when it could not be told from a reference with a distance.

    Raises:
        CellError: with what an id may hold.
    """
    if not _ROW_ID.fullmatch(text):
        raise CellError(f"'{text}' is not an id", "a letter, then letters, digits, '-' or '_' (PLT1, ECMO-END)")
    if _ENDS_LIKE_DISTANCE.fullmatch(text):
        raise CellError(f"the id '{text}' ends like a distance in time", "an id that does not end in -24h, -7d ...")
    return text


def _distance(match: re.Match[str]) -> Distance:
    amount = int(match["sign"] + match["amount"])
    unit = match["unit"]
    if unit in _MINUTES:
        return Distance(amount * _MINUTES[unit], "min")
    if unit in _DAYS:
        return Distance(amount * _DAYS[unit], "d")
    return Distance(amount, "mo")


def _length_min(amount: int, unit: str) -> int:
    return amount * (_MINUTES[unit] if unit in _MINUTES else _DAYS[unit] * DAY_MIN)


def _minute_of_day(match: re.Match[str]) -> int | None:
    if match["hour"] is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23 or minute > 59:
        raise CellError(f"'{match[0]}' has no such time of day", "T00:00 to T23:59")
    return hour * 60 + minute
