"""Read the plain CSV sheets of a case folder; every row keeps the number that a spreadsheet shows for it.

Python's csv module is used, not polars, because a message must name the exact row, also after blank lines and line
breaks within a cell.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from casetrace.core.errors import Problem
from casetrace.extract.workbook import FILE as WORKBOOK


@dataclass(frozen=True)
class Form:
    """The columns of one sheet. An open one has further columns, each headed `analyte [unit]`."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    is_open: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the sheet may have."""
        return self.required + self.optional


FORMS: Mapping[str, Form] = {
    "patient.csv": Form(("item", "value"), ("unit", "when", "id", "order", "read_as", "evidence", "note")),
    "targets.csv": Form(
        ("analyte", "value"), ("anticoagulant", "role", "unit", "start", "end", "id", "evidence", "note")
    ),
    "labs.csv": Form(
        ("when", "analyte", "value"),
        ("id", "order", "unit", "stat", "ref_low", "ref_high", "method", "read_as", "evidence", "note"),
    ),
    "labs_wide.csv": Form(("when",), ("id", "order", "evidence", "note"), is_open=True),
    "doses.csv": Form(
        ("drug", "kind", "amount", "start"),
        (
            "id",
            "route",
            "purpose",
            "unit",
            "stat",
            "every",
            "end",
            "order",
            "concurrent_with",
            "read_as",
            "evidence",
            "note",
        ),
    ),
    "events.csv": Form(("event", "when"), ("id", "order", "evidence", "note")),
    "findings.csv": Form(
        ("finding", "status"),
        ("id", "grade", "site", "when", "order", "by", "same_as", "evidence", "note"),
    ),
    "scores.csv": Form(("score", "item", "points"), ("id", "label", "when", "by", "evidence", "note")),
    "claims.csv": Form(
        ("id", "claim", "compute"),
        ("of", "from", "to", "window", "per", "comparator", "value", "unit", "gave", "complete", "evidence", "note"),
    ),
    "checks.csv": Form(
        ("id", "claim", "compute"),
        ("of", "from", "to", "window", "per", "comparator", "value", "unit", "gave", "complete", "evidence", "note"),
    ),
}
#: Files of a case folder that are not sheets.
OTHER_FILES = ("source.yaml", "README.md", "evidence.csv", "expected.yaml")

#: Cells that a spreadsheet writes in place of a result (#REF!, #N/A, #NAME?).
_SPREADSHEET_ERROR = re.compile(r"#[A-Z/0]+[!?]?")


@dataclass(frozen=True)
class RawRow:
    """One row as typed: cells without the empty ones.

    A row that was made from a cell of a wide sheet has the id `made_id` and is told under the heading `wide_head`.
    """

    file: str
    row: int
    cells: Mapping[str, str]
    made_id: str | None = None
    wide_head: str | None = None

    def get(self, column: str) -> str | None:
        """The text of a cell; None when it is empty or the sheet has no such column."""
        return self.cells.get(column)

    def problem(self, column: str | None, what: str, allowed: str = "") -> Problem:
        """An error in a cell of this row, in the heading that it was typed in, or in the row."""
        row = 1 if self.wide_head is not None and column in ("analyte", "unit") else self.row
        return Problem(self.file, row, self.column_typed(column), what, allowed)

    def column_typed(self, column: str | None) -> str | None:
        """The column of the file in which a cell was typed."""
        if self.wide_head is None or column in FORMS[self.file].columns:
            return column
        return self.wide_head


def unknown_files(folder: Path) -> list[Problem]:
    """One problem per file or folder that a case folder does not have."""
    known = [*FORMS, WORKBOOK, *OTHER_FILES]
    # Excel keeps a file ~$case.xlsx beside a workbook that is open.
    strange = sorted(p.name for p in folder.iterdir() if p.name not in known and not p.name.startswith((".", "~$")))
    return [
        Problem(name, what="a case folder has no such file", allowed=_near(name, known) or ", ".join(known))
        for name in strange
    ]


def read_table(path: Path) -> tuple[list[RawRow], list[Problem]]:
    """The rows of one sheet kept as a CSV file, and everything that is wrong with its shape.

    Args:
        path: A file named in `FORMS`.

    Returns:
        As `read_text`.
    """
    text, problem = _decode(path)
    return ([], [problem]) if problem else read_text(path.name, text)


def read_text(name: str, text: str, form: Form | None = None) -> tuple[list[RawRow], list[Problem]]:
    """The rows of one sheet, and everything that is wrong with its shape.

    Args:
        name: A name in `FORMS`, or the name under which problems are told.
        text: The sheet as CSV.
        form: The columns of a sheet that is not in `FORMS`.

    Returns:
        Rows with their cells stripped of surrounding spaces; rows without any text are left out. No rows when the
        heading cannot be used.
    """
    form = form or FORMS[name]
    rows: list[RawRow] = []
    problems: list[Problem] = []
    heading: list[str] | None = None
    for number, cells in _records(text, name, problems):
        if heading is None:
            heading = cells
            problems += _check_heading(name, heading, form)
            if problems:
                return [], problems
        elif not any(cells):
            continue
        elif len(cells) != len(heading):
            what = f"the row has {len(cells)} cells and the heading has {len(heading)}"
            problems.append(Problem(name, number, None, what, 'as many; a cell with a comma stands in "quotes"'))
        else:
            rows.append(RawRow(name, number, {c: cell for c, cell in zip(heading, cells, strict=True) if cell}))
    if heading is None and not problems:
        problems.append(Problem(name, what="the file is empty", allowed="a heading row, or no such file"))
    problems += [problem for row in rows for problem in _spreadsheet_errors(row)]
    return rows, problems


def _records(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Records with their spreadsheet row; a quote that is never closed ends the reading with a problem."""
    reader = csv.reader(io.StringIO(text, newline=None), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(file, number, None, "a quotation mark is opened or closed in the wrong place",
                                    '"text, with a comma"; a quotation mark within is doubled'))  # fmt: skip
            return
        yield number, [cell.strip() for cell in cells]


def _decode(path: Path) -> tuple[str, Problem | None]:
    """The text of the file. A UTF-8 mark at the start, as spreadsheets write it, is accepted."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        return "", Problem(path.name, row, None, "the text is not UTF-8", "save the sheet as 'CSV UTF-8'")
    if "\0" in text:
        return "", Problem(path.name, None, None, "the file is not plain text", "save the sheet as 'CSV UTF-8'")
    return text, None


def _check_heading(file: str, heading: list[str], form: Form) -> list[Problem]:
    if not any(heading):
        return [Problem(file, 1, None, "the heading row is empty", ", ".join(form.columns))]
    if len(heading) == 1:
        for sign, name in ((";", "semicolons"), ("\t", "tabs")):
            if sign in heading[0]:
                allowed = f"commas; or one workbook {WORKBOOK} in place of the CSV files"
                return [Problem(file, 1, None, f"the cells are separated by {name}", allowed)]
    problems = []
    for position, column in enumerate(heading):
        if column == "":
            what = f"column {position + 1} has no heading"
            problems.append(Problem(file, 1, None, what, ", ".join(form.columns)))
        elif column not in form.columns and not _is_analyte(column, form):
            allowed = _near(column, form.columns) or ", ".join(form.columns)
            problems.append(Problem(file, 1, column, "the sheet has no such column", allowed))
        elif heading.index(column) < position:
            problems.append(Problem(file, 1, column, "the column stands twice", "each column once"))
    return problems + [
        Problem(file, 1, column, "the column is missing", "the columns " + ", ".join(form.required))
        for column in form.required
        if column not in heading
    ]


def _is_analyte(column: str, form: Form) -> bool:
    """Whether a heading of an open sheet can be meant as an analyte: no column of labs.csv, no slip of its own."""
    return form.is_open and column not in FORMS["labs.csv"].columns and not _near(column, form.columns)


def _spreadsheet_errors(row: RawRow) -> list[Problem]:
    return [
        row.problem(column, f"'{text}' is an error of the spreadsheet", "what the source prints")
        for column, text in row.cells.items()
        if _SPREADSHEET_ERROR.fullmatch(text)
    ]


def _near(name: str, known: tuple[str, ...] | list[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.7)
    return f"did you mean '{near[0]}'?" if near else ""
