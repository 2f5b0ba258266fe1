"""Kinds of dirt in a hospital's rows, each written as the three sources would write it, one patient for each kind."""

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.importers.shared.case_rows import pseudonym
from casetrace.importers.stage import ImportResult, Options, import_clif, import_mimiciv, import_tables
from casetrace.metrics.run import compute_metrics

from tests.importers.mimiciv import small as mimiciv

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key of the tests only"
ZERO = datetime(2150, 1, 2, tzinfo=UTC).replace(tzinfo=None)
SOURCES = ("table", "mimic-iv", "clif")
DAYS = 8
Metrics = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Dose:
    """One charted dose of heparin: minutes from the start of the stay, the number and unit as they are charted."""

    at: int | str
    until: int | str | None
    number: str
    unit: str = "U/h"
    kg: str = ""
    order: str = ""
    more: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def is_bolus(self) -> bool:
        return self.until is None


def moment(minute: int | str) -> str:
    """The instant as text; a text stands as it is."""
    return minute if isinstance(minute, str) else str(ZERO + timedelta(minutes=minute))


def imported(source: str, folder: Path, doses: dict[str, list[Dose]], labs: dict[str, list[tuple[int, str, str]]] | None = None,
             mapping: str = "") -> tuple[ImportResult, Metrics]:  # fmt: skip
    """The result of an import of these patients, and every result by patient and metric."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key").write_text(KEY, encoding="utf-8")
    corpus = ProjectFolder(folder).corpus("dirty")
    options = Options(unit="admission", key_file=folder / "key", max_unknown_pct=100)
    people = sorted({*doses, *(labs or {})})
    write = {"table": _tables, "mimic-iv": _mimiciv, "clif": _clif}[source]
    write(folder / "source", people, doses, labs or {}, mapping)
    if source == "table":
        result = import_tables(corpus, folder / "source" / "mapping.yaml", options)
    else:
        result = (import_mimiciv if source == "mimic-iv" else import_clif)(corpus, folder / "source", options)
    compute_metrics(corpus, load(ROOT / "params.yaml"))
    frame = pl.read_parquet(corpus.metrics / "metrics.parquet")
    names = {pseudonym(KEY.encode(), f"admission:{person}"): person for person in people}
    return result, {
        (names[row["case_id"]], row["metric"]): row for row in frame.to_dicts() if row["stratum"] in ("", None)
    }


def _csv(path: Path, rows: list[dict[str, str]], columns: str) -> None:
    names = columns.split(",")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _tables(folder: Path, people: list[str], doses: Any, labs: Any, mapping: str) -> None:
    cases = [{"key": p, "came": moment(0), "left": moment(DAYS * 1440)} for p in people]
    _csv(folder / "cases.csv", cases, "key,came,left")
    given = [
        {"who": p, "start": moment(d.at), "end": "" if d.until is None else moment(d.until), "kind": "bolus" if d.is_bolus else "infusion",
         "amount": d.number if d.is_bolus or not set(d.unit.split("/")) & {"h", "hr", "d", "min"} else "",
         "unit": d.unit, "kg": d.kg, "pump": d.order, "remark": d.note} | d.more
        for p, rows in doses.items() for d in rows
    ]  # fmt: skip
    for row, d in zip(given, (d for rows in doses.values() for d in rows), strict=True):
        row["rate"] = "" if row["amount"] else d.number
    _csv(folder / "doses.csv", given, "who,start,end,kind,amount,rate,unit,kg,pump,remark")
    results = [{"who": p, "at": moment(at), "value": v, "unit": u} for p, rows in labs.items() for at, v, u in rows]
    _csv(folder / "labs.csv", results, "who,at,value,unit")
    (folder / "mapping.yaml").write_text(f"""
unit: admission
tables:
  cases:
    from: cases.csv
    columns: {{case_key: key, subject: key, hadm: key, starts: came, ends: left}}
  doses:
    from: doses.csv
    columns: {{subject: who, starts: start, ends: end, kind: kind, amount: amount, rate: rate, unit: unit, weight_kg: kg, order_key: pump}}
    values: {{term: heparin, route: iv, purpose: therapeutic}}
{mapping}
  labs:
    from: labs.csv
    columns: {{subject: who, charted: at, value: value, unit: unit}}
    values: {{term: platelets}}
""", encoding="utf-8")  # fmt: skip


def _mimiciv(folder: Path, people: list[str], doses: Any, labs: Any, _: str) -> None:
    """Rates become amounts, which is what MIMIC-IV charts."""
    inputs = [_input(p, d) for p, rows in doses.items() for d in rows]
    results = [
        mimiciv.lab("51265", moment(at), v, valueuom=u, subject_id=p, hadm_id="")
        for p, rows in labs.items()
        for at, v, u in rows
    ]
    mimiciv.write(
        folder, inputs=inputs, labs=results,
        patients=[mimiciv.PATIENT | {"subject_id": p} for p in people],
        admissions=[{"subject_id": p, "hadm_id": p, "admittime": moment(0), "dischtime": moment(DAYS * 1440)} for p in people],
        icustays=[{"subject_id": p, "hadm_id": p, "stay_id": p, "intime": moment(0), "outtime": moment(DAYS * 1440), "first_careunit": "MICU"} for p in people],
    )  # fmt: skip


def _input(person: str, d: Dose) -> dict[str, str]:
    number, unit = d.number, d.unit
    if not d.is_bolus and unit.endswith("/h"):
        unit = unit.removesuffix("/h")
        if isinstance(d.at, int) and isinstance(d.until, int) and number.replace(".", "").isdigit():
            number = repr(float(number) * (d.until - d.at) / 60)
    row = {"subject_id": person, "hadm_id": "", "stay_id": "", "itemid": "225152", "starttime": moment(d.at),
           "endtime": moment(d.at if d.until is None else d.until), "amount": number, "amountuom": unit, "patientweight": d.kg,
           "orderid": d.order, "statusdescription": "FinishedRunning", "storetime": d.note,
           "ordercategorydescription": "Drug Push" if d.is_bolus else "Continuous Med"}  # fmt: skip
    return row | d.more


def _clif(folder: Path, people: list[str], doses: Any, labs: Any, _: str) -> None:
    """Infusions become changes of a rate, the last of them a stop; every row without an order has the same."""
    going, single = [], []
    for p, rows in doses.items():
        for d in rows:
            cells = {"hospitalization_id": p, "med_category": "heparin", "med_route_category": "iv", "med_dose_unit": d.unit, "med_dose": d.number,
                     "med_order_id": d.order or None, "admin_dttm": moment(d.at), "mar_action_category": "given" if d.is_bolus else "start",
                     "recorder": d.note}  # fmt: skip
            (single if d.is_bolus else going).append(cells | d.more)
            if not d.is_bolus:
                going.append(cells | {"admin_dttm": moment(d.until), "med_dose": "0", "mar_action_category": "stop"})
    weights = [{"hospitalization_id": p, "recorded_dttm": moment(0), "vital_category": "weight_kg", "vital_value": kg}
               for p, rows in doses.items() for kg in {d.kg for d in rows if d.kg}]  # fmt: skip
    results = [{"hospitalization_id": p, "lab_collect_dttm": moment(at), "lab_category": "platelet_count", "lab_value": v, "reference_unit": u}
               for p, rows in labs.items() for at, v, u in rows]  # fmt: skip
    stays = [{"patient_id": p, "hospitalization_id": p, "admission_dttm": moment(0), "discharge_dttm": moment(DAYS * 1440), "age_at_admission": "60"}
             for p in people]  # fmt: skip
    _csv(
        folder / "patient.csv", [{"patient_id": p, "sex_category": "Female"} for p in people], "patient_id,sex_category"
    )
    _csv(
        folder / "hospitalization.csv",
        stays,
        "patient_id,hospitalization_id,admission_dttm,discharge_dttm,age_at_admission",
    )
    _csv(folder / "adt.csv", [], "hospitalization_id,in_dttm,out_dttm,location_category")
    _csv(folder / "labs.csv", results, "hospitalization_id,lab_collect_dttm,lab_category,lab_value,reference_unit")
    columns = "hospitalization_id,med_order_id,admin_dttm,med_category,med_route_category,med_dose,med_dose_unit,mar_action_category,recorder"
    _csv(folder / "medication_admin_continuous.csv", going, columns)
    _csv(folder / "medication_admin_intermittent.csv", single, columns)
    _csv(folder / "vitals.csv", weights, "hospitalization_id,recorded_dttm,vital_category,vital_value")
