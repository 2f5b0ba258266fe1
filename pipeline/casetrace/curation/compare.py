"""Double entry: two transcriptions of one case, row by row.

Rows are matched within one sheet (`casetrace.curation.matching`); a table by time is compared result by result, so that
one reader may type it as `labs_wide` and the other as `labs`. Ids differ between two readers, so a reference to a row
is compared as a reference to its partner. Names and units are compared as what they mean (PLT is platelets); numbers
as typed, because the decimals printed matter. Words that each reader chooses freely (ids, notes, titles, places) are
compared only when asked for.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from casetrace import vocabulary
from casetrace.core.errors import InputError, NotFoundError
from casetrace.curation.matching import FREE, Pair, id_of, meaning, pairs, renamed
from casetrace.extract.case_folder import in_workbook, read_sheets
from casetrace.extract.raw_tables import FORMS, RawRow
from casetrace.extract.source_keys import FILE as SOURCE
from casetrace.extract.source_keys import read_keys
from casetrace.extract.wide_labs import melt_wide_labs
from casetrace.extract.workbook import FILE as WORKBOOK

#: Keys in which two careful readers may differ without one of them being wrong.
FREE_KEYS = ("case_id", "title", "curators", "status", "time_zero.meaning", "source_text.sha256")
#: Rounds in which the rows found to be the same make references to them the same; a case needs two or three.
_ROUNDS = 6
#: Characters of a cell or row in a line for a person; the JSON holds all of it.
_SHOWN = 160


@dataclass(frozen=True)
class Difference:
    """One cell that differs, or one row that only one of the transcriptions has (then ``column`` is null).

    ``second_file`` and ``second_column`` are null where they are those of the first.
    """

    file: str
    first_row: int | None
    second_row: int | None
    column: str | None
    first: str | None
    second: str | None
    second_file: str | None = None
    second_column: str | None = None

    def __str__(self) -> str:
        first, second = (textwrap.shorten(text or "", _SHOWN, placeholder=" ...") for text in (self.first, self.second))
        if self.column is None:
            if self.second is None:
                return f"{self.file}, row {self.first_row}: only in the first: {first}"
            return f"{self.file}, row {self.second_row}: only in the second: {second}"
        if self.first_row is None:
            return f"{self.file}, key {self.column}: '{first}' and '{second}'"
        if self.second_file is None and self.second_column is None:
            place = f"{self.file}, row {self.first_row} and row {self.second_row}, column {self.column}"
        else:
            other = (
                f"{self.second_file or self.file}, row {self.second_row}, column {self.second_column or self.column}"
            )
            place = f"{self.file}, row {self.first_row}, column {self.column} and {other}"
        return f"{place}: '{first}' and '{second}'"


@dataclass(frozen=True)
class Comparison:
    """What differs between two transcriptions, and how many rows were set side by side."""

    first: str
    second: str
    rows: int
    differences: list[Difference] = field(default_factory=list)

    def as_text(self) -> str:
        """One line for each difference."""
        count = len(self.differences)
        found = "no difference" if not count else f"{count} difference{'' if count == 1 else 's'}"
        head = f"{self.first} (first) and {self.second} (second): {self.rows} rows side by side, {found}"
        return "\n".join([head, *(str(difference) for difference in self.differences)])

    def as_json(self) -> dict[str, Any]:
        """The same for a program."""
        return asdict(self)


def compare(first: Path, second: Path, *, words: bool = False) -> Comparison:
    """Set two case folders side by side; either may hold CSV files or a workbook.

    Args:
        first: A case folder.
        second: Another transcription of the same case; the folders may have different names.
        words: Whether ids, notes, places and titles are compared too.

    Raises:
        NotFoundError: one of them is no folder, or holds no case.
        InputError: a sheet cannot be read at all (its shape, not its content, is wrong).
    """
    left, right = _tables(first), _tables(second)
    matched, partners = _matched(left, right)
    differences = _source_differences(first, second, partners, words)
    for row_pairs in matched.values():
        found = (difference for a, b in row_pairs for difference in _row_differences(a, b, partners, words))
        # What a whole row or column of a table by time shares is told once.
        differences += dict.fromkeys(found)
    return Comparison(str(first), str(second), sum(map(len, matched.values())), differences)


def _matched(
    left: Mapping[str, list[RawRow]], right: Mapping[str, list[RawRow]]
) -> tuple[dict[str, list[Pair]], dict[str, str]]:
    """The pairs of every sheet, and the ids of the second reader with those of the first for the same rows."""
    partners: dict[str, str] = {}
    matched: dict[str, list[Pair]] = {}
    for _ in range(_ROUNDS):
        matched = {file: pairs(left.get(file, []), right.get(file, []), partners) for file in {**left, **right}}
        known = [(a, b) for found in matched.values() for a, b in found if a is not None and b is not None]
        before, partners = partners, {mine: theirs for a, b in known if (theirs := id_of(a)) and (mine := id_of(b))}
        if partners == before:
            break
    return matched, partners


def _tables(folder: Path) -> dict[str, list[RawRow]]:
    if not folder.is_dir():
        raise NotFoundError(f"{folder}: no such folder")
    tables, problems = read_sheets(folder)
    tables, more = melt_wide_labs(tables, vocabulary.load().analytes)
    errors = [in_workbook(folder, p) for p in [*problems, *more] if p.severity == "error"]
    if errors:
        raise InputError(replace(p, file=f"{folder}/{p.file}") for p in errors)
    if not tables:
        raise NotFoundError(f"{folder}: no sheet of a case in this folder")
    return tables


def _row_differences(
    a: RawRow | None, b: RawRow | None, partners: Mapping[str, str], words: bool
) -> Iterator[Difference]:
    if a is None or b is None:
        if a is not None:
            yield Difference(a.file, a.row, None, None, _alone(a), None)
        if b is not None:
            yield Difference(b.file, None, b.row, None, None, _alone(b))
        return
    left, right = meaning(a), meaning(b, partners)
    if words:
        left |= {column: a.cells[column] for column in FREE if column in a.cells}
        right |= {column: b.cells[column] for column in FREE if column in b.cells}
    for column in dict.fromkeys([*a.cells, *b.cells]):
        if left.get(column) != right.get(column):
            yield _cell(a, b, column)


def _cell(a: RawRow, b: RawRow, column: str) -> Difference:
    """One cell that differs, each under the place where it was typed."""
    places = [(row.file, _row_typed(row, column), row.column_typed(column) or column) for row in (a, b)]
    (file, first_row, first_column), (other, second_row, second_column) = places
    return Difference(
        file, first_row, second_row, first_column, a.get(column), b.get(column),
        None if other == file else other, None if second_column == first_column else second_column,
    )  # fmt: skip


def _row_typed(row: RawRow, column: str) -> int:
    """The row of a cell; what holds for a whole column of a table by time is told at its heading."""
    is_shared = row.wide_head is not None and column not in ("value", *FORMS[row.file].columns)
    return 1 if is_shared else row.row


def _alone(row: RawRow) -> str:
    return "; ".join(f"{column} {text}" for column, text in row.cells.items() if column != "note")


def _source_differences(first: Path, second: Path, partners: Mapping[str, str], words: bool) -> list[Difference]:
    left, right = (_keys(folder) for folder in (first, second))
    same = {key: renamed(text, partners) if key.startswith("clocks.") else text for key, text in right.items()}
    return [
        Difference(SOURCE, None, None, key, left.get(key), right.get(key))
        for key in dict.fromkeys([*left, *right])
        if left.get(key) != same.get(key) and (words or key not in FREE_KEYS)
    ]


def _keys(folder: Path) -> dict[str, str]:
    """The keys of the source in one level: `citation.doi`; none for a reader who typed only sheets."""
    if not (folder / SOURCE).is_file() and not (folder / WORKBOOK).is_file():
        return {}
    keys = read_keys(folder)
    if keys.values is None:
        raise InputError(replace(p, file=f"{folder}/{p.file}") for p in keys.problems)
    return dict(_flat(keys.values, ""))


def _flat(value: Any, key: str) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [pair for name, part in value.items() for pair in _flat(part, f"{key}.{name}" if key else str(name))]
    if isinstance(value, list):
        return [
            (key, "; ".join(str(part.get("name", part)) if isinstance(part, dict) else str(part) for part in value))
        ]
    return [(key, str(value))] if value else []
