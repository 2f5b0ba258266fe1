"""What a time cell states that may be printed: clock times, days, and the distance of a derived time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from casetrace.values.times import DAY_MIN, ClockDay, Day, Interval, Length, Point, Reference, parse_end, parse_time

_DISTANCE = re.compile(r"[+-](?P<amount>\d+)(?P<unit>min|mo|h|d|w)")
_UNITS = {"min": "min", "h": "h", "d": "d", "w": "wk", "mo": "mo"}


@dataclass(frozen=True)
class Stated:
    """One time to look for: ``number`` is minutes since midnight, a day, or a distance in ``unit``."""

    part: str
    typed: str
    kind: Literal["clock", "day", "distance", "derived"]
    number: int = 0
    unit: str = ""
    exact: bool = False
    optional: bool = False
    note: str = ""


def stated(column: str, typed: str) -> Iterator[Stated]:
    """What a time cell states. A time that rests on another row is derived, and only its distance may be printed.

    Args:
        column: ``when``, ``start`` or ``end``.
        typed: The cell; it has passed the reader of the case folder.
    """
    expression = parse_end(typed) if column == "end" else parse_time(typed)
    if isinstance(expression, Point):
        yield from _point(column, typed, expression)
    elif isinstance(expression, Interval):
        yield from _interval(column, typed, expression)
    elif isinstance(expression, Length):
        yield Stated(column, typed, "derived", note="a length from the start of the row")
        yield from _distance(column, typed)


def exact(found: Iterable[Stated], kind: str) -> int | None:
    """The clock time or day that the row surely has, when it has one."""
    return next((s.number for s in found if s.kind == kind and s.exact), None)


def _point(column: str, typed: str, point: Point) -> Iterator[Stated]:
    if isinstance(point.base, Reference):
        note = f"rests on {point.base.row}{'.end' if point.base.end else ''}"
        yield Stated(column, typed, "derived", note=note)
        yield from _distance(column, typed)
        return
    yield Stated(f"{column}.day", typed, "day", point.base.number, exact=True)
    if point.base.minute is not None:
        yield Stated(f"{column}.clock", typed, "clock", point.base.minute, exact=True)


def _interval(column: str, typed: str, interval: Interval) -> Iterator[Stated]:
    points = [p for p in (interval.start, interval.end) if p is not None]
    dated = [p.base for p in points if isinstance(p.base, Day | ClockDay)]
    numbers = {base.number for base in dated}
    rests_on = [p.base.row for p in points if isinstance(p.base, Reference)]
    note = f"a span read by the curator{', resting on ' + ' and '.join(rests_on) if rests_on else ''}"
    yield Stated(column, typed, "derived", note=note)
    clocks = [b.minute for b in dated if b.minute is not None and b.minute not in (0, DAY_MIN - 1)]
    if len(numbers) == 1 and (len(dated) == 2 or clocks):
        yield Stated(f"{column}.day", typed, "day", numbers.pop(), exact=True, optional=True, note=note)
    for number, minute in enumerate(clocks, start=1):
        part = f"{column}.clock{number if len(clocks) > 1 else ''}"
        yield Stated(part, typed, "clock", minute, optional=True, note=note)


def _distance(column: str, typed: str) -> Iterator[Stated]:
    if match := _DISTANCE.search(typed):
        yield Stated(
            f"{column}.distance", typed, "distance", int(match["amount"]), _UNITS[match["unit"]], optional=True
        )
