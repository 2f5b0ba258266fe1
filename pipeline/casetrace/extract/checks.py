"""Checks across the rows of one case: ids, rows typed twice, and steps against times."""

from collections.abc import Iterable

from casetrace.core.errors import CellError, Problem
from casetrace.extract.case_reading import Case, Row
from casetrace.extract.raw_tables import RawRow
from casetrace.values.timeline import Node
from casetrace.values.times import check_row_id

#: Two rows that differ in nothing else are one row typed twice.
_NOT_COMPARED = ("id", "note", "evidence")


def with_ids(tables: dict[str, list[RawRow]]) -> tuple[dict[str, list[Row]], list[Problem]]:
    """Rows with their ids: the id typed, or file.row; an id stands once in a case.

    A row whose id is refused goes by its place, so that the rest of it can be checked all the same.
    """
    problems: list[Problem] = []
    first: dict[str, RawRow] = {}
    rows: dict[str, list[Row]] = {}
    for file, raws in tables.items():
        rows[file] = []
        for raw in raws:
            typed = raw.made_id or raw.get("id")
            row_id = f"{file.removesuffix('.csv')}.{raw.row}"
            if typed is not None:
                refused = _id_problems(raw, typed, first)
                problems += refused
                first.setdefault(typed, raw)
                row_id = row_id if refused else typed
            rows[file].append(Row(row_id, raw))
    return rows, problems


def _id_problems(raw: RawRow, typed: str, first: dict[str, RawRow]) -> list[Problem]:
    try:
        check_row_id(typed if raw.made_id is None else typed.partition(".")[0])
    except CellError as error:
        return [raw.problem("id", error.what, error.allowed)]
    if typed in first:
        other = first[typed]
        return [raw.problem("id", f"the id '{typed}' stands already in {other.file}, row {other.row}", "each id once")]
    return []


def typed_twice(rows: Iterable[Row]) -> list[Problem]:
    """One problem per row that repeats an earlier one of its file."""
    seen: dict[tuple[tuple[str, str], ...], Row] = {}
    problems = []
    for row in rows:
        key = tuple(sorted((c, text) for c, text in row.raw.cells.items() if c not in _NOT_COMPARED))
        other = seen.setdefault(key, row)
        if other is not row:
            what = f"the row repeats row {other.raw.row} in every column but id, evidence and note"
            problems.append(row.raw.problem(None, what, "one row; or `order` where the source gives two results"))
    return problems


def steps_against_times(case: Case) -> list[Problem]:
    """Within one study day a later step cannot lie surely before an earlier one.

    Steps may begin anew on another day, so rows of different days are not compared.
    """
    by_day: dict[int, list[tuple[int, Row, int, int]]] = {}
    for row in (row for rows in case.rows.values() for row in rows):
        text = row.get("order")
        when = case.instants.get(Node(row.id, "start"))
        if text is not None and text.isdigit() and when is not None and when.day is not None:
            by_day.setdefault(when.day, []).append((int(text), row, when.earliest, when.latest))
    problems = []
    for steps in by_day.values():
        steps.sort(key=lambda step: step[0])
        for index, (step, row, _, latest) in enumerate(steps):
            for earlier_step, earlier, earliest, _ in steps[:index]:
                if earlier_step < step and latest < earliest:
                    what = f"step {step} lies before step {earlier_step} of '{earlier.id}' by its time"
                    problems.append(row.raw.problem("order", what, "steps in the order of the times"))
    return problems
