import csv
import shutil
from datetime import date, time

import polars as pl
import pytest
from openpyxl import Workbook

from pipeline.schemas import CANONICAL
from pipeline.sources.case_folder import read_case
from tests.case_builder import ROOT, SMALL_CASE, params, write_case

CASES = sorted(p for p in (ROOT / "data/raw/case_reports").iterdir() if p.is_dir())


def as_number(text):
    """What a spreadsheet makes of a typed number, where nothing of it gets lost."""
    for kind in (int, float):
        try:
            if str(kind(text)) == text and not text.endswith(".0"):
                return kind(text)
        except ValueError:
            continue
    return text


def to_workbook(folder, twin, numbers=False):
    """The CSV sheets of a case folder as one workbook, in a folder of the same name."""
    twin.mkdir(parents=True)
    book = Workbook()
    book.remove(book.active)
    for path in sorted(folder.iterdir()):
        if path.suffix != ".csv" or path.name == "evidence.csv":
            shutil.copy(path, twin)
            continue
        sheet = book.create_sheet(path.stem)
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row, cells in enumerate(csv.reader(file), start=1):
                for column, text in enumerate(cells, start=1):
                    cell = sheet.cell(row=row, column=column, value=as_number(text) if numbers else text or None)
                    if not numbers or isinstance(cell.value, str):
                        cell.data_type = "s" if cell.value is not None else "n"
    book.save(twin / "case.xlsx")
    return twin


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
    same_tables(case, to_workbook(case, tmp_path / case.name))


def test_numbers_typed_as_numbers_give_the_same_tables(tmp_path):
    folder = write_case(tmp_path / "csv")
    twin = to_workbook(folder, tmp_path / "xlsx" / folder.name, numbers=True)
    same_tables(folder, twin)


def workbook(tmp_path, sheet, cells, files=None):
    """The small case with one sheet of its workbook changed: cell -> value (and number format)."""
    folder = write_case(tmp_path / "csv", files)
    twin = to_workbook(folder, tmp_path / "xlsx" / folder.name)
    from openpyxl import load_workbook

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
               "case.xlsx, sheet labs, row 2, column when: the spreadsheet made a date or a time of what was typed"),
    "a clock time": ("labs", {"B2": time(3, 15)}, "case.xlsx, sheet labs, row 2, column when: the spreadsheet made a date"),
    "a formula": ("labs", {"E2": "=150*2"}, "case.xlsx, sheet labs, row 2, column value: the cell holds a formula"),
    "a percentage": ("labs", {"E2": (0.5, "0%")}, "case.xlsx, sheet labs, row 2, column value: the cell is shown as a percentage"),
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
    assert any(error.startswith(f"small-case/{message}") for error in errors), errors
    assert frames["labs"].height == 0


def test_a_number_keeps_the_decimals_that_the_sheet_shows(tmp_path):
    frames, _ = read_case(workbook(tmp_path, "labs", {"E2": (150, "0.0"), "E4": (9.3, "General")}), params())
    reported = dict(frames["labs"].select("row_id", "value_reported").iter_rows())
    assert (reported["P1"], reported["HB"]) == ("150.0", "9.3")


def test_an_unknown_sheet_names_the_nearest(tmp_path):
    folder = write_case(tmp_path, {name: None for name in SMALL_CASE if name.endswith(".csv")})
    book = Workbook()
    book.active.title = "lab"
    book.save(folder / "case.xlsx")
    _, problems = read_case(folder, params())
    assert "small-case/case.xlsx, sheet lab: a case has no such sheet (allowed: did you mean 'labs'?)" in map(
        str, problems
    )


def test_what_is_no_workbook_is_said_so(tmp_path):
    folder = write_case(tmp_path, {name: None for name in SMALL_CASE if name.endswith(".csv")})
    (folder / "case.xlsx").write_bytes(b"PK")
    _, problems = read_case(folder, params())
    assert "the file cannot be read as an Excel workbook (BadZipFile)" in [p.what for p in problems]


def test_merged_cells_are_refused(tmp_path):
    twin = workbook(tmp_path, "events", {})
    from openpyxl import load_workbook

    book = load_workbook(twin / "case.xlsx")
    book["events"].merge_cells("A2:B2")
    book.save(twin / "case.xlsx")
    _, problems = read_case(twin, params())
    assert any("sheet events: cells are merged: A2:B2" in str(p) for p in problems)


def test_the_rows_of_a_workbook_count_as_the_sheet_counts_them(tmp_path):
    twin = workbook(tmp_path, "events", {"A4": "LATE", "B4": "surgery", "C4": "D3"})
    frames, _ = read_case(twin, params())
    assert frames["events"].filter(pl.col("row_id") == "LATE")["raw_row"].to_list() == [4]
