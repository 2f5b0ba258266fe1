"""The administration record and the orders: read, accounted for by reason, and never added to the doses."""

import pytest

from tests.importers.mimiciv.small import IN, case_id, drip, imported, push, table

EARLY, DAY = "2150-01-01 18:00:00", "2150-01-03 11:00:00"


def given(time=EARLY, event="Administered", medication="Heparin", **cells):
    row = {"subject_id": "1", "hadm_id": "10", "emar_id": "1-1", "pharmacy_id": "7"}
    return row | {"charttime": time, "event_txt": event, "medication": medication} | cells


def order(dose="5000", unit="UNIT", drug="Heparin", route="SC"):
    row = {"subject_id": "1", "hadm_id": "10", "pharmacy_id": "7", "drug": drug}
    return row | {"dose_val_rx": dose, "dose_unit_rx": unit, "route": route}


def left(result, file):
    return {entry.reason: entry.rows for entry in result.account.left_out if entry.file == file}


def unseen(corpus):
    return [(r["event"], r["time_min"], r["note"]) for r in table(corpus, "events") if r["raw_file"] == "emar"]


def test_heparin_that_only_the_administration_record_shows_is_an_event_and_never_a_dose(tmp_path):
    corpus, result = imported(tmp_path, emar=[given(), given(DAY)], prescriptions=[order()])
    assert table(corpus, "doses") == []
    assert unseen(corpus) == [
        ("heparin_given_elsewhere", -16 * 60,
         "administration record: Administered; route of the order: SC; no heparin of this admission is charted in inputevents")
    ]  # fmt: skip
    assert left(result, "emar") == {"given: doses are read from inputevents, which has those of the ICU": 1}
    assert [(e.file, e.event, e.cases, e.patients) for e in result.account.elsewhere] == [
        ("emar", "heparin_given_elsewhere", 1, 1)
    ]
    assert "emar shows it in 1 of 1 cases (1 patients) before their end" in result.summary()
    assert result.account.unaccounted() == {}


@pytest.mark.parametrize(
    ("first_charted", "is_earlier"),
    [("2150-01-03 12:01:00", True), ("2150-01-03 12:00:00", False), ("2150-01-03 10:50:00", False)],
)
def test_the_two_records_of_one_dose_are_one_dose(tmp_path, first_charted, is_earlier):
    corpus, result = imported(tmp_path, inputs=[push(first_charted)], emar=[given(DAY)])
    assert [name for name, _, _ in unseen(corpus)] == ["heparin_given_elsewhere"] * is_earlier
    assert bool(result.account.elsewhere) == is_earlier
    assert [dose["amount"] for dose in table(corpus, "doses")] == [5000]


def test_prophylaxis_and_circuits_in_inputevents_are_heparin_that_is_seen(tmp_path):
    rows = [push("2150-01-02 11:00:00", "1", itemid="225975", amountuom="dose")]
    corpus, _ = imported(tmp_path, inputs=rows, emar=[given(DAY)])
    assert unseen(corpus) == []


@pytest.mark.parametrize("row", [push("2150-01-02 11:00:00", "0"), push("2150-01-02 11:00:00", statusdescription="Rewritten"),
                                 push("2150-01-02 11:00:00", itemid="225913", amountuom="dose")])  # fmt: skip
def test_a_row_that_gave_no_heparin_hides_nothing(tmp_path, row):
    corpus, _ = imported(tmp_path, inputs=[row], emar=[given(DAY)])
    assert [name for name, _, _ in unseen(corpus)] == ["heparin_given_elsewhere"]


def test_only_an_event_that_says_given_shows_heparin(tmp_path):
    events = ["Not Given", "Hold Dose", "Not Started", "Delayed Not Started", "Stopped", "Stopped - Unscheduled in Other Location",
              " in Other Location", "Infusion Reconciliation", ""]  # fmt: skip
    corpus, result = imported(tmp_path, emar=[given(event=event) for event in events])
    assert unseen(corpus) == []
    assert left(result, "emar") == {
        "not given, or not done": 4,
        "the end of an infusion, not a dose": 2,
        "nothing says whether it was given": 3,
    }


def test_the_events_that_say_given(tmp_path):
    events = [
        "Administered",
        "Confirmed",
        "Started",
        "Restarted",
        "Delayed Administered",
        "Rate Change",
        "Started in Other Location",
    ]
    corpus, result = imported(tmp_path, emar=[given(event=event) for event in events])
    assert len(unseen(corpus)) == 1
    assert left(result, "emar") == {"given: doses are read from inputevents, which has those of the ICU": 6}


def test_flushes_and_circuits_are_told_from_doses(tmp_path):
    flushes = ["Heparin Flush (10 units/ml)", "Heparin Dwell (1000 Units/mL)", "Heparin (CRRT Machine Priming)", "Heparin (Hemodialysis)",
               "Heparin Flush CRRT (5000 Units/mL)", "Heparin PF (0.5 Units/mL)"]  # fmt: skip
    doses = ["Heparin Sodium", "Heparin (via Anti-Xa Monitoring)", "Enoxaparin (Prophylaxis)"]
    corpus, result = imported(
        tmp_path, emar=[given(medication=name) for name in (*flushes, *doses, "Warfarin", "Aspirin")]
    )
    assert sorted(name for name, _, _ in unseen(corpus)) == ["heparin_flush_elsewhere", "heparin_given_elsewhere"]
    assert left(result, "emar") == {
        "given as a flush, a lock or to a circuit: not a dose of the patient": 5,
        "given: doses are read from inputevents, which has those of the ICU": 3,
        "not an anticoagulant": 1,
    }


def test_heparin_after_the_end_of_the_case_is_not_heparin_before_it(tmp_path):
    corpus, result = imported(tmp_path, emar=[given("2150-01-07 10:00:00")])
    assert [minute for _, minute, _ in unseen(corpus)] == [5 * 1440]
    assert result.account.elsewhere == ()


def test_a_row_without_an_admission_belongs_by_patient_and_time(tmp_path):
    rows = [given(hadm_id=""), given("2150-01-20 10:00:00", hadm_id="")]
    corpus, result = imported(tmp_path, emar=rows)
    assert [minute for _, minute, _ in unseen(corpus)] == [-16 * 60]
    assert result.account.unaccounted() == {}


def test_the_doses_of_orders_are_text_and_are_read_as_no_number(tmp_path):
    doses = ["25,000", "1000-1900", "2000-8000", "___"]
    rows = [*(order(dose) for dose in doses), order("5", "mL", "Heparin Flush (10 units/ml)", "IV")]
    corpus, result = imported(tmp_path, prescriptions=rows)
    assert table(corpus, "doses") == []
    (entry,) = [entry for entry in result.account.left_out if entry.file == "prescriptions"]
    assert (entry.reason, entry.rows) == ("an order, not an administration", 5)
    assert {f"Heparin {dose} UNIT SC" for dose in doses} < set(entry.examples)


def test_the_details_are_accounted_for_and_never_added(tmp_path):
    details = [
        {"dose_given": "5000", "dose_given_unit": "UNIT"},
        {"dose_given": "25,000", "dose_given_unit": "Units"},
        {"dose_given": "___"},
        {"dose_given": "1000-1900"},
        {"infusion_rate": "1200", "infusion_rate_unit": "units/hr"},
        {"infusion_rate": "12", "infusion_rate_unit": "ml/hr"},
        {},
    ]
    rows = [{"subject_id": "1", "emar_id": "1-1"} | detail for detail in details]
    corpus, result = imported(tmp_path, inputs=[drip(IN, DAY)], emar=[given(DAY)], emar_detail=rows)
    assert left(result, "emar_detail") == {
        "a dose: doses are read from inputevents, which has those of the ICU": 2,
        "the dose is scrubbed": 1,
        "the dose is not a number": 1,
        "a rate without an end (units/hr)": 1,
        "a rate without an end (ml/hr)": 1,
        "no dose": 1,
    }
    assert {dose["raw_file"] for dose in table(corpus, "doses")} == {"inputevents"}


def test_other_drugs_are_accounted_for_as_such(tmp_path):
    detail = {"subject_id": "1", "emar_id": "1-1", "dose_given": "81", "dose_given_unit": "mg"}
    _, result = imported(tmp_path, emar=[given(medication="Aspirin")], emar_detail=[detail])
    assert left(result, "emar") == left(result, "emar_detail") == {"not an anticoagulant": 1}


def test_each_case_of_the_admission_sees_the_event(tmp_path):
    stays = [{"subject_id": "1", "hadm_id": "10", "stay_id": key, "intime": start, "outtime": end, "first_careunit": "MICU"}
             for key, start, end in (("100", "2150-01-01 12:00:00", "2150-01-01 17:00:00"), ("101", IN, DAY))]  # fmt: skip
    corpus, result = imported(tmp_path, emar=[given()], icustays=stays)
    seen = {row["case_id"]: row["time_min"] for row in table(corpus, "events") if row["raw_file"] == "emar"}
    assert seen == {case_id(key="100"): 360, case_id(key="101"): -16 * 60}
    assert [(e.cases, e.patients) for e in result.account.elsewhere] == [(1, 1)]  # after the end of the first stay
