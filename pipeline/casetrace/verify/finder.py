"""Locate everything that the rows of a case state, row by row."""

from dataclasses import replace

from casetrace.verify.candidates import Reading
from casetrace.verify.locate import Located, locate_time, locate_value
from casetrace.verify.numerals import Span
from casetrace.verify.search_targets import SearchTarget

_FIRST = {"number": 0, "pair": 0, "none": 0, "derived": 0, "distance": 1, "clock": 2, "day": 3}


def find_all(wanted: list[SearchTarget], reading: Reading) -> list[Located]:
    """Everything located, row by row: the value first, then the clock times beside it, then the days.

    A day that the article prints otherwise is an error only when the article's own count is the one typed, which is
    so when at least one day of the case was found.
    """
    located: list[Located] = []
    rows: dict[tuple[str, str], list[SearchTarget]] = {}
    for s in wanted:
        rows.setdefault((s.raw_file, s.row_id), []).append(s)
    for parts in rows.values():
        located += _row(parts, reading)
    if any(f.sought.kind == "day" and f.status == "found" for f in located):
        return located
    return [replace(f, status="derived", note=f"the article counts its days otherwise; {f.note}")
            if f.sought.kind == "day" and f.status == "not_found" else f for f in located]  # fmt: skip


def _row(parts: list[SearchTarget], reading: Reading) -> list[Located]:
    found: dict[int, Located] = {}
    value: list[Span] = []
    clocks: dict[str, list[Span]] = {}
    for index, s in sorted(enumerate(parts), key=lambda item: _FIRST[item[1].kind]):
        if s.kind in ("none", "derived"):
            found[index] = Located(s, "no_number" if s.kind == "none" else "derived", (), s.note)
            continue
        if s.kind in ("clock", "day"):
            # The end of an infusion, and the ends of a span, do not stand beside the row's number.
            own = [] if s.column == "end" or s.optional else value
            found[index] = locate_time(s, reading, clocks.get(s.column, own) if s.kind == "day" else own)
        else:
            found[index] = locate_value(s, reading)
        spans = [c.whole for c in found[index].candidates] if found[index].status == "found" else []
        if s.kind in ("number", "pair") and not s.column.startswith("ref_"):
            value += spans
        elif s.kind == "clock" and spans:
            clocks.setdefault(s.column, []).extend(spans)
    kept = [found[index] for index in range(len(parts))]
    return [f for f in kept if not (f.sought.kind == "distance" and f.status in ("derived", "not_found"))]
