"""`case.xlsx`: the sheets of a case in one workbook, read as the text that its CSV twin would hold.

A cell typed as text is taken as it stands. A cell that the spreadsheet holds as a number is written out with the
decimals that it shows. What a spreadsheet makes of a text by itself (a date, a percentage, a formula's result) is
refused, because what the curator typed can no longer be told.
"""

import csv
import difflib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.errors import CellError, Problem

FILE = "case.xlsx"
#: Sheets that `casetrace new --xlsx` adds for the reader; they hold no rows of the case.
GUIDE, LISTS = "guide", "lists"

_DECIMALS = re.compile(r"(?:#,##)?0(?:\.(0+))?")
_AS_TEXT = "the cell typed as text (format the column as 'Text' first)"


@dataclass(frozen=True)
class Sheets:
    """The sheets of a workbook by the name of their CSV twin, as CSV text, and everything that is wrong with them."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def sheet_label(csv_name: str) -> str:
    """How a message names a sheet of the workbook: `case.xlsx, sheet labs`."""
    return f"{FILE}, sheet {csv_name.removesuffix('.csv')}"


def read_workbook(path: Path, known: Sequence[str]) -> Sheets:
    """Every sheet of a workbook as the text of its CSV twin.

    Args:
        path: A file `case.xlsx`.
        known: Names of the CSV files that a case folder may hold; the sheet `labs` stands for `labs.csv`.
    """
    opened, problem = _open(path)
    if problem is not None:
        return Sheets(problems=[problem])
    found = Sheets()
    for sheet in opened.worksheets:
        name = f"{sheet.title}.csv"
        if sheet.title in (GUIDE, LISTS):
            continue
        if name not in known:
            names = [other.removesuffix(".csv") for other in known]
            near = difflib.get_close_matches(sheet.title.lower(), names, n=1, cutoff=0.7)
            allowed = f"did you mean '{near[0]}'?" if near else ", ".join([*names, GUIDE, LISTS])
            found.problems.append(
                Problem(f"{FILE}, sheet {sheet.title}", what="a case has no such sheet", allowed=allowed)
            )
            continue
        text, problems = _sheet(sheet, name)
        found.problems.extend(problems)
        if text is not None:
            found.texts[name] = text
    return found


def _open(path: Path) -> tuple[Any, Problem | None]:
    """The workbook with formulas as they are typed, not with their last results."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # Parts that openpyxl does not keep (charts, extensions of drop-down lists) hold no cell of a case.
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(path, data_only=False), None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        what = f"the file cannot be read as an Excel workbook ({type(error).__name__})"
        return None, Problem(FILE, what=what, allowed="a workbook saved as .xlsx, without a password")


def _sheet(sheet: Any, name: str) -> tuple[str | None, list[Problem]]:
    """The sheet as CSV; None for a sheet without any cell, which says as much as no file."""
    problems: list[Problem] = []
    if sheet.merged_cells.ranges:
        where = ", ".join(sorted(str(area) for area in sheet.merged_cells.ranges))
        problems.append(Problem(sheet_label(name), what=f"cells are merged: {where}", allowed="one value in each cell"))
    rows: list[list[str]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = []
        for cell in cells:
            try:
                texts.append(_text(cell))
            except CellError as error:
                heading = rows[0][cell.column - 1] if rows else ""
                column = heading or cell.column_letter
                problems.append(Problem(sheet_label(name), number, column, error.what, error.allowed))
                texts.append("")
        rows.append(texts)
    if not any(text for row in rows for text in row):
        return None, problems
    return _csv(_trimmed(rows)), problems


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Rows cut to the widest one with text: a formatted but empty column is no column."""
    width = max((index + 1 for row in rows for index, text in enumerate(row) if text), default=0)
    return [row[:width] if any(row) else [] for row in rows]


def _csv(rows: Iterable[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _text(cell: Any) -> str:
    """What the cell says, as it would be typed in a CSV file."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise CellError("the cell holds a formula", "the value itself, as the source prints it")
    if isinstance(value, bool):
        raise CellError(f"the spreadsheet made {str(value).upper()} of what was typed", _AS_TEXT)
    if isinstance(value, date | datetime | time | timedelta):
        raise CellError("the spreadsheet made a date or a time of what was typed", f"{_AS_TEXT}; a time is D4T03:15")
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return str(value).strip()


def _number(value: int | float, shown_as: str) -> str:
    """The number with the decimals that the sheet shows, never fewer than it has."""
    if "%" in shown_as:
        raise CellError("the cell is shown as a percentage, so its number differs from what is read", _AS_TEXT)
    number = Decimal(repr(value))
    if number == number.to_integral_value():
        number = number.to_integral_value()
    decimals = _DECIMALS.fullmatch(shown_as)
    if decimals is not None and decimals[1] and -int(number.as_tuple().exponent) < len(decimals[1]):
        number = number.quantize(Decimal(1).scaleb(-len(decimals[1])))
    return f"{number:f}"
