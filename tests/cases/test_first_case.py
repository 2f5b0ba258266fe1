"""Golden facts of the first case: numbers that can be worked out by hand from the printed doses and counts."""

from pathlib import Path

import polars as pl
import pytest
from casetrace.audit import audit_tables
from casetrace.core.params import load
from casetrace.extract.case_folder import read_case
from casetrace.metrics.run import run_metrics

ROOT = Path(__file__).resolve().parents[2]
PARAMS = load(ROOT / "params.yaml")
DAY = 1440


@pytest.fixture(scope="module")
def tables():
    frames, problems = read_case(ROOT / "data/raw/case_reports/cmaj-2019-heparin-resistance", PARAMS)
    assert not [p for p in problems if p.severity == "error"]
    return frames


@pytest.fixture(scope="module")
def results(tables):
    return run_metrics(tables, PARAMS.for_sql())


@pytest.fixture(scope="module")
def numbers(results):
    return {(r["metric"], r["stratum"]): r for r in results["metrics"].iter_rows(named=True)}


@pytest.fixture(scope="module")
def audit(tables, results):
    return {r["claim_id"]: r for r in audit_tables(tables, results, PARAMS).iter_rows(named=True)}


@pytest.mark.parametrize(
    ("metric", "stratum", "value", "low", "high"),
    [
        ("iv_ufh_bolus_total", "", 56000, 56000, 56000),
        # From 03:31 on day 5, with the infusion ending between 03:05 and 03:57 on day 6.
        ("iv_ufh_max_24h", "", 46711, 46435, 46986),
        ("iv_ufh_max_24h_window_start", "", 5 * DAY + 211, 5 * DAY + 185, 5 * DAY + 237),
        ("iv_ufh_max_24h_window_end", "", 6 * DAY + 211, 6 * DAY + 185, 6 * DAY + 237),
        ("iv_ufh_day_total", "D4", 35234, 35234, 35234),
        ("iv_ufh_day_total", "D5", 40473, 40473, 40473),
        ("iv_ufh_total", "", 83543, 83071, 84016),
        ("iv_ufh_max_24h_mean_rate_per_kg", "", 21.4, 21.3, 21.5),
        ("iv_ufh_highest_rate_per_kg", "", 12, 12, 12),
        ("resistance_dose_24h", "", 1, 1, 1),
        ("resistance_mean_rate", "", 1, 1, 1),
        ("resistance_highest_rate", "", 0, 0, 0),
        ("resistance_aptt_target_not_reached", "", None, None, None),
        ("platelets_nadir", "", 13, 13, 13),
        ("platelets_nadir_day", "", 5, 5, 5),
        ("platelets_baseline_before_heparin", "", 68, 56, 68),
        ("platelets_baseline_since_heparin", "", 87, 87, 87),
        # The count of 87 on day 5 is back above 70 % of 111, unless it came after the platelet transfusion of that day.
        ("platelets_fall_before_heparin", "", None, 0, 1),
        ("platelets_any_fall_before_heparin", "", 1, 1, 1),
        ("aptt_max", "unfractionated heparin", 33, 33, 33),
        ("aptt_time_to_target", "unfractionated heparin", None, None, None),
        ("aptt_time_to_target", "argatroban", 120, 90, 150),
        ("antithrombin_before_concentrate", "", 63, 63, 63),
        ("antithrombin_after_concentrate", "", None, None, None),
        ("four_ts_printed_points", "", 1, 1, 1),
        ("four_ts_printed_labels", "", 3, 3, 3),
        ("four_ts_total", "", None, 1, 3),
        ("isth_dic_2001_total", "", None, 2, 8),
        ("isth_dic_2001_total_by_day", "D5", None, 2, 6),
        ("isth_dic_2025_total_by_day", "D5", None, 2, 6),
        ("sic_met", "", None, 0, 1),
    ],
)
def test_numbers(numbers, metric, stratum, value, low, high):
    found = numbers[metric, stratum]
    for name, expected in (("value", value), ("low", low), ("high", high)):
        got = found[name]
        if expected is None:
            assert got is None, (name, got)
        else:
            decimals = 1 if isinstance(expected, float) else 0
            assert round(got, decimals) == expected, (name, got)


def test_the_other_counts_of_the_nadir_day_are_named(numbers):
    reason = numbers["platelets_nadir_day", ""]["reason"]
    assert "PLT87" in reason
    assert "PLT18" in reason


def test_what_is_missing_is_named(numbers):
    assert "no target printed for heparin" in numbers["aptt_time_to_target", "unfractionated heparin"]["reason"]
    assert "no target printed for heparin" in numbers["resistance_aptt_target_not_reached", ""]["reason"]
    assert "D-dimer" in numbers["isth_dic_2001_total", ""]["reason"]
    # The SOFA item is sure (ventilated ARDS on ECMO); the INR of the other days is not.
    assert "INR" in numbers["sic_total", ""]["reason"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("C-61000", "contradicted by the printed numbers"),
        ("C-35000", "reproduced"),
        ("C-BOLUSES", "reproduced"),
        ("C-FALL", "reproduced"),
        ("C-NADIR", "reproduced"),
        ("C-BEFORE", "reproduced"),
        ("C-D4", "possible"),
        ("C-D5", "possible"),
        ("C-4T-TOTAL", "possible"),
        ("C-4T-SUM", "reproduced"),
        ("C-4T-CAUSES", "two places differ"),
        ("C-4T-BAND", "two places differ"),
        ("C-4T-DAY", "reproduced"),
        ("C-4T-DAY-ADM", "reproduced"),
        ("C-FFP-APTT", "reproduced"),
        ("C-AT-APTT", "reproduced"),
        ("C-ARG-APTT", "nothing to test against"),
        ("C-ARG-D11", "reproduced"),
        ("C-WEAN", "nothing to test against"),
        ("C-DIS", "nothing to test against"),
        ("C-APTT-SUB", "not computable"),
        ("C-APTT-D11", "reproduced"),
        ("C-LIVER-ALT", "reproduced"),
        ("C-LIVER-AST", "contradicted by the printed numbers"),
        ("C-FIB", "reproduced"),
        ("C-AT-LOW", "reproduced"),
        ("C-INR-NORMAL", "reproduced"),
        ("C-APTT-NORMAL", "contradicted by the printed numbers"),
        ("C-DIC", "possible"),
        ("C-LIVER", "nothing to test against"),
        ("C-APTT", "nothing to test against"),
        ("C-AT-APTT-SAME", "contradicted by the printed numbers"),
        ("C-DIC-PLACES", "two places differ"),
        ("C-4T-PROB", "nothing to test against"),
    ],
)
def test_verdicts(audit, claim, verdict):
    assert audit[claim]["verdict"] == verdict, audit[claim]["explanation"]


def test_every_claim_is_expected(audit):
    expected = {row[0] for mark in test_verdicts.pytestmark for row in mark.args[1]}
    assert set(audit) == expected


def test_the_61000_claim_names_its_margin(audit):
    row = audit["C-61000"]
    assert round(row["margin"]) == 14014
    assert "14\u202f014\u00a0U more than the printed numbers give in any 24 h" in row["explanation"]
    assert set(row["row_ids"]) >= {"HEP1", "HEP2", "HEP3", "HEP4", "HEP5", "INF1", "INF2", "INF3"}


def test_what_each_contradiction_changes(audit):
    found = {claim: row["consequence"] for claim, row in audit.items() if row["consequence"]}
    noise, plain = "within rounding or assay variation", "changes no criterion"
    assert found == {
        "C-4T-CAUSES": "turns a criterion or a score",
        "C-61000": plain,
        "C-4T-BAND": plain,
        "C-DIC-PLACES": plain,
        "C-AT-APTT-SAME": noise,
        "C-LIVER-AST": noise,
        "C-APTT-NORMAL": noise,
    }


def test_what_the_article_does_not_state_is_a_check(audit):
    mine = {claim for claim, row in audit.items() if row["by"] == "curator"}
    assert mine >= {"C-4T-DAY", "C-LIVER-AST", "C-APTT-NORMAL", "C-D4", "C-DIC", "C-4T-SUM"}
    assert not mine & {"C-61000", "C-AT-APTT-SAME", "C-DIC-PLACES", "C-4T-PROB", "C-4T-TOTAL", "C-BEFORE"}


def test_two_counts_of_a_day_can_both_be_true(audit):
    said = audit["C-D4"]["explanation"].replace("\u00a0", " ")
    assert said == "Two platelet counts are printed for day 4: 68 and 56 × 10⁹/L. Both can be true."


def test_no_verdict_rests_on_the_claim_itself(audit):
    assert not [c for c, row in audit.items() if c in row["row_ids"]]


def test_the_terms_of_the_fullest_window_add_up(results, numbers):
    terms = results["terms"].filter((pl.col("metric") == "iv_ufh_max_24h") & (pl.col("bound") == "best"))
    assert terms["amount"].sum() == pytest.approx(numbers["iv_ufh_max_24h", ""]["value"])
    by_row = dict(zip(terms["row_id"], terms["amount"], strict=True))
    # 26 000 U of boluses; 6 h 48 min at 454.5, 5 h 14 min at 872.64 and 11 h 58 min at 1090.8 U/h.
    assert sum(v for k, v in by_row.items() if k.startswith("HEP")) == 26000
    assert by_row["INF1"] == pytest.approx(454.5 * 6.8)
    assert by_row["INF2"] == pytest.approx(872.64 * (5 + 14 / 60))
    assert by_row["INF3"] == pytest.approx(1090.8 * (11 + 58 / 60))
