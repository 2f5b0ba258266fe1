"""Claims typed as one line each, in a case folder, from its sheets to the verdict."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tests.case_builder import sheet, tables

HEADING = "id | claim | compute | of | from | to | window | per | comparator | value | unit | gave | complete"
COLUMNS = HEADING.split(" | ")


def claims(*lines: str, **cells: str) -> str:
    """claims.csv with one row for each line of `compute | of | from | to | ...` in words: `max | of=aptt | value=90`."""
    rows = [
        dict(part.split("=", 1) for part in line.split(" | ")[1:]) | {"compute": line.split(" | ")[0]} for line in lines
    ]
    full = [{"id": f"C{n}", "claim": "words"} | cells | row for n, row in enumerate(rows, start=1)]
    return sheet("\n".join([HEADING, *(" | ".join(row.get(c, "") for c in COLUMNS) for row in full)]))


def folder(parent: Path, sheets: Mapping[str, str | None], *lines: str) -> dict[str, pl.DataFrame]:
    """Canonical tables of a case with these sheets and claims; sheets that are not named are left out."""
    names = ("patient.csv", "targets.csv", "labs.csv", "doses.csv", "events.csv", "findings.csv", "scores.csv")
    return tables(parent, dict.fromkeys(names) | dict(sheets) | {"claims.csv": claims(*lines)})


def plain(text: str) -> str:
    """A sentence with plain spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")
