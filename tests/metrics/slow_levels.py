"""Slow plain-Python twins of the platelet and monitoring metrics, for certain times and values."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Level = tuple[int, float]  # minute, value
DAY = 1440
#: Given beside another anticoagulant: it ends no course of another and no other ends its own.
BRIDGING = ("warfarin",)


@dataclass(frozen=True)
class Given:
    """One dose: a bolus ends when it starts; the end of an infusion may not be stated."""

    drug: str
    start: int
    end: int | None

    @property
    def is_bolus(self) -> bool:
        return self.end == self.start

    def runs_at(self, minute: int) -> bool:
        return self.end is not None and self.start < minute <= self.end


@dataclass(frozen=True)
class Limits:
    """Minutes: after a bolus, the longest pause that counts as going on, after an end that is not stated."""

    bolus: int
    pause: int
    open_end: int


def in_effect(course: Sequence[Given], minute: int, limits: Limits) -> bool | None:
    """Whether the drug counted as given right then, pauses aside; None where an end that is not stated leaves it open.

    An infusion counts from its start to its end; a bolus for a while, or until an infusion begins; one given while an
    infusion runs adds nothing.
    """
    infusions = [d for d in course if not d.is_bolus]
    is_open = False
    for dose in (d for d in course if d.start < minute):
        if dose.is_bolus:
            during = [_runs(d, dose.start, limits) for d in infusions if d.start <= dose.start]
            later = [d.start for d in infusions if d.start > dose.start]
            if any(during):
                continue
            inside = minute <= min([dose.start + limits.bolus, *later])
            if inside and None not in during:
                return True
            is_open |= inside
        elif _runs(dose, minute, limits):
            return True
        elif dose.end is None:
            is_open = True
    return None if is_open else False


def _runs(dose: Given, minute: int, limits: Limits) -> bool | None:
    """Whether an infusion runs at a minute not before its start; None where its end is not stated and long since possible."""
    if dose.end is not None:
        return minute <= dose.end
    return True if minute <= dose.start + limits.open_end else None


def is_on(course: Sequence[Given], minute: int, limits: Limits) -> bool | None:
    """Whether a result of this minute was drawn on the drug: it counts as given, or the pause is short enough."""
    now = in_effect(course, minute, limits)
    if now is not False:
        return now
    later = [d.start for d in course if d.start >= minute]
    if not any(d.start < minute for d in course) or not later:
        return False
    begin = minute
    while in_effect(course, begin, limits) is False and begin > 0:
        begin -= 1
    if in_effect(course, begin, limits) is None:
        return None
    return min(later) - begin <= limits.pause


def interpolated(
    levels: Sequence[Level],
    course: Sequence[Given],
    targets: Sequence[tuple[int, float, float]],
    max_gap: int,
    limits: Limits,
) -> float | None:
    """Share of the time in target, counted minute by minute between consecutive results of one course of one target.

    ``targets`` are (from minute, low, high) in order. A pair of results counts where the drug was on at every minute
    between them; None without such a pair.
    """
    inside = total = 0.0
    for (t1, v1), (t2, v2) in pairwise((t, v) for t, v in levels if is_on(course, t, limits)):
        in_force = [[t for t in targets if t[0] <= moment][-1] for moment in (t1, t2)]
        if t2 - t1 > max_gap or in_force[0] != in_force[1]:
            continue
        if not all(is_on(course, minute, limits) for minute in range(t1, t2 + 1)):
            continue
        _, low, high = in_force[0]
        steps = 10 * (t2 - t1)
        inside += sum(low <= v1 + (v2 - v1) * (i + 0.5) / steps <= high for i in range(steps)) / 10
        total += t2 - t1
    return 100 * inside / total if total else None


def under(doses: Sequence[Given], minute: int, after_bolus: int, open_end: int) -> set[str]:
    """The anticoagulants that a result of this minute counts under; no two doses start at one time."""
    found = courses(doses)
    given = {course[0].drug for course in found if _is_given(course, found, minute, after_bolus, open_end)}
    replacing = given.difference(BRIDGING)
    return given if len(replacing) < 2 else given.intersection(BRIDGING)


def courses(doses: Sequence[Given]) -> list[list[Given]]:
    """A dose after one of another drug begins a new course, unless an infusion of its own drug was still running."""
    found: list[list[Given]] = []
    last_given = ""
    for dose in sorted(doses, key=lambda d: d.start):
        own = [course for course in found if course[0].drug == dose.drug]
        runs_on = any(d.end is not None and not d.is_bolus and dose.start <= d.end for course in own for d in course)
        if own and (dose.drug in BRIDGING or dose.drug == last_given or runs_on):
            own[-1].append(dose)
        else:
            found.append([dose])
        last_given = last_given if dose.drug in BRIDGING else dose.drug
    return found


def _is_given(course: list[Given], found: list[list[Given]], minute: int, after_bolus: int, open_end: int) -> bool:
    """Whether an infusion of the course runs, or the minute lies between its start and its end or switch."""
    if any(d.runs_at(minute) for d in course):
        return True
    others = [] if course[0].drug in BRIDGING else [c[0] for c in found if c[0].drug not in (course[0].drug, *BRIDGING)]
    if minute <= course[0].start or any(course[-1].start < other.start <= minute for other in others):
        return False
    open_until = max((d.start + open_end for d in course if d.end is None), default=-1)
    if minute <= max(open_until, course[-1].start):
        return True
    last_end = max((d.end for d in course if d.end is not None and not d.is_bolus), default=-1)
    last_bolus = max((d.start for d in course if d.is_bolus), default=-1)
    return minute <= (last_end if last_end >= last_bolus else max(last_bolus + after_bolus, last_end))


def in_hold(doses: Sequence[Given], drug: str, minute: int) -> bool:
    """Whether an infusion of the course has ended, nothing was given since, and a dose of the course is to come."""
    for course in courses(doses):
        before = [d for d in course if d.start < minute]
        if course[0].drug != drug or not before or len(before) == len(course):
            continue
        infusions = [d for d in before if not d.is_bolus]
        ends = [d.end for d in infusions if d.end is not None]
        boluses = [d.start for d in before if d.is_bolus]
        is_over = bool(ends) and len(ends) == len(infusions) and max(ends) < minute
        if is_over and max(boluses, default=-1) < max(ends):
            return True
    return False


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
