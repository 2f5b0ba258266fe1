"""The source of a case as a sheet of its workbook: the same keys as source.yaml, told with their rows."""

import pytest
from casetrace.extract.case_folder import read_case
from casetrace.extract.source_keys import keys_of, read_keys
from openpyxl import load_workbook

from tests.case_builder import params, sheet, write_case
from tests.extract.test_source_file import FULL, QUIET
from tests.workbooks import to_workbook

ROWS = """
key | value | meaning
case_id | small-case |
citation.authors | A B; C D | a semicolon between two
citation.year | 2020 |
title | A small case | in your own words
clocks.POD.0 | @OP |
clocks.HD.1 | |
"""


def test_rows_become_the_keys_of_the_yaml_file():
    keys = keys_of(sheet(ROWS))
    assert keys.values == {
        "case_id": "small-case",
        "citation": {"authors": ["A B", "C D"], "year": "2020"},
        "title": "A small case",
        "clocks": {"POD": {"0": "@OP"}},
    }
    assert (keys.row("title"), keys.row("citation"), keys.row("licence"), keys.problems) == (5, 3, None, [])


def test_a_full_source_is_the_same_from_both(tmp_path):
    folder = write_case(tmp_path / "yaml", {**QUIET, "source.yaml": FULL})
    twin = to_workbook(folder, tmp_path / "sheet" / folder.name, with_source=True)
    assert read_keys(twin).values is not None
    (left, problems), (right, same) = read_case(folder, params()), read_case(twin, params())
    assert (problems, same) == ([], [])
    assert left["sources"].equals(right["sources"])
    assert left["cases"].equals(right["cases"])


def with_source_rows(tmp_path, **rows):
    """The small case as a workbook with some keys of its sheet replaced; None deletes the row."""
    twin = to_workbook(write_case(tmp_path / "csv"), tmp_path / "xlsx" / "small-case", with_source=True)
    book = load_workbook(twin / "case.xlsx")
    keys = {row[0].value: row[0].row for row in book["source"].iter_rows()}
    for key, value in rows.items():
        if value is None:
            book["source"].delete_rows(keys[key])
        else:
            book["source"].cell(row=keys[key], column=2, value=value)
    book.save(twin / "case.xlsx")
    return twin


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"title": ""}, "row 3, key title: the key has no value (allowed: the case in your own words)"),
        (
            {"licence": None},
            "key licence: the key is missing (allowed: the licence of the article, or what is known of it)",
        ),
        ({"status": "Draft"}, "row 9, key status: 'Draft' is not a choice (did you mean 'draft'?)"),
        (
            {"curators": "A B, C D"},
            "row 8, key curators: 'A B, C D' holds a comma (allowed: a semicolon between two names",
        ),
        ({"clocks.POD.0": "@OPP"}, "row 14, key clocks.POD: no row of this case has the id 'OPP' (did you mean 'OP'?)"),
        ({"title": "=A1"}, "row 3, column value: the cell holds a formula, =A1"),
    ],
)
def test_faults_name_the_row_of_the_sheet(tmp_path, rows, message):
    _, problems = read_case(with_source_rows(tmp_path, **rows), params())
    errors = [str(p) for p in problems if p.severity == "error"]
    assert any(error.startswith(f"small-case/case.xlsx, sheet source, {message}") for error in errors), errors
    assert len(errors) <= 2, errors


@pytest.mark.parametrize(
    ("text", "row", "column", "what"),
    [
        ("key | value\ntitle | a\ntitle | b\n", 3, "title", "the key stands already in row 2"),
        ("key | value\n | b\n", 2, "key", "the value has no key"),
        (
            "key | value\ncitation | Blood\ncitation.year | 2005\n",
            3,
            "citation.year",
            "'citation' has a value of its own",
        ),
        ("key | value\ncitation.year | 2005\ncitation | Blood\n", 3, "citation", "'citation' has rows of its own"),
        ("key | values\ntitle | a\n", 1, "values", "the sheet has no such column"),
    ],
)
def test_faults_of_the_sheet_itself(text, row, column, what):
    assert (row, column, what) in [(p.row, p.column, p.what) for p in keys_of(sheet(text)).problems]


def test_a_source_told_twice_is_refused(tmp_path):
    twin = with_source_rows(tmp_path)
    (twin / "source.yaml").write_text("case_id: small-case\n", encoding="utf-8")
    _, problems = read_case(twin, params())
    assert [str(p) for p in problems] == [
        "small-case/case.xlsx, sheet source: the folder tells its source twice: here and in source.yaml (allowed: either "
        "the sheet or source.yaml)"
    ]


def test_a_workbook_without_any_source_is_told_so(tmp_path):
    twin = with_source_rows(tmp_path)
    book = load_workbook(twin / "case.xlsx")
    book.remove(book["source"])
    book.save(twin / "case.xlsx")
    _, problems = read_case(twin, params())
    assert [p.what for p in problems] == ["the file is missing, and case.xlsx has no sheet 'source'"]


def test_a_hidden_row_of_the_source_is_read_and_warned_of(tmp_path):
    twin = with_source_rows(tmp_path)
    book = load_workbook(twin / "case.xlsx")
    book["source"].row_dimensions[3].hidden = True
    book.save(twin / "case.xlsx")
    frames, problems = read_case(twin, params())
    assert [p.what for p in problems] == ["hidden rows: 3, and read all the same"]
    assert frames["cases"]["title"].to_list() == ["A small case for tests"]
