"""CLIF 2.1: the columns and categories that are read, against the data dictionary and our vocabulary."""

import polars as pl
import pytest
import yaml
from casetrace.importers.clif import HERE
from casetrace.schemas.canonical import ROUTES
from casetrace.vocabulary import load

#: Columns of the tables in the data dictionary of CLIF 2.1 (and of 2.0, for those that are read); docs/clif.md names the version.
DICTIONARY = {
    "patient": "patient_id race_name race_category ethnicity_name ethnicity_category sex_name sex_category birth_date death_dttm "
    "language_name language_category",
    "hospitalization": "patient_id hospitalization_id hospitalization_joined_id admission_dttm discharge_dttm age_at_admission",
    "adt": "hospitalization_id hospital_id hospital_type in_dttm out_dttm location_name location_category location_type",
    "labs": "hospitalization_id lab_order_dttm lab_collect_dttm lab_result_dttm lab_order_name lab_order_category lab_name lab_category "
    "lab_value lab_value_numeric reference_unit lab_specimen_name lab_specimen_category lab_loinc_code",
    "medication_admin_continuous": "hospitalization_id med_order_id admin_dttm med_name med_category med_group med_route_name "
    "med_route_category med_dose med_dose_unit mar_action_name mar_action_category",
    "medication_admin_intermittent": "hospitalization_id med_order_id admin_dttm med_name med_category med_group med_route_name "
    "med_route_category med_dose med_dose_unit mar_action_name mar_action_category",
    "vitals": "hospitalization_id recorded_dttm vital_name vital_category vital_value meas_site_name",
    "ecmo_mcs": "hospitalization_id recorded_dttm device_name device_category mcs_group device_metric_name device_rate sweep flow fdO2",
    "crrt_therapy": "hospitalization_id device_id recorded_dttm crrt_mode_name crrt_mode_category dialysis_machine_name blood_flow_rate",
}
#: Categories of the dictionary that are read; others that some sites have bear a remark in terms.csv.
CATEGORIES = {
    "labs": "platelet_count ptt pt inr hemoglobin wbc creatinine bilirubin_total alt ast",
    "medication": "heparin argatroban bivalirudin cangrelor eptifibatide alteplase",
    "route": "iv im inhaled enteral intrapleural",
    "crrt_therapy": "scuf cvvh cvvhd cvvhdf",
}


def test_every_column_that_is_read_stands_in_the_dictionary():
    files = yaml.safe_load((HERE / "files.yaml").read_text(encoding="utf-8"))
    for part in files.values():
        for name, columns in part.items():
            assert set(columns) <= set(DICTIONARY[name].split()), name


@pytest.mark.parametrize("table", sorted(CATEGORIES))
def test_the_categories_of_the_dictionary_are_mapped(table):
    mapped = pl.read_csv(HERE / "terms.csv").filter(pl.col("table") == table)["category"].to_list()
    assert set(CATEGORIES[table].split()) <= set(mapped)
    assert len(mapped) == len(set(mapped))


def test_the_names_of_the_mapping_are_in_the_vocabulary():
    vocabulary = load()
    for table, _, name in pl.read_csv(HERE / "terms.csv").select("table", "category", "name").iter_rows():
        if table in ("labs", "medication") and name not in ("cangrelor", "eptifibatide"):
            assert (vocabulary.analytes if table == "labs" else vocabulary.drugs).find(name) is not None, name
        if table in ("ecmo_mcs", "crrt_therapy"):
            assert all(vocabulary.events.find(f"{name}_{side}") for side in ("start", "end"))
        if table == "route":
            assert name in ROUTES
