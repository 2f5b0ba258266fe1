"""Small canonical tables written as text, for tests of the metrics: only the columns that matter.

The forms of a time and of a value are in `tests/spec_cells.py`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from casetrace.core.params import load
from casetrace.metrics.catalogue import catalogue
from casetrace.metrics.run import run_metrics
from casetrace.schemas import CANONICAL
from casetrace.schemas.base import dtypes, empty

from tests.one_run import Rehearsed
from tests.spec_cells import OBSERVED, Span, rows, span, value

PARAMS: dict[str, Any] = load(Path(__file__).resolve().parents[1] / "params.yaml").for_sql()
UFH = "unfractionated heparin"
CLASSES = {
    UFH: "anticoagulant",
    "enoxaparin": "anticoagulant LMWH",
    "argatroban": "direct thrombin inhibitor",
    "bivalirudin": "direct thrombin inhibitor",
    "warfarin": "oral anticoagulant VKA",
    "antithrombin": "antithrombin",
    "platelet concentrate": "blood product",
    "packed red cells": "blood product",
}
UNITS = {"platelets": "10*9/L", "aptt": "s", "act": "s", "anti_xa_ufh": "[iU]/mL", "hemoglobin": "g/L"}
UNITS |= {"antithrombin_activity": "%", "creatinine": "umol/L"}
Tables = dict[str, pl.DataFrame]
#: What the tests of the file that is running were seen to ask for.
REHEARSED = Rehearsed()


def case(
    case_id: str = "c1",
    *,
    doses: str = "",
    labs: str = "",
    targets: str = "",
    findings: str = "",
    scores: str = "",
    events: str = "",
    patient: str = "",
    weight: str = "",
    observed: tuple[int, int] = OBSERVED,
) -> Tables:
    """The canonical tables of one case; `measured` validates them against the real schema."""
    known: dict[str, Span] = {}
    built: dict[str, list[dict[str, Any]]] = {
        "cases": [_case(case_id, weight, observed)],
        "events": [_timed(r, known, observed) | _named(r["event"], "event") for r in rows(events)],
        "doses": [_dose(r, known, observed) for r in rows(doses)],
        "labs": [_lab(r, known, observed) for r in rows(labs)],
        "findings": [_finding(r, known, observed) for r in rows(findings)],
        "patient": [_item(r, known, observed) for r in rows(patient)] + _weight_row(weight, known, observed),
        "reported_scores": [_score(r, known, observed) for r in rows(scores)],
        "targets": [_target(r, known, observed) for r in rows(targets)],
    }
    return {name: _table(name, case_id, built.get(name, [])) for name in CANONICAL}


def together(*cases: Tables) -> Tables:
    """Several cases as one corpus."""
    return {name: pl.concat([c[name] for c in cases]) for name in CANONICAL}


def measured(tables: Tables, *files: str) -> dict[str, pl.DataFrame]:
    """The results of the tables, which are validated first: of the named metric files, or of all.

    Inside a test they come from one run for all tests of its file (`tests/one_run.py`).
    """
    return REHEARSED.answer(tables, files, measured_alone)


def measured_alone(tables: Tables, files: tuple[str, ...] = ()) -> dict[str, pl.DataFrame]:
    """The results of the tables by a run of their own."""
    checked = {
        name: frame if _is_bare(name, frame) else CANONICAL[name].checked(frame) for name, frame in tables.items()
    }
    return run_metrics(checked, PARAMS, files or None)


def _is_bare(name: str, frame: pl.DataFrame) -> bool:
    """Whether the table is the empty one of its schema, which has nothing to validate."""
    return frame.is_empty() and dict(frame.schema) == dtypes(CANONICAL[name])


def files_of(*metrics: str) -> list[str]:
    """The metric files that compute the named metrics."""
    return sorted({catalogue()[metric].file.removesuffix(".sql") for metric in metrics})


def result(tables: Tables, metric: str, stratum: str = "", case_id: str = "c1") -> dict[str, Any]:
    """One result row as a dictionary."""
    return pick(measured(tables, *files_of(metric)), metric, stratum, case_id)


def pick(results: Mapping[str, pl.DataFrame], metric: str, stratum: str = "", case_id: str = "c1") -> dict[str, Any]:
    """One row of the long table; it must be there once."""
    found = results["metrics"].filter(
        (pl.col("case_id") == case_id) & (pl.col("metric") == metric) & (pl.col("stratum") == stratum)
    )
    assert found.height == 1, f"{metric} {stratum}: {found.height} rows"
    return found.row(0, named=True)


def check(tables: Tables, expected: str) -> dict[str, pl.DataFrame]:
    """Compare results with a table of expected ones: metric, optionally stratum, and any of value, low, high, status,
    reason (a part of it) and rows. A `-` is null."""
    lines = rows(expected)
    results = measured(tables, *files_of(*(line["metric"] for line in lines)))
    for line in lines:
        found = pick(results, line["metric"], line.get("stratum", ""))
        name = f"{line['metric']} {line.get('stratum', '')}"
        for column in ("value", "low", "high"):
            if column in line:
                _same_number(name, column, found[column], line[column])
        if "status" in line:
            assert found["status"] == line["status"], f"{name}: status {found['status']} ({found['reason']})"
        if "reason" in line:
            assert line["reason"] in (found["reason"] or ""), f"{name}: reason {found['reason']}"
        if "rows" in line:
            assert ",".join(found["row_ids"]) == line["rows"].replace(" ", ""), f"{name}: rows {found['row_ids']}"
    return results


def _same_number(name: str, column: str, found: float | None, typed: str) -> None:
    expected = None if typed in ("-", "") else float(typed)
    if expected is None or found is None:
        assert found == expected, f"{name}: {column} is {found}, expected {expected}"
    else:
        assert abs(found - expected) <= 1e-6 * max(1, abs(expected)), f"{name}: {column} is {found}, not {expected}"


def _timed(row: Mapping[str, str], known: dict[str, Span], observed: tuple[int, int]) -> dict[str, Any]:
    when = span(row.get("when", "?"), known, observed)
    known[row["id"]] = when
    return {
        "row_id": row["id"], "when_reported": row.get("when") or None, "time_form": when.form, "time_min": when.best,
        "time_earliest_min": when.earliest, "time_latest_min": when.latest, "day": when.day, "anchor": when.anchor,
        "offset_min": when.offset, "not_before": when.not_before, "not_after": when.not_after,
        "order": int(row["order"]) if row.get("order") else None,
    }  # fmt: skip


def _lab(row: Mapping[str, str], known: dict[str, Span], observed: tuple[int, int]) -> dict[str, Any]:
    analyte = row.get("analyte") or "platelets"
    cell = value(row.get("value", ""))
    if row.get("stat") == "range":
        cell["value"] = None
    if row.get("bounds"):  # what the extract stage makes of a word: bounds from a target or a reference range
        cell["value_low"], cell["value_high"] = (float(b) if b else None for b in row["bounds"].split(".."))
    return _timed(row, known, observed) | cell | {
        "analyte": analyte, "analyte_reported": analyte, "is_coded": True, "unit": UNITS.get(analyte),
        "stat": row.get("stat") or None, "ref_low": float(row["ref_low"]) if row.get("ref_low") else None,
        "ref_high": float(row["ref_high"]) if row.get("ref_high") else None,
        "is_implausible": False,
    }  # fmt: skip


def _amounts(text: str, per: str) -> dict[str, Any]:
    cell = value(text)
    numbers = [None if cell[c] is None else Decimal(str(cell[c])) for c in ("value", "value_low", "value_high")]
    return dict(zip((f"amount{per}", f"amount{per}_low", f"amount{per}_high"), numbers, strict=True))


def _dose(row: Mapping[str, str], known: dict[str, Span], observed: tuple[int, int]) -> dict[str, Any]:
    drug, kind = row.get("drug") or UFH, row.get("kind") or "bolus"
    start = span(row["start"], known, observed)
    known[row["id"]] = start
    end, length = _end(row, kind, start, known, observed)
    known[row["id"] + ".end"] = end
    amount, per_kg = row.get("amount", ""), row.get("per_kg", "")
    cell = _amounts(amount, "") | _amounts(per_kg, "_per_kg")
    if row.get("stat") in ("range", "max", "min"):
        cell["amount"] = None if row["stat"] != "max" else cell["amount"]
    status = "known" if amount else "needs_weight" if per_kg else "not_printed"
    unit = row.get("unit") or ("[iU]" if drug in (UFH, "antithrombin") else "mg")
    return cell | {
        "row_id": row["id"], "drug": drug, "drug_reported": drug, "is_coded": True, "drug_class": CLASSES.get(drug),
        "occurrence": int(row.get("occurrence") or 1), "kind": kind, "route": _or_null(row.get("route", "iv")),
        "purpose": _or_null(row.get("purpose", "therapeutic")), "stat": row.get("stat") or None,
        "order": int(row["order"]) if row.get("order") else None, "amount_reported": amount or per_kg or None,
        "amount_status": status, "unit": unit + ("/h" if kind == "infusion" else ""), "unit_per_kg": None,
        "start_reported": row["start"], "start_form": start.form, "start_min": start.best, "start_day": start.day,
        "start_earliest_min": start.earliest, "start_latest_min": start.latest, "start_anchor": start.anchor,
        "start_offset_min": start.offset, "start_not_before": start.not_before, "start_not_after": start.not_after,
        "start_boundary": start.boundary or row["id"], "end_reported": row.get("end") or None, "end_form": end.form,
        "end_min": end.best, "end_earliest_min": end.earliest, "end_latest_min": end.latest, "end_anchor": end.anchor,
        "end_offset_min": end.offset, "end_boundary": end.boundary or row["id"] + ".end", "length_min": length,
        "is_implausible": False,
    }  # fmt: skip


def _end(
    row: Mapping[str, str], kind: str, start: Span, known: Mapping[str, Span], observed: tuple[int, int]
) -> tuple[Span, int | None]:
    text = row.get("end", "")
    if kind in ("bolus", "transfusion") and not text:
        return start, None
    if not text:  # not stated: nothing is sure after the start
        return Span(start.latest, max(start.latest, observed[1]), None, form="open"), None
    length = re.fullmatch(r"\+(\d+)(h|min)", text)
    if not length:
        return span(text, known, observed), None
    minutes = int(length[1]) * (60 if length[2] == "h" else 1)
    best = None if start.best is None else start.best + minutes
    moved = Span(start.earliest + minutes, start.latest + minutes, best, row["id"], minutes, form=start.form)
    return moved, minutes


def _finding(row: Mapping[str, str], known: dict[str, Span], observed: tuple[int, int]) -> dict[str, Any]:
    return _timed(row, known, observed) | _named(row["finding"], "finding") | {
        "status": row["status"], "grade": row.get("grade") or None, "site": row.get("site") or None,
        "by": row.get("by") or "authors", "same_as": row.get("same_as") or None,
    }  # fmt: skip


def _item(row: Mapping[str, str], known: dict[str, Span], observed: tuple[int, int]) -> dict[str, Any]:
    return _timed(row, known, observed) | value(row["value"]) | _named(row["item"], "item")


def _score(row: Mapping[str, str], known: dict[str, Span], observed: tuple[int, int]) -> dict[str, Any]:
    points = row.get("points") or None
    return _timed(row, known, observed) | {
        "score": row.get("score") or "4ts", "item": row["item"], "points_reported": points,
        "points": None if points is None else float(points), "label": row.get("label") or None, "by": "authors",
    }  # fmt: skip


def _target(row: Mapping[str, str], known: Mapping[str, Span], observed: tuple[int, int]) -> dict[str, Any]:
    cell = value(row["value"])
    start = span(row["start"], known, observed) if row.get("start") else None
    end = span(row["end"], known, observed) if row.get("end") else None
    return {
        "row_id": row["id"], "analyte": row.get("analyte") or "aptt", "anticoagulant": row.get("anticoagulant") or None,
        "role": row.get("role") or "aim", "value_reported": row["value"], "target_low": cell["value_low"], "target_high": cell["value_high"],
        "low_is_strict": cell["low_is_strict"], "high_is_strict": cell["high_is_strict"], "unit": "s",
        "start_earliest_min": start and start.earliest, "start_latest_min": start and start.latest,
        "end_earliest_min": end and end.earliest, "end_latest_min": end and end.latest,
    }  # fmt: skip


def _case(case_id: str, weight: str, observed: tuple[int, int]) -> dict[str, Any]:
    low, high = (weight.split("..") * 2)[:2] if weight else (None, None)
    best = None if low is None or high is None else (Decimal(low) + Decimal(high)) / 2
    return {
        "case_id": case_id, "title": "A case", "status": "draft", "read": "full", "is_fictional": False, "same_patient_as": [],
        "time_zero": "midnight of day 0", "day_zero_starts": "midnight", "observed_start_min": observed[0],
        "observed_end_min": observed[1], "weight_kg": best, "weight_low_kg": low and Decimal(low),
        "weight_high_kg": high and Decimal(high), "weight_row_id": "WT" if weight else None,
    }  # fmt: skip


def _weight_row(weight: str, known: dict[str, Span], observed: tuple[int, int]) -> list[dict[str, Any]]:
    return [_item({"id": "WT", "item": "body_weight", "value": weight}, known, observed)] if weight else []


def _named(name: str, key: str) -> dict[str, Any]:
    return {key: name, f"{key}_reported": name, "is_coded": True}


def _or_null(text: str) -> str | None:
    return None if text in ("", "?") else text


def _table(name: str, case_id: str, filled: list[dict[str, Any]]) -> pl.DataFrame:
    """The table with the columns of its schema: those that were not given are null."""
    model = CANONICAL[name]
    if not filled:
        return empty(model)
    columns = dtypes(model)
    common = {"case_id": case_id, "raw_file": f"{name}.csv"}
    complete = [
        {column: ({"raw_row": number} | common | row).get(column) for column in columns}
        for number, row in enumerate(filled, start=2)
    ]
    return pl.DataFrame(complete, schema=columns, orient="row")
