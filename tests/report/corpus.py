"""Small processed corpora for report tests: rows are given by a few columns, the schema fills the rest."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import dtypes, required_columns

DAY = 1440

#: What a column holds when a test does not care; columns that may be empty are null.
DEFAULTS: dict[str, Any] = {
    "raw_row": 2,
    "time_form": "minute",
    "value_kind": "number",
    "low_is_strict": False,
    "high_is_strict": False,
    "is_coded": True,
    "is_implausible": False,
    "status": "ok",
    "read": "full",
    "is_fictional": False,
    "occurrence": 1,
    "kind": "bolus",
    "amount_status": "known",
    "start_form": "minute",
    "end_form": "minute",
    "by": "authors",
    "comparator": "=",
    "compute": "other",
    "same_patient_as": [],
    "authors": [],
    "curators": ["A. Curator"],
    "day_zero_starts": "midnight",
    "row_ids": [],
    "of_rows": [],
    "per_rows": [],
    "gave_rows": [],
    "complete": False,
    "reasons": [],
    "licence": "CC BY 4.0",
    "stratum": "",
    "position": 1,
    "basis": "data-derived",
    "verdict": "reproduced",
}


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A validated table from rows that name only what matters."""
    model = {**CANONICAL, **RESULTS}[name]
    types = dtypes(model)
    needed = required_columns(model)
    full = [
        {c: row.get(c, DEFAULTS.get(c, "x") if c in needed else None) for c in types}
        for row in ({"raw_file": f"{name}.csv", "unit": None, **r} for r in rows)
    ]
    return model.checked(pl.DataFrame(full, schema=types))


def at(t0: int, t1: int | None = None, prefix: str = "time", **more: Any) -> dict[str, Any]:
    """Columns of an instant: to the minute, or somewhere in between."""
    end = t0 if t1 is None else t1
    form = "minute" if t0 == end else "interval"
    key = "" if prefix == "time" else f"{prefix}_"
    names = {f"{prefix}_min": (t0 + end) // 2, f"{prefix}_earliest_min": t0, f"{prefix}_latest_min": end}
    return names | {"time_form" if not key else f"{key}form": form} | more


def lab(
    row_id: str, analyte: str, value: float, unit: str, when: str, time: dict[str, Any], **more: Any
) -> dict[str, Any]:
    return {
        "case_id": "one",
        "row_id": row_id,
        "analyte": analyte,
        "analyte_reported": analyte,
        "value_reported": f"{value:g}",
        "unit_reported": unit,
        "value": value,
        "value_low": value,
        "value_high": value,
        "unit": unit,
        "when_reported": when,
        "evidence": "Table 1",
        "order": None,
        **time,
        **more,
    }


def bolus(row_id: str, amount: int, when: str, time: dict[str, Any]) -> dict[str, Any]:
    ends = {k.replace("start", "end"): v for k, v in time.items()}
    return {
        "case_id": "one",
        "row_id": row_id,
        "drug": "unfractionated heparin",
        "drug_reported": "heparin",
        "kind": "bolus",
        "drug_class": "anticoagulant",
        "route": "iv",
        "purpose": "therapeutic",
        "amount_reported": str(amount),
        "unit_reported": "U",
        "amount": Decimal(amount),
        "amount_low": Decimal(amount),
        "amount_high": Decimal(amount),
        "unit": "[iU]",
        "start_reported": when,
        "evidence": "p. 2",
        **time,
        **ends,
    }


def infusion(
    row_id: str, drug: str, rate: str, unit: str, when: str, start: dict[str, Any], end: dict[str, Any]
) -> dict[str, Any]:
    return {
        "case_id": "one",
        "row_id": row_id,
        "drug": drug,
        "drug_reported": drug,
        "kind": "infusion",
        "drug_class": "anticoagulant",
        "route": "iv",
        "purpose": "therapeutic",
        "amount_reported": rate,
        "unit_reported": unit,
        "amount": Decimal(rate),
        "amount_low": Decimal(rate),
        "amount_high": Decimal(rate),
        "unit": unit,
        "start_reported": when,
        "evidence": "p. 2",
        **start,
        **end,
    }


def tables() -> dict[str, list[dict[str, Any]]]:
    """One invented case with every kind of row, and one that says almost nothing (``two``)."""
    d2 = 2 * DAY
    return {
        "cases": [
            {
                "case_id": "one",
                "title": "An invented case with heparin for three days",
                "status": "draft",
                "time_zero": "midnight before admission",
                "observed_start_min": 0,
                "observed_end_min": 8 * DAY - 1,
                "weight_kg": Decimal(80),
                "weight_low_kg": Decimal(80),
                "weight_high_kg": Decimal(80),
                "weight_row_id": "WT",
            },
            {
                "case_id": "two",
                "title": "A case that says almost nothing",
                "status": "checked",
                "read": "abstract",
                "time_zero": "admission",
                "observed_start_min": 0,
                "observed_end_min": 2 * DAY - 1,
            },
        ],
        "sources": [
            {
                "case_id": "one",
                "authors": ["A. First", "B. Second"],
                "article_title": "An article",
                "journal": "A journal",
                "year": 2020,
                "volume": "1",
                "pages": "1-2",
                "doi": "10.1000/example",
            },
            {"case_id": "two"},
        ],
        "patient": [
            {
                "case_id": "one",
                "row_id": "WT",
                "item": "body_weight",
                "item_reported": "body_weight",
                "value_reported": "80",
                "unit_reported": "kg",
                "value": 80.0,
                "value_low": 80.0,
                "value_high": 80.0,
                "unit": "kg",
                "evidence": "p. 1",
            },
            {
                "case_id": "one",
                "row_id": "AGE",
                "item": "age",
                "item_reported": "age",
                "value_reported": "50",
                "value": 50.0,
                "value_low": 50.0,
                "value_high": 50.0,
                "unit": "a",
                "evidence": "p. 1",
            },
        ],
        "targets": [
            {
                "case_id": "one",
                "row_id": "TGT",
                "analyte": "aptt",
                "anticoagulant": "argatroban",
                "role": "aim",
                "value_reported": "50..80",
                "unit_reported": "s",
                "target_low": 50.0,
                "target_high": 80.0,
                "unit": "s",
                "start_earliest_min": 4 * DAY,
                "start_latest_min": 4 * DAY,
            },
        ],
        "labs": [
            lab("P1", "platelets", 210.0, "10*9/L", "D1", at(DAY, 2 * DAY - 1, time_form="day", day=1)),
            lab("P2", "platelets", 90.0, "10*9/L", "D2T08:00", at(d2 + 480)),
            lab("P3", "platelets", 160.0, "10*9/L", "D6", at(6 * DAY, 7 * DAY - 1, time_form="day", day=6)),
            lab("H1", "hemoglobin", 96.0, "g/L", "D2T08:00", at(d2 + 480)),
            lab("A1", "aptt", 31.0, "s", "D2T20:00", at(d2 + 1200)),
            lab("A2", "aptt", 66.0, "s", "D5", at(5 * DAY, 6 * DAY - 1, time_form="day", day=5)),
            lab("ELISA", "anti_pf4_elisa", 0.0, "{OD_unit}", "", {"time_form": "unknown"})
            | {
                "value": None,
                "value_low": None,
                "value_high": None,
                "value_kind": "word",
                "value_word": "negative",
                "value_reported": "negative",
                "unit_reported": None,
            },
        ],
        "doses": [
            bolus("B1", 20000, "D2T00:00/D2T03:00", at(d2, d2 + 180, prefix="start")),
            bolus("B2", 12000, "D2T10:00", at(d2 + 600, prefix="start")),
            infusion(
                "I1",
                "unfractionated heparin",
                "1000",
                "[iU]/h",
                "D2T12:00",
                at(d2 + 720, prefix="start"),
                at(3 * DAY + 720, 3 * DAY + 780, prefix="end", end_reported="D3T12:00/D3T13:00"),
            ),
            infusion(
                "G1",
                "argatroban",
                "6",
                "mg/h",
                "D4",
                at(4 * DAY, 5 * DAY - 1, prefix="start", start_form="day"),
                {"end_form": "open", "end_earliest_min": 5 * DAY - 1, "end_latest_min": 8 * DAY - 1},
            ),
        ],
        "events": [
            {
                "case_id": "one",
                "row_id": "ADM",
                "event": "admission",
                "event_reported": "admission",
                "when_reported": "D0",
                **at(0, DAY - 1, time_form="day"),
            },
            {
                "case_id": "one",
                "row_id": "DIS",
                "event": "discharge",
                "event_reported": "discharge",
                "when_reported": "D7",
                **at(7 * DAY, 8 * DAY - 1, time_form="day"),
            },
        ],
        "findings": [
            {
                "case_id": "one",
                "row_id": "SEPSIS",
                "finding": "sepsis",
                "finding_reported": "sepsis",
                "status": "present",
                "time_form": "unknown",
            },
        ],
        "reported_scores": [
            {
                "case_id": "one",
                "row_id": "S1",
                "score": "4ts",
                "item": "thrombocytopenia",
                "points_reported": "2",
                "points": 2.0,
                "label": "fall > 50 %",
                "time_form": "unknown",
            },
        ],
        "claims": [
            {
                "case_id": "one",
                "row_id": "C1",
                "claim": "60 000 U of heparin in a day",
                "compute": "dose_total",
                "value_reported": "60000",
                "unit_reported": "U",
                "evidence": "p. 2",
            },
        ],
    }


def metric(
    name: str, unit: str, value: float | None, low: float | None, high: float | None, rows: list[str], **more: Any
) -> dict[str, Any]:
    return {
        "case_id": "one",
        "metric": name,
        "unit": unit,
        "value": value,
        "low": low,
        "high": high,
        "row_ids": rows,
        **more,
    }


def results() -> dict[str, list[dict[str, Any]]]:
    """Results that agree with `tables`; small enough to be checked by hand."""
    heparin = ["B1", "B2", "I1"]
    t = 3 * DAY
    term = {"case_id": "one", "metric": "iv_ufh_total", "unit": "[iU]", "bound": "best"}
    curve = [
        (2 * DAY + 90, 0, 20000),
        (2 * DAY + 600, 20000, 32000),
        (2 * DAY + 720, 32000, 32000),
        (t + 90, 45500, 25500),
        (t + 600, 34000, 22000),
        (t + 750, 24000, 24000),
        (t + 2190, 0, 0),
    ]
    return {
        "metrics": [
            metric("iv_ufh_total", "[iU]", 56500.0, 56000.0, 57000.0, heparin),
            metric("iv_ufh_max_24h", "[iU]", 45500.0, 44000.0, 47000.0, heparin),
            metric("platelets_nadir", "10*9/L", 90.0, 90.0, 90.0, ["P2"]),
            metric(
                "platelets_fall_pct", "%", 57.14285714, 57.14285714, 57.14285714, ["P1", "P2"], stratum="before_heparin"
            ),
            metric(
                "resistance_dose_24h",
                "{yes_no}",
                1.0,
                1.0,
                1.0,
                heparin,
                reason="the lowest possible total is above the limit",
            ),
            metric(
                "resistance_mean_rate",
                "{yes_no}",
                None,
                0.0,
                1.0,
                heparin,
                status="not_computable",
                reason="the bounds lie on both sides of the limit",
            ),
            metric(
                "antithrombin_lowest",
                "%",
                None,
                None,
                None,
                [],
                status="no_data",
                reason="no antithrombin in the record",
                reasons=[{"code": "not_in_record", "rows": [], "number": None, "term": "antithrombin", "part": None}],
            ),
            metric(
                "four_ts_total",
                "points",
                None,
                2.0,
                6.0,
                ["P1", "P2"],
                status="not_computable",
                reason="other causes are not adjudicated",
            ),
            {"case_id": "two", "metric": "iv_ufh_total", "unit": "[iU]", "status": "no_data", "reason": "no dose"},
        ],
        "terms": [
            {
                **term,
                "row_id": "B1",
                "kind": "bolus",
                "amount": 20000.0,
                "from_min": 2 * DAY + 90,
                "until_min": 2 * DAY + 90,
            },
            {
                **term,
                "row_id": "B2",
                "kind": "bolus",
                "amount": 12000.0,
                "from_min": 2 * DAY + 600,
                "until_min": 2 * DAY + 600,
            },
            {
                **term,
                "row_id": "I1",
                "kind": "infusion",
                "amount": 24500.0,
                "from_min": 2 * DAY + 720,
                "until_min": t + 750,
                "rate": 1000.0,
            },
        ],
        "trailing_24h": [
            {
                "case_id": "one",
                "substance": "iv_ufh",
                "bound": b,
                "time_min": m,
                "before": float(x),
                "after": float(y),
                "unit": "[iU]",
            }
            for b in ("low", "best", "high")
            for m, x, y in curve
        ],
        "score_items": [
            {
                "case_id": "one",
                "score": "4ts",
                "reading": "data",
                "item": "thrombocytopenia",
                "low": 2.0,
                "high": 2.0,
                "reason": "fall of more than half, lowest count above the cap",
                "row_ids": ["P1", "P2"],
            },
            {
                "case_id": "one",
                "score": "4ts",
                "reading": "data",
                "item": "other_causes",
                "position": 4,
                "low": 0.0,
                "high": 2.0,
                "status": "not_computable",
                "basis": "adjudicated",
                "reason": "nobody says",
                "row_ids": [],
            },
            {
                "case_id": "one",
                "score": "hep",
                "reading": "data",
                "item": "magnitude",
                "position": 1,
                "low": 3.0,
                "high": 3.0,
                "basis": "data-derived",
                "reason": "fall of 57.1 % since heparin",
                "row_ids": ["P1", "P2"],
            },
            {
                "case_id": "one",
                "score": "hep",
                "reading": "data",
                "item": "skin_necrosis",
                "position": 5,
                "low": 0.0,
                "high": 3.0,
                "status": "not_computable",
                "basis": "adjudicated",
                "reason": "nothing is said of the skin",
                "row_ids": [],
            },
            {
                "case_id": "one",
                "score": "sic",
                "reading": "data",
                "item": "sofa",
                "position": 3,
                "low": None,
                "high": None,
                "status": "not_applicable",
                "basis": "data-derived",
                "reason": "no sepsis is reported",
                "row_ids": [],
            },
            {
                "case_id": "one",
                "score": "4ts",
                "reading": "printed_points",
                "item": "thrombocytopenia",
                "low": 2.0,
                "high": 2.0,
                "basis": "printed",
                "reason": "as printed",
                "row_ids": ["S1"],
            },
        ],
        "score_sensitivity": [
            {
                "case_id": "one",
                "score": "hep",
                "reading": "data",
                "item": "skin_necrosis",
                "position": 5,
                "low": 0.0,
                "high": 3.0,
                "total_low": 3.0,
                "total_high": 6.0,
                "now": "2 to 4; or 5 or more",
                "with_fewest": "2 to 4",
                "with_most": "5 or more",
                "effect": "decides it",
                "reason": "nothing is said of the skin",
                "row_ids": [],
            },
        ],
        "audit": [
            {
                "case_id": "one",
                "claim_id": "C1",
                "claim": "60 000 U of heparin in a day",
                "stated": "60 000 U",
                "evidence": "p. 2",
                "value": 45500.0,
                "low": 44000.0,
                "high": 47000.0,
                "unit": "[iU]",
                "given": "45 500 U (44 000 to 47 000 U)",
                "margin": 13000.0,
                "row_ids": heparin,
                "verdict": "contradicted by the printed numbers",
                "explanation": "no 24 h hold as much",
            },
        ],
    }


def write_corpus(
    root: Path,
    given: dict[str, list[dict[str, Any]]] | None = None,
    derived: dict[str, list[dict[str, Any]]] | None = None,
) -> Corpus:
    """Write a processed corpus under ``root`` and return it."""
    corpus = ProjectFolder(root).corpus()
    corpus.tables.mkdir(parents=True)
    corpus.series.mkdir(parents=True)
    rows, found = given or tables(), derived or results()
    for name in CANONICAL:
        frame(name, rows.get(name, [])).write_parquet(corpus.table(name))
    for name in RESULTS:
        folder = corpus.metrics if name in ("metrics", "audit") else corpus.series
        frame(name, found.get(name, [])).write_parquet(folder / f"{name}.parquet")
    return corpus
