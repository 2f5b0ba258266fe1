"""The kept places of a case: `evidence.csv`, generated, with offsets and the bare numbers, never a sentence."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from casetrace.core.errors import InputError, Problem
from casetrace.verify.locate import Located
from casetrace.verify.numerals import Span

FILE = "evidence.csv"
STATUS = ("found", "ambiguous", "derived", "not_found", "no_number")
BY = ("finder", "curator")


@dataclass(frozen=True)
class Line:
    """One line: one place (or, where nothing is kept, the reason) of one part of one row.

    ``start`` and ``end`` count characters of the normalised text from 0; ``place`` numbers the places of one part;
    ``printed`` is the number as the article prints it.
    """

    raw_file: str
    row_id: str
    part: str
    typed: str
    status: str
    place: int | None
    start: int | None
    end: int | None
    printed: str
    by: str
    note: str
    text_sha256: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What the line is about."""
        return self.raw_file, self.row_id, self.part

    @property
    def span(self) -> Span | None:
        """The characters, when a place is kept."""
        return None if self.start is None or self.end is None else Span(self.start, self.end)


COLUMNS = [field.name for field in fields(Line)]


def lines_of(located: Iterable[Located], text: str, sha256: str) -> list[Line]:
    """The lines of everything that was looked for."""
    lines: list[Line] = []
    for found in located:
        s = found.sought
        for index, part in enumerate(s.parts):
            about = (s.raw_file, s.row_id, part, s.typed_in(part), found.status)
            spans = [candidate.spans[index] for candidate in found.candidates]
            lines += [
                Line(*about, number, span.start, span.end, text[span.start : span.end], found.by, found.note, sha256)
                for number, span in enumerate(spans, start=1)
            ]
            if not spans:
                lines.append(Line(*about, None, None, None, "", found.by, found.note, sha256))
    return lines


def write(path: Path, lines: Iterable[Line]) -> None:
    """Write the file anew; the same lines give the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(line) for line in lines)
    path.write_bytes(out.getvalue().encode("utf-8"))


def read(path: Path) -> list[Line]:
    """The lines of a kept file.

    Raises:
        InputError: with every line that is not in the form, when the file was edited by hand.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError([Problem(FILE, what=f"the file cannot be read: {error}", allowed=_AGAIN)]) from error
    if not rows or rows[0] != COLUMNS:
        raise InputError([Problem(FILE, 1, None, "the heading is not the one that casetrace writes", _AGAIN)])
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[1:], start=2):
        try:
            lines.append(_line(row))
        except ValueError as error:
            problems.append(Problem(FILE, number, None, str(error), _AGAIN))
    if problems:
        raise InputError(problems)
    return lines


_AGAIN = "casetrace verify CASE --source FILE --write makes it again"


def _line(row: list[str]) -> Line:
    if len(row) != len(COLUMNS):
        raise ValueError(f"the line has {len(row)} cells instead of {len(COLUMNS)}")
    cells = dict(zip(COLUMNS, row, strict=True))
    if cells["status"] not in STATUS or cells["by"] not in BY:
        raise ValueError(f"'{cells['status']}' by '{cells['by']}' is no status")
    numbers = {}
    for name in ("place", "start", "end"):
        if cells[name] and not cells[name].isdecimal():
            raise ValueError(f"'{cells[name]}' is no {name}")
        numbers[name] = int(cells[name]) if cells[name] else None
    if len({value is None for value in numbers.values()}) != 1:
        raise ValueError("place, start and end belong together")
    if (cells["status"] in ("found", "ambiguous")) == (numbers["place"] is None):
        raise ValueError(f"the status '{cells['status']}' {'needs a' if numbers['place'] is None else 'has no'} place")
    return Line(**{**cells, **numbers})  # type: ignore[arg-type]
