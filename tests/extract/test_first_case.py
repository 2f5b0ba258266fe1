"""The first case in canonical form: numbers worked out by hand from its raw rows."""

import polars as pl
import pytest
from casetrace.extract.case_folder import read_case

from tests.case_builder import ROOT, params

FOLDER = ROOT / "data" / "raw" / "case_reports" / "cmaj-2019-heparin-resistance"


@pytest.fixture(scope="module")
def case():
    frames, problems = read_case(FOLDER, params())
    assert [str(p) for p in problems if p.severity == "error"] == []
    return frames


def one(frame, row_id):
    [row] = frame.filter(pl.col("row_id") == row_id).to_dicts()
    return row


def test_boluses_and_rates(case):
    heparin = case["doses"].filter(pl.col("drug") == "unfractionated heparin", pl.col("route") == "iv")
    boluses = heparin.filter(pl.col("kind") == "bolus")
    assert float(boluses["amount"].sum()) == 56000
    rates = heparin.filter(pl.col("kind") == "infusion")
    # 90.9 kg times 5, 9.6 and 12 U/kg/h
    assert [float(a) for a in rates["amount"]] == [454.5, 872.64, 1090.8]
    assert rates["start_min"].to_list() == [6509, 7819, 8133]
    assert rates["end_earliest_min"].to_list() == [7819, 8133, 8825]
    assert rates["end_latest_min"].to_list() == [7819, 8133, 8877]


def test_day_four_and_five_add_up_by_hand(case):
    """Day 4: 30 000 U and 11 h 31 min at 454.5 U/h; day 5: boluses 22 000 U and three rates."""
    heparin = case["doses"].filter(pl.col("drug") == "unfractionated heparin", pl.col("route") == "iv")
    totals = {}
    for day in (4, 5):
        low, high = day * 1440, (day + 1) * 1440
        total = 0.0
        for row in heparin.to_dicts():
            if row["kind"] == "bolus":
                total += float(row["amount"]) * (low <= row["start_min"] < high)
            else:
                total += float(row["amount"]) * max(0, min(high, row["end_min"]) - max(low, row["start_min"])) / 60
        totals[day] = round(total)
    assert totals == {4: 35234, 5: 40473}


def test_first_bolus_is_not_after_ecmo_started(case):
    bolus = one(case["doses"], "HEP0")
    assert (bolus["start_earliest_min"], bolus["start_latest_min"], bolus["start_day"]) == (5760, 5955, 4)


def test_neighbouring_rates_share_their_boundary(case):
    rates = [one(case["doses"], name) for name in ("INF1", "INF2", "INF3")]
    assert rates[0]["end_boundary"] == rates[1]["start_boundary"]
    assert rates[1]["end_boundary"] == rates[2]["start_boundary"]
    assert rates[2]["end_boundary"] == "INF3.end"


def test_antithrombin_and_its_range_in_per_cent(case):
    row = one(case["labs"], "AT")
    assert (row["value"], row["ref_low"], row["ref_high"], row["unit"]) == (63.0, 83.0, 128.0, "%")
    assert (row["value_reported"], row["unit_reported"]) == ("0.63", "U/mL")


def test_aptt_two_hours_after_argatroban(case):
    row = one(case["labs"], "APTT63")
    assert (row["anchor"], row["offset_min"], row["time_form"]) == ("ARG1", 120, "approximate")
    assert (row["time_earliest_min"], row["time_min"], row["time_latest_min"]) == (8967, 8997, 9027)


def test_an_aptt_in_target_has_the_bounds_of_the_target(case):
    row = one(case["labs"], "APTT-LOWDOSE")
    assert (row["value"], row["value_low"], row["value_high"]) == (None, 45.0, 90.0)


def test_argatroban_rate(case):
    """1 ug/kg/min times 90.9 kg is 5.454 mg/h."""
    row = one(case["doses"], "ARG1")
    assert (float(row["amount"]), row["unit"]) == (5.454, "mg/h")
    assert (float(row["amount_per_kg"]), row["unit_per_kg"]) == (0.06, "mg/kg/h")


def test_two_counts_of_one_day_stay_apart(case):
    day_five = case["labs"].filter(pl.col("analyte") == "platelets", pl.col("day") == 5)
    assert sorted(day_five["value"]) == [13.0, 18.0, 87.0]


def test_weight_and_record(case):
    [row] = case["cases"].to_dicts()
    assert (float(row["weight_kg"]), row["weight_row_id"]) == (90.9, "WT")
    assert (row["observed_start_min"], row["observed_end_min"]) == (0, 37439)


def test_every_number_leads_back_to_its_raw_cell(case):
    """Each canonical row names a row of a file in which the reported text stands."""
    import csv

    raw = {path.name: list(csv.reader(path.read_text(encoding="utf-8").splitlines())) for path in FOLDER.glob("*.csv")}
    for name, column, reported in (("labs", "value", "value_reported"), ("doses", "amount", "amount_reported")):
        for row in case[name].to_dicts():
            table = raw[row["raw_file"]]
            assert (table[row["raw_row"] - 1][table[0].index(column)] or None) == row[reported]
