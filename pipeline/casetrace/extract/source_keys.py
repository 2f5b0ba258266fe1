"""The keys of a case's source: from `source.yaml`, or from the sheet `source` of its workbook, never from both.

In the sheet each key has a row. A key within another is written with a point (`citation.year`, `clocks.POD.0`); names
in a list stand with semicolons between them. Both give the same keys, so that one code checks them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casetrace.core.errors import CellError, Problem
from casetrace.core.yaml_files import read_mapping
from casetrace.extract.raw_tables import Form, RawRow, read_text
from casetrace.extract.workbook import FILE as WORKBOOK
from casetrace.extract.workbook import read_source_sheet, sheet_label

FILE = "source.yaml"
#: Keys whose value is a list.
LISTS = ("citation.authors", "curators", "same_patient_as")
#: Columns of the sheet; `meaning` is for the reader only.
FORM = Form(("key", "value"), ("meaning",))


@dataclass(frozen=True)
class Keys:
    """The keys as the YAML file gives them (all text), and in a sheet the row of each by its name with points.

    Without `values` the source could not be read at all.
    """

    values: Mapping[str, Any] | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def row(self, key: str) -> int | None:
        """The row of a key, or of the first key within it; None in a YAML file and for a key that does not stand."""
        if key in self.rows:
            return self.rows[key]
        return next((row for name, row in self.rows.items() if name.startswith(f"{key}.")), None)


def read_keys(folder: Path) -> Keys:
    """The keys of the source of a case folder; problems name `source.yaml` also where they are of the sheet."""
    path, book = folder / FILE, folder / WORKBOOK
    sheet, problems = read_source_sheet(book) if book.is_file() else (None, [])
    if sheet is not None and path.is_file():
        what = f"the folder tells its source twice: here and in {FILE}"
        return Keys(problems=[Problem(sheet_label(FILE), what=what, allowed=f"either the sheet or {FILE}")])
    if sheet is not None:
        keys = keys_of(sheet)
        return Keys(keys.values, keys.rows, problems + keys.problems)
    if not path.is_file():
        what = "the file is missing" + (f", and {WORKBOOK} has no sheet 'source'" if book.is_file() else "")
        return Keys(problems=[Problem(FILE, what=what, allowed="a file source.yaml in each case folder")])
    try:
        return Keys(read_mapping(path, numbers=False))
    except CellError as error:
        return Keys(problems=[Problem(FILE, what=error.what, allowed=error.allowed)])


def keys_of(sheet: str) -> Keys:
    """The keys of a sheet `source`.

    Args:
        sheet: The sheet as CSV.
    """
    rows, problems = read_text(FILE, sheet, FORM)
    if problems and not rows:
        return Keys(problems=problems)
    values: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for row in rows:
        key = row.get("key")
        if key is None and row.get("value") is not None:
            problems.append(row.problem("key", "the value has no key", "case_id, title, citation.year ..."))
        if key is None:
            continue
        if key in seen:
            problems.append(row.problem(key, f"the key stands already in row {seen[key]}", "each key once"))
            continue
        seen[key] = row.row
        if (problem := _put(values, key, row)) is not None:
            problems.append(problem)
    return Keys(values, seen, problems)


def _put(values: dict[str, Any], key: str, row: RawRow) -> Problem | None:
    """Put the value of a row into its place; an empty cell is an empty key, as in the YAML file."""
    text = row.get("value") or ""
    *outer, last = key.split(".")
    if not text and "clocks" in outer:
        return None  # a clock that the new workbook offers and this case does not use
    place = values
    for name in outer:
        place = place.setdefault(name, {})
        if not isinstance(place, dict):
            return row.problem(key, f"'{name}' has a value of its own", f"either a row {name} or rows {name}.…")
    if isinstance(place.get(last), dict):
        return row.problem(key, f"'{last}' has rows of its own", f"either a row {last} or rows {last}.…")
    place[last] = [name.strip() for name in text.split(";") if name.strip()] if key in LISTS else text
    if key in LISTS and "," in text:
        return row.problem(key, f"'{text}' holds a comma", "a semicolon between two names: First A; Second B")
    return None
