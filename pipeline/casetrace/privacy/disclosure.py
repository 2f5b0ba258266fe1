"""What may be told of how many members a cell has, so that nothing published gives a small count back.

Of a corpus that is not public a count is told as a class of ten (11 to 20, 21 to 30) or as "10 or fewer", never as
itself. Two things follow. A difference of any two counts told so can always be 0 or 11 and more, whichever tables the
two stand in. And within one table, whose cells part the cases, the classes are widened until the sum, too, leaves
every cell open enough. The rules are in docs/privacy.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

#: The smallest count that may be shown of a corpus that is not public (the rule of CMS and of many ethics boards).
SMALLEST_CELL = 11
#: Width of the classes that counts are told in.
GRAIN = 10
#: The distance that stays at least between the smallest and the largest possible value of a count. The difference of
#: two counts of two tables then stays open by 10, so that it can be 0 or 11.
ROOM = 5


@dataclass(frozen=True)
class CellSize:
    """How many cases a cell has, and how many patients they are."""

    cases: int
    patients: int

    @property
    def is_small(self) -> bool:
        """Whether the cell tells of too few cases, or of too few patients, to be shown."""
        return min(self.cases, self.patients) < SMALLEST_CELL


@dataclass(frozen=True)
class CountRange:
    """What is told of a count: it lies in ``low`` to ``high``; without ``high`` nothing is told."""

    low: int
    high: int | None

    @property
    def is_withheld(self) -> bool:
        """Whether nothing is told."""
        return self.high is None


WITHHELD = CountRange(0, None)


def patients_of(cases: pl.DataFrame) -> dict[str, str]:
    """Case id -> the first case of the same patient; an import names all cases of a patient in each of them.

    Args:
        cases: The canonical table `cases`.
    """
    return {case_id: min([case_id, *others]) for case_id, others in cases.select("case_id", "same_patient_as").rows()}


def exactly(size: CellSize) -> CountRange:
    """The count itself, for a public corpus."""
    return CountRange(size.cases, size.cases)


def disclosed_count(size: CellSize, grain: int = GRAIN, total: CellSize | None = None) -> CountRange:
    """The class that a count is told in.

    Args:
        size: Cases and patients of the cell.
        grain: Width of the classes, a multiple of `GRAIN`.
        total: What the cell is a part of; no class goes beyond the class of the total.
    """
    if size.cases < SMALLEST_CELL:
        return CountRange(0, SMALLEST_CELL - 1)
    if size.is_small:
        return WITHHELD
    first = (size.cases - 1) // grain * grain + 1
    last = first + grain - 1
    return CountRange(
        max(first, SMALLEST_CELL), last if total is None else min(last, disclosed_count(total).high or last)
    )


def suppress(
    total: CellSize, parts: Sequence[CellSize], known: Sequence[CellSize]
) -> tuple[list[CountRange], list[CountRange]]:
    """What is told of the parts of a total, and of the classes that part the first of these parts.

    The classes are doubled in width until no sum leaves any count too little room; where no width does, every count is
    withheld.

    Args:
        total: All cases, told as `told(total)` beside the table.
        parts: What parts the total: the cases whose value is known, and those of each other state.
        known: What parts the first of ``parts``.

    Raises:
        ValueError: the counts do not add up.
    """
    if sum(part.cases for part in parts) != total.cases or sum(one.cases for one in known) != parts[0].cases:
        raise ValueError("the counts of a table do not add up to their total")
    grain = GRAIN
    while grain < 4 * max(total.cases, GRAIN):
        outer, inner = ([disclosed_count(size, grain, total) for size in sizes] for sizes in (parts, known))
        if _is_open(total, parts, known, outer, inner):
            return outer, inner
        grain *= 2
    return [WITHHELD] * len(parts), [WITHHELD] * len(known)


def _is_open(
    total: CellSize,
    parts: Sequence[CellSize],
    known: Sequence[CellSize],
    outer: Sequence[CountRange],
    inner: Sequence[CountRange],
) -> bool:
    """Whether the sums leave every count room, even for somebody who knows which of them are empty.

    That nobody's sex is known by its bounds only, or that a weight always applies, needs no telling.
    """
    empty = CountRange(0, 0)
    pairs = ((parts, outer), (known, inner))
    knowing = ([empty if not size.cases else one for size, one in zip(s, t, strict=True)] for s, t in pairs)
    found = (possible(disclosed_count(total), outer, inner), possible(disclosed_count(total), *knowing))
    return all(_has_room(parts, left) and _has_room(known, right) for left, right in found)


def _has_room(sizes: Sequence[CellSize], found: Sequence[CountRange]) -> bool:
    """Whether every count stays open, and every small one to a value outside 1 to 10; an empty one may be known."""
    for size, one in zip(sizes, found, strict=True):
        high = one.low if one.high is None else one.high
        if high == 0 and not size.cases:
            continue
        if high - one.low < ROOM or (size.is_small and one.low > 0 and high < SMALLEST_CELL):
            return False
    return True


def possible(
    total: CountRange, parts: Sequence[CountRange], known: Sequence[CountRange]
) -> tuple[list[CountRange], list[CountRange]]:
    """What follows of each count from all that is told: of the parts of a total, and of the classes of the first part.

    The two sums form a tree, so that narrowing the first part by its classes, the parts by the total, and the classes
    by the first part finds the smallest and the largest possible value of each count.
    """
    most = total.high if total.high is not None else sum(part.high or 0 for part in parts)
    ceiling = [CountRange(one.low, most if one.high is None else one.high) for one in known]
    first = CountRange(
        max(parts[0].low, sum(one.low for one in ceiling)),
        min(most if parts[0].high is None else parts[0].high, sum(one.high or 0 for one in ceiling)),
    )
    outer = _summing_to(CountRange(total.low, most), [first, *parts[1:]])
    return outer, _summing_to(outer[0], ceiling)


def _summing_to(total: CountRange, cells: Sequence[CountRange]) -> list[CountRange]:
    """The range of each cell when together they are the total."""
    most = total.high or 0
    highs = [most if one.high is None else one.high for one in cells]
    all_low, all_high = sum(one.low for one in cells), sum(highs)
    return [
        CountRange(max(one.low, total.low - (all_high - high)), min(high, most - (all_low - one.low)))
        for one, high in zip(cells, highs, strict=True)
    ]
