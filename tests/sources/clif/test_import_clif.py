"""CLIF 2.1: small tables written by its specification."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipeline.importing import Options, import_clif
from pipeline.paths import Project
from pipeline.sources.clif import HERE

START, DISCHARGE = "2024-03-01 08:00", "2024-03-09 08:00"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(time, dose, action="going", unit="units/hr", order="O1", drug="heparin"):
    return {"hospitalization_id": "H", "med_order_id": order, "admin_dttm": at(time), "med_category": drug, "med_route_category": "IV",
            "med_dose": dose, "med_dose_unit": unit, "mar_action_category": action}  # fmt: skip


def lab(category, time, value, unit, numeric=None):
    return {"hospitalization_id": "H", "lab_collect_dttm": at(time), "lab_category": category, "lab_value": value,
            "lab_value_numeric": numeric, "reference_unit": unit}  # fmt: skip


def imported(tmp_path, continuous=(), labs=(), intermittent=(), weights=(), adt=None, unit="stay", prefix="clif_"):
    empty = {"continuous": event(START, 1.0), "labs": lab("ptt", START, "1", "sec", 1.0)}
    tables = {
        "patient": [{"patient_id": "P", "sex_category": "Female"}],
        "hospitalization": [{"patient_id": "P", "hospitalization_id": "H", "admission_dttm": at("2024-03-01 06:00"),
                             "discharge_dttm": at(DISCHARGE), "age_at_admission": 61}],
        "adt": adt or [icu(START, "2024-03-03 08:00")],
        "labs": list(labs), "medication_admin_continuous": list(continuous), "medication_admin_intermittent": list(intermittent),
        "vitals": [{"hospitalization_id": "H", "recorded_dttm": at(START), "vital_category": "weight_kg", "vital_value": w} for w in weights],
    }  # fmt: skip
    shapes = {"labs": empty["labs"], "medication_admin_continuous": empty["continuous"], "medication_admin_intermittent": empty["continuous"],
              "vitals": {"hospitalization_id": "H", "recorded_dttm": at(START), "vital_category": "x", "vital_value": 1.0}}  # fmt: skip
    for name, rows in tables.items():
        schema = pl.DataFrame([shapes.get(name) or rows[0]]).schema
        pl.DataFrame(rows, schema=schema).write_parquet(tmp_path / f"{prefix}{name}.parquet")
    corpus = Project(tmp_path).corpus("clif")
    return corpus, import_clif(corpus, tmp_path, Options(unit=unit, max_unknown_pct=100))


def icu(start, end, category="icu"):
    return {"hospitalization_id": "H", "in_dttm": at(start), "out_dttm": at(end), "location_category": category}


def doses(corpus):
    columns = ("kind", "start_min", "end_min", "amount", "unit", "end_form")
    return pl.read_parquet(corpus.table("doses")).sort("start_min").select(columns).rows()


def test_dose_changes_of_an_order_become_intervals(tmp_path):
    rows = [
        event("2024-03-01 09:00", 1000.0, "start"),
        event("2024-03-01 15:00", 1200.0, "dose_change"),
        event("2024-03-01 21:00", 0.0, "stop"),
    ]
    corpus, result = imported(tmp_path, rows)
    assert doses(corpus) == [
        ("infusion", 60, 420, Decimal(1000), "[iU]/h", "minute"),
        ("infusion", 420, 780, Decimal(1200), "[iU]/h", "minute"),
    ]
    left = [(e.reason, e.rows) for e in result.account.left_out if e.file == "medication_admin_continuous"]
    assert left == [("the end of an infusion, not a dose", 1)]


def test_orders_are_followed_each_by_itself(tmp_path):
    rows = [event("2024-03-01 09:00", 1000.0), event("2024-03-01 10:00", 500.0, order="O2"), event("2024-03-01 11:00", 0.0, "stop"),
            event("2024-03-01 12:00", 0.0, "stop", order="O2")]  # fmt: skip
    corpus, _ = imported(tmp_path, rows)
    assert [row[1:4] for row in doses(corpus)] == [(60, 180, Decimal(1000)), (120, 240, Decimal(500))]


def test_a_last_dose_without_an_end_stays_open(tmp_path):
    corpus, _ = imported(tmp_path, [event("2024-03-01 09:00", 1000.0, "start")])
    (inside, after) = pl.read_parquet(corpus.table("doses")).sort("start_min").to_dicts()
    assert (inside["end_form"], inside["end_min"], inside["end_earliest_min"], inside["end_latest_min"]) == (
        "open",
        None,
        60,
        2880,
    )
    assert (inside["amount"], inside["length_min"], after["start_min"]) == (Decimal(1000), None, 2880)


def test_a_rate_per_kg_uses_the_weight_and_waits_for_one(tmp_path):
    rows = [
        event("2024-03-01 09:00", 2.0, unit="mcg/kg/min", drug="argatroban"),
        event("2024-03-01 10:00", 0.0, "stop", drug="argatroban"),
    ]
    (tmp_path / "a").mkdir()
    corpus, _ = imported(tmp_path / "a", rows, weights=[80.0])
    assert [(row[3], row[4]) for row in doses(corpus)] == [(Decimal("9.6"), "mg/h")]
    (tmp_path / "b").mkdir()
    corpus, _ = imported(tmp_path / "b", rows)
    assert pl.read_parquet(corpus.table("doses"))["amount_status"].to_list() == ["needs_weight"]


def test_intermittent_doses_are_given_at_once(tmp_path):
    corpus, _ = imported(tmp_path, intermittent=[event("2024-03-01 09:00", 5000.0, "given", "units")])
    assert [row[:5] for row in doses(corpus)] == [("bolus", 60, 60, Decimal(5000), "[iU]")]


def test_results_with_bounds_and_units(tmp_path):
    rows = [
        lab("ptt", "2024-03-01 09:00", ">150", "sec", 150.0),
        lab("platelet_count", "2024-03-01 10:00", "120", "10^3/uL", 120.0),
    ]
    corpus, _ = imported(tmp_path, labs=rows)
    found = (
        pl.read_parquet(corpus.table("labs"))
        .sort("time_min")
        .select("analyte", "value", "value_low", "low_is_strict", "unit")
        .rows()
    )
    assert found == [("aptt", None, 150, True, "s"), ("platelets", 120, 120, False, "10*9/L")]


@pytest.mark.parametrize(("second", "cases"), [("2024-03-02 08:00", 1), ("2024-03-02 09:00", 2)])
def test_locations_that_follow_each_other_are_one_stay(tmp_path, second, cases):
    adt = [icu(START, "2024-03-02 08:00"), icu(second, "2024-03-04 08:00"), icu("2024-03-04 08:00", DISCHARGE, "ward")]
    corpus, result = imported(tmp_path, adt=adt)
    assert pl.read_parquet(corpus.table("cases")).height == cases
    assert result.account.unaccounted() == {}


def test_the_names_of_the_mapping_are_in_the_vocabulary():
    from pipeline.vocabulary import load

    vocabulary = load()
    for table, _, name in pl.read_csv(HERE / "terms.csv").select("table", "category", "name").iter_rows():
        assert (vocabulary.analytes if table == "labs" else vocabulary.drugs).find(name) is not None, name
