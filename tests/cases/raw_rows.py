"""Raw tables of the transcribed cases and their fact sheets, cell by cell as typed, without the package's reader."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = ROOT.parent / "shared" / "cases"
CASES = ROOT / "data" / "raw" / "case_reports"

Row = dict[str, str]
WIDE_OWN = ("when", "id", "order", "evidence", "note")
WIDE_COLUMNS = ("reference", "read_as", "method", "note")


def rows(case: str, table: str) -> list[Row]:
    """The rows of one raw table, every cell as typed; a table that is left out has none."""
    path = CASES / case / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def wide_labs(case: str) -> list[Row]:
    """The cells of `labs_wide.csv` as rows, taken apart here a second time."""
    typed = rows(case, "labs_wide")
    about = {row["when"]: row for row in typed if row["when"] in WIDE_COLUMNS}
    found = []
    for row in typed:
        for head in (h for h in row if h not in WIDE_OWN and row[h] and row["when"] not in WIDE_COLUMNS):
            analyte, _, unit = head.removesuffix("]").partition(" [")
            low, _, high = about.get("reference", {}).get(head, "").partition("..")
            reading = about.get("read_as", {}).get(head, "")
            found.append({
                "id": f"{row['id']} {analyte}", "when": row["when"], "analyte": analyte, "value": row[head],
                "unit": unit,
                "ref_low": low, "ref_high": high, "read_as": f"{row[head]} {reading}" if reading else "",
            })  # fmt: skip
    return found


def labs(case: str) -> list[Row]:
    """Every laboratory row of both forms."""
    return rows(case, "labs") + wide_labs(case)


def by_id(case: str, table: str) -> dict[str, Row]:
    """The rows that have an id, by that id."""
    return {row["id"]: row for row in rows(case, table) if row.get("id")}


def sheet_table(case: str, heading: str) -> list[Row]:
    """One markdown table of the fact sheet as rows; skips when the sheets are absent."""
    path = SHEETS / f"{case}.md"
    if not path.exists():
        pytest.skip(f"needs the fact sheets in {SHEETS.parent.name}/{SHEETS.name} beside the repository")
    section = path.read_text(encoding="utf-8").split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [[c.strip() for c in ln.strip().strip("|").split("|")] for ln in section.splitlines() if ln[:1] == "|"]
    declared = int(section.split("(", 1)[1].split(")", 1)[0])
    assert len(lines) - 2 == declared, f"{case}: the sheet says {declared} rows under {heading}"
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]
