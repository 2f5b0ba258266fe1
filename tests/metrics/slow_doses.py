"""Slow plain-Python twins of the dose metrics, and random doses whose true course is drawn inside their bounds."""

from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from tests.spec import OBSERVED

WINDOW = 1440


@dataclass(frozen=True)
class Given:
    """What was truly given: a constant rate per hour over [start, end), or, without an end, all at once."""

    start: int
    amount: Fraction
    end: int | None = None


def in_window(doses: list[Given], first: int, last: int, *, last_is_open: bool) -> Fraction:
    """Amount in (first, last], or in [first, last) when the last instant is left out."""
    total = Fraction(0)
    for dose in doses:
        if dose.end is None:
            inside = first <= dose.start < last if last_is_open else first < dose.start <= last
            total += dose.amount if inside else 0
        else:
            total += dose.amount * max(0, min(last, dose.end) - max(first, dose.start)) / 60
    return total


def fullest_24h(doses: list[Given]) -> Fraction:
    """Supremum over every real t: linear in between, so only breakpoints and their left limits count."""
    ends = [(dose.start, dose.end if dose.end is not None else dose.start) for dose in doses]
    instants = {t + shift for pair in ends for t in pair for shift in (0, WINDOW)}
    return max(
        (in_window(doses, t - WINDOW, t, last_is_open=left) for t in instants for left in (False, True)),
        default=Fraction(0),
    )


def day_total(doses: list[Given], day: int) -> Fraction:
    return in_window(doses, day * WINDOW, (day + 1) * WINDOW, last_is_open=True)


def total(doses: list[Given]) -> Fraction:
    return sum((d.amount if d.end is None else d.amount * (d.end - d.start) / 60 for d in doses), Fraction(0))


@dataclass
class Typed:
    """One dose row as typed, with what is needed to draw a true course of it."""

    id: str
    kind: str
    amount: tuple[int, int]
    start: tuple[int, int]
    end: tuple[int, int] | None = None
    length: int | None = None
    follows: str | None = None
    is_open: bool = False

    def line(self) -> str:
        low, high = self.amount
        amount = str(low) if low == high else f"{low}..{high}"
        start = f"@{self.follows}.end" if self.follows else _text(self.start)
        end = "" if self.is_open or self.kind == "bolus" else f"+{self.length}min" if self.length else _text(self.end)
        return f"{self.id} | {self.kind} | {amount} | {start} | {end}"


@dataclass
class Course:
    """The dose rows of one case."""

    rows: list[Typed] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join(["id | kind | amount | start | end", *(row.line() for row in self.rows)])

    def draw(self, random: Random) -> list[Given]:
        """One true course inside the bounds; totals are given in up to three parts anywhere in their span."""
        ends: dict[str, int] = {}
        given: list[Given] = []
        for row in self.rows:
            amount = Fraction(random.randint(*row.amount))
            start = ends[row.follows] if row.follows else random.randint(*row.start)
            if row.kind == "bolus":
                given.append(Given(start, amount))
                continue
            end = ends[row.id] = _true_end(row, start, random)
            if row.kind == "infusion":
                given.append(Given(start, amount, end))
            else:
                places = [random.randrange(start, max(end, start + 1)) for _ in range(random.randint(1, 3))]
                given += [Given(place, amount / len(places)) for place in places]
        return given

    def best(self) -> list[Given] | None:
        """The course at the midpoints; None when a midpoint does not exist or they are in the wrong order."""
        ends: dict[str, int] = {}
        given: list[Given] = []
        for row in self.rows:
            amount = Fraction(sum(row.amount), 2)
            start = ends[row.follows] if row.follows else sum(row.start) // 2
            if row.kind == "bolus":
                given.append(Given(start, amount))
                continue
            if row.is_open or (row.end is None and not row.length):
                return None
            end = ends[row.id] = start + row.length if row.length else sum(row.end or (0, 0)) // 2
            if end < start:
                return None
            if row.kind == "infusion":
                given.append(Given(start, amount, end))
            else:
                given.append(Given(start, amount) if end == start else Given(start, amount * 60 / (end - start), end))
        return given


def _true_end(row: Typed, start: int, random: Random) -> int:
    if row.length:
        return start + row.length
    low, high = (start, OBSERVED[1]) if row.is_open or row.end is None else row.end
    return random.randint(max(start, low), max(start, high))


def _text(span: tuple[int, int] | None) -> str:
    assert span is not None
    return str(span[0]) if span[0] == span[1] else f"{span[0]}..{span[1]}"
