"""Findings of a case folder: one finding told in two places."""

import pytest

from tests.case_builder import read, rows, sheet, tables

TWO_PLACES = """
    id   | finding           | status  | grade | site | when | same_as
    TEXT | venous thrombosis | present | new   | arm  | D3   |
    FIG  | venous thrombosis | present | new   | arm  | D4   | {}
    ARM  | bleeding          | absent  |       |      |      | {}
    """


def test_both_rows_stay_and_the_second_names_the_first(tmp_path):
    found = tables(tmp_path, {"findings.csv": sheet(TWO_PLACES.format("TEXT", "")), "claims.csv": None})["findings"]
    assert rows(found, "row_id", "day", "same_as") == [("TEXT", 3, None), ("FIG", 4, "TEXT"), ("ARM", None, None)]


@pytest.mark.parametrize(
    ("second", "third", "row", "what", "allowed"),
    [
        ("TEXTS", "", 3, "no row of findings.csv has the id 'TEXTS'", "did you mean 'TEXT'?"),
        ("WT", "", 3, "no row of findings.csv has the id 'WT'", "the id of another finding"),
        ("FIG", "", 3, "the row names itself", "the id of another finding"),
        ("TEXT", "FIG", 4, "'FIG' is itself told to be the same as 'TEXT'", "TEXT for both"),
        (
            "TEXT",
            "TEXT",
            4,
            "'TEXT' is another finding or status: venous thrombosis, present",
            "a row of the same finding",
        ),
    ],
)
def test_what_same_as_may_name(tmp_path, second, third, row, what, allowed):
    _, problems = read(tmp_path, {"findings.csv": sheet(TWO_PLACES.format(second, third)), "claims.csv": None})
    (found,) = [problem for problem in problems if problem.severity == "error"]
    assert (found.row, found.column, found.what) == (row, "same_as", what)
    assert found.allowed.startswith(allowed)
