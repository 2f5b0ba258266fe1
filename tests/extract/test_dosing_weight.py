"""Which body weight a dose rests on: the one in force at its time, or all that may have been."""

from tests.case_builder import rows, sheet, tables
from tests.metrics.from_folder import metric_of
from tests.shared_inputs import metric

WITHOUT = {"labs.csv": None, "claims.csv": None, "targets.csv": None}
HEAD = "id | drug | kind | route | purpose | amount | unit | start | end\n"


def amounts(folder, patient: str, doses: str):
    files = WITHOUT | {"patient.csv": sheet(patient), "doses.csv": sheet(HEAD + doses)}
    found = tables(folder, files)["doses"]
    return [(w, float(low), float(high)) for w, low, high in rows(found, "weight_row_ids", "amount_low", "amount_high")]


def test_the_made_up_weights() -> None:
    assert metric("weight-changes", "iv_ufh_max_24h_mean_rate_per_kg")["value"] == 16
    assert metric("weight-changes", "iv_ufh_total_per_kg")["value"] == 768
    assert metric("weight-changes", "resistance_mean_rate")["value"] == 0
    total = metric("weights-undated", "iv_ufh_total")
    assert (total["value"], total["low"], total["high"]) == (None, 53760, 69120)
    assert "W1, W2" in str(total["reason"])
    for name, exact in (("iv_ufh_max_24h_mean_rate_per_kg", 16), ("iv_ufh_total_per_kg", 768)):
        found = metric("weights-undated", name)
        assert (found["value"], found["low"], found["high"], found["status"]) == (exact, exact, exact, "ok")


def test_the_order_in_which_weights_are_typed_means_nothing(tmp_path):
    dose = "A | heparin | bolus | iv | | 10 | U/kg | D4T00:00 |"
    for name, typed in (("a", (0, 1)), ("b", (1, 0))):
        lines = ["W1 | body_weight | 70 | kg | D0T00:00", "W2 | body_weight | 90 | kg | D3T00:00"]
        patient = "id | item | value | unit | when\n" + "\n".join(lines[i] for i in typed)
        assert amounts(tmp_path / name, patient, dose) == [(["W2"], 900, 900)]


def test_before_all_weights_the_first_one_holds(tmp_path):
    patient = """id | item        | value | unit | when
                 W2 | body_weight | 90    | kg   | D5T00:00
                 W1 | body_weight | 70    | kg   | D3T00:00"""
    assert amounts(tmp_path, patient, "A | heparin | bolus | iv | | 10 | U/kg | D1 |") == [(["W1"], 700, 700)]


def test_weights_whose_order_with_the_dose_is_open_bound_it(tmp_path):
    patient = """id | item        | value | unit | when
                 W1 | body_weight | 70    | kg   | D1T00:00
                 W2 | body_weight | 90    | kg   | D2/D4"""
    dose = "A | heparin | bolus | iv | | 10 | U/kg | D3T00:00 |"
    assert amounts(tmp_path, patient, dose) == [(["W1", "W2"], 700, 900)]


def test_equal_weights_are_one(tmp_path):
    patient = """id | item        | value | unit | when
                 W1 | body_weight | 70    | kg   | D1T00:00
                 W2 | body_weight | 70    | kg   | D2/D4"""
    assert amounts(tmp_path, patient, "A | heparin | bolus | iv | | 10 | U/kg | D3T00:00 |") == [
        (["W1", "W2"], 700, 700)
    ]


def test_absolute_doses_per_kg_are_bounded_by_undated_weights(tmp_path):
    patient = "id | item | value | unit | when\nW1 | body_weight | 70 | kg |\nW2 | body_weight | 90 | kg |"
    files = WITHOUT | {"patient.csv": sheet(patient)}
    found = metric_of(
        tmp_path, files | {"doses.csv": sheet(HEAD + "A | heparin | bolus | iv | therapeutic | 6300 | U | D1T00:00 |")}
    )
    assert found("iv_ufh_total")[:3] == (6300, 6300, 6300)
    assert found("iv_ufh_total_per_kg")[:3] == (None, 70, 90)


def test_a_bolus_and_an_infusion_per_kg_stay_exact_under_undated_weights(tmp_path):
    patient = "id | item | value | unit | when\nW1 | body_weight | 70 | kg |\nW2 | body_weight | 90 | kg |"
    doses = """A | heparin | bolus    | iv | therapeutic | 80 | U/kg   | D1T00:00 |
               B | heparin | infusion | iv | therapeutic | 18 | U/kg/h | D1T00:00 | D3T00:00"""
    found = metric_of(tmp_path, WITHOUT | {"patient.csv": sheet(patient), "doses.csv": sheet(HEAD + doses)})
    assert found("iv_ufh_total_per_kg")[:3] == (944, 944, 944)
    rate = found("iv_ufh_max_24h_mean_rate_per_kg")
    assert rate[0] == rate[1] == rate[2] == round(512 / 24, 9)


def test_each_dose_counts_per_kg_by_its_own_weight_within_the_window_of_the_largest_amount(tmp_path):
    patient = """id | item        | value | unit | when
                 W1 | body_weight | 50    | kg   | D0T00:00
                 W2 | body_weight | 100   | kg   | D5T00:00"""
    doses = """A | heparin | bolus | iv | therapeutic | 9000  | U    | D1T00:00 |
               B | heparin | bolus | iv | therapeutic | 10000 | U    | D7T00:00 |
               C | heparin | bolus | iv | therapeutic | 20    | U/kg | D7T01:00 |"""
    found = metric_of(tmp_path, WITHOUT | {"patient.csv": sheet(patient), "doses.csv": sheet(HEAD + doses)})
    # 12 000 U at 100 kg are the fullest 24 h, though 9 000 U at 50 kg are more per kg.
    assert found("iv_ufh_max_24h")[:3] == (12000, 12000, 12000)
    assert found("iv_ufh_max_24h_mean_rate_per_kg")[:3] == (5, 5, 5)
    assert found("iv_ufh_total_per_kg")[:3] == (300, 300, 300)
