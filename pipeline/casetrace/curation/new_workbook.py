"""The workbook of a new case: a sheet per table, a comment on each heading, drop-down lists of the words that fit."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from casetrace.curation.columns import OPEN_HEADING, PURPOSE, choices, explain, in_typing_order, terms
from casetrace.curation.guide import RULES, column_rows
from casetrace.curation.source_rows import key_rows
from casetrace.extract.raw_tables import FORMS
from casetrace.extract.workbook import GUIDE, LISTS
from casetrace.extract.workbook import SOURCE as SOURCE_SHEET

#: Rows below the heading that have drop-down lists.
_ROWS = 500
#: Columns of an open sheet (a table by time) that are text like those with a heading.
_OPEN_COLUMNS = 40
_WIDTH = 14
_WIDTHS = {
    "analyte": 24, "drug": 26, "anticoagulant": 26, "event": 26, "finding": 26, "item": 24, "when": 18, "start": 18,
    "end": 18, "id": 12, "order": 8, "evidence": 28, "note": 44, "claim": 50, "label": 26, "method": 22,
}  # fmt: skip

_GUIDE_WIDTHS = (13, 15, 10, 76, 76)
_SOURCE_WIDTHS = {"key": 28, "value": 60, "meaning": 76}
_LINE_HEIGHT = 15
_DARK, _PALE, _INK, _QUIET = "1F5C6B", "DDE7EA", "1B3238", "4F6066"
_LINE = Border(bottom=Side("thin", color=_DARK))


def write_workbook(path: Path, case_id: str) -> None:
    """Write an empty workbook that `casetrace check` reads; its cells are text, so nothing is converted."""
    book = Workbook()
    lists = _Lists(book)
    _guide(book.active, case_id)
    _source(book.create_sheet(SOURCE_SHEET), case_id, lists)
    for name, form in FORMS.items():
        sheet = book.create_sheet(_title(name))
        for position, column in enumerate(in_typing_order(form), start=1):
            _column(sheet, position, column, column in form.required)
            _drop_down(sheet, position, column, lists)
        if form.is_open:
            _open_columns(sheet, len(form.columns) + 1)
        _for_paper(sheet)
    lists.finish()
    book.save(path)


def _font(**look: Any) -> Font:
    """The font of the sheets; without a name a spreadsheet would take another one for every styled cell."""
    return Font(**({"name": "Calibri", "size": 11} | look))


def _lines(text: str | None, width: float) -> int:
    """Lines that a text takes in a column: some spreadsheets do not fit the height of a row by themselves."""
    return max(1, math.ceil(len(text or "") / width))


def _title(name: str) -> str:
    return name.removesuffix(".csv")


def _heading(cell: Any, is_required: bool) -> None:
    cell.font = _font(bold=True, color="FFFFFF" if is_required else _INK)
    cell.fill = PatternFill("solid", fgColor=_DARK if is_required else _PALE)
    cell.border = _LINE
    cell.alignment = Alignment(vertical="center")


def _as_text(sheet: Any, position: int, width: float) -> None:
    dimension = sheet.column_dimensions[get_column_letter(position)]
    dimension.width = width
    dimension.number_format = "@"  # text: what is typed is what is kept


def _for_paper(sheet: Any) -> None:
    """The heading stays in sight, and a print is as wide as one page."""
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _guide(sheet: Any, case_id: str) -> None:
    sheet.title = GUIDE
    sheet.append([f"How to fill {case_id}"])
    sheet["A1"].font = _font(bold=True, size=14, color=_DARK)
    for text in (
        f"1. Fill the sheet {SOURCE_SHEET} (bold keys need a value), then the others: one row for each fact.",
        "2. Point at a heading to read what its column is for. Columns with a light heading may be deleted.",
        "3. Cells are text, so that nothing is made a date; green corners in them are harmless. No formulas.",
        f"4. Save and ask: casetrace check data/raw/case_reports/{case_id} (it names each cell that needs a change).",
        *RULES,
    ):
        sheet.append([text])
    sheet.append([])
    _table(sheet, ("sheet", "what it holds"), [(name, PURPOSE[name]) for name in map(_title, FORMS)])
    sheet.append([])
    rows = [(name, column, "yes" if must else "", said, fits) for name, column, must, said, fits in column_rows()]
    _table(sheet, ("sheet", "column", "must stay", "what it holds", "words"), rows)
    for letter, width in zip("ABCDE", _GUIDE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _for_paper(sheet)
    sheet.print_title_rows = None
    sheet.freeze_panes = None


def _table(sheet: Any, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table below what stands already; long text breaks within the cells of the wide one."""
    sheet.append(list(headings))
    for cell in sheet[sheet.max_row][: len(headings)]:
        _heading(cell, True)
    for row in rows:
        sheet.append([text or None for text in row])
        if len(headings) == len(_GUIDE_WIDTHS):
            height = max(map(_lines, row, _GUIDE_WIDTHS))
            sheet.row_dimensions[sheet.max_row].height = height * _LINE_HEIGHT
            for cell in sheet[sheet.max_row]:
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def _source(sheet: Any, case_id: str, lists: "_Lists") -> None:
    for position, (column, width) in enumerate(_SOURCE_WIDTHS.items(), start=1):
        _heading(sheet.cell(row=1, column=position, value=column), column != "meaning")
        _as_text(sheet, position, width)
    for number, row in enumerate(key_rows(case_id), start=2):
        sheet.append([row.key, row.value or None, row.meaning or None])
        sheet.cell(row=number, column=1).font = _font(bold=row.is_required)
        sheet.cell(row=number, column=2).number_format = "@"
        sheet.cell(row=number, column=3).font = _font(italic=True, color=_QUIET)
        for cell in sheet[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = _lines(row.meaning, _SOURCE_WIDTHS["meaning"]) * _LINE_HEIGHT
        if row.words:
            _offer(sheet, f"B{number}", row.key, lists.place(row.key, row.words), True)
    _for_paper(sheet)


def _column(sheet: Any, position: int, column: str, is_required: bool) -> None:
    heading = sheet.cell(row=1, column=position, value=column)
    _heading(heading, is_required)
    heading.comment = _comment(explain(sheet.title, column))
    _as_text(sheet, position, _WIDTHS.get(column, _WIDTH))


def _open_columns(sheet: Any, first: int) -> None:
    """Empty columns that the curator heads; a comment beside the last heading says how."""
    for position in range(first, _OPEN_COLUMNS + 1):
        _as_text(sheet, position, _WIDTH)
    sheet.cell(row=1, column=first).comment = _comment(OPEN_HEADING)


def _comment(text: str) -> Comment:
    return Comment(text, "casetrace", width=320, height=110)


def _drop_down(sheet: Any, position: int, column: str, lists: "_Lists") -> None:
    """Words that are the only ones are enforced; vocabulary names are offered, because a free name is legal."""
    only, known = choices(sheet.title, column), terms(sheet.title, column)
    if only or known:
        letter = get_column_letter(position)
        _offer(sheet, f"{letter}2:{letter}{_ROWS + 1}", column, lists.place(column, only or known), bool(only))


def _offer(sheet: Any, cells: str, name: str, place: str, is_enforced: bool) -> None:
    # openpyxl's showDropDown hides the arrow when it is true.
    rule = DataValidation(
        type="list", formula1=place, allow_blank=True, showErrorMessage=is_enforced, showDropDown=False
    )
    rule.error, rule.errorTitle = "Choose one of the words in the list.", name
    rule.add(cells)
    sheet.add_data_validation(rule)


class _Lists:
    """A hidden sheet with one column for each list of words, written once and used by every sheet."""

    def __init__(self, book: Any) -> None:
        self.sheet = book.create_sheet(LISTS)
        self.places: dict[tuple[str, ...], str] = {}

    def place(self, name: str, words: Sequence[str]) -> str:
        """Where the words stand, as a drop-down names it."""
        key = tuple(words)
        if key not in self.places:
            position = len(self.places) + 1
            self.sheet.cell(row=1, column=position, value=name)
            for row, word in enumerate(words, start=2):
                cell = self.sheet.cell(row=row, column=position, value=word)
                cell.data_type = "s"  # `=` and `>=` are words here, not formulas
            letter = get_column_letter(position)
            self.places[key] = f"{LISTS}!${letter}$2:${letter}${len(words) + 1}"
        return self.places[key]

    def finish(self) -> None:
        """The lists stand last and out of sight."""
        book = self.sheet.parent
        book.move_sheet(self.sheet, offset=len(book.sheetnames))
        self.sheet.sheet_state = "hidden"
