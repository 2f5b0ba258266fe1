"""Cells of the tables that tests of the metrics type as text.

A time is `D4T03:15`, `D4`, a minute (`5955`), a span of these (`D4..D5`, `60..120`), open (`60..`), `?` (unknown)
or a reference (`@ID`, `@ID.end`, `@ID+2h`, `@ID+90min`, `@ID+2h~30` for 2 h within 30 min either way, `@A..@B` for not
before A and not after B). A value is `13`, `<20`, `>=20`, `60..70`, a word, or empty (given, not printed).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DAY = 1440
OBSERVED = (0, 26 * DAY - 1)


@dataclass(frozen=True)
class Span:
    """An instant with bounds."""

    earliest: int
    latest: int
    best: int | None
    anchor: str | None = None
    offset: int | None = None
    not_before: str | None = None
    not_after: str | None = None
    boundary: str | None = None
    form: str = "interval"

    @property
    def day(self) -> int | None:
        return self.earliest // DAY if self.earliest // DAY == self.latest // DAY else None


def rows(text: str) -> list[dict[str, str]]:
    """Rows of a table typed with `|`; the first line names the columns; a rule of dashes is ignored."""
    lines = [line for line in text.strip().splitlines() if line.strip() and not set(line.strip()) <= set("-+| ")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    for line in cells[1:]:
        assert len(line) == len(cells[0]), f"row {line} does not have the columns {cells[0]}"
    return [dict(zip(cells[0], line, strict=True)) for line in cells[1:]]


def span(text: str, known: Mapping[str, Span], observed: tuple[int, int] = OBSERVED) -> Span:
    """An instant from its text."""
    if text in ("?", ""):
        return Span(*observed, best=None, form="unknown")
    if ".." in text:
        start, end = text.split("..")
        first, last = (span(t, known, observed) if t else None for t in (start, end))
        low = first.earliest if first else observed[0]
        high = last.latest if last else observed[1]
        best = (low + high) // 2 if first and last and first.best is not None and last.best is not None else None
        links = [t[1:] if t.startswith("@") else None for t in (start, end)]
        form = "interval" if best is not None else "open"
        return Span(low, high, best, not_before=links[0], not_after=links[1], form=form)
    if text.startswith("@"):
        return _reference(text, known)
    if re.fullmatch(r"-?\d+", text):
        return Span(int(text), int(text), int(text), boundary=text, form="minute")
    found = re.fullmatch(r"D(-?\d+)(?:T(\d\d):(\d\d))?", text)
    assert found, f"no time: {text}"
    start = int(found[1]) * DAY
    if found[2] is None:
        return Span(start, start + DAY - 1, start + (DAY - 1) // 2, form="day")
    minute = start + int(found[2]) * 60 + int(found[3])
    return Span(minute, minute, minute, boundary=str(minute), form="minute")


def _reference(text: str, known: Mapping[str, Span]) -> Span:
    found = re.fullmatch(r"@([A-Za-z0-9]+(?:\.end)?)(?:([+-]\d+)(h|min)(?:~(\d+))?)?", text)
    assert found, f"no reference: {text}"
    base = known[found[1]]
    offset = int(found[2] or 0) * (60 if found[3] == "h" else 1)
    about = int(found[4] or 0)
    best = None if base.best is None else base.best + offset
    boundary = (base.boundary or found[1]) if offset == 0 else None
    if base.earliest == base.latest and not about:
        boundary = str(base.earliest + offset)
    form = "minute" if base.earliest == base.latest and not about else "approximate" if about else base.form
    return Span(base.earliest + offset - about, base.latest + offset + about, best, found[1], offset,
                boundary=boundary, form=form)  # fmt: skip


def value(text: str) -> dict[str, Any]:
    """A value and its bounds from its text."""
    cell: dict[str, Any] = dict.fromkeys(("value", "value_low", "value_high", "value_word"))
    cell |= {"low_is_strict": False, "high_is_strict": False, "value_reported": text or None}
    one_sided = re.fullmatch(r"(<=|<|>=|>)([\d.]+)", text)
    if text == "":
        return cell | {"value_kind": "not_printed"}
    if one_sided:
        side, strict = ("high" if "<" in one_sided[1] else "low"), "=" not in one_sided[1]
        return cell | {"value_kind": "one_sided", f"value_{side}": float(one_sided[2]), f"{side}_is_strict": strict}
    if ".." in text:
        low, high = (float(part) for part in text.split(".."))
        return cell | {"value_kind": "range", "value": (low + high) / 2, "value_low": low, "value_high": high}
    if re.fullmatch(r"-?[\d.]+", text):
        return cell | {"value_kind": "number"} | dict.fromkeys(("value", "value_low", "value_high"), float(text))
    return cell | {"value_kind": "word", "value_word": text}
