"""CLIF 2.1: cases, results, units, and columns that sites leave out."""

import polars as pl
import pytest
from casetrace.core.errors import InputError
from casetrace.importers.stage import Options, import_clif

from tests.importers.clif.small import (
    DISCHARGE,
    START,
    at,
    doses,
    event,
    events,
    icu,
    imported,
    lab,
    left,
    stay_in_hospital,
)


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


def test_a_result_of_urine_is_not_one_of_blood(tmp_path):
    rows = [lab("creatinine", "2024-03-01 09:00", "1", "mg/dL", 1.0) | {"lab_specimen_category": specimen}
            for specimen in ("blood/plasma/serum", "plasma_blood", "urine", None)]  # fmt: skip
    corpus, result = imported(tmp_path, labs=rows)
    assert pl.read_parquet(corpus.table("labs")).height == 3
    assert left(result, "labs") == {"the specimen is not blood": 1}


@pytest.mark.parametrize(
    ("category", "unit", "canonical"),
    [("platelet_count", "10^3/µL", "10*9/L"), ("platelet_count", "10^3/μl", "10*9/L"), ("hemoglobin", "g/dl", "g/L"), ("alt", "u/l", "U/L"),
     ("inr", "(no units)", "{INR}"), ("ptt", "sec", "s"), ("creatinine", "mg/dL", "umol/L"), ("d_dimer", "μg/ml", "ug/L")],
)  # fmt: skip
def test_the_units_of_the_dictionary_are_known(tmp_path, category, unit, canonical):
    corpus, result = imported(tmp_path, labs=[lab(category, "2024-03-01 09:00", "20", unit, 20.0)])
    assert pl.read_parquet(corpus.table("labs"))["unit"].to_list() == [canonical]
    assert result.account.unknown == ()


def test_a_case_may_be_a_patient(tmp_path):
    second = stay_in_hospital("H2", "2024-05-01 06:00", "2024-05-03 06:00", 62)
    rows = [event("2024-03-01 09:00", 1000.0), event("2024-03-01 10:00", 0.0, "stop"),
            event("2024-05-01 07:00", 500.0) | {"hospitalization_id": "H2"}, event("2024-05-01 08:00", 0.0, "stop") | {"hospitalization_id": "H2"}]  # fmt: skip
    corpus, result = imported(tmp_path, rows, unit="patient", hospitalization=[stay_in_hospital(), second])
    assert pl.read_parquet(corpus.table("cases"))["span_end_min"].to_list() == [63 * 1440]
    assert [row[1:4] for row in doses(corpus)] == [(180, 240, 1000), (61 * 1440 + 60, 61 * 1440 + 120, 500)]
    ages = pl.read_parquet(corpus.table("patient")).filter(pl.col("item") == "age")["value"].to_list()
    assert (ages, result.account.unaccounted()) == ([61], {})


def test_columns_that_sites_leave_out_are_unknown_and_others_are_missed(tmp_path):
    row = event("2024-03-01 09:00", 1000.0)
    rows = [
        row | {"med_dose": dose, "admin_dttm": at(time)}
        for time, dose in (("2024-03-01 09:00", 1000.0), ("2024-03-01 10:00", 0.0))
    ]
    for name in ("med_order_id", "mar_action_category", "med_route_category"):
        rows = [{key: cell for key, cell in row.items() if key != name} for row in rows]
    corpus, _ = imported(tmp_path / "a", rows)
    assert [row[1:4] for row in doses(corpus)] == [(60, 120, 1000)]
    with pytest.raises(InputError, match=r"clif_adt\.parquet, row 1, column out_dttm: the column is missing"):
        imported(tmp_path / "b", adt=[{"hospitalization_id": "H", "in_dttm": at(START), "location_category": "icu"}])


def test_death_and_an_unknown_sex(tmp_path):
    patient = {"patient_id": "P", "sex_category": "Unknown", "death_dttm": at("2024-03-03 07:00")}
    corpus, _ = imported(tmp_path, patient=[patient])
    assert events(corpus, "death") == [("death", 47 * 60)]
    assert pl.read_parquet(corpus.table("patient"))["item"].to_list() == ["age"]


def test_times_of_csv_files_bear_their_offset(tmp_path):
    corpus, _ = imported(tmp_path, adt=[icu(START, "2024-03-03 08:00")])
    (tmp_path / "clif_labs.parquet").unlink()
    (tmp_path / "clif_labs.csv").write_text(
        "hospitalization_id,lab_collect_dttm,lab_category,lab_value,reference_unit\n"
        "H,2024-03-01 09:00:00+00:00,ptt,40,sec\nH,2024-03-01 12:00:00+02:00,ptt,50,sec\n",
        encoding="utf-8",
    )
    import_clif(corpus, tmp_path, Options(max_unknown_pct=100))
    assert pl.read_parquet(corpus.table("labs")).sort("time_min").select("time_min", "value").rows() == [
        (60, 40),
        (120, 50),
    ]
