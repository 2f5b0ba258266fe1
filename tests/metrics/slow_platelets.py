"""Slow plain-Python twin of the platelet episodes and of what the 4Ts and HEP take from them, for one true course."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Level = tuple[int, float]  # minute, value
Points = tuple[float, float]
DAY = 1440
KEPT = 0.7  # of the peak
VARIATION = 0.05

#: How a count near 70 % of the peak is read: value, line -> recovered.
READINGS: dict[str, Callable[[float, float], bool]] = {
    "as printed": lambda value, line: value >= line,
    "all near it recover": lambda value, line: value >= (1 - VARIATION) * line,
    "none near it recovers": lambda value, line: value > (1 + VARIATION) * line,
}


@dataclass(frozen=True)
class Episode:
    """Indices into the course: the peak, the first count below, the counts of the episode, the recovery."""

    peak: int
    below: int
    members: tuple[int, ...]
    recovery: int | None


@dataclass(frozen=True)
class Fall:
    """A fall that may be scored: size, nadir and the minutes between which it began."""

    pct: float
    nadir: float
    onset: tuple[int, int]


def is_near_a_line(counts: Sequence[Level]) -> bool:
    """Whether a count lies so near to 70 % of an earlier one that a recovery is open."""
    return any(
        (1 - VARIATION) * KEPT * p <= v <= (1 + VARIATION) * KEPT * p
        for i, (_, p) in enumerate(counts)
        for _, v in counts[i + 1 :]
    )


def episodes(counts: Sequence[Level], is_recovery: Callable[[float, float], bool]) -> list[Episode]:
    """Every episode of a course in order of time; a count belongs to the highest peak that it has fallen from."""
    runs = [run for run in (_run(counts, peak, is_recovery) for peak in range(len(counts))) if run]
    owner: dict[int, Episode] = {}
    for run in runs:
        for count in run.members:
            if count not in owner or counts[run.peak][1] > counts[owner[count].peak][1]:
                owner[count] = run
    kept = [replace(r, members=tuple(k for k in r.members if owner[k] is r)) for r in runs]
    return [run for run in kept if run.members]


def _run(counts: Sequence[Level], peak: int, is_recovery: Callable[[float, float], bool]) -> Episode | None:
    height = counts[peak][1]
    line = KEPT * height
    members: list[int] = []
    for i in range(peak + 1, len(counts)):
        value = counts[i][1]
        if not members and value >= height:
            return None  # a later count is the peak
        if members and is_recovery(value, line):
            return Episode(peak, members[0], tuple(members), i)
        if value <= line:
            members.append(i)
    return Episode(peak, members[0], tuple(members), None) if members else None


def scored(counts: Sequence[Level], heparin: int, is_recovery: Callable[[float, float], bool]) -> list[Fall]:
    """The largest relative fall to a count since heparin, and the one to the lowest such count."""
    found: list[Fall] = []
    for episode in episodes(counts, is_recovery):
        since = [counts[k][1] for k in episode.members if counts[k][0] > heparin]
        if since:
            peak = counts[episode.peak][1]
            onset = (counts[episode.below - 1][0], counts[episode.below][0])
            found.append(Fall(100 * (peak - min(since)) / peak, min(since), onset))
    if not found:
        return []
    largest = max(fall.pct for fall in found)
    lowest = min(v for t, v in counts if t > heparin)
    return [fall for fall in found if fall.pct >= largest - 1e-9 or fall.nadir == lowest]


def thrombocytopenia(pct: float | None, nadir: float) -> Points:
    """Points of a fall to a nadir; of any fall where its size is not known."""
    if pct is None:
        return _hull([thrombocytopenia(p, nadir) for p in (0, 40, 60)])
    if nadir < 10:
        return 0, 0
    if nadir < 20:
        return (0, 1) if pct < 30 else (1, 1)
    return (0, 0) if pct < 30 else (1, 1) if pct <= 50 else (2, 2)


def timing(fall: Fall, heparin: int, in_30: bool, in_100: bool) -> Points:
    """4Ts: fewest and most points over every day on which the fall may have begun."""
    first, last = (minute // DAY - heparin // DAY for minute in fall.onset)
    points: list[Points] = []
    for day in range(first, last + 1):
        if day < 0:
            points.append((0, 2) if in_100 else (0, 0))
        elif day <= 1:
            points.append((2, 2) if in_30 else (1, 1) if in_100 else (0, 0))
        elif day < 4:
            points.append((0, 1) if in_100 else (0, 0))
        elif day == 4:
            points.append((0, 1))
        elif day <= 10:
            points.append((2, 2) if first >= 5 and last <= 10 else (1, 2))
        else:
            points.append((1, 1))
    return _hull(points)


def hep_timing(fall: Fall, heparin: int, in_100: bool) -> Points:
    """HEP: over every minute at which the row of the table may change."""
    start, end = fall.onset
    minutes = {start, end, *range((start // DAY + 1) * DAY, end, DAY)}
    minutes |= {m for m in (heparin - 1, heparin, heparin + 2879, heparin + 2880, heparin + 2881) if start <= m <= end}
    points: set[float] = set()
    for minute in minutes:
        day, after = minute // DAY - heparin // DAY, minute - heparin
        typical = -2 if day < 4 else 2 if day == 4 else 3 if day <= 10 else 2 if day <= 14 else -1
        if not in_100 or day >= 5:
            points.add(typical)
        elif after < 0:
            points |= {-2, 2}
        else:
            points |= {2} if after < 2880 else {typical, -1, 2} if after == 2880 else {typical, -1}
    return min(points), max(points)


def magnitude(pct: float | None) -> Points:
    if pct is None:
        return -1, 3
    points = 3 if pct > 50 else 1 if pct >= 30 else -1
    return points, points


def items(
    counts: Sequence[Level], heparin: int, exposure: tuple[bool, bool], reading: str, at_start: float | None = None
) -> dict[str, Points]:
    """4Ts items 1 and 2 under both baselines and HEP items 1 to 3 of one course.

    `at_start` is the level at the first heparin where no count near it is printed; None leaves it out.
    """
    is_recovery = READINGS[reading]
    before = [v for t, v in counts if t < heparin]
    since = [(t, v) for t, v in counts if t > heparin]
    start = [] if at_start is None else [(heparin, at_start)]
    falls = {
        "before_heparin": scored([*([] if before else start), *counts], heparin, is_recovery),
        "since_heparin": scored([*start, *since], heparin, is_recovery),
    }
    if not since:
        return {}
    lowest = min(v for _, v in since)
    sizes = {
        "before_heparin": [(100 * (before[-1] - f.nadir) / before[-1] if before else None, f.nadir)
                           for f in falls["before_heparin"]],
        "since_heparin": [(f.pct, f.nadir) for f in falls["since_heparin"]],
    }  # fmt: skip
    if not sizes["before_heparin"]:
        sizes["before_heparin"] = [(100 * (before[-1] - lowest) / before[-1] if before else None, lowest)]
    if not sizes["since_heparin"]:
        last = max(t for t, v in since if v == lowest)
        peaks = [v for t, v in since if t < last and v != lowest]
        sizes["since_heparin"] = [(100 * (max(peaks) - lowest) / max(peaks) if peaks else None, lowest)]
    found: dict[str, Points] = {}
    for name in falls:
        found[f"{name} thrombocytopenia"] = _hull([thrombocytopenia(*size) for size in sizes[name]])
        found[f"{name} timing"] = _hull([timing(fall, heparin, *exposure) for fall in falls[name]]) or (0, 0)
    if len(since) < 2:
        found["since_heparin timing"] = (0, 2)  # a single count says nothing of a fall
    found["magnitude"] = _hull([magnitude(pct) for pct, _ in sizes["since_heparin"]])
    found["nadir"] = _hull([(2, 2) if nadir > 20 else (-2, -2) for _, nadir in sizes["since_heparin"]])
    timed = [hep_timing(fall, heparin, exposure[1]) for fall in (*falls["before_heparin"], *falls["since_heparin"])]
    found["hep timing"] = _hull(timed) or (-2, 3)
    return found


def _hull(points: Sequence[Points]) -> Points:
    return (min(low for low, _ in points), max(high for _, high in points)) if points else ()  # type: ignore[return-value]
