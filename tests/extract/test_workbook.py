from datetime import date, time, timedelta
from zipfile import ZipFile

import polars as pl
import pytest
from casetrace.extract.case_folder import read_case
from casetrace.schemas import CANONICAL
from openpyxl import Workbook, load_workbook

from tests.case_builder import ROOT, SMALL_CASE, params, sheet, write_case
from tests.workbooks import to_workbook

CASES = sorted(p for p in (ROOT / "data/raw/case_reports").iterdir() if p.is_dir())


def same_tables(first, second):
    left, problems = read_case(first, params())
    right, problems_of_twin = read_case(second, params())
    assert [p for p in problems if p.severity == "error"] == []
    assert len(problems_of_twin) == len(problems)
    for name in CANONICAL:
        assert left[name].equals(right[name]), name
    assert left["cases"].height == 1


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_workbook_gives_the_same_tables_as_its_csv_twin(tmp_path, case):
    same_tables(case, to_workbook(case, tmp_path / case.name, with_source=True))
    assert not (tmp_path / case.name / "source.yaml").exists()


def test_a_workbook_without_the_sheet_source_has_the_file_beside_it(tmp_path):
    folder = write_case(tmp_path / "csv")
    same_tables(folder, to_workbook(folder, tmp_path / "xlsx" / folder.name))


def test_numbers_typed_as_numbers_give_the_same_tables(tmp_path):
    folder = write_case(tmp_path / "csv")
    twin = to_workbook(folder, tmp_path / "xlsx" / folder.name, numbers=True)
    same_tables(folder, twin)


def workbook(tmp_path, sheet, cells, files=None):
    """The small case with one sheet of its workbook changed: cell -> value (and number format)."""
    folder = write_case(tmp_path / "csv", files)
    twin = to_workbook(folder, tmp_path / "xlsx" / folder.name)
    book = load_workbook(twin / "case.xlsx")
    for place, value in cells.items():
        cell = book[sheet][place]
        cell.value, shown = value if isinstance(value, tuple) else (value, None)
        if shown:
            cell.number_format = shown
    book.save(twin / "case.xlsx")
    return twin


FAULTS = {
    "a date": ("labs", {"B2": date(2024, 3, 1)},
               "case.xlsx, sheet labs, row 2, column when: the spreadsheet made the date 1 March 2024 of what was typed "
               "(allowed: the cell typed as text (format the cell as 'Text', then type it again); a time is D4T03:15, a day D4)"),
    "a range made a date": ("labs", {"E2": date(2026, 10, 5)},
               "case.xlsx, sheet labs, row 2, column value: the spreadsheet made the date 5 October 2026 of what was typed "
               "(allowed: the cell typed as text (format the cell as 'Text', then type it again); a range is 5..10)"),
    "a clock time": ("labs", {"B2": time(3, 15)},
               "case.xlsx, sheet labs, row 2, column when: the spreadsheet made the clock time 03:15 of what was typed"),
    "a length of time": ("doses", {"K2": timedelta(hours=30)},
               "case.xlsx, sheet doses, row 2, column end: the spreadsheet made a length of time of what was typed"),
    "a formula": ("labs", {"E2": "=150*2"}, "case.xlsx, sheet labs, row 2, column value: the cell holds a formula, =150*2"),
    "a percentage": ("labs", {"E2": (0.5, "0%")},
               "case.xlsx, sheet labs, row 2, column value: the cell is shown as a percentage (50 %) and holds 0.5"),
    "a fraction": ("labs", {"E2": (0.5, "# ?/?")},
               "case.xlsx, sheet labs, row 2, column value: the cell is shown as a fraction and holds 0.5"),
    "a line break in a name": ("labs", {"D3": "anti\nufh"},
               "case.xlsx, sheet labs, row 3, column analyte: the cell holds a line break: anti / ufh (allowed: one line; "),
    "thousands in a text": ("doses", {"F2": "56,000"}, "case.xlsx, sheet doses, row 2, column amount: '56,000' is not a value"),
    "a truth value": ("findings", {"C2": True}, "case.xlsx, sheet findings, row 2, column status: the spreadsheet made TRUE"),
    "a bad value": ("labs", {"E2": "12x"}, "case.xlsx, sheet labs, row 2, column value: '12x'"),
    "an error of the spreadsheet": ("labs", {"E2": "#REF!"}, "case.xlsx, sheet labs, row 2, column value: '#REF!' is an error"),
    "an unknown column": ("events", {"C1": "whan"}, "case.xlsx, sheet events, row 1, column whan: the sheet has no such column"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_spreadsheet_makes_of_text_is_refused_at_its_place(tmp_path, name):
    sheet, cells, message = FAULTS[name]
    frames, problems = read_case(workbook(tmp_path, sheet, cells), params())
    errors = [str(p) for p in problems if p.severity == "error"]
    # Without its times no other row of the case can be placed, so an unknown column is told with what follows from it.
    assert len(errors) == (3 if name == "an unknown column" else 1), errors
    assert any(error.startswith(f"small-case/{message}") for error in errors), errors
    assert frames["labs"].height == 0


def test_a_number_keeps_the_decimals_that_the_sheet_shows(tmp_path):
    cells = {"E2": (150, "0.0"), "E3": (1234.5, "#,##0.00"), "E4": (9.3, "General")}
    frames, _ = read_case(workbook(tmp_path, "labs", cells), params())
    reported = dict(frames["labs"].select("row_id", "value_reported").iter_rows())
    assert reported == {"P1": "150.0", "A1": "1234.50", "HB": "9.3"}


def test_spaces_around_a_text_and_numbers_kept_as_text_are_the_same_as_without(tmp_path):
    cells = {"B2": " D0 ", "D2": "platelets\u00a0", "E2": "150 ", "E4": (9.3, "@"), "F4": "g/dL_x000D_"}
    same_tables(write_case(tmp_path / "plain"), workbook(tmp_path, "labs", cells))


def test_a_table_by_time_is_a_sheet_too(tmp_path):
    wide = sheet("""
        when      | id | evidence | platelets [10^9/L] | anti-Xa UFH [IU/mL]
        reference |    |          | 150..400           |
        D3        | T3 | Table 1  | 83                 | 0.3
        D4        | T4 | Table 1  |                    | <0.1
    """)
    folder = write_case(tmp_path / "csv", {"labs_wide.csv": wide})
    twin = to_workbook(folder, tmp_path / "xlsx" / folder.name)
    same_tables(folder, twin)
    book = load_workbook(twin / "case.xlsx")
    book["labs_wide"]["D3"] = date(2026, 5, 10)
    book["labs_wide"]["E4"] = "0,1"
    book.save(twin / "case.xlsx")
    _, problems = read_case(twin, params())
    assert [(p.file, p.row, p.column) for p in problems if p.severity == "error"] == [
        ("small-case/case.xlsx, sheet labs_wide", 3, "platelets [10^9/L]"),
        ("small-case/case.xlsx, sheet labs_wide", 4, "anti-Xa UFH [IU/mL]"),
    ]


def test_an_unknown_sheet_names_the_nearest(tmp_path):
    folder = write_case(tmp_path, {name: None for name in SMALL_CASE if name.endswith(".csv")})
    book = Workbook()
    book.active.title = "lab"
    book.active["A1"] = "when"
    book.create_sheet("ideas")["B2"] = "ask the ward"
    book.create_sheet("Sheet2")  # empty, as a spreadsheet adds it
    book.save(folder / "case.xlsx")
    _, problems = read_case(folder, params())
    assert [str(p).removeprefix("small-case/case.xlsx, sheet ") for p in problems if "sheet" in p.file] == [
        "ideas: a case has no such sheet (allowed: patient, targets, labs, labs_wide, doses, events, findings, scores, "
        "claims, checks, source; your own notes in another file)",
        "lab: a case has no such sheet (did you mean 'labs'?)",
    ]


def test_what_is_hidden_is_read_and_said_so(tmp_path):
    twin = workbook(tmp_path, "labs", {})
    book = load_workbook(twin / "case.xlsx")
    book["labs"].row_dimensions[3].hidden = True
    book["labs"].column_dimensions["H"].hidden = True
    book["events"].sheet_state = "hidden"
    book.save(twin / "case.xlsx")
    frames, problems = read_case(twin, params())
    assert frames["labs"].height == 3
    assert [(p.severity, p.file.partition(", ")[2], p.what) for p in problems] == [
        ("warning", "sheet events", "the sheet is hidden, and read all the same"),
        ("warning", "sheet labs", "hidden columns: H, and read all the same"),
        ("warning", "sheet labs", "hidden rows: 3, and read all the same"),
    ]


def test_what_is_no_workbook_is_said_so(tmp_path):
    folder = write_case(tmp_path, {name: None for name in SMALL_CASE if name.endswith(".csv")})
    (folder / "case.xlsx").write_bytes(b"PK")
    _, problems = read_case(folder, params())
    assert "the file cannot be read as an Excel workbook (BadZipFile)" in [p.what for p in problems]


def test_a_workbook_with_a_damaged_part_is_said_so(tmp_path):
    twin = workbook(tmp_path, "events", {})
    with ZipFile(twin / "case.xlsx") as whole, ZipFile(tmp_path / "damaged.xlsx", "w") as damaged:
        for part in whole.namelist():
            content = whole.read(part)
            damaged.writestr(part, content[: len(content) // 2] if part.endswith("sheet1.xml") else content)
    (tmp_path / "damaged.xlsx").replace(twin / "case.xlsx")
    _, problems = read_case(twin, params())
    assert "the file cannot be read as an Excel workbook (ParseError)" in [p.what for p in problems]


def test_merged_cells_are_refused(tmp_path):
    twin = workbook(tmp_path, "events", {})
    book = load_workbook(twin / "case.xlsx")
    book["events"].merge_cells("A2:B2")
    book.save(twin / "case.xlsx")
    _, problems = read_case(twin, params())
    assert [(p.file, p.row, p.column, p.what) for p in problems if "merged" in p.what] == [
        ("small-case/case.xlsx, sheet events", 2, "id", "cells are merged: A2:B2")
    ]


def test_the_rows_of_a_workbook_count_as_the_sheet_counts_them(tmp_path):
    twin = workbook(tmp_path, "events", {"A4": "LATE", "B4": "surgery", "C4": "D3"})
    frames, _ = read_case(twin, params())
    assert frames["events"].filter(pl.col("row_id") == "LATE")["raw_row"].to_list() == [4]
