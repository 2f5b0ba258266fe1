"""A database in MIMIC-IV form of a few rows, written as csv: only the columns that matter, the rest filled in."""

import csv
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.importers.mimiciv import HERE
from casetrace.importers.shared.case_rows import pseudonym
from casetrace.importers.stage import ImportResult, Options, import_mimiciv

_FILES = yaml.safe_load((HERE / "files.yaml").read_text(encoding="utf-8"))
COLUMNS: dict[str, list[str]] = {
    name: columns for part in ("required", "optional") for name, columns in _FILES[part].items()
}
KEY = "a key of the tests only"
IN, OUT = "2150-01-02 10:00:00", "2150-01-05 10:00:00"
PATIENT = {"subject_id": "1", "gender": "F", "anchor_age": "60", "anchor_year": "2150"}
ADMISSION = {"subject_id": "1", "hadm_id": "10", "admittime": "2150-01-01 10:00:00", "dischtime": "2150-01-08 10:00:00"}
STAY = {"subject_id": "1", "hadm_id": "10", "stay_id": "100", "intime": IN, "outtime": OUT, "first_careunit": "MICU"}
Row = dict[str, str]


def push(start: str, amount: str = "5000", **cells: str) -> Row:
    """A bolus of heparin as MIMIC-IV charts it: it ends a minute after its start and has no rate."""
    end = f"{start[:-5]}{int(start[-5:-3]) + 1:02d}{start[-3:]}"
    row = {"itemid": "225152", "starttime": start, "endtime": end, "amount": amount, "amountuom": "units"}
    return (
        row
        | {"ordercategorydescription": "Drug Push", "statusdescription": "FinishedRunning", "patientweight": "80"}
        | cells
    )


def drip(start: str, end: str, amount: str = "12000", **cells: str) -> Row:
    """A row of a heparin infusion."""
    row = push(start, amount) | {"endtime": end, "rate": "1000", "ordercategorydescription": "Continuous Med"}
    return row | cells


def lab(itemid: str, time: str, valuenum: str = "", **cells: str) -> Row:
    """A laboratory row of the patient."""
    row = {"itemid": itemid, "charttime": time, "valuenum": valuenum, "value": valuenum, "hadm_id": "10"}
    units = {"51265": "K/uL", "51275": "sec", "50912": "mg/dL", "50915": "ng/mL"}
    return row | {"valueuom": units.get(itemid, "")} | cells


def write(folder: Path, inputs: list[Row] = (), labs: list[Row] = (), **others: list[Row]) -> Path:  # type: ignore[assignment]
    """The files of one patient with one admission and one stay, with the given rows."""
    own = {"subject_id": "1", "hadm_id": "10", "stay_id": "100"}
    files = {
        "patients": [PATIENT],
        "admissions": [ADMISSION],
        "icustays": [STAY],
        "labevents": [],
        "inputevents": [],
    } | others
    files["inputevents"] = [own | row for row in inputs]
    files["labevents"] = [{"subject_id": "1"} | row for row in labs]
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            others_met = dict.fromkeys(cell for row in rows for cell in row if cell not in COLUMNS.get(name, []))
            writer = csv.DictWriter(file, [*COLUMNS.get(name, []), *others_met], restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def imported(tmp_path: Path, unit: str = "stay", **rows: Any) -> tuple[Corpus, ImportResult]:
    """The corpus of such a database."""
    key = tmp_path / "key"
    key.write_text(KEY, encoding="utf-8")
    corpus = ProjectFolder(tmp_path).corpus("mimic")
    folder = write(tmp_path / "source", **rows)
    return corpus, import_mimiciv(corpus, folder, Options(unit=unit, key_file=key, max_unknown_pct=100))


def table(corpus: Corpus, name: str) -> list[dict[str, Any]]:
    return pl.read_parquet(corpus.table(name)).to_dicts()


def case_id(unit: str = "stay", key: str = "100") -> str:
    return pseudonym(KEY.encode(), f"{unit}:{key}")
