"""Times to an event from typed cases through extract and metrics: when the clock starts, ends, and stays open."""

import shutil

import polars as pl
import pytest
from casetrace.cohort.event_times import times_to_event
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.metrics.run import compute_metrics
from casetrace.schemas import CANONICAL

from tests.case_builder import ROOT, write_case

DOSES = "id,drug,kind,route,purpose,amount,unit,start,end\n"
LABS = "id,when,analyte,value,unit,ref_low,ref_high\n"
TARGETS = "analyte,anticoagulant,value,unit,start,end\n"
HEPARIN_TARGET = "aptt,unfractionated heparin,60..80,s,D0,\n"
ARGATROBAN = "ARG,argatroban,infusion,iv,therapeutic,1,ug/kg/min,D4T10:00,D6T08:00\n"


@pytest.fixture
def times(tmp_path):
    def build(doses, labs, targets=""):
        shutil.copy(ROOT / "params.yaml", tmp_path)
        corpus = ProjectFolder(tmp_path).corpus()
        files = {"doses.csv": DOSES + doses, "labs.csv": LABS + labs, "targets.csv": TARGETS + targets}
        write_case(corpus.raw, files | {"claims.csv": None, "scores.csv": None}, "case-a")
        params = load(corpus.project.params)
        extract(corpus, params)
        compute_metrics(corpus, params)
        tables = {name: pl.read_parquet(corpus.table(name)) for name in CANONICAL}
        found = times_to_event(tables, pl.read_parquet(corpus.metrics / "metrics.parquet"), 150.0)
        return {row["curve"]: (row["days"], row["is_event"], row["reason"]) for row in found.iter_rows(named=True)}

    return build


def aptt(*results):
    return "".join(f"A{i},{when},aptt,{value},s,23,32\n" for i, (when, value) in enumerate(results))


def platelets(*counts):
    return "".join(f"P{i},{when},platelets,{value},10*9/L,150,400\n" for i, (when, value) in enumerate(counts))


def test_heparin_under_the_skin_does_not_start_the_clock(times):
    doses = (
        "SC,heparin,bolus,sc,prophylactic,5000,U,D0T08:00,\nIV,heparin,infusion,iv,therapeutic,1000,U/h,D2T08:00,D3\n"
    )
    found = times(doses, aptt(("D2T14:00", 40)), HEPARIN_TARGET)
    assert found["aptt_target_heparin"] == (0.25, False, "not in target until the last aPTT under heparin")


def test_a_case_with_heparin_under_the_skin_only_is_in_no_curve_of_heparin(times):
    found = times("SC,heparin,bolus,sc,prophylactic,5000,U,D0T08:00,\n", aptt(("D2T14:00", 40)), HEPARIN_TARGET)
    assert "aptt_target_heparin" not in found


def test_every_other_anticoagulant_that_the_aptt_guides_has_a_curve_of_its_own(times):
    doses = ARGATROBAN + (
        "BIV,bivalirudin,infusion,iv,therapeutic,0.15,mg/kg/h,D6T08:00,D8\nF,fondaparinux,bolus,sc,,7.5,mg,D9,\n"
    )
    targets = "aptt,argatroban,45..90,s,@ARG,\naptt,bivalirudin,45..90,s,@BIV,\n"
    found = times(doses, aptt(("D4T12:00", 60), ("D6T20:00", 30)), targets)
    assert found["aptt_target_argatroban"] == (pytest.approx(2 / 24), True, "in target under argatroban")
    assert found["aptt_target_bivalirudin"] == (0.5, False, "not in target until the last aPTT under bivalirudin")
    assert [curve for curve in found if "aptt" in curve] == ["aptt_target_argatroban", "aptt_target_bivalirudin"]


def test_without_a_target_or_an_aptt_the_case_is_in_no_curve_and_says_why(times):
    assert times(ARGATROBAN, aptt(("D4T12:00", 60)))["aptt_target_argatroban"] == (
        None, None, "no target printed for argatroban",
    )  # fmt: skip


def test_without_an_aptt_it_says_so(times):
    found = times(ARGATROBAN, platelets(("D0", 200)), "aptt,argatroban,45..90,s,@ARG,\n")
    assert found["aptt_target_argatroban"][:2] == (None, None)
    assert "no aPTT" in found["aptt_target_argatroban"][2]


FALLEN = (("D0T08:00", 200), ("D2T08:00", 40))


@pytest.mark.parametrize(
    ("after", "from_nadir", "from_switch"),
    [
        ([("D6T10:00", 160)], (4 + 2 / 24, True, "recovered"), (2, True, "recovered")),
        (
            [("D7T10:00", 90)],
            (5 + 2 / 24, False, "not recovered at the last count"),
            (3, False, "not recovered at the last count"),
        ),
        ([("D3T08:00", 160)], (1, True, "recovered"), (None, None, "recovered before the switch")),
        (
            [("D4", 160)],
            (2 + (719.5 - 480) / 1440, True, "recovered"),
            (None, None, "not certain whether recovered before the switch"),
        ),
        (
            [("D3T08:00", 90)],
            (1, False, "not recovered at the last count"),
            (None, None, "last counted before the switch"),
        ),
    ],
)
def test_recovery_is_timed_from_the_nadir_and_from_the_switch(times, after, from_nadir, from_switch):
    found = times(ARGATROBAN, platelets(*FALLEN, *after))
    for curve, expected in (("platelet_recovery", from_nadir), ("platelet_recovery_from_switch", from_switch)):
        days, is_event, reason = found[curve]
        assert (is_event, reason) == expected[1:]
        assert days == (None if expected[0] is None else pytest.approx(expected[0], abs=1e-3))


def test_a_case_that_did_not_switch_is_not_in_that_curve(times):
    found = times("IV,heparin,infusion,iv,therapeutic,1000,U/h,D2T08:00,D3\n", platelets(*FALLEN, ("D6", 160)))
    assert "platelet_recovery" in found
    assert "platelet_recovery_from_switch" not in found


def test_counts_that_never_fell_below_the_limit_cannot_recover(times):
    reason = "no count below the lower reference limit"
    found = times(ARGATROBAN, platelets(("D0", 300), ("D5", 200)))
    assert found["platelet_recovery"] == found["platelet_recovery_from_switch"] == (None, None, reason)
