"""Kaplan-Meier curves of the cohort page, of all cases or group by group, with the cases at risk under the axis."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from casetrace.report.figures import svg
from casetrace.report.figures.svg import Scale
from casetrace.values import display

#: Left and right end, top and bottom of the curve; the counts at risk stand below it.
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 640.0, 14.0, 220.0
#: Lines that differ in colour and in dashes; more groups than this repeat them.
_STYLES = 4


def of_curve(steps: pl.DataFrame, curve: str, groups: Sequence[str], least: int) -> tuple[list[str], list[str]]:
    """The groups that a curve is drawn of, and those with fewer cases in it than ``least``."""
    best = steps.filter((pl.col("curve") == curve) & (pl.col("bound") == "best"))
    sizes = dict(best.group_by("group", maintain_order=True).agg(pl.col("at_risk").first()).iter_rows())
    drawn = [group for group in groups if sizes.get(group, 0) >= least]
    return drawn, [group for group in groups if group not in drawn]


def curves(steps: pl.DataFrame, curve: str, label: str, groups: Sequence[str]) -> Markup:
    """The estimate of each group and the cases at risk; of one group also with every time at its earliest and latest.

    Args:
        steps: The table `Survival`.
        curve: The curve.
        label: The curve in words.
        groups: The groups to draw; without one there is no picture.
    """
    rows = steps.filter((pl.col("curve") == curve) & pl.col("group").is_in(groups))
    if rows.height == 0:
        return Markup("")
    shown = rows if len(groups) == 1 else rows.filter(pl.col("bound") == "best")
    days, share = Scale(0, max(shown["days"]), _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP)
    marks = [*_share_axis(share), *_days_axis(days)]
    bottom = _BOTTOM + 50
    for place, group in enumerate(groups):
        part = shown.filter(pl.col("group") == group)
        marks += _lines(part, place, days, share)
        best = part.filter(pl.col("bound") == "best").sort("days")
        if len(groups) > 1:
            style = f"curve g{place % _STYLES}"
            marks += [svg.line(2, bottom - 4, 26, bottom - 4, style), svg.text(32, bottom, f"{group}, at risk", "lane")]
            bottom += 16
        else:
            marks.append(svg.text(2, bottom, "At risk", "lane"))
        marks += [svg.text(days(t), bottom, str(at_risk(best, t)), "lane", "middle") for t in _ticks(days)]
        bottom += 18
    return svg.picture(_RIGHT + 24, bottom - 10, marks, f"{label}: share without the event, and cases at risk")


def _ticks(days: Scale) -> list[float]:
    return days.ticks(8)


def _share_axis(share: Scale) -> Iterator[str]:
    for tick in (0, 0.25, 0.5, 0.75, 1):
        yield svg.line(_LEFT, share(tick), _RIGHT, share(tick), "grid")
        yield svg.text(_LEFT - 6, share(tick) + 4, f"{100 * tick:g} %", "lane", "end")


def _days_axis(days: Scale) -> Iterator[str]:
    for tick in _ticks(days):
        yield svg.line(days(tick), _BOTTOM, days(tick), _BOTTOM + 4, "grid")
        yield svg.text(days(tick), _BOTTOM + 17, display.number(tick, 1), "lane", "middle")
    yield svg.text((_LEFT + _RIGHT) / 2, _BOTTOM + 31, "days", "lane", "middle")


def _lines(part: pl.DataFrame, place: int, days: Scale, share: Scale) -> Iterator[str]:
    """The steps of one group: thin for the bounds, thick for the best times, with a cross at each censored one."""
    for bound in ("low", "high", "best"):
        one = part.filter(pl.col("bound") == bound).sort("days")
        yield svg.path(_steps(one, days, share), f"curve g{place % _STYLES}" if bound == "best" else "bound")
    for row in part.filter((pl.col("bound") == "best") & (pl.col("censored") > 0)).iter_rows(named=True):
        yield svg.text(days(row["days"]), share(row["survival"]) + 4, "+", "censored", "middle")


def _steps(part: pl.DataFrame, days: Scale, share: Scale) -> Sequence[tuple[float, float]]:
    if part.height == 0:
        return []
    points, before = [(days(0), share(1))], 1.0
    for time, now in part.select("days", "survival").iter_rows():
        points += [(days(time), share(before)), (days(time), share(now))]
        before = now
    return points


def at_risk(best: pl.DataFrame, day: float) -> int:
    """Cases at risk just before a day: those of the next step of the curve, and none after the last."""
    later = best.filter(pl.col("days") >= day).sort("days")
    return int(later["at_risk"][0]) if later.height else 0


def caption(
    steps: pl.DataFrame, curve: str, label: str, groups: Sequence[str], fewer: Sequence[str], least: int
) -> str:
    """What the figure shows, how many cases each curve rests on, and which groups have none."""
    rows = steps.filter((pl.col("curve") == curve) & (pl.col("bound") == "best"))
    told = [_counted(group, rows.filter(pl.col("group") == group), len(groups) + len(fewer) > 1) for group in groups]
    bounds = (
        "Dashed: with every time at its earliest and latest."
        if len(groups) == 1
        else "Every time at its best; the files of the table have the bounds."
    )
    few = f" Not drawn, fewer than {least} cases: {', '.join(fewer)}." if fewer else ""
    return (
        f"{label}. Kaplan-Meier estimate of the share without the event. {'; '.join(told)}; + censored. {bounds} "
        "At risk: cases still followed without the event just before that day, at the best times. Cases in no curve "
        f"are named in the table.{few}"
    )


def _counted(group: str, best: pl.DataFrame, is_named: bool) -> str:
    counts: dict[str, Any] = best.select(pl.col("at_risk").first(), pl.col("events", "censored").sum()).row(
        0, named=True
    )
    name = f"{group}: " if is_named else ""
    events = f"{counts['events']} event{'' if counts['events'] == 1 else 's'}"
    return f"{name}{counts['at_risk']} cases, {events}, {counts['censored']} censored"
