"""`case.xlsx`: the sheets of a case in one workbook, read as the text that its CSV twin would hold.

A cell typed as text is taken as it stands. A cell that the spreadsheet holds as a number is written out with the
decimals that it shows. What a spreadsheet makes of a text by itself (a date, a percentage, a formula's result) is
refused, because what the curator typed can no longer be told. What is hidden is read like the rest, and said so.
"""

import csv
import difflib
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from casetrace.core.errors import CellError, Problem
from casetrace.extract.workbook_cells import text_of

FILE = "case.xlsx"
#: Sheets that `casetrace new --xlsx` adds for the reader; they hold no rows of the case.
GUIDE, LISTS = "guide", "lists"
#: The sheet that stands for `source.yaml`.
SOURCE = "source"


@dataclass(frozen=True)
class Sheets:
    """The sheets of a workbook by the name of their CSV twin, as CSV text, and everything that is wrong with them."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def sheet_label(name: str) -> str:
    """How a message names the sheet in place of a file: `case.xlsx, sheet labs` for `labs.csv`."""
    return f"{FILE}, sheet {name.rpartition('.')[0]}"


def read_workbook(path: Path, known: Sequence[str]) -> Sheets:
    """Every table of a workbook as the text of its CSV twin.

    Args:
        path: A file `case.xlsx`.
        known: Names of the CSV files that a case folder may hold; the sheet `labs` stands for `labs.csv`.
    """
    book, problem = _open(path)
    if problem is not None:
        return Sheets(problems=[problem])
    found = Sheets()
    for sheet in book.worksheets:
        if sheet.title in (GUIDE, LISTS, SOURCE):
            continue
        text, problems = _sheet(sheet, f"{sheet.title}.csv")
        if f"{sheet.title}.csv" not in known:
            # An empty sheet, as a spreadsheet adds by itself, says nothing.
            found.problems.extend([_unknown(sheet.title, known)] if text is not None else [])
            continue
        found.problems.extend(problems)
        if text is not None:
            found.texts[f"{sheet.title}.csv"] = text
    return found


def read_source_sheet(path: Path) -> tuple[str | None, list[Problem]]:
    """The sheet `source` as CSV; None without such a sheet. An unreadable workbook is told by `read_workbook`."""
    book, _ = _open(path)
    if book is None or SOURCE not in book.sheetnames:
        return None, []
    return _sheet(book[SOURCE], f"{SOURCE}.yaml")


def _open(path: Path) -> tuple[Any, Problem | None]:
    """The workbook with formulas as they are typed, not with their last results."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # Parts that openpyxl does not keep (charts, extensions of drop-down lists) hold no cell of a case.
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(path, data_only=False), None
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, TypeError, ValueError, OSError) as error:
        what = f"the file cannot be read as an Excel workbook ({type(error).__name__})"
        return None, Problem(FILE, what=what, allowed="a workbook saved as .xlsx, without a password")


def _unknown(title: str, known: Sequence[str]) -> Problem:
    names = [name.removesuffix(".csv") for name in known] + [SOURCE]
    near = difflib.get_close_matches(title.lower(), names, n=1, cutoff=0.7)
    allowed = f"did you mean '{near[0]}'?" if near else f"{', '.join(names)}; your own notes in another file"
    return Problem(f"{FILE}, sheet {title}", what="a case has no such sheet", allowed=allowed)


def _sheet(sheet: Any, name: str) -> tuple[str | None, list[Problem]]:
    """The sheet as CSV; None for a sheet without any cell, which says as much as no file."""
    problems = [_merged(sheet, area, name) for area in sheet.merged_cells.ranges]
    rows: list[list[str]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = []
        for cell in cells:
            heading = rows[0][cell.column - 1] if rows else ""
            try:
                texts.append(text_of(cell, heading))
            except CellError as error:
                problems.append(
                    Problem(sheet_label(name), number, heading or cell.column_letter, error.what, error.allowed)
                )
                texts.append("")
        rows.append(texts)
    if not any(text for row in rows for text in row):
        return None, problems
    problems += _hidden(sheet, rows, name)
    return _csv(_trimmed(rows)), problems


def _merged(sheet: Any, area: Any, name: str) -> Problem:
    """Merged cells at the place of the first of them."""
    heading = sheet.cell(row=1, column=area.min_col).value
    column = str(heading) if heading and area.min_row > 1 else None
    return Problem(sheet_label(name), area.min_row, column, f"cells are merged: {area}", "one value in each cell")


def _hidden(sheet: Any, rows: list[list[str]], name: str) -> Iterator[Problem]:
    """A warning for all that is read although nobody sees it; a filter hides rows, too."""
    from openpyxl.utils import get_column_letter

    out_of_sight = {
        number
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for number in range(dimension.min, dimension.max + 1)
    }
    numbers = [n for n, texts in enumerate(rows, start=1) if any(texts) and sheet.row_dimensions[n].hidden]
    columns = [n for n, texts in enumerate(zip(*rows, strict=True), start=1) if any(texts) and n in out_of_sight]
    whats = ["the sheet is hidden"] if sheet.sheet_state != "visible" else []
    whats += [f"hidden rows: {', '.join(map(str, numbers))}"] if numbers else []
    whats += [f"hidden columns: {', '.join(map(get_column_letter, columns))}"] if columns else []
    for what in whats:
        allowed = "all that is read in sight; delete what does not belong to the case"
        yield Problem(sheet_label(name), None, None, f"{what}, and read all the same", allowed, "warning")


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Rows cut to the widest one with text: a formatted but empty column is no column."""
    width = max((index + 1 for row in rows for index, text in enumerate(row) if text), default=0)
    return [row[:width] if any(row) else [] for row in rows]


def _csv(rows: Iterable[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
