"""A project's own terms: CSV files in its folder `vocabulary/`, read on top of the vocabulary of casetrace.

Each file has the name and the columns of ours; columns that are not needed may be left out. A row adds a term. A row
with the name of one of our terms adds synonyms to it and nothing else: its other cells stay empty.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from casetrace.core.errors import InputError, Problem
from casetrace.core.paths import VOCABULARY

Rows = list[tuple[int, dict[str, str]]]

#: The files that a project may have, and the column that names the term in each.
KEYS: Mapping[str, str] = {
    "analytes.csv": "analyte",
    "patient_items.csv": "item",
    "drugs.csv": "drug",
    "findings.csv": "finding",
    "events.csv": "event",
    "units.csv": "ucum",
}
#: The variables by which a project compares its cases, beside ours; `casetrace.cohort.characteristics` reads them.
VARIABLES = "cohort_variables.csv"
#: What explains the folder to its owner.
_README = "README.md"
_SYNONYMS = ("synonyms_as_printed", "met_as")

_folder: Path | None = None


def read_on_top(folder: Path | None) -> None:
    """Have the terms of a project count from now on, in this process; None leaves ours alone."""
    global _folder
    _folder = folder if folder is not None and folder.is_dir() else None


def folder_in_force() -> Path | None:
    """The folder whose terms count beside ours."""
    return _folder


def own_rows(folder: Path | None, name: str) -> Rows:
    """The rows of one file of a project, with the columns of ours; none where there is no such file.

    Raises:
        InputError: a file that is not known, a column that ours does not have, or a row that is too long.
    """
    if folder is None:
        return []
    if strange := [p.name for p in sorted(folder.iterdir()) if not _is_known(p.name)]:
        allowed = ", ".join([*KEYS, VARIABLES])
        raise InputError(
            [Problem(f"vocabulary/{name}", what="no such file is read", allowed=allowed) for name in strange]
        )
    path = folder / name
    return _rows(path, _columns(VOCABULARY / name), KEYS[name]) if path.is_file() else []


def _is_known(name: str) -> bool:
    return name in KEYS or name in (VARIABLES, _README) or name.startswith((".", "~"))


def _columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _rows(path: Path, columns: list[str], key: str) -> Rows:
    """Rows with their number as a spreadsheet counts them."""
    file = f"vocabulary/{path.name}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            lines = list(csv.reader(text, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError([Problem(file, what=f"the file cannot be read as CSV: {error}", allowed="UTF-8")]) from error
    heading, *rows = lines or [[]]
    problems = [Problem(file, 1, name, "no such column", ", ".join(columns)) for name in heading if name not in columns]
    problems += [Problem(file, 1, name, "the column stands twice") for name in set(heading) if heading.count(name) > 1]
    if key not in heading:
        problems.append(Problem(file, 1, key, "the column is missing", key))
    if problems:
        raise InputError(problems)
    found: Rows = []
    for number, cells in enumerate(rows, start=2):
        if len(cells) > len(heading):
            problems.append(Problem(file, number, None, "the row has more cells than the heading"))
            continue
        row = dict.fromkeys(columns, "") | dict(zip(heading, map(str.strip, cells), strict=False))
        if any(row.values()):
            found.append((number, row))
            if not row[key]:
                problems.append(Problem(file, number, key, "the cell is empty", "a name"))
    if problems:
        raise InputError(problems)
    return found


def only_synonyms(row: Mapping[str, str], key: str) -> bool:
    """True for a row that names a term and its synonyms and says nothing else."""
    return not any(value for column, value in row.items() if column not in (key, *_SYNONYMS, "note"))


def own_variables(columns: list[str]) -> Rows:
    """The rows of the project's file of cohort variables; none where it has none."""
    path = None if _folder is None else _folder / VARIABLES
    return _rows(path, columns, "variable") if path is not None and path.is_file() else []
