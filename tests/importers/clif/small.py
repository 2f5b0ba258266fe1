"""A database in CLIF form of a few rows: parquet tables with the columns of the data dictionary that matter."""

from datetime import UTC, datetime

import polars as pl
from casetrace.core.paths import ProjectFolder
from casetrace.importers.stage import Options, import_clif

START, DISCHARGE = "2024-03-01 08:00", "2024-03-09 08:00"


def at(text):
    """An instant, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(time, dose, action="going", unit="units/hr", order="O1", drug="heparin"):
    """An event of a continuous drug, or an intermittent dose."""
    return {"hospitalization_id": "H", "med_order_id": order, "admin_dttm": at(time), "med_category": drug, "med_route_category": "IV",
            "med_dose": dose, "med_dose_unit": unit, "mar_action_category": action}  # fmt: skip


def lab(category, time, value, unit, numeric=None):
    """A laboratory row."""
    return {"hospitalization_id": "H", "lab_collect_dttm": at(time), "lab_category": category, "lab_value": value,
            "lab_value_numeric": numeric, "reference_unit": unit}  # fmt: skip


def recording(table, time, **cells):
    """A recording of a device."""
    needed = {"ecmo_mcs": ("device_category", "mcs_group"), "crrt_therapy": ("crrt_mode_category",)}[table]
    return {"hospitalization_id": "H", "recorded_dttm": at(time)} | {name: cells.get(name) for name in needed}


def imported(
    tmp_path, continuous=(), labs=(), intermittent=(), weights=(), adt=None, unit="stay", prefix="clif_", **others
):
    """The corpus of such tables, and the result of the import."""
    vital = {"hospitalization_id": "H", "recorded_dttm": at(START), "vital_category": "weight_kg", "vital_value": 1.0}
    tables = {
        "patient": [{"patient_id": "P", "sex_category": "Female"}],
        "hospitalization": [stay_in_hospital()],
        "adt": adt or [icu(START, "2024-03-03 08:00")],
        "labs": list(labs), "medication_admin_continuous": list(continuous), "medication_admin_intermittent": list(intermittent),
        "vitals": [vital | {"vital_value": weight} for weight in weights],
    } | others  # fmt: skip
    shapes = {"labs": lab("ptt", START, "1", "sec", 1.0), "medication_admin_continuous": event(START, 1.0),
              "medication_admin_intermittent": event(START, 1.0), "vitals": vital}  # fmt: skip
    tmp_path.mkdir(exist_ok=True)
    for name, rows in tables.items():
        schema = None if rows else pl.DataFrame([shapes[name]]).schema
        pl.DataFrame(rows, schema=schema, infer_schema_length=None).write_parquet(tmp_path / f"{prefix}{name}.parquet")
    corpus = ProjectFolder(tmp_path).corpus("clif")
    return corpus, import_clif(corpus, tmp_path, Options(unit=unit, max_unknown_pct=100))


def stay_in_hospital(key="H", start="2024-03-01 06:00", end=DISCHARGE, age=61):
    """A hospitalization of the patient."""
    return {
        "patient_id": "P",
        "hospitalization_id": key,
        "admission_dttm": at(start),
        "discharge_dttm": at(end),
        "age_at_admission": age,
    }


def left(result, file):
    """Rows of a table that were left out, by reason."""
    return {entry.reason: entry.rows for entry in result.account.left_out if entry.file == file}


def events(corpus, *names):
    """Events whose names begin so, with their minute."""
    rows = pl.read_parquet(corpus.table("events")).sort("time_min", "event").to_dicts()
    return [(row["event"], row["time_min"]) for row in rows if row["event"].startswith(names)]


def icu(start, end, category="icu"):
    """A stretch of time in a location."""
    return {"hospitalization_id": "H", "in_dttm": at(start), "out_dttm": at(end), "location_category": category}


def doses(corpus):
    """The doses, by their start."""
    columns = ("kind", "start_min", "end_min", "amount", "unit", "end_form")
    return pl.read_parquet(corpus.table("doses")).sort("start_min").select(columns).rows()
