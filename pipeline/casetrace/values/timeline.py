"""All time cells of one case together: references followed, circles and unknown rows named.

Each cell defines one *node*: the start (or time) of a row, its end, or the origin of a clock. A circle is judged per
node, so a row may start at the end of another whose start rests on the first.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Literal, NamedTuple

from casetrace.core.errors import CellError, Problem
from casetrace.values import instants
from casetrace.values.instants import Instant, Observed, Tolerance
from casetrace.values.times import ClockDay, Day, Distance, Length, Point, Reference, TimeExpr, Unknown

Part = Literal["start", "end", "clock"]


class Node(NamedTuple):
    """One instant of a case: `row` is a row id or the name of a clock."""

    row: str
    part: Part

    @property
    def name(self) -> str:
        """As it is written in a reference: ID, or ID.end."""
        return f"{self.row}.end" if self.part == "end" else self.row


@dataclass(frozen=True)
class SameAsStart:
    """The end of a row that is an instant."""


@dataclass(frozen=True)
class NotStated:
    """An end that the source does not tell."""


Expression = TimeExpr | Length | SameAsStart | NotStated


class Place(NamedTuple):
    """The cell that a node was typed in."""

    file: str
    row: int | None
    column: str

    def problem(self, what: str, allowed: str) -> Problem:
        """An error in this cell."""
        return Problem(self.file, self.row, self.column, what, allowed)


@dataclass(frozen=True)
class Clock:
    """A count of the source, by the instant of one of its numbers."""

    number: int
    expression: TimeExpr
    place: Place


class Timeline:
    """The time cells of one case."""

    def __init__(self, observed: Observed, tolerance: Tolerance, clocks: Mapping[str, Clock]) -> None:
        self._observed = observed
        self._tolerance = tolerance
        self._clocks = clocks
        self._cells: dict[Node, tuple[Expression, Place]] = {
            Node(name, "clock"): (clock.expression, clock.place) for name, clock in clocks.items()
        }

    def add(self, node: Node, expression: Expression, place: Place) -> None:
        """Register one cell; ids are unique within a case, which the caller has checked."""
        self._cells[node] = (expression, place)

    def resolve(self, unreadable: Iterable[Node] = ()) -> tuple[dict[Node, Instant], list[Problem]]:
        """Every node that can be resolved, and what is wrong with the others.

        Args:
            unreadable: Nodes whose cells were refused already: what rests on them is left out without a second
                message.

        Returns:
            Instants by node, and one problem per unknown id, circle or impossible interval.
        """
        known = set(self._cells) | set(unreadable)
        problems: list[Problem] = []
        graph: dict[Node, set[Node]] = {}
        for node, (expression, place) in self._cells.items():
            needs = self._needs(node, expression)
            missing = [need for need in needs if need not in known]
            problems += [place.problem(*_unknown(need, known)) for need in missing]
            if not missing:
                graph[node] = needs
        order = self._in_order(graph, problems)
        return self._evaluate(order, problems), problems

    def _needs(self, node: Node, expression: Expression) -> set[Node]:
        if isinstance(expression, Unknown):
            return set()
        if isinstance(expression, Length | SameAsStart | NotStated):
            return {Node(node.row, "start")}
        points = [expression] if isinstance(expression, Point) else [expression.start, expression.end]
        return {need for point in points if point is not None for need in _needs_of(point)}

    def _in_order(self, graph: dict[Node, set[Node]], problems: list[Problem]) -> list[Node]:
        """Nodes after all that they rest on; each circle becomes one problem and is taken out."""
        while True:
            try:
                return list(TopologicalSorter(graph).static_order())
            except CycleError as error:
                circle = list(dict.fromkeys(error.args[1]))
                problems.append(self._circle(circle))
                for node in circle:
                    graph.pop(node, None)

    def _circle(self, circle: list[Node]) -> Problem:
        first = min(circle, key=lambda node: self._cells[node][1])
        # graphlib lists a circle against the direction of the references; start it where a reader would.
        turned = circle[::-1]
        at = turned.index(first)
        names = [node.name for node in (*turned[at:], *turned[:at])]
        rows = ", ".join(sorted({f"{p.file} row {p.row}" for _, p in (self._cells[node] for node in circle)}))
        what = f"the time rests on itself: {' -> '.join([*names, names[0]])} ({rows})"
        return self._cells[first][1].problem(what, "at least one time that is not a reference")

    def _evaluate(self, order: list[Node], problems: list[Problem]) -> dict[Node, Instant]:
        found: dict[Node, Instant] = {}
        for node in order:
            if node not in self._cells:
                continue
            expression, place = self._cells[node]
            if any(need not in found for need in self._needs(node, expression)):
                continue
            try:
                instant = self._instant(node, expression, found)
            except CellError as error:
                problems.append(place.problem(error.what, error.allowed))
                continue
            found[node] = instant if instant.boundary else replace(instant, boundary=node.name)
        return found

    def _instant(self, node: Node, expression: Expression, found: Mapping[Node, Instant]) -> Instant:
        if isinstance(expression, Unknown):
            return instants.unknown(self._observed)
        if isinstance(expression, SameAsStart):
            return found[Node(node.row, "start")]
        if isinstance(expression, NotStated):
            return instants.after_start(found[Node(node.row, "start")], self._observed)
        if isinstance(expression, Length):
            return self._after_length(node.row, expression, found)
        if isinstance(expression, Point):
            return self._point(expression, found)
        start, end = (None if p is None else self._point(p, found) for p in (expression.start, expression.end))
        return replace(
            instants.between(start, end, self._observed),
            not_before=_side(expression.start, later=True),
            not_after=_side(expression.end, later=False),
        )

    def _after_length(self, row: str, length: Length, found: Mapping[Node, Instant]) -> Instant:
        start = found[Node(row, "start")]
        anchored = replace(start, anchor=row, offset=length.minutes)
        end = instants.shift_exact(anchored, length.minutes)
        return instants.about(end, self._tolerance, by_day=False) if length.approximate else end

    def _point(self, point: Point, found: Mapping[Node, Instant]) -> Instant:
        instant = self._base(point.base, found)
        if isinstance(point.base, Reference):
            instant = _moved(instant, point.distance)
        if not point.approximate:
            return instant
        return instants.about(instant, self._tolerance, by_day=_known_to_the_day(point, instant))

    def _base(self, base: Day | ClockDay | Reference, found: Mapping[Node, Instant]) -> Instant:
        if isinstance(base, Day):
            return instants.at_day(base.number, base.minute)
        if isinstance(base, ClockDay):
            clock = self._clocks[base.clock]
            return instants.at_clock_day(found[Node(base.clock, "clock")], base.number - clock.number, base.minute)
        node = Node(base.row, "end" if base.end else "start")
        return replace(found[node], anchor=node.name, offset=0)


def _moved(anchored: Instant, distance: Distance | None) -> Instant:
    """The instant at a distance from its anchor; only a distance in minutes or hours is exact."""
    if distance is None:
        return anchored
    if distance.unit == "min":
        return replace(instants.shift_exact(anchored, distance.amount), offset=distance.amount)
    if distance.unit == "d":
        moved = instants.shift_days(anchored, distance.amount, distance.amount)
    else:
        moved = instants.shift_months(anchored, distance.amount)
    return replace(moved, anchor=anchored.anchor, offset=None)


def _side(point: Point | None, *, later: bool) -> str | None:
    """The row that an instant does not precede (or follow) because it is a side of its interval.

    `@X/..` and `@X+2h/..` are not before X; `@X-2h/..` and `@X~/..` say nothing about X itself.
    """
    if point is None or not isinstance(point.base, Reference) or point.approximate:
        return None
    amount = point.distance.amount if point.distance else 0
    if (amount < 0) if later else (amount > 0):
        return None
    return Node(point.base.row, "end" if point.base.end else "start").name


def _known_to_the_day(point: Point, instant: Instant) -> bool:
    if point.distance is not None:
        return point.distance.unit != "min"
    return instant.form == "day"


def _needs_of(point: Point) -> list[Node]:
    if isinstance(point.base, Reference):
        return [Node(point.base.row, "end" if point.base.end else "start")]
    if isinstance(point.base, ClockDay):
        return [Node(point.base.clock, "clock")]
    return []


def _unknown(need: Node, known: set[Node]) -> tuple[str, str]:
    """What to say of a node that no cell defines."""
    if need.part == "clock":
        clocks = sorted(node.row for node in known if node.part == "clock")
        allowed = ["D", *clocks, f"a new key clocks.{need.row}", "or the id of a row behind an @"]
        return f"no clock '{need.row}' is named in source.yaml", ", ".join(allowed)
    if need.part == "end" and Node(need.row, "start") in known:
        return f"the row '{need.row}' has no end", f"@{need.row}, or the id of a dose"
    ids = sorted({node.row for node in known if node.part != "clock"})
    near = difflib.get_close_matches(need.row, ids, n=1, cutoff=0.6)
    return f"no row of this case has the id '{need.row}'", f"did you mean '{near[0]}'?" if near else "the id of a row"
