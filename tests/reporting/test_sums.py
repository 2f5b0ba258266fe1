"""Fold-outs of sums."""

from dataclasses import replace

import polars as pl
import pytest

from pipeline.errors import CasetraceError
from pipeline.reporting import sums
from pipeline.reporting.case_data import CaseData
from pipeline.reporting.evidence import Evidence


def test_each_dose_stands_with_its_part_and_its_rate(case: CaseData, evidence: Evidence) -> None:
    html = sums.foldouts(case, evidence).html.replace("\u00a0", " ").replace("\u202f", " ")
    assert html.count("<details") == 1
    assert "day 2, 12:00 to day 3, 12:30 (24 h 30 min)" in html
    assert "1000 U/h" in html
    assert ">24 500<" in html
    assert ">56 500</a>" in html


def test_terms_that_do_not_add_up_are_refused(case: CaseData, evidence: Evidence) -> None:
    terms = case.results["terms"].with_columns(pl.col("amount") + 1)
    broken = replace(case, results={**case.results, "terms": terms})
    with pytest.raises(CasetraceError, match=r"iv_ufh_total \(best\) add up to 56503.0, the metric says 56500.0"):
        sums.foldouts(broken, evidence)


def test_terms_without_a_metric_are_refused(case: CaseData, evidence: Evidence) -> None:
    broken = replace(case, results={**case.results, "metrics": case.results["metrics"].clear()})
    with pytest.raises(CasetraceError, match="no metric of the case"):
        sums.foldouts(broken, evidence)
