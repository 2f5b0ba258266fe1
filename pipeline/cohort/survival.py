"""Times to an event with censoring, and the Kaplan-Meier estimate, exact for what it is given.

A time known only to the day gives three curves: at the best times, with every time at its earliest, and with every
time at its latest. A case of which it is not certain whether the event came is in no curve and is named.
"""

from collections.abc import Iterable, Mapping
from math import exp, log, sqrt
from typing import Any

import polars as pl

from pipeline.cohort.characteristics import first_alternative
from pipeline.schemas.base import dtypes
from pipeline.schemas.cohort import Survival, TimesToEvent

MINUTES_PER_DAY = 1440
_Z = 1.959963984540054
HEPARIN = "unfractionated heparin"
LABELS = {
    "aptt_target_heparin": "First heparin to first aPTT in target",
    "aptt_target_alternative": "First dose of the next anticoagulant to first aPTT in target",
    "platelet_recovery": "Platelet nadir to first count at or above the lower reference limit",
}

Row = dict[str, Any]
Metrics = Mapping[tuple[str, str, str], Row]


def times_to_event(tables: Mapping[str, pl.DataFrame], metrics: pl.DataFrame, recovery: float) -> pl.DataFrame:
    """The table `TimesToEvent`.

    Args:
        tables: Canonical tables.
        metrics: The long result table.
        recovery: Platelet count that counts as recovered [10*9/L]; a nadir at or above it never fell below.
    """
    by_key = {(m["case_id"], m["metric"], m["stratum"]): m for m in metrics.iter_rows(named=True)}
    rows: list[Row] = []
    for case_id in tables["cases"]["case_id"].sort():
        doses = tables["doses"].filter(pl.col("case_id") == case_id)
        labs = {r["row_id"]: r for r in tables["labs"].filter(pl.col("case_id") == case_id).iter_rows(named=True)}
        other = first_alternative(doses)
        drugs = {"aptt_target_heparin": HEPARIN, "aptt_target_alternative": other["drug"] if other else None}
        found = {curve: _to_target(case_id, drug, by_key, doses, labs) for curve, drug in drugs.items()}
        found["platelet_recovery"] = _to_recovery(case_id, by_key, labs, recovery)
        rows += [{"curve": curve, "label": LABELS[curve], "case_id": case_id, **row} for curve, row in found.items()]
    frame = pl.DataFrame(rows, schema=dtypes(TimesToEvent), orient="row").sort("curve", "case_id")
    return TimesToEvent.checked(frame)


def _to_target(case_id: str, drug: str | None, metrics: Metrics, doses: pl.DataFrame, labs: Mapping[str, Row]) -> Row:
    metric = None if drug is None else metrics.get((case_id, "aptt_time_to_target", drug))
    if drug is None or metric is None:
        return _nowhere("no such anticoagulant with an aPTT in the record")
    if metric["value"] is not None:
        return _time(metric["value"], metric["low"], metric["high"], True, f"in target under {drug}")
    if metric["status"] != "no_data" or "was in target" not in (metric["reason"] or ""):
        return _nowhere(metric["reason"] or "no target or no aPTT")
    last = metrics.get((case_id, "aptt_last", drug))
    first = doses.filter(pl.col("drug") == drug).sort("start_latest_min", nulls_last=True)
    drawn = [labs[i] for i in (last["row_ids"] if last else []) if i in labs]
    if not drawn or first.height == 0:
        return _nowhere("never in target, and the last aPTT has no time")
    return _between(
        first.row(0, named=True), "start_", drawn[-1], "time_", f"not in target until the last aPTT under {drug}"
    )


def _to_recovery(case_id: str, metrics: Metrics, labs: Mapping[str, Row], recovery: float) -> Row:
    nadir = metrics.get((case_id, "platelets_nadir", ""))
    lowest = [labs[i] for i in (nadir["row_ids"] if nadir else []) if i in labs]
    if nadir is None or nadir["value"] is None or len(lowest) != 1:
        return _nowhere("no single lowest count")
    if nadir["value"] >= recovery:
        return _nowhere("no count below the lower reference limit")
    came = metrics.get((case_id, "platelets_recovery_first", ""))
    if came is not None and came["value"] is not None:
        end = {"time_min": came["value"], "time_earliest_min": came["low"], "time_latest_min": came["high"]}
        return _between(lowest[0], "time_", end, "time_", "recovered", is_event=True)
    if came is not None and came["status"] == "not_computable":
        return _nowhere(came["reason"] or "not certain whether the count recovered")
    last = metrics.get((case_id, "platelets_last", ""))
    counted = [labs[i] for i in (last["row_ids"] if last else []) if i in labs]
    if len(counted) != 1 or counted[0]["row_id"] == lowest[0]["row_id"]:
        return _nowhere("no count after the nadir")
    return _between(lowest[0], "time_", counted[0], "time_", "not recovered at the last count")


def _between(start: Row, start_key: str, end: Row, end_key: str, reason: str, *, is_event: bool = False) -> Row:
    """The time between two instants of which each may be known only as lying between two minutes."""
    ends = [end[f"{end_key}{part}"] for part in ("earliest_min", "min", "latest_min")]
    starts = [start[f"{start_key}{part}"] for part in ("latest_min", "min", "earliest_min")]
    if None in ends or None in starts:
        return _nowhere("an instant is not known")
    low, best, high = (max(b - a, 0) for a, b in zip(starts, ends, strict=True))
    return _time(best, low, high, is_event, reason)


def _time(best: float, low: float | None, high: float | None, is_event: bool, reason: str) -> Row:
    days = [None if minutes is None else minutes / MINUTES_PER_DAY for minutes in (best, low, high)]
    return {"days": days[0], "days_low": days[1], "days_high": days[2], "is_event": is_event, "reason": reason}


def _nowhere(reason: str) -> Row:
    return {"days": None, "days_low": None, "days_high": None, "is_event": None, "reason": reason}


def survival(times: pl.DataFrame) -> pl.DataFrame:
    """The table `Survival` of every curve that has a case."""
    rows: list[Row] = []
    for (curve,), part in times.filter(pl.col("days").is_not_null()).group_by(["curve"], maintain_order=True):
        for bound, column in {"low": "days_low", "best": "days", "high": "days_high"}.items():
            # A bound that does not exist leaves the best time standing.
            given = part.select(pl.coalesce(column, "days"), "is_event").rows()
            rows += [{"curve": curve, "bound": bound, **step} for step in kaplan_meier(given)]
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
