"""How rows of `inputevents` become doses."""

from decimal import Decimal

import pytest

from tests.importers.mimiciv.small import STAY, drip, imported, push, table

DAY = "2150-01-03"


def test_a_push_is_an_instant_whatever_its_end(tmp_path):
    corpus, _ = imported(tmp_path, inputs=[push(f"{DAY} 11:00:00")])
    (dose,) = table(corpus, "doses")
    assert (dose["kind"], dose["start_min"], dose["end_min"], dose["amount"]) == ("bolus", 1500, 1500, Decimal(5000))
    assert (dose["drug"], dose["route"], dose["purpose"], dose["unit"]) == (
        "unfractionated heparin",
        "iv",
        "therapeutic",
        "[iU]",
    )


@pytest.mark.parametrize("status", ["Paused", "Stopped", "ChangeDose/Rate", "FinishedRunning"])
def test_a_rate_row_gives_its_amount_evenly_and_its_status_says_how_it_ended(tmp_path, status):
    row = drip(f"{DAY} 11:00:00", f"{DAY} 23:00:00", "12000", statusdescription=status)
    corpus, _ = imported(tmp_path, inputs=[row])
    (dose,) = table(corpus, "doses")
    assert (dose["kind"], dose["amount"], dose["unit"], dose["length_min"]) == (
        "infusion",
        Decimal(1000),
        "[iU]/h",
        720,
    )
    assert (dose["start_min"], dose["end_min"], dose["note"]) == (1500, 2220, f"ended: {status}")


def test_the_dose_charted_in_doses_is_never_in_units(tmp_path):
    row = push(f"{DAY} 11:00:00", "1", itemid="225975", amountuom="dose", ordercategoryname="11-Prophylaxis (Non IV)")
    row.pop("ordercategoryname")
    corpus, _ = imported(tmp_path, inputs=[row, push(f"{DAY} 12:00:00")])
    prophylactic, bolus = table(corpus, "doses")
    assert (prophylactic["amount"], prophylactic["amount_status"], prophylactic["unit_reported"]) == (
        None,
        "needs_unit",
        "dose",
    )
    assert (prophylactic["route"], prophylactic["purpose"]) == ("sc", "prophylactic")
    assert bolus["amount"] == Decimal(5000)


@pytest.mark.parametrize(("itemid", "purpose"), [("230044", "circuit"), ("229597", "circuit")])
def test_heparin_of_a_circuit_is_kept_apart(tmp_path, itemid, purpose):
    corpus, _ = imported(tmp_path, inputs=[push(f"{DAY} 11:00:00", itemid=itemid)])
    (dose,) = table(corpus, "doses")
    assert (dose["drug"], dose["route"], dose["purpose"]) == ("unfractionated heparin", "circuit", purpose)


def test_the_bag_is_not_the_dose(tmp_path):
    bag = {"totalamount": "250", "totalamountuom": "ml", "originalamount": "25000", "originalrate": "1000"}
    row = drip(f"{DAY} 11:00:00", f"{DAY} 13:00:00", "2000", **bag)
    corpus, _ = imported(tmp_path, inputs=[row])
    assert [dose["amount"] for dose in table(corpus, "doses")] == [Decimal(1000)]


def test_rows_of_one_order_abut_and_nothing_runs_in_a_pause(tmp_path):
    rows = [
        drip(f"{DAY} 11:00:00", f"{DAY} 13:00:00", "2000", statusdescription="ChangeDose/Rate"),
        drip(f"{DAY} 13:00:00", f"{DAY} 14:00:00", "1200", statusdescription="Paused"),
        drip(f"{DAY} 15:20:00", f"{DAY} 16:20:00", "1200", statusdescription="Stopped"),
    ]
    corpus, _ = imported(tmp_path, inputs=rows)
    found = [(dose["start_min"] - 1500, dose["end_min"] - 1500, dose["amount"]) for dose in table(corpus, "doses")]
    assert found == [(0, 120, 1000), (120, 180, 1200), (260, 320, 1200)]


def test_a_row_of_two_days_is_spread_and_a_high_rate_is_kept(tmp_path):
    rows = [drip("2150-01-02 12:00:00", "2150-01-04 12:00:00", "48000"),
            drip("2150-01-04 12:00:00", "2150-01-04 13:00:00", "4121")]  # fmt: skip
    corpus, result = imported(tmp_path, inputs=rows)
    assert [(dose["amount"], dose["length_min"], dose["is_implausible"]) for dose in table(corpus, "doses")] == [
        (1000, 2880, False),
        (4121, 60, False),
    ]
    assert result.account.unknown == ()


def test_there_is_no_change_of_the_clock(tmp_path):
    # Dates are moved and have no zone: a night in which clocks change somewhere has 24 hours as any other.
    times = {"intime": "2150-03-08 00:00:00", "outtime": "2150-03-09 00:00:00"}
    admission = {"subject_id": "1", "hadm_id": "10", "admittime": times["intime"], "dischtime": times["outtime"]}
    row = drip("2150-03-08 01:00:00", "2150-03-08 04:00:00", "3000")
    corpus, _ = imported(tmp_path, inputs=[row], admissions=[admission], icustays=[STAY | times])
    assert [(dose["start_min"], dose["length_min"]) for dose in table(corpus, "doses")] == [(60, 180)]
    assert [case["span_end_min"] for case in table(corpus, "cases")] == [1440]


def test_diagnoses_are_not_read(tmp_path):
    codes = [{"subject_id": "1", "hadm_id": "10", "seq_num": "1", "icd_code": "D7582", "icd_version": "10"}]
    corpus, result = imported(tmp_path, inputs=[push(f"{DAY} 11:00:00")], diagnoses_icd=codes)
    assert "diagnoses_icd" not in result.account.read
    assert table(corpus, "findings") == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (push(f"{DAY} 11:00:00", "0"), "the amount is 0: nothing was given"),
        (push(f"{DAY} 11:00:00", statusdescription="Rewritten"), "rewritten by a later row"),
        (push(f"{DAY} 11:00:00", itemid="220949"), "item not used"),
    ],
)
def test_a_row_that_is_no_dose_is_left_out_for_a_reason(tmp_path, row, reason):
    corpus, result = imported(tmp_path, inputs=[row | {"patientweight": ""}])
    assert table(corpus, "doses") == []
    left = [entry for entry in result.account.left_out if entry.file == "inputevents"]
    assert [(entry.reason, entry.rows, entry.patients) for entry in left] == [(reason, 1, 1)]


def test_a_row_across_the_start_of_the_stay_is_parted_to_the_second(tmp_path):
    stay = {
        "subject_id": "1",
        "hadm_id": "10",
        "stay_id": "100",
        "outtime": "2150-01-05 10:00:00",
        "first_careunit": "MICU",
    }
    row = drip("2150-01-02 09:00:00", "2150-01-02 11:00:00", "7200")
    corpus, _ = imported(tmp_path, inputs=[row], icustays=[stay | {"intime": "2150-01-02 10:00:30"}])
    before, inside = sorted(table(corpus, "doses"), key=lambda dose: dose["start_min"])
    assert (before["row_id"], before["start_min"], before["end_min"]) == ("D1-before", -60, 0)
    assert (inside["row_id"], inside["start_min"], inside["end_min"]) == ("D1", 0, 60)
    assert before["amount"] == Decimal(3630)  # 60.5 of 120 minutes, in the 60 whole minutes before the stay
    assert inside["amount"] == Decimal(3570)


def test_a_row_across_both_ends_is_in_three_parts_that_add_up(tmp_path):
    row = drip("2150-01-02 04:00:00", "2150-01-05 16:00:00", "84000")
    corpus, _ = imported(tmp_path, inputs=[row])
    doses = {dose["row_id"]: dose for dose in table(corpus, "doses")}
    given = {name: dose["amount"] * dose["length_min"] / 60 for name, dose in doses.items()}
    assert given == {"D1-before": 6000, "D1": 72000, "D1-after": 6000}


def test_a_rate_row_within_one_minute_is_given_at_once(tmp_path):
    corpus, _ = imported(tmp_path, inputs=[drip(f"{DAY} 11:00:10", f"{DAY} 11:00:50", "100")])
    (dose,) = table(corpus, "doses")
    assert (dose["kind"], dose["amount"], dose["unit"]) == ("bolus", Decimal(100), "[iU]")
    assert "less than a minute" in dose["note"]


def test_weights_are_kept_with_their_source_and_each_rate_uses_its_own(tmp_path):
    rows = [
        drip(f"{DAY} 11:00:00", f"{DAY} 12:00:00", "1000", patientweight="80"),
        drip(f"{DAY} 12:00:00", f"{DAY} 13:00:00", "1000", patientweight="100"),
    ]
    corpus, _ = imported(tmp_path, inputs=rows)
    weights = {r["value"]: r for r in table(corpus, "patient") if r["item"] == "body_weight"}
    assert {value: row["evidence"] for value, row in weights.items()} == {80.0: "inputevents", 100.0: "inputevents"}
    first, second = table(corpus, "doses")
    assert (first["amount_per_kg"], first["weight_row_ids"]) == (Decimal("12.5"), [weights[80.0]["row_id"]])
    assert (second["amount_per_kg"], second["weight_row_ids"]) == (Decimal(10), [weights[100.0]["row_id"]])
    (case,) = table(corpus, "cases")
    assert (case["weight_kg"], case["weight_low_kg"], case["weight_high_kg"]) == (80, 80, 100)


def test_an_implausible_rate_is_kept_marked_and_counted(tmp_path):
    corpus, result = imported(tmp_path, inputs=[drip(f"{DAY} 11:00:00", f"{DAY} 12:00:00", "25000")])
    assert [dose["is_implausible"] for dose in table(corpus, "doses")] == [True]
    assert [(u.what, u.term, u.rows) for u in result.account.unknown] == [
        ("outside the plausible range", "unfractionated heparin", 1)
    ]


@pytest.mark.parametrize(
    ("row", "gap"),
    [
        (push(f"{DAY} 11:00:00", "-5"), "the amount is negative"),
        (push(f"{DAY} 11:00:00", "5000 units"), "the amount is not a number"),
        (drip(f"{DAY} 11:00:00", f"{DAY} 10:00:00"), "the end lies before the start"),
        (drip(f"{DAY} 11:00:00", "later"), "the end cannot be read"),
        (push(f"{DAY} 11:00:00", starttime="yesterday"), "the start cannot be read"),
    ],
)
def test_a_row_that_cannot_be_read_keeps_its_place(tmp_path, row, gap):
    corpus, result = imported(tmp_path, inputs=[row | {"patientweight": ""}])
    dose, *_ = sorted(table(corpus, "doses"), key=lambda row: row["start_earliest_min"])
    assert (dose["drug"], dose["amount"], dose["amount_high"], dose["amount_status"]) == (
        "unfractionated heparin",
        None,
        None,
        "unreadable",
    )
    assert gap in dose["note"]
    assert [(u.what, u.cases) for u in result.account.unknown] == [(gap, 1)]


def test_an_amount_that_is_not_rate_times_length_is_bounded_by_both(tmp_path):
    corpus, result = imported(
        tmp_path, inputs=[drip(f"{DAY} 11:00:00", f"{DAY} 13:00:00", "6000", rateuom="units/hour")]
    )
    (dose,) = table(corpus, "doses")
    assert (dose["amount_low"], dose["amount"], dose["amount_high"], dose["amount_status"]) == (
        1000,
        None,
        3000,
        "disputed",
    )
    assert [u.what for u in result.account.unknown] == ["amount and rate times length differ"]


def test_an_amount_that_is_rate_times_length_is_known(tmp_path):
    corpus, result = imported(
        tmp_path, inputs=[drip(f"{DAY} 11:00:00", f"{DAY} 13:00:00", "2000", rateuom="units/hour")]
    )
    assert [dose["amount"] for dose in table(corpus, "doses")] == [1000]
    assert result.account.unknown == ()
