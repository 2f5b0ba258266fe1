"""Repeated doses (`every`): how many there were, when each was given, and how sure that is."""

from dataclasses import replace
from decimal import Decimal

from casetrace.core.errors import CellError
from casetrace.extract.case_reading import Case, Row
from casetrace.extract.dose_amounts import Amount, Span
from casetrace.values import instants
from casetrace.values.instants import Instant, within
from casetrace.values.times import DAY_MIN, Length, parse_end

#: More occurrences than this are a slip in `every`, `start` or `end`.
MOST_OCCURRENCES = 1000


def occurrences(
    case: Case, row: Row, found: Amount, every: int, start: Instant, end: Instant
) -> list[tuple[Amount, Instant]]:
    """Amount and instant of each occurrence from start to end, the end itself excluded.

    How many there were may be uncertain. An occurrence that is not sure has a low amount of 0; beyond the most likely
    number of occurrences its best amount is 0 too, or unknown when nothing speaks for a number.
    """
    fewest, likely, most = _counts(row, every, start, end)
    if most > MOST_OCCURRENCES:
        case.error(row, "every", f"this dose would be given {most} times", f"at most {MOST_OCCURRENCES} times")
        return []
    given = []
    for index in range(most):
        when = start if index == 0 else _later(row.id, start, end, index * every, index + 1)
        sure = index < fewest
        given.append((found if sure else _unsure(found, given=None if likely is None else index < likely), when))
    return given


def exact_length(row: Row) -> int | None:
    """The length of a dose in minutes, when the source states it exactly."""
    try:
        end = parse_end(row.get("end"))
    except CellError:
        return None  # noted when the times were read
    return end.minutes if isinstance(end, Length) and not end.approximate else None


def _counts(row: Row, every: int, start: Instant, end: Instant) -> tuple[int, int | None, int]:
    """Fewest, most likely and most occurrences; at least one."""
    length = exact_length(row)
    if length is not None:
        exact = _ceil(length, every)
        return exact, exact, exact
    by_day = start.form == end.form == "day" and every % DAY_MIN == 0
    if by_day and start.day is not None and end.day is not None:
        # Days are counted in day numbers, never divided from hours.
        exact = max(1, _ceil((end.day - start.day) * DAY_MIN, every))
        return exact, exact, exact
    fewest = max(1, _ceil(end.earliest - start.latest, every))
    most = max(1, _ceil(end.latest - start.earliest, every))
    if start.best is None or end.best is None:
        return fewest, fewest if fewest == most else None, most
    return fewest, min(max(fewest, _ceil(end.best - start.best, every)), most), most


def _later(row_id: str, start: Instant, end: Instant, later: int, number: int) -> Instant:
    """A later occurrence: the start moved on, and not after the end."""
    moved = instants.shift_exact(start, later)
    latest = max(moved.earliest, min(moved.latest, end.latest))
    if latest != moved.latest:
        cut = within(moved.earliest, latest, low_open=moved.low_open, high_open=moved.high_open)
        moved = replace(cut, anchor=moved.anchor, not_before=moved.not_before)
    boundary = moved.boundary if moved.earliest == moved.latest else f"{row_id}#{number}"
    offset = None if start.offset is None else start.offset + later
    return replace(moved, boundary=boundary, offset=offset)


def _unsure(found: Amount, *, given: bool | None) -> Amount:
    """The amount of an occurrence that may not have been given."""

    def unsure(span: Span) -> Span:
        if span == Span():
            return span
        best = {True: span.best, False: Decimal(0), None: None}[given]
        return Span(best, Decimal(0), span.high)

    note = "it is not sure that this occurrence was given"
    conversion = f"{found.conversion}; {note}" if found.conversion else note
    return replace(found, span=unsure(found.span), per_kg=unsure(found.per_kg), conversion=conversion)


def _ceil(length: int, every: int) -> int:
    return -(-length // every)
