"""Derived numbers in words."""

from dataclasses import replace

import polars as pl
import pytest
from casetrace.report.case_data import CaseData, Metric
from casetrace.report.text import metric_text

DAY = 1440

#    name                     unit          value    low      high     status            written
CASES = [
    ("iv_ufh_max_24h", "[iU]", 46711.0, 46435.0, 46986.0, "ok", "46\u202f711 U (46\u202f435 to 46\u202f986)"),
    ("platelets_nadir", "10*9/L", 13.0, 13.0, 13.0, "ok", "13 × 10⁹/L"),
    ("iv_ufh_total", "[iU]", None, 56000.0, None, "not_computable", "at least 56\u202f000 U"),
    ("drug_total", "mg", None, None, None, "not_computable", "not computable: why"),
    ("drug_total", "mg", None, None, None, "no_data", "not computable: the case has no such data"),
    ("resistance_dose_24h", "{yes_no}", 1.0, 1.0, 1.0, "ok", "yes"),
    ("resistance_dose_24h", "{yes_no}", 0.0, 0.0, 0.0, "ok", "no"),
    ("resistance_dose_24h", "{yes_no}", None, 0.0, 1.0, "not_computable", "open: yes or no"),
    ("iv_ufh_first_start", "min", 4.0 * DAY, 4.0 * DAY, 4.0 * DAY + 195, "ok", "day 4, 00:00 to 03:15"),
    ("iv_ufh_first_start", "min", 4.0 * DAY, 4.0 * DAY, 4.0 * DAY, "ok", "day 4, 00:00"),
    ("aptt_time_to_target", "min", 120.0, 90.0, 150.0, "ok", "2 h (1 h 30 min to 2 h 30 min)"),
    ("four_ts_total", "points", None, 1.0, 3.0, "not_computable", "1 to 3 points"),
    ("iv_ufh_max_24h_mean_rate_per_kg", "[iU]/kg/h", 21.41, 21.28, 21.54, "ok", "21.4 U/kg/h (21.3 to 21.5)"),
    ("iv_ufh_total", "[iU]", None, 0.0, None, "not_computable", "not known: why"),
    ("iv_ufh_first_start", "min", None, 1.0 * DAY, None, "not_computable", "not before day 1"),
    ("iv_ufh_first_start", "min", None, 0.0, None, "not_computable", "time not given: why"),
    ("iv_ufh_last_end", "min", None, None, 3.0 * DAY - 1, "not_computable", "not after day 2"),
    ("platelets_fall_pct", "%", None, None, 100.0, "not_computable", "not known: why"),
    ("platelets_fall_pct", "%", None, None, 62.1, "not_computable", "at most 62.1 %"),
    ("platelets_fall_pct", "%", -31.13, -31.13, 3.9, "ok", "rise of 31.1 % (from a rise of 31.1 to a fall of 3.9)"),
    ("change", "10*9/L", -98.0, -98.0, -98.0, "ok", "\u221298 × 10⁹/L"),
]


@pytest.mark.parametrize(("name", "unit", "value", "low", "high", "status", "written"), CASES)
def test_one_line_per_number(
    case: CaseData,
    name: str,
    unit: str,
    value: float | None,
    low: float | None,
    high: float | None,
    status: str,
    written: str,
) -> None:
    metric = Metric(name, "", value, low, high, unit, status, "why")
    assert metric_text.full(metric, case).replace("\u00a0", " ") == written


def test_a_missing_number_is_never_blank_and_never_zero(case: CaseData) -> None:
    for status in ("no_data", "not_computable", "not_applicable"):
        text = metric_text.full(Metric("m", "", None, None, None, "s", status, None), case)
        assert text
        assert "0" not in text


@pytest.mark.parametrize(
    ("stratum", "written"),
    [("D4", "day 4"), ("D-2", "day \u22122"), ("packed_red_cells", "packed red cells"), ("DDAVP", "DDAVP")],
)
def test_strata(stratum: str, written: str) -> None:
    assert metric_text.stratum_text(stratum).replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("name", "stratum", "unit", "written"),
    [
        ("aptt_max", "argatroban", "s", "Highest aPTT under argatroban"),
        ("aptt_time_to_target", "argatroban", "min", "From the first dose to the first aPTT in target, under argatroban"),
        ("drug_total", "enoxaparin", "mg", "Total of enoxaparin, any route"),
        ("platelets_at_anticoagulant_start", "warfarin", "10*9/L", "Last platelet count before the first dose of warfarin"),
        ("platelets_fall_pct", "before_heparin", "%",
         "Fall of the platelet count to the nadir, from the last count before heparin"),
        ("iv_ufh_first_start", "", "min", "First therapeutic intravenous heparin"),
        ("iv_ufh_day_total", "D4", "[iU]", "Therapeutic intravenous heparin by study day, day 4"),
    ],
)  # fmt: skip
def test_labels_name_their_stratum_where_it_reads_best(name: str, stratum: str, unit: str, written: str) -> None:
    label = metric_text.label(Metric(name, stratum, None, None, None, unit, "ok", None))
    assert label.replace("\u00a0", " ") == written


def test_an_amount_of_which_no_dose_is_printed_is_not_printed(case: CaseData) -> None:
    def with_amounts(status: str) -> CaseData:
        doses = case.tables["doses"].with_columns(
            pl.when(pl.col("row_id") == "B1")
            .then(pl.lit("not_printed"))
            .otherwise(pl.lit(status))
            .alias("amount_status")
        )
        return replace(case, tables={**case.tables, "doses": doses})

    total = Metric("iv_ufh_total", "", None, 0.0, None, "[iU]", "not_computable", None, ("B1", "B2"))
    for status, word, count in (("not_printed", "not printed", (2, 2)), ("known", "not known", (1, 2))):
        assert metric_text.best_or_absent(total, with_amounts(status)) == word
        assert metric_text.full(total, with_amounts(status)) == word
        assert metric_text.bounds(total, with_amounts(status)) == ""
        assert metric_text.doses_without_amount(total, with_amounts(status)) == count
    known = replace(total, low=5000.0)
    assert metric_text.full(known, with_amounts("known")).replace("\u00a0", " ") == "at least 5000 U"
