"""Classes of a number: round edges, and enough members in each.

The edges lie on a round grid (1, 2 or 5 times a power of ten), so that none of them is a member's value; the first and
the last class are open, so that neither the smallest nor the largest value is told.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import ceil, floor, log10

#: Classes between the 5th and the 95th percentile before any are merged.
_ABOUT = 20
#: Ages over 89 are one group (45 CFR 164.514(b)).
LAST_AGE_EDGE = 90.0

Edges = list[float]


def grid(values: Sequence[float], *, smallest_step: float = 0.0, last: float | None = None) -> Edges:
    """Round edges from about the 5th to about the 95th percentile of the values; empty without spread.

    Args:
        values: The values, in any order.
        smallest_step: Edges lie at least this far apart (1 for what is counted).
        last: No edge lies beyond it.
    """
    ordered = sorted(values)
    if not ordered:
        return []
    low, high = (ordered[floor(share * (len(ordered) - 1))] for share in (0.05, 0.95))
    if high <= low:
        return []
    step = max(_round_step((high - low) / _ABOUT), smallest_step)
    first, final = floor(low / step) + 1, ceil(high / step)
    # Negative powers of ten make sums such as 0.30000000000000004; twelve digits hold every edge.
    edges = [float(f"{n * step:.12g}") for n in range(first, final + 1)]
    return [edge for edge in edges if last is None or edge <= last]


def _round_step(width: float) -> float:
    size = 10.0 ** floor(log10(width))
    return next(size * m for m in (1, 2, 5, 10) if size * m >= width * (1 - 1e-9))


def place(edges: Edges, value: float) -> int:
    """Which class a value lies in: class ``i`` holds what is at least ``edges[i - 1]`` and below ``edges[i]``."""
    return bisect_right(edges, value)


def merged(edges: Edges, values: Sequence[float], is_enough: Callable[[Sequence[int]], bool]) -> Edges:
    """The edges that stay when neighbouring classes are merged until each is enough.

    Args:
        edges: Edges of the classes.
        values: The values.
        is_enough: Whether the members with these positions in ``values`` are enough for a class.
    """
    inside: list[list[int]] = [[] for _ in range(len(edges) + 1)]
    for position, value in enumerate(values):
        inside[place(edges, value)].append(position)
    kept: Edges = []
    gathered: list[int] = []
    for edge, members in zip(edges, inside, strict=False):
        gathered += members
        if is_enough(gathered):
            kept.append(edge)
            gathered = []
    gathered += inside[-1]
    # What is left over at the top is no class of its own unless it is enough.
    while kept and not is_enough(gathered):
        edge = kept.pop()
        start = kept[-1] if kept else float("-inf")
        gathered += [i for i, value in enumerate(values) if start <= value < edge]
    return kept


def class_ends(edges: Edges, number: int) -> tuple[float | None, float | None]:
    """Lower and upper end of a class; the first has no lower and the last no upper end."""
    return (edges[number - 1] if number else None), (edges[number] if number < len(edges) else None)


def quantile_class(
    edges: Edges, lows: Sequence[float], highs: Sequence[float], share_pct: float
) -> tuple[float | None, float | None]:
    """Where a quantile surely lies: from the lower end of one class to the upper end of the same or a later one.

    The quantile is the smallest value that at least this share of the values do not exceed.

    Args:
        edges: Edges of the classes.
        lows: The values, or the lower bound of each.
        highs: The values, or the upper bound of each.
        share_pct: The share [%].
    """
    rank = max(ceil(share_pct * len(lows) / 100 - 1e-9), 1) - 1
    first, last = (place(edges, sorted(values)[rank]) for values in (lows, highs))
    return class_ends(edges, first)[0], class_ends(edges, last)[1]
