"""Fold-outs of sums."""

from dataclasses import replace

import polars as pl
import pytest
from casetrace.core.errors import CasetraceError
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import breakdowns
from casetrace.report.text.evidence import Evidence


def test_each_dose_stands_with_its_part_and_its_rate(case: CaseData, evidence: Evidence) -> None:
    html = breakdowns.breakdowns(case, evidence).html.replace("\u00a0", " ").replace("\u202f", " ")
    assert html.count("<details") == 1
    assert "day 2, 12:00 to day 3, 12:30 (24 h 30 min)" in html
    assert "1000 U/h" in html
    assert ">24 500<" in html
    assert ">56 500</a>" in html


def test_bounds_that_the_same_doses_add_up_to_are_told_once(case: CaseData) -> None:
    best = case.results["terms"]
    alike = pl.concat([best, best.with_columns(pl.lit("low").alias("bound"))])
    metrics = case.results["metrics"].with_columns(
        pl.when(pl.col("metric") == "iv_ufh_total").then(pl.col("value")).otherwise(pl.col("low")).alias("low")
    )
    same = replace(case, results={**case.results, "terms": alike, "metrics": metrics})
    html = breakdowns.breakdowns(same, Evidence(same)).html
    assert html.count("<table>") == 1
    assert "<caption>Best and lowest possible value</caption>" in html


def test_a_dose_without_a_clock_time_is_not_given_one(case: CaseData, evidence: Evidence) -> None:
    html = breakdowns.breakdowns(case, evidence).html.replace("\u00a0", " ")
    assert "<td>day 2, 00:00 to 03:00</td>" in html  # the term counts it at 01:30, halfway
    assert "01:30" not in html


def test_terms_that_do_not_add_up_are_refused(case: CaseData, evidence: Evidence) -> None:
    terms = case.results["terms"].with_columns(pl.col("amount") + 1)
    broken = replace(case, results={**case.results, "terms": terms})
    with pytest.raises(CasetraceError, match=r"iv_ufh_total \(best\) add up to 56503.0, the metric says 56500.0"):
        breakdowns.breakdowns(broken, evidence)


def test_terms_without_a_metric_are_refused(case: CaseData, evidence: Evidence) -> None:
    broken = replace(case, results={**case.results, "metrics": case.results["metrics"].clear()})
    with pytest.raises(CasetraceError, match="no metric of the case"):
        breakdowns.breakdowns(broken, evidence)
