"""Courses for figures: counts aligned at an instant, and stretches of drugs with the events around them."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from casetrace.cohort.alternatives import ANTICOAGULANTS, switch
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import AlignedLevels, Courses

MINUTES_PER_DAY = 1440
#: What a row may say of its number and still be one count: the first, the lowest or the highest of several.
COUNTS = ("initial", "min", "max")
#: ECMO of a stated mode or none.
ECMO_EVENTS = tuple(f"{mode}ecmo_{end}" for mode in ("", "vv_", "va_") for end in ("start", "end"))
#: Events that a course is read by; others would crowd the figure.
MARKED = ("death", "discharge", *ECMO_EVENTS, "decannulation", "heparin_held", "surgery")

Tables = Mapping[str, pl.DataFrame]
Row = dict[str, Any]


def aligned_platelets(tables: Tables, metrics: pl.DataFrame) -> pl.DataFrame:
    """The table `AlignedLevels`: counts, printed lowest ones included, from the first heparin and from the switch."""
    rows: list[Row] = []
    for case_id in tables["cases"]["case_id"].sort():
        counts = tables["labs"].filter(
            (pl.col("case_id") == case_id)
            & (pl.col("analyte") == "platelets")
            & pl.col("value").is_not_null()
            & (pl.col("stat").is_null() | pl.col("stat").is_in(COUNTS))
            & pl.col("time_min").is_not_null()
        )
        for name, instant in _instants(case_id, tables, metrics).items():
            rows += [_aligned(case_id, name, instant, count) for count in counts.iter_rows(named=True)]
    frame = pl.DataFrame(rows, schema=dtypes(AlignedLevels), orient="row")
    return AlignedLevels.checked(frame.sort("case_id", "aligned_at", "days", "row_id"))


def _instants(case_id: str, tables: Tables, metrics: pl.DataFrame) -> dict[str, tuple[float, float, float]]:
    """Earliest, best and latest minute of the instants that a case can be aligned at."""
    found = {}
    first = metrics.filter(
        (pl.col("case_id") == case_id)
        & (pl.col("metric") == "any_heparin_first_exposure")
        & pl.col("value").is_not_null()
    )
    if first.height:
        value, low, high = first.select("value", "low", "high").row(0)
        found["first_heparin"] = (value if low is None else low, value, value if high is None else high)
    started = switch(tables["doses"].filter(pl.col("case_id") == case_id))
    if started is not None and started["start_min"] is not None:
        found["switch"] = (started["start_earliest_min"], started["start_min"], started["start_latest_min"])
    return found


def _aligned(case_id: str, name: str, instant: tuple[float, float, float], count: Row) -> Row:
    early, best, late = instant
    return {
        "case_id": case_id,
        "aligned_at": name,
        "row_id": count["row_id"],
        "days": (count["time_min"] - best) / MINUTES_PER_DAY,
        "days_low": (count["time_earliest_min"] - late) / MINUTES_PER_DAY,
        "days_high": (count["time_latest_min"] - early) / MINUTES_PER_DAY,
        "value": count["value"],
    }


def courses(tables: Tables) -> pl.DataFrame:
    """The table `Courses`: what the source covers, each anticoagulant dose, and the marked events."""
    rows = [
        _span(case["case_id"], "observed", "", [], *[case["observed_start_min"]] * 2, *[case["observed_end_min"]] * 2)
        for case in tables["cases"].iter_rows(named=True)
    ]
    for dose in _stretches(tables["doses"]).iter_rows(named=True):
        minutes = (dose[column] for column in ("start_low", "start_high", "end_low", "end_high"))
        rows.append(_span(dose["case_id"], "drug", dose["drug"], [dose["row_id"]], *minutes))
    events = tables["events"].filter(pl.col("event").is_in(MARKED) & pl.col("time_earliest_min").is_not_null())
    for event in events.iter_rows(named=True):
        instant = (event["time_earliest_min"], event["time_latest_min"])
        rows.append(_span(event["case_id"], "event", event["event"], [event["row_id"]], *instant, *instant))
    frame = pl.DataFrame(rows, schema=dtypes(Courses), orient="row")
    return Courses.checked(frame.sort("case_id", "kind", "start_low", "name", "row_ids", maintain_order=True))


def _stretches(doses: pl.DataFrame) -> pl.DataFrame:
    """One row per dose row of an anticoagulant: a repeated dose lasts from its first occurrence to its last.

    Without a stated end only the start is sure; the end may lie as late as the table says.
    """
    anticoagulants = doses.filter(
        pl.col("drug_class").fill_null("").str.contains(ANTICOAGULANTS) & pl.col("start_earliest_min").is_not_null()
    )
    return anticoagulants.group_by("case_id", "drug", "row_id", maintain_order=True).agg(
        start_low=pl.col("start_earliest_min").min(),
        start_high=pl.col("start_latest_min").min(),
        end_low=pl.coalesce("end_earliest_min", "start_earliest_min").max(),
        end_high=pl.coalesce("end_latest_min", "start_latest_min").max(),
    )


def _span(case_id: str, kind: str, name: str, row_ids: list[str], *minutes: float) -> Row:
    columns = ("start_low", "start_high", "end_low", "end_high")
    days = {column: minute / MINUTES_PER_DAY for column, minute in zip(columns, minutes, strict=True)}
    return {"case_id": case_id, "kind": kind, "name": name, "row_ids": row_ids, **days}
