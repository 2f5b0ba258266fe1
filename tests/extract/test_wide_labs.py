"""`labs_wide.csv`: each cell becomes a row of the laboratory table, with its place; faults name the cell of the file."""

from pathlib import Path

import pytest

from tests.case_builder import read, rows, sheet, tables

WIDE = """
when      | id | order | evidence       | note  | platelets [10^9/L] | CRP [mg/dL] | SC [U/L]         | aPTT
reference |    |       |                |       | 150..400           | <0.5        |                  |
read_as   |    |       |                |       |                    |             | mg/dL            |
note      |    |       |                |       |                    |             | unit cannot be   | no unit printed
D3        | T3 |       | Table 1, day 3 |       | 240                |             | 2.0              | 31
D4T06:00  |    | 1     |                | fever | <20                | 12          |                  |
"""


def labs_of(parent: Path, wide: str = WIDE) -> dict[str, dict[str, object]]:
    frame = tables(parent, {"labs_wide.csv": sheet(wide)})["labs"]
    return {row["row_id"]: row for row in frame.iter_rows(named=True) if row["raw_file"] == "labs_wide.csv"}


def test_each_cell_with_text_is_one_row(tmp_path: Path) -> None:
    found = labs_of(tmp_path)
    assert list(found) == ["T3.platelets", "T3.creatinine", "T3.aptt", "W6.platelets", "W6.crp"]
    count = found["T3.platelets"]
    assert (count["value"], count["unit"], count["ref_low"], count["ref_high"]) == (240.0, "10*9/L", 150.0, 400.0)
    assert (count["raw_row"], count["evidence"], count["note"]) == (5, "Table 1, day 3; column platelets", None)
    assert count["day"] == 3


def test_what_holds_for_a_column_reaches_its_rows(tmp_path: Path) -> None:
    found = labs_of(tmp_path)
    creatinine = found["T3.creatinine"]
    assert creatinine["value"] == pytest.approx(176.8)
    assert (creatinine["value_reported"], creatinine["unit_reported"]) == ("2.0", "U/L")
    assert (creatinine["read_as"], creatinine["note"]) == ("2.0 mg/dL", "unit cannot be")
    assert (found["T3.aptt"]["value"], found["T3.aptt"]["unit"]) == (31.0, "s")
    crp = found["W6.crp"]
    assert (crp["ref_low"], crp["ref_high"], crp["ref_high_reported"]) == (None, 5.0, "<0.5")
    assert (crp["note"], crp["order"], crp["time_min"], crp["evidence"]) == ("fever", 1, 4 * 1440 + 360, "column CRP")


def test_a_wide_table_says_what_the_long_one_says(tmp_path: Path) -> None:
    long = """
    id  | when | analyte   | value | unit   | ref_low | ref_high
    L1  | D5   | platelets | 180   | 10^9/L | 150     | 400
    L2  | D5   | Hb        | 9.1   | g/dL   |         |
    """
    wide = """
    when      | platelets [10^9/L] | Hb [g/dL]
    reference | 150..400           |
    D5        | 180                | 9.1
    """
    left = tables(tmp_path / "long", {"labs.csv": sheet(long), "claims.csv": None})["labs"]
    right = tables(tmp_path / "wide", {"labs.csv": None, "labs_wide.csv": sheet(wide), "claims.csv": None})["labs"]
    columns = [c for c in left.columns if c not in ("row_id", "raw_file", "raw_row", "evidence", "anchor")]
    assert rows(left, *columns) == rows(right, *columns)
    assert right["row_id"].to_list() == ["W3.platelets", "W3.hemoglobin"]


def test_claims_name_cells_of_the_wide_table(tmp_path: Path) -> None:
    claims = """
    id | claim           | compute | from         | to
    C1 | platelets rose  | change  | T3.platelets | W6.platelets
    C2 | no such cell    | change  | T3.platelets | T9.platelets
    """
    _, problems = read(tmp_path, {"labs_wide.csv": sheet(WIDE), "claims.csv": sheet(claims)})
    assert [(p.row, p.column, p.what) for p in problems if p.severity == "error"] == [
        (3, "to", "no row of this case has the id 'T9.platelets'")
    ]


ONE = "when | platelets [10^9/L] | CRP [mg/L]\nD3 | 240 | 5\n"


@pytest.mark.parametrize(
    ("wide", "place", "what"),
    [
        (ONE.replace("240", "240 U"), (2, "platelets [10^9/L]"), "'240 U' is not a value"),
        (ONE.replace("10^9/L", "mmol/L"), (1, "platelets [mmol/L]"), "'mmol/L' cannot be converted to x10^9/L for platelets"),
        (ONE.replace("D3", "3"), (2, "when"), "'3' is not a time"),
        (ONE.replace("CRP [mg/L]", "PLT [/uL]"), (1, "PLT [/uL]"), "the analyte stands already in the column 'platelets [10^9/L]'"),
        (ONE.replace("CRP [mg/L]", "[mg/L]"), (1, "[mg/L]"), "the heading is not an analyte with its unit"),
        (ONE.replace("CRP [mg/L]", "value"), (1, "value"), "the sheet has no such column"),
        (ONE.replace("CRP [mg/L]", "evidnce"), (1, "evidnce"), "the sheet has no such column"),
        (ONE.replace("platelets", "platelts"), (1, "platelts [10^9/L]"), "'platelts' is not in the vocabulary"),
        (ONE + "reference | 150..400 | <5\n", (3, "when"), "'reference' says something of the columns"),
        (ONE.replace("D3", "reference | 400..150 | \nD3"), (2, "platelets [10^9/L]"), "'400..150' is not a reference range"),
        (ONE + "D3 | 240 | 5\n", (3, "CRP [mg/L]"), "the row repeats row 2 in every column but id, evidence and note"),
        ("when | id | INR\nD3 | T | 1.1\nD4 | T | 1.2\n", (3, "id"), "the id 'T.inr' stands already in labs_wide.csv, row 2"),
        ("when | id | INR\nD3 | 3 | 1.1\n", (2, "id"), "'3' is not an id"),
        ("id | INR\nT | 1.1\n", (1, "when"), "the column is missing"),
    ],
)  # fmt: skip
def test_a_fault_is_told_once_at_its_cell(tmp_path: Path, wide: str, place: tuple[int, str | None], what: str) -> None:
    _, problems = read(tmp_path, {"labs_wide.csv": sheet(wide)})
    errors = [p for p in problems if p.severity == "error"]
    assert [(p.file, p.row, p.column, p.what) for p in errors][:1] == [("small-case/labs_wide.csv", *place, what)]
    assert len({p for p in problems if (p.row, p.column) == place}) == 1
