"""Times to an event with censoring, case by case: to an aPTT in target under each drug, to recovered platelets.

A time that is known only to the day has bounds. A case of which it is not certain whether the event came is in no
curve and says why. A curve of a drug is about the cases that received it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from casetrace.cohort.alternatives import HEPARINS, alternatives, switch
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import TimesToEvent
from casetrace.vocabulary.reasons import has_code

MINUTES_PER_DAY = 1440
HEPARIN = HEPARINS[0]
#: The reason of a time to target that no result ends: the case is censored at its last aPTT.
NEVER_IN_TARGET = "no_aptt_in_target"
#: Recovered is the first count at or above the limit after the nadir.
RECOVERY = {
    "platelet_recovery": "Platelet nadir to first count at or above the lower reference limit",
    "platelet_recovery_from_switch": "Switch of anticoagulant to platelets at or above the lower reference limit",
}

Tables = Mapping[str, pl.DataFrame]
Row = dict[str, Any]


@dataclass(frozen=True)
class _Record:
    """What one case has: its doses, its results by row, its numbers by metric and stratum."""

    doses: pl.DataFrame
    labs: Mapping[str, Row]
    metrics: Mapping[tuple[str, str], Row]


def times_to_event(tables: Tables, metrics: pl.DataFrame, recovery: float) -> pl.DataFrame:
    """The table `TimesToEvent`.

    Args:
        tables: Canonical tables.
        metrics: The long result table.
        recovery: Platelet count that counts as recovered [10*9/L]; a nadir at or above it never fell below.
    """
    records = dict(_records(tables, metrics))
    rows: list[Row] = []
    for curve, label, drug in _curves(tables):
        for case_id, record in records.items():
            found = _to_target(record, drug) if drug else _to_recovery(record, recovery, curve != "platelet_recovery")
            if found is not None:
                rows.append({"curve": curve, "label": label, "case_id": case_id, **found})
    return TimesToEvent.checked(pl.DataFrame(rows, schema=dtypes(TimesToEvent), orient="row"))


def _curves(tables: Tables) -> Iterator[tuple[str, str, str]]:
    """Name, label and drug of each curve, in the order of the page."""
    yield "aptt_target_heparin", "First heparin to first aPTT in target", HEPARIN
    for other in alternatives(tables):
        if other.is_set_by_aptt:
            yield f"aptt_target_{other.key}", f"First {other.drug} to first aPTT in target", other.drug
    for curve, label in RECOVERY.items():
        yield curve, label, ""


def _records(tables: Tables, metrics: pl.DataFrame) -> Iterator[tuple[str, _Record]]:
    """Each case with what is its own, every table parted once."""
    doses = {case: part for (case,), part in tables["doses"].group_by("case_id", maintain_order=True)}
    labs: dict[str, dict[str, Row]] = {}
    for row in tables["labs"].filter(pl.col("analyte").is_in(["aptt", "platelets"])).iter_rows(named=True):
        labs.setdefault(row["case_id"], {})[row["row_id"]] = row
    numbers: dict[str, dict[tuple[str, str], Row]] = {}
    for row in metrics.filter(pl.col("metric").str.contains("^(aptt|platelets)_")).iter_rows(named=True):
        numbers.setdefault(row["case_id"], {})[row["metric"], row["stratum"]] = row
    for case_id in tables["cases"]["case_id"].sort():
        yield (
            case_id,
            _Record(doses.get(case_id, tables["doses"].clear()), labs.get(case_id, {}), numbers.get(case_id, {})),
        )


def _to_target(record: _Record, drug: str) -> Row | None:
    """From the first dose of the drug to the first aPTT in target; None for a case without the drug."""
    doses = record.doses.filter(_counts(drug))
    if doses.height == 0:
        return None
    plain = "heparin" if drug == HEPARIN else drug
    metric = record.metrics.get(("aptt_time_to_target", drug))
    if metric is None:
        return _not_estimable(f"no aPTT under {plain}")
    if metric["value"] is not None:
        return _time(metric["value"], metric["low"], metric["high"], True, f"in target under {plain}")
    if metric["status"] != "no_data" or not has_code(metric["reasons"], NEVER_IN_TARGET):
        return _not_estimable(metric["reason"] or "no target or no aPTT")
    last = record.metrics.get(("aptt_last", drug))
    drawn = [record.labs[i] for i in (last["row_ids"] if last else []) if i in record.labs]
    if not drawn:
        return _not_estimable(f"no aPTT under {plain}")
    if len(drawn) > 1:
        return _not_estimable("never in target, and which aPTT was the last is not certain")
    # The first dose is the earliest of all, whichever row that is.
    bounds = doses.select(pl.col("start_earliest_min", "start_min", "start_latest_min").min()).row(0, named=True)
    return _between(bounds, "start_", drawn[0], "time_", f"not in target until the last aPTT under {plain}")


def _counts(drug: str) -> pl.Expr:
    """Rows of a drug that its courses are made of; heparin under the skin or for a flush does not raise the aPTT."""
    rows = pl.col("drug") == drug
    if drug != HEPARIN:
        return rows
    return (
        rows & pl.col("route").fill_null("iv").eq("iv") & pl.col("purpose").fill_null("therapeutic").eq("therapeutic")
    )


def _to_recovery(record: _Record, recovery: float, from_switch: bool) -> Row | None:
    """From the nadir, or from the switch, to recovered platelets; None for a case that did not switch."""
    started = switch(record.doses) if from_switch else None
    if from_switch and started is None:
        return None
    nadir = record.metrics.get(("platelets_nadir", ""))
    lowest = [record.labs[i] for i in (nadir["row_ids"] if nadir else []) if i in record.labs]
    if nadir is None or nadir["value"] is None or len(lowest) != 1:
        return _not_estimable("no single lowest count")
    if nadir["value"] >= recovery:
        return _not_estimable("no count below the lower reference limit")
    came = record.metrics.get(("platelets_recovery_first", ""))
    if came is not None and came["value"] is None and came["status"] == "not_computable":
        return _not_estimable(came["reason"] or "not certain whether the count recovered")
    if came is not None and came["value"] is not None:
        end = {"time_min": came["value"], "time_earliest_min": came["low"], "time_latest_min": came["high"]}
        return _since(started, lowest[0], end, "recovered", is_event=True)
    last = record.metrics.get(("platelets_last", ""))
    counted = [record.labs[i] for i in (last["row_ids"] if last else []) if i in record.labs]
    if len(counted) != 1 or counted[0]["row_id"] == lowest[0]["row_id"]:
        return _not_estimable("no count after the nadir")
    return _since(started, lowest[0], counted[0], "not recovered at the last count", is_event=False)


def _since(started: Row | None, lowest: Row, end: Row, reason: str, *, is_event: bool) -> Row:
    """From the switch, where that is the start and surely came first; else from the lowest count."""
    if started is None:
        return _between(lowest, "time_", end, "time_", reason, is_event=is_event)
    first, last = end["time_earliest_min"], end["time_latest_min"]
    if started["start_earliest_min"] is None or first is None or last is None:
        return _not_estimable("an instant is not known")
    if first <= started["start_latest_min"]:
        is_before = last < started["start_earliest_min"]
        told = "recovered" if is_event else "last counted"
        return _not_estimable(
            f"{told} before the switch" if is_before else f"not certain whether {told} before the switch"
        )
    return _between(started, "start_", end, "time_", reason, is_event=is_event)


def _between(start: Row, start_key: str, end: Row, end_key: str, reason: str, *, is_event: bool = False) -> Row:
    """The time between two instants of which each may be known only as lying between two minutes."""
    ends = [end[f"{end_key}{part}"] for part in ("earliest_min", "min", "latest_min")]
    starts = [start[f"{start_key}{part}"] for part in ("latest_min", "min", "earliest_min")]
    if None in ends or None in starts:
        return _not_estimable("an instant is not known")
    low, best, high = (max(b - a, 0) for a, b in zip(starts, ends, strict=True))
    return _time(best, low, high, is_event, reason)


def _time(best: float, low: float | None, high: float | None, is_event: bool, reason: str) -> Row:
    days = [None if minutes is None else minutes / MINUTES_PER_DAY for minutes in (best, low, high)]
    return {"days": days[0], "days_low": days[1], "days_high": days[2], "is_event": is_event, "reason": reason}


def _not_estimable(reason: str) -> Row:
    return {"days": None, "days_low": None, "days_high": None, "is_event": None, "reason": reason}
