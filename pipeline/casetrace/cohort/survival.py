"""The Kaplan-Meier estimate of times to an event, exact for what it is given.

A time known only to the day gives three curves: at the best times, with every time at its earliest, and with every
time at its latest.
"""

from collections.abc import Iterable
from math import exp, log, sqrt
from typing import Any

import polars as pl

from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import Survival

_Z = 1.959963984540054

Row = dict[str, Any]


def survival(times: pl.DataFrame, groups: Iterable[tuple[str, list[str]]]) -> pl.DataFrame:
    """The table `Survival` of every curve and group that has a case.

    Args:
        times: The table `TimesToEvent`.
        groups: Name and case ids of each group.
    """
    rows: list[Row] = []
    named = list(groups)
    for (curve,), part in times.filter(pl.col("days").is_not_null()).group_by(["curve"], maintain_order=True):
        for group, ids in named:
            members = part.filter(pl.col("case_id").is_in(ids))
            for bound, column in {"low": "days_low", "best": "days", "high": "days_high"}.items():
                # A bound that does not exist leaves the best time standing.
                given = members.select(pl.coalesce(column, "days"), "is_event").rows()
                rows += [{"curve": curve, "group": group, "bound": bound, **step} for step in kaplan_meier(given)]
    return Survival.checked(pl.DataFrame(rows, schema=dtypes(Survival), orient="row"))


def kaplan_meier(times: Iterable[tuple[float, bool]]) -> list[Row]:
    """The product-limit estimate at each time, with Greenwood's variance on the log-log scale.

    A case censored at the time of an event is at risk in it. One row per distinct time.
    """
    given = sorted(times)
    share, variance, steps = 1.0, 0.0, []
    for time in sorted({t for t, _ in given}):
        at_risk = sum(t >= time for t, _ in given)
        events = sum(t == time and is_event for t, is_event in given)
        share *= 1 - events / at_risk
        if share > 0:
            variance += events / (at_risk * (at_risk - events))
        low, high = _interval(share, variance)
        censored = sum(t == time and not is_event for t, is_event in given)
        steps.append(
            {
                "days": time,
                "at_risk": at_risk,
                "events": events,
                "censored": censored,
                "survival": share,
                "ci_low": low,
                "ci_high": high,
            }
        )
    return steps


def _interval(share: float, variance: float) -> tuple[float | None, float | None]:
    if not 0 < share < 1:
        return None, None
    width = _Z * sqrt(variance) / abs(log(share))
    return share ** exp(width), share ** exp(-width)
