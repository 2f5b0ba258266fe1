"""The workbook of a new case: a sheet per table, a comment on each heading, drop-down lists of the words that fit."""

from pathlib import Path
from typing import Any

from pipeline.curation.columns import PURPOSE, choices, explain, terms
from pipeline.sources.raw_tables import FORMS
from pipeline.sources.workbook import GUIDE, LISTS

#: Rows below the heading that have drop-down lists.
_ROWS = 500
_WIDTHS = {"evidence": 26, "note": 40, "claim": 48, "id": 12}


def write_workbook(path: Path) -> None:
    """Write an empty workbook that `casetrace check` reads; its columns are text, so nothing is converted."""
    from openpyxl import Workbook

    book = Workbook()
    lists = _Lists(book)
    _guide(book.active)
    for name, form in FORMS.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for position, column in enumerate(form.columns, start=1):
            _column(sheet, position, column, column in form.required)
            _drop_down(sheet, position, column, lists)
        sheet.freeze_panes = "A2"
    lists.finish()
    book.save(path)


def _guide(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = GUIDE
    rows = [
        ("sheet", "what it holds"),
        *((name.removesuffix(".csv"), PURPOSE[name.removesuffix(".csv")]) for name in FORMS),
    ]
    rows.append(
        ("times", "D4T03:15; D5 (some time that day); D4/D6 (in between); @ID+2h (after another row); empty: not told")
    )
    rows.append(("silence", "Where the article does not tell, leave the cell empty: missing is never normal."))
    rows.append(("headings", "Point at a heading to read what the column is for. Bold headings are required."))
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 110
    for row in sheet.iter_rows():
        row[1].alignment = Alignment(wrap_text=True, vertical="top")


def _column(sheet: Any, position: int, column: str, is_required: bool) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    heading = sheet.cell(row=1, column=position, value=column)
    heading.font = Font(bold=is_required)
    heading.comment = Comment(explain(sheet.title, column), "casetrace", width=320, height=110)
    dimension = sheet.column_dimensions[get_column_letter(position)]
    dimension.width = _WIDTHS.get(column, 16)
    dimension.number_format = "@"  # text: what is typed is what is kept


def _drop_down(sheet: Any, position: int, column: str, lists: "_Lists") -> None:
    """Words that are the only ones are enforced; vocabulary names are offered, because a free name is legal."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    only, known = choices(sheet.title, column), terms(sheet.title, column)
    if not only and not known:
        return
    # openpyxl's showDropDown hides the arrow when it is true.
    rule = DataValidation(
        type="list",
        formula1=lists.place(column, only or known),
        allow_blank=True,
        showErrorMessage=bool(only),
        showDropDown=False,
    )
    rule.error, rule.errorTitle = "Choose one of the words in the list.", column
    letter = get_column_letter(position)
    rule.add(f"{letter}2:{letter}{_ROWS + 1}")
    sheet.add_data_validation(rule)


class _Lists:
    """A hidden sheet with one column for each list of words, written once and used by every sheet."""

    def __init__(self, book: Any) -> None:
        self.sheet = book.create_sheet(LISTS)
        self.places: dict[tuple[str, ...], str] = {}

    def place(self, name: str, words: list[str]) -> str:
        from openpyxl.utils import get_column_letter

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
