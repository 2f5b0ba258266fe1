"""The time cells of a case: registered row by row, then resolved together."""

from dataclasses import replace

from casetrace.core.errors import CellError, Problem
from casetrace.extract.case_reading import Case, Row
from casetrace.values.timeline import Expression, Node, NotStated, Part, Place, SameAsStart, Timeline
from casetrace.values.times import ClockDay, Point, TimeExpr, parse_end, parse_time

CLAIM_FILES = ("claims.csv", "checks.csv")
#: Which instants of a claim its cells are.
CLAIM_ENDS: tuple[tuple[Part, str], ...] = (("start", "from"), ("end", "to"))


def resolve_times(case: Case, timeline: Timeline) -> None:
    """Fill `case.instants` and note every time cell that cannot be read or resolved."""
    refused: set[Node] = set()
    for file, rows in case.rows.items():
        for row in rows:
            _add_row(case, timeline, file, row, refused)
    found, problems = timeline.resolve(refused)
    case.instants.update(found)
    case.problems += problems
    case.problems += _outside_observed(case)


def _add_row(case: Case, timeline: Timeline, file: str, row: Row, refused: set[Node]) -> None:
    if file in CLAIM_FILES:
        for part, column in CLAIM_ENDS:
            timeline.add(Node(row.id, part), _of_claim(case, row.get(column)), Place(file, row.raw.row, column))
        return
    start_column = "start" if file in ("doses.csv", "targets.csv") else "when"
    cells: list[tuple[Node, str, Expression | None]] = [
        (Node(row.id, "start"), start_column, _start(case, row, start_column))
    ]
    if file in ("doses.csv", "targets.csv"):
        cells.append((Node(row.id, "end"), "end", _end(case, row, row.get("kind"))))
    for node, column, expression in cells:
        if expression is None:
            refused.add(node)
        else:
            timeline.add(node, expression, Place(row.raw.file, row.raw.row, column))


def _of_claim(case: Case, text: str | None) -> TimeExpr:
    """`from` or `to` of a claim, where an id may stand without its sign; a name is no time."""
    known = text is not None and text.removesuffix(".end") in case.ids
    try:
        found = parse_time(f"@{text}" if known else text)
    except CellError:
        return parse_time(None)
    # P9 may be a slip of an id as well as of a day.
    is_day = isinstance(found, Point) and isinstance(found.base, ClockDay)
    return parse_time(None) if is_day and found.base.clock not in case.source.clocks else found  # type: ignore[union-attr]


def _start(case: Case, row: Row, column: str) -> TimeExpr | None:
    try:
        return parse_time(row.get(column))
    except CellError as error:
        case.error(row, column, error.what, error.allowed)
        return None


def _end(case: Case, row: Row, kind: str | None) -> Expression | None:
    """The end of a dose or target. Of a single bolus it is the start; of a transfusion, where none is typed."""
    text = row.get("end")
    if kind in ("bolus", "dose") and row.get("every") is None:
        if text is not None:
            case.error(row, "end", f"a {kind} is an instant", "no end; kind total for an amount over a span")
        return SameAsStart()
    if text is None:
        return SameAsStart() if kind == "transfusion" and row.get("every") is None else NotStated()
    try:
        return parse_end(text)
    except CellError as error:
        case.error(row, "end", error.what, error.allowed)
        return None


def _outside_observed(case: Case) -> list[Problem]:
    """A warning for each typed time that surely lies outside what the source covers."""
    problems = []
    for rows in case.rows.values():
        for row in rows:
            problems += [
                replace(row.raw.problem(column, f"'{text}' lies outside `observed` in source.yaml"), severity="warning")
                for part, column, text in _typed_times(row)
                if _is_outside(case, Node(row.id, part))
            ]
    return problems


def _typed_times(row: Row) -> list[tuple[Part, str, str]]:
    cells: list[tuple[Part, str]] = [("start", "start"), ("start", "when"), ("end", "end")]
    return [(part, column, text) for part, column in cells if (text := row.get(column)) is not None]


def _is_outside(case: Case, node: Node) -> bool:
    instant, observed = case.instants.get(node), case.source.observed
    return instant is not None and (instant.latest < observed.start or instant.earliest > observed.end)
