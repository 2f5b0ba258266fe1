"""`labs_wide.csv`: one row for each time and one column for each analyte, taken apart into rows as `labs.csv` has them.

The first rows may say something of whole columns: their `when` is one of `reference`, `read_as`, `method` or `note`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from casetrace.core.errors import Problem
from casetrace.extract.raw_tables import FORMS, RawRow
from casetrace.values.suggestions import about_value
from casetrace.vocabulary import Quantity, Terms, plain

FILE = "labs_wide.csv"
LABS = "labs.csv"

#: Words in `when` whose cells hold for the whole column.
OF_COLUMN = ("reference", "read_as", "method", "note")
_OWN = FORMS[FILE].columns
_HEAD = re.compile(r"(?P<analyte>[^\[\]]+?)\s*(?:\[(?P<unit>.*)\])?")
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})|(?P<above>>=?\s*{_NUMBER})|(?P<below><=?\s*{_NUMBER})"
)


@dataclass(frozen=True)
class Column:
    """One analyte column: the cells that every result of it shares, and the name that ends the ids of its rows."""

    head: str
    cells: Mapping[str, str]
    name: str


def melt_wide_labs(
    tables: Mapping[str, list[RawRow]], analytes: Terms[Quantity]
) -> tuple[dict[str, list[RawRow]], list[Problem]]:
    """The tables of a case with the results of `labs_wide.csv` among those of `labs.csv`.

    An empty cell is no result. A row has the id `W5.platelets` (the row of the file, the vocabulary name of the
    analyte), or begins with the id that is typed for its time: `T5.platelets`. Problems name the cell of the wide file.

    Args:
        tables: Rows of every sheet; `labs_wide.csv` may be missing.
        analytes: For the names in the ids.
    """
    rows = tables.get(FILE)
    if rows is None:
        return dict(tables), []
    shared = [row for row in rows if row.get("when") in OF_COLUMN]
    problems = _misplaced(rows, shared)
    columns: dict[str, Column] = {}
    for head in dict.fromkeys(head for row in rows for head in row.cells if head not in _OWN):
        column, found = _column(head, rows[0], shared, analytes)
        problems += found
        twin = next((other for other in columns.values() if column and other.name == column.name), None)
        if column is not None and twin is not None:
            what = f"the analyte stands already in the column '{twin.head}'"
            problems.append(Problem(FILE, 1, head, what, "one column for each analyte"))
        elif column is not None:
            columns[head] = column
    results = [
        _result(row, column) for row in rows if row not in shared for column in columns.values() if row.get(column.head)
    ]
    joined = {name: found for name, found in tables.items() if name != FILE}
    return joined | {LABS: [*joined.get(LABS, []), *results]}, problems


def _misplaced(rows: list[RawRow], shared: list[RawRow]) -> list[Problem]:
    """Rows about columns stand first, once each and without an id; any other row has a time or says so."""
    problems = []
    for index, row in enumerate(shared):
        word = row.get("when")
        if row is not rows[index]:
            problems.append(row.problem("when", f"'{word}' says something of the columns", "such rows first"))
        if word in [other.get("when") for other in shared[:index]]:
            problems.append(row.problem("when", f"'{word}' stands twice", "each such row once"))
        problems += [
            row.problem(own, "a row about columns has no such cell", "empty") for own in _OWN[1:] if row.get(own)
        ]
    return problems


def _column(
    head: str, first: RawRow, shared: list[RawRow], analytes: Terms[Quantity]
) -> tuple[Column | None, list[Problem]]:
    match = _HEAD.fullmatch(head)
    if match is None:
        return None, [
            Problem(first.file, 1, head, "the heading is not an analyte with its unit", "platelets [10^9/L]; INR")
        ]
    cells = {"analyte": match["analyte"]} | ({"unit": match["unit"].strip()} if (match["unit"] or "").strip() else {})
    problems: list[Problem] = []
    for row in shared:
        text = row.get(head)
        word = row.get("when")
        if text is None or word is None:
            continue
        if word != "reference":
            cells[word] = text
        elif (limits := _limits(text)) is not None:
            cells |= limits
        else:
            what = f"'{text}' is not a reference range"
            rule = "150..400, <1.5, <=30, >0.50, >=80, the lower number first"
            problems.append(row.problem(head, what, about_value(text, rule)))
    term = analytes.find(match["analyte"])
    name = term.name if term else re.sub(r"\W+", "_", plain(match["analyte"])).strip("_")
    return Column(head, cells, name), problems


def _limits(text: str) -> dict[str, str] | None:
    """A reference range as the two cells of `labs.csv`; None when it is none."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    if match["low"] is not None:
        return (
            {"ref_low": match["low"], "ref_high": match["high"]}
            if float(match["low"]) <= float(match["high"])
            else None
        )
    return {"ref_low": match["above"]} if match["above"] else {"ref_high": match["below"]}


def _result(row: RawRow, column: Column) -> RawRow:
    """One cell as a row of `labs.csv`; it is reported under the place of the wide cell."""
    own = {name: text for name in _OWN if (text := row.get(name)) is not None and name != "id"}
    cells = own | dict(column.cells) | {"value": row.cells[column.head]}
    if unit := column.cells.get("read_as"):
        cells["read_as"] = f"{row.cells[column.head]} {unit}"
    place = f"column {column.cells['analyte']}"
    cells["evidence"] = f"{own['evidence']}; {place}" if "evidence" in own else place
    notes = [text for text in (own.get("note"), column.cells.get("note")) if text]
    if notes:
        cells["note"] = "; ".join(notes)
    made = f"{row.get('id') or f'W{row.row}'}.{column.name}"
    return RawRow(row.file, row.row, cells, made_id=made, wide_head=column.head)
