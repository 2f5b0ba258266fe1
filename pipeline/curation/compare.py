"""Double entry: two transcriptions of one case, row by row.

Rows are matched within one sheet (`pipeline.curation.matching`). Ids differ between two readers, so a reference to a
row is compared as a reference to its partner. Names and units are compared as what they mean (PLT is platelets);
numbers as typed, because the decimals printed matter. Words that each reader chooses freely (ids, notes, titles,
places) are compared only when asked for.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.curation.matching import FREE, meaning, pairs
from pipeline.errors import CellError, InputError, NotFoundError, Problem
from pipeline.sources.case_folder import read_sheets
from pipeline.sources.raw_tables import RawRow
from pipeline.sources.source_file import FILE as SOURCE
from pipeline.yaml_files import read_mapping

#: Keys in which two careful readers may differ without one of them being wrong.
FREE_KEYS = ("case_id", "title", "curators", "status", "time_zero.meaning", "source_text.sha256")


@dataclass(frozen=True)
class Difference:
    """One cell that differs, or one row that only one of the transcriptions has (then ``column`` is null)."""

    file: str
    first_row: int | None
    second_row: int | None
    column: str | None
    first: str | None
    second: str | None

    def __str__(self) -> str:
        if self.column is None:
            which, row, text = (
                ("first", self.first_row, self.first)
                if self.second_row is None
                else ("second", self.second_row, self.second)
            )
            return f"{self.file}, row {row}: only in the {which}: {text}"
        rows = "" if self.first_row is None else f", row {self.first_row} and row {self.second_row}"
        return f"{self.file}{rows}, column {self.column}: '{self.first or ''}' and '{self.second or ''}'"


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
    """Set two case folders side by side.

    Args:
        first: A case folder.
        second: Another transcription of the same case; the folders may have different names.
        words: Whether ids, notes, places and titles are compared too.

    Raises:
        NotFoundError: one of them is no folder.
        InputError: a sheet cannot be read at all (its shape, not its content, is wrong).
    """
    tables = [_tables(folder) for folder in (first, second)]
    matched_rows = {file: pairs(tables[0].get(file, []), tables[1].get(file, [])) for file in [*tables[0], *tables[1]]}
    partner = {
        str(b.get("id")): str(a.get("id"))
        for matched in matched_rows.values()
        for a, b in matched
        if a is not None and b is not None and a.get("id") and b.get("id")
    }
    differences = _source_differences(first, second, words)
    for file, matched in matched_rows.items():
        for a, b in matched:
            differences += _row_differences(file, a, b, partner, words)
    return Comparison(str(first), str(second), sum(len(matched) for matched in matched_rows.values()), differences)


def _tables(folder: Path) -> dict[str, list[RawRow]]:
    if not folder.is_dir():
        raise NotFoundError(f"{folder}: no such folder")
    tables, problems = read_sheets(folder)
    if problems:
        raise InputError(Problem(f"{folder}/{p.file}", p.row, p.column, p.what, p.allowed) for p in problems)
    return tables


def _row_differences(
    file: str, a: RawRow | None, b: RawRow | None, partner: Mapping[str, str], words: bool
) -> list[Difference]:
    if a is None or b is None:
        first, second = _alone(a), _alone(b)
        return [Difference(file, a.row if a else None, b.row if b else None, None, first, second)]
    left, right = meaning(a), meaning(b, partner)
    if words:
        left |= {column: a.cells[column] for column in FREE if column in a.cells}
        right |= {column: b.cells[column] for column in FREE if column in b.cells}
    return [
        Difference(file, a.row, b.row, column, a.get(column), b.get(column))
        for column in dict.fromkeys([*a.cells, *b.cells])
        if left.get(column) != right.get(column)
    ]


def _alone(row: RawRow | None) -> str | None:
    return (
        None if row is None else "; ".join(f"{column} {text}" for column, text in row.cells.items() if column != "note")
    )


def _source_differences(first: Path, second: Path, words: bool) -> list[Difference]:
    left, right = (_keys(folder) for folder in (first, second))
    return [
        Difference(SOURCE, None, None, key, left.get(key), right.get(key))
        for key in dict.fromkeys([*left, *right])
        if left.get(key) != right.get(key) and (words or key not in FREE_KEYS)
    ]


def _keys(folder: Path) -> dict[str, str]:
    """The keys of `source.yaml` in one level: `citation.doi`."""
    path = folder / SOURCE
    if not path.is_file():
        return {}
    try:
        return dict(_flat(read_mapping(path, numbers=False), ""))
    except CellError as error:
        raise InputError([Problem(f"{folder}/{SOURCE}", what=error.what, allowed=error.allowed)]) from error


def _flat(value: Any, key: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for name, part in value.items() for pair in _flat(part, f"{key}.{name}" if key else str(name))]
    if isinstance(value, list):
        return [
            (key, "; ".join(str(part.get("name", part)) if isinstance(part, dict) else str(part) for part in value))
        ]
    return [(key, str(value))] if value else []
