"""Slow plain-Python twins of the platelet, monitoring and 4Ts metrics, for certain times and values."""

from collections.abc import Sequence
from itertools import pairwise

Level = tuple[int, float]  # minute, value
DAY = 1440


def fall_pct(baseline: float, nadir: float) -> float:
    return 100 * (baseline - nadir) / baseline


def falls(counts: Sequence[Level], heparin: int) -> dict[str, float | None]:
    """Fall to the nadir under each reading of the baseline; None where a reading has no baseline or no nadir."""
    before = [v for t, v in counts if t < heparin]
    since = [(t, v) for t, v in counts if t >= heparin]
    after = [(t, v) for t, v in counts if t > heparin]
    found: dict[str, float | None] = {"before_heparin": None, "since_heparin": None, "highest_before_nadir": None}
    if after:
        nadir = min(v for _, v in after)
        if all(v >= nadir for _, v in since):
            if before:
                found["before_heparin"] = fall_pct(before[-1], nadir)
            last = max(t for t, v in after if v == nadir)
            peak = [v for t, v in after if t < last and v != nadir]
            if peak:
                found["since_heparin"] = fall_pct(max(peak), nadir)
    if counts:
        nadir = min(v for _, v in counts)
        last = max(t for t, v in counts if v == nadir)
        peak = [v for t, v in counts if t < last and v != nadir]
        if peak:
            found["highest_before_nadir"] = fall_pct(max(peak), nadir)
    return found


def largest_fall_24h(counts: Sequence[Level]) -> float | None:
    pairs = [a[1] - b[1] for a in counts for b in counts if a[0] < b[0] <= a[0] + DAY]
    return max(0, *pairs) if len(pairs) > 1 else max(0, pairs[0]) if pairs else None


def recovery(counts: Sequence[Level], limit: float, *, sustained: bool) -> int | None:
    """Minute of the first count at or above the limit after the last nadir."""
    nadir = min(v for _, v in counts)
    last_nadir = max(t for t, v in counts if v == nadir)
    for t, v in counts:
        if t > last_nadir and v >= limit and (not sustained or all(w >= limit for u, w in counts if u > t)):
            return t
    return None


def onset(counts: Sequence[Level], pct: float) -> tuple[int, int] | None:
    """Minutes of the last count within the limit and of the first below it."""
    peak = 0.0
    for i, (t, v) in enumerate(counts):
        if i and v < (1 - pct / 100) * peak:
            return counts[i - 1][0], t
        peak = max(peak, v)
    return None


def time_in_range(levels: Sequence[Level], low: float, high: float, max_gap: int, steps: int = 600) -> float | None:
    """Share of the interpolated time inside [low, high], by counting small steps."""
    inside = total = 0.0
    for (t1, v1), (t2, v2) in pairwise(levels):
        if t2 - t1 <= max_gap:
            total += t2 - t1
            for i in range(steps):
                value = v1 + (v2 - v1) * (i + 0.5) / steps
                inside += (t2 - t1) / steps if low <= value <= high else 0
    return 100 * inside / total if total else None


def thrombocytopenia_points(fall: float, nadir: float) -> tuple[int, int]:
    if nadir < 10:
        return 0, 0
    if nadir < 20:
        return (0, 1) if fall < 30 else (1, 1)
    return (0, 0) if fall < 30 else (1, 1) if fall <= 50 else (2, 2)


def timing_points(first_day: int, last_day: int, exposed_30: bool, exposed_100: bool) -> tuple[int, int]:
    """Fewest and most points over every day on which the fall may have begun, counted from the first heparin."""
    points: list[tuple[int, int]] = []
    for day in range(first_day, last_day + 1):
        if day < 0:
            points.append((0, 2) if exposed_100 else (0, 0))
        elif day <= 1:
            points.append((2, 2) if exposed_30 else (1, 1) if exposed_100 else (0, 0))
        elif day < 4:
            points.append((0, 1) if exposed_100 else (0, 0))
        elif day == 4:
            points.append((0, 1))
        elif day <= 10:
            points.append((2, 2) if first_day >= 5 and last_day <= 10 else (1, 2))
        else:
            points.append((1, 1))
    return min(low for low, _ in points), max(high for _, high in points)
