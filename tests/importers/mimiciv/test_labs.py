"""How rows of `labevents` become results, and to which case they belong."""

import pytest

from tests.importers.mimiciv.small import ADMISSION, STAY, case_id, imported, lab, table

TIME = "2150-01-03 10:00:00"
PLATELETS, APTT, CREATININE, D_DIMER, FILM = "51265", "51275", "50912", "50915", "51266"


def one(tmp_path, row):
    corpus, _ = imported(tmp_path, labs=[row])
    (result,) = table(corpus, "labs")
    return result


def test_the_number_is_valuenum_for_value_may_be_scrubbed(tmp_path):
    row = one(tmp_path, lab(PLATELETS, TIME, "87", value="___", comments="___"))
    assert (row["analyte"], row["value"], row["unit"], row["value_reported"]) == ("platelets", 87, "10*9/L", "87")
    assert (row["time_min"], row["day"], row["when_reported"]) == (1440, 1, "D1T00:00")


def test_units_are_converted_and_both_are_kept(tmp_path):
    row = one(tmp_path, lab(CREATININE, TIME, "2.0"))
    assert (row["value"], row["unit"], row["value_reported"], row["unit_reported"]) == (176.8, "umol/L", "2.0", "mg/dL")


def test_an_aptt_at_the_ceiling_of_the_assay_is_censored(tmp_path):
    row = one(tmp_path, lab(APTT, TIME, "150", value="___", comments="___"))
    assert (row["value_kind"], row["value"], row["value_low"], row["value_high"]) == ("one_sided", None, 150, None)
    assert (row["value_reported"], row["low_is_strict"]) == (">=150", False)


def test_an_aptt_below_the_ceiling_is_a_number(tmp_path):
    row = one(tmp_path, lab(APTT, TIME, "149.9"))
    assert (row["value_kind"], row["value"]) == ("number", 149.9)


@pytest.mark.parametrize(
    ("comment", "low", "high", "reported"),
    [("<0.2.", None, 0.2, "<0.2"), ("GREATER THAN 21000.  IN PATIENTS WITH", 21000, None, ">21000")],
)
def test_a_bound_in_the_comment_is_one_sided(tmp_path, comment, low, high, reported):
    row = one(tmp_path, lab(D_DIMER, TIME, comments=comment))
    assert (row["value_kind"], row["value_low"], row["value_high"], row["value_reported"]) == (
        "one_sided",
        low,
        high,
        reported,
    )
    assert (row["low_is_strict"], row["high_is_strict"]) == (low is not None, high is not None)


@pytest.mark.parametrize("comment", ["UNABLE TO REPORT.", "UNABLE TO REPORT, SPECIMEN CLOTTED."])
def test_a_test_without_a_result_is_not_done_and_never_a_number(tmp_path, comment):
    row = one(tmp_path, lab(PLATELETS, TIME, comments=comment))
    assert (row["value_kind"], row["value"], row["value_low"], row["value_high"]) == ("not_done", None, None, None)


@pytest.mark.parametrize("comment", ["___", ""])
def test_a_result_whose_number_is_not_in_the_data_is_a_result_without_a_number(tmp_path, comment):
    row = one(tmp_path, lab(PLATELETS, TIME, comments=comment))
    assert (row["value_kind"], row["value"], row["value_low"], row["value_high"]) == ("not_printed", None, None, None)


@pytest.mark.parametrize(("unit", "analyte"), [("ng/mL", "d_dimer"), ("ng/mL FEU", "d_dimer_feu")])
def test_the_two_units_of_d_dimer_are_two_analytes(tmp_path, unit, analyte):
    assert one(tmp_path, lab(D_DIMER, TIME, "600", valueuom=unit))["analyte"] == analyte


def test_an_unknown_unit_is_left_out_counted_and_named(tmp_path):
    corpus, result = imported(tmp_path, labs=[lab(D_DIMER, TIME, "600", valueuom="mg/dL FEU")])
    assert table(corpus, "labs") == []
    (left,) = [entry for entry in result.account.left_out if entry.file == "labevents"]
    assert (left.reason, left.examples) == ("unknown unit of a known item", ("item 50915 in mg/dL FEU",))
    assert result.account.share_unknown_pct == 100


def test_a_missing_unit_where_it_matters_leaves_no_number(tmp_path):
    corpus, result = imported(tmp_path, labs=[lab(PLATELETS, TIME, "87", valueuom="")])
    (row,) = table(corpus, "labs")
    assert (row["value"], row["unit"], row["value_reported"]) == (None, None, "87")
    assert [(u.what, u.rows) for u in result.account.unknown] == [("the unit is not known", 1)]


def test_a_film_is_a_word(tmp_path):
    row = one(tmp_path, lab(FILM, TIME, comments="LOW.  VERIFIED BY SMEAR."))
    assert (row["value_kind"], row["value_word"]) == ("word", "low")


def test_two_results_of_one_minute_are_both_kept(tmp_path):
    corpus, _ = imported(tmp_path, labs=[lab(PLATELETS, TIME, "87"), lab(PLATELETS, TIME, "88")])
    assert [(row["row_id"], row["value"]) for row in table(corpus, "labs")] == [("L1", 87), ("L2", 88)]


@pytest.mark.parametrize(
    ("time", "is_seen"),
    [
        ("2150-01-01 09:59:00", False),
        ("2150-01-01 10:00:00", True),
        ("2150-01-08 10:00:00", True),
        ("2150-01-08 10:01:00", False),
    ],
)
def test_a_result_without_an_admission_belongs_by_patient_and_time(tmp_path, time, is_seen):
    corpus, result = imported(tmp_path, labs=[lab(PLATELETS, time, "87", hadm_id="")])
    assert len(table(corpus, "labs")) == is_seen
    left = [entry.reason for entry in result.account.left_out if entry.file == "labevents"]
    assert left == ([] if is_seen else ["outside the admissions of the cases"])


def test_the_emergency_department_is_part_of_what_is_seen(tmp_path):
    admission = ADMISSION | {"edregtime": "2150-01-01 04:00:00"}
    corpus, _ = imported(
        tmp_path, labs=[lab(PLATELETS, "2150-01-01 05:00:00", "87", hadm_id="")], admissions=[admission]
    )
    assert [row["time_min"] for row in table(corpus, "labs")] == [-29 * 60]


def test_the_rows_of_an_admission_are_visible_to_each_of_its_stays(tmp_path):
    second = STAY | {"stay_id": "101", "intime": "2150-01-06 10:00:00", "outtime": "2150-01-07 10:00:00"}
    corpus, result = imported(tmp_path, labs=[lab(PLATELETS, TIME, "87")], icustays=[STAY, second])
    found = {row["case_id"]: row["time_min"] for row in table(corpus, "labs")}
    assert found == {case_id(key="100"): 1440, case_id(key="101"): -3 * 1440}
    assert result.account.used["labevents"] == 1
    same = {row["case_id"]: row["same_patient_as"] for row in table(corpus, "cases")}
    assert same == {case_id(key="100"): [case_id(key="101")], case_id(key="101"): [case_id(key="100")]}


@pytest.mark.parametrize(("unit", "key", "zero"), [("admission", "10", 2 * 1440), ("patient", "1", 2 * 1440)])
def test_a_case_may_be_an_admission_or_a_patient(tmp_path, unit, key, zero):
    corpus, _ = imported(tmp_path, unit=unit, labs=[lab(PLATELETS, TIME, "87")])
    assert [(row["case_id"], row["time_min"]) for row in table(corpus, "labs")] == [(case_id(unit, key), zero)]
