"""Successive study days that say the same, told once: a dose without a day would fill a page with equal lines."""

from collections.abc import Sequence

from casetrace.report.case_data import Metric
from casetrace.values import display


def day(metric: Metric) -> int | None:
    """The study day that the stratum names (``D4``); None where it names something else."""
    number = metric.stratum.removeprefix("D")
    return int(number) if number != metric.stratum and number.lstrip("-").isdecimal() else None


def runs(metrics: Sequence[Metric]) -> list[list[Metric]]:
    """The metrics in order, those of successive days that differ in nothing but the day together.

    Metrics of one name are sorted by day; every other metric is a run of its own.
    """
    found: list[list[Metric]] = []
    for metric in sorted_by_day(metrics):
        if found and _follows(found[-1][-1], metric):
            found[-1].append(metric)
        else:
            found.append([metric])
    return found


def sorted_by_day(metrics: Sequence[Metric]) -> list[Metric]:
    """The same order, but for the days of one metric, which are sorted as numbers."""
    place: dict[str, int] = {}
    for metric in metrics:
        place.setdefault(metric.name, len(place))
    numbers = {id(m): (place[m.name], day(m) if day(m) is not None else -(10**9)) for m in metrics}
    return sorted(metrics, key=lambda m: numbers[id(m)])


def _follows(first: Metric, second: Metric) -> bool:
    days = (day(first), day(second))
    return (
        days[0] is not None and days[1] == days[0] + 1 and first.name == second.name and _said(first) == _said(second)
    )


def _said(metric: Metric) -> tuple[object, ...]:
    return (
        metric.value,
        metric.low,
        metric.high,
        metric.unit,
        metric.status,
        metric.reason,
        metric.reasons,
        metric.row_ids,
    )


def days_text(run: Sequence[Metric]) -> str:
    """``day 4``, or ``each day, day 0 to day 6``."""
    first, last = day(run[0]), day(run[-1])
    if first is None or last is None:
        raise ValueError(f"{run[0].key} is no metric of a study day")
    if len(run) == 1:
        return display.day_text(first)
    return f"each day, {display.day_text(first)} to {display.day_text(last)}"
