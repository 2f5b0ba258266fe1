"""Instants as whole minutes with bounds, and the arithmetic on them.

An instant is known as well as its source tells it: `earliest <= latest`, both inclusive. A bound that comes only
from what the source covers is *open*: it is sound, but nothing speaks for its middle, so there is no best value.
"""

from dataclasses import dataclass, replace

from casetrace.core.errors import CellError
from casetrace.schemas.base import TimeForm
from casetrace.values.times import DAY_MIN

#: Shortest and longest calendar month in days.
MONTH_D = (28, 31)


@dataclass(frozen=True)
class Instant:
    """One instant.

    `boundary` names it where two cells provably mean the same instant; `not_before` and `not_after` name rows that it
    surely does not precede or follow, however wide the spans are.
    """

    form: TimeForm
    earliest: int
    latest: int
    low_open: bool = False
    high_open: bool = False
    anchor: str | None = None
    offset: int | None = None
    boundary: str | None = None
    not_before: str | None = None
    not_after: str | None = None

    @property
    def best(self) -> int | None:
        """The midpoint; None when a bound is open."""
        return None if self.low_open or self.high_open else (self.earliest + self.latest) // 2

    @property
    def day(self) -> int | None:
        """The study day, when the instant surely lies within one."""
        first, last = self.earliest // DAY_MIN, self.latest // DAY_MIN
        return first if first == last else None


@dataclass(frozen=True)
class Observed:
    """First and last minute that the source covers; it closes open times."""

    start: int
    end: int


@dataclass(frozen=True)
class Tolerance:
    """What 'about' means: minutes beside a clock time, days beside a day."""

    minutes: int
    days: int


def name_minute(minutes: int) -> str:
    """A minute in the time form: 9 -> D0T00:09."""
    day, rest = divmod(minutes, DAY_MIN)
    return f"D{day}T{rest // 60:02d}:{rest % 60:02d}"


def at_day(number: int, minute: int | None) -> Instant:
    """A study day, or a minute of it."""
    start = number * DAY_MIN
    return within(start, start + DAY_MIN - 1) if minute is None else within(start + minute, start + minute)


def within(earliest: int, latest: int, *, low_open: bool = False, high_open: bool = False) -> Instant:
    """An instant in a span; its form follows from how wide the span is and whether its ends are open."""
    if low_open or high_open:
        return Instant("open", earliest, latest, low_open, high_open)
    if earliest == latest:
        return Instant("minute", earliest, latest, boundary=name_minute(earliest))
    whole_day = earliest % DAY_MIN == 0 and latest == earliest + DAY_MIN - 1
    return Instant("day" if whole_day else "interval", earliest, latest)


def unknown(observed: Observed) -> Instant:
    """Some time within what the source covers."""
    return Instant("unknown", observed.start, observed.end, low_open=True, high_open=True)


def after_start(start: Instant, observed: Observed) -> Instant:
    """An end that is not stated: nothing is sure after the start, and the record is the limit."""
    return within(start.latest, max(start.latest, observed.end), high_open=True)


def shift_exact(base: Instant, minutes: int) -> Instant:
    """Exactly so many minutes later (or earlier); a whole day that is moved by hours is no longer a day."""
    moved = replace(
        base,
        earliest=base.earliest + minutes,
        latest=base.latest + minutes,
        boundary=_shifted_name(base, minutes),
        not_before=base.not_before if minutes >= 0 else None,
        not_after=base.not_after if minutes <= 0 else None,
    )
    if base.form == "day":
        return replace(moved, form=within(moved.earliest, moved.latest).form)
    return moved


def shift_days(base: Instant, fewest: int, most: int) -> Instant:
    """So many whole study days later; the result has the precision of a day."""
    first, last = base.earliest // DAY_MIN + fewest, base.latest // DAY_MIN + most
    moved = within(first * DAY_MIN, last * DAY_MIN + DAY_MIN - 1, low_open=base.low_open, high_open=base.high_open)
    return replace(moved, form=base.form) if base.form in ("unknown", "approximate") else moved


def shift_months(base: Instant, months: int) -> Instant:
    """So many calendar months later, of 28 to 31 days each."""
    fewest, most = sorted(months * days for days in MONTH_D)
    return shift_days(base, fewest, most)


def at_clock_day(origin: Instant, number: int, minute: int | None) -> Instant:
    """Day `number` of a count whose day 0 holds the instant `origin`."""
    day = shift_days(origin, number, number)
    if minute is None:
        return day
    earliest = day.earliest + minute
    latest = day.latest - (DAY_MIN - 1) + minute
    moved = within(earliest, latest, low_open=day.low_open, high_open=day.high_open)
    return replace(moved, form=day.form) if day.form in ("unknown", "approximate") else moved


def about(base: Instant, tolerance: Tolerance, *, by_day: bool) -> Instant:
    """The instant widened on both sides: by days when it is known to the day, by minutes otherwise."""
    by = tolerance.days * DAY_MIN if by_day else tolerance.minutes
    form: TimeForm = base.form if base.form in ("open", "unknown") else "approximate"
    widened = replace(base, form=form, earliest=base.earliest - by, latest=base.latest + by)
    return replace(widened, boundary=None, not_before=None, not_after=None)


def between(start: Instant | None, end: Instant | None, observed: Observed) -> Instant:
    """Some time between two instants; a side that is None is closed by what the source covers.

    Raises:
        CellError: when the end surely lies before the start, or an open side cannot be closed.
    """
    if start is not None and end is not None:
        if start.earliest > end.latest:
            raise CellError("the interval ends before it starts", "the earlier time first: D4/D6")
        return within(start.earliest, end.latest, low_open=start.low_open, high_open=end.high_open)
    if end is not None:
        if observed.start > end.latest:
            raise _outside("start", "starts", observed.start, "after")
        return within(observed.start, end.latest, low_open=True, high_open=end.high_open)
    if start is not None:
        if observed.end < start.earliest:
            raise _outside("end", "ends", observed.end, "before")
        return within(start.earliest, observed.end, low_open=start.low_open, high_open=True)
    return unknown(observed)


def _shifted_name(base: Instant, minutes: int) -> str | None:
    if base.earliest == base.latest:
        return name_minute(base.earliest + minutes)
    if base.boundary is None or minutes == 0:
        return base.boundary
    return f"{base.boundary}{minutes:+d}min"


def _outside(side: str, verb: str, minute: int, relation: str) -> CellError:
    return CellError(
        f"the {side} is open, and `observed` in source.yaml {verb} at {name_minute(minute)}, {relation} this time",
        f"a {side} in place of '..', or an `observed` that covers this time",
    )
