"""Sentences that were once untrue or unreadable: each kind, in a corpus of invented cases."""

import re
from dataclasses import replace

import polars as pl
from casetrace.core.params import load
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import appendix, care_checklist, overview
from casetrace.report.text import metric_text
from casetrace.report.text.evidence import Evidence

from tests.report.conftest import ROOT


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " "))


def test_a_stratum_that_is_a_row_is_said_in_words(case: CaseData) -> None:
    some = next(iter(case.metrics.values()))
    label = metric_text.label_in(replace(some, stratum="B1"), case)
    assert "unfractionated heparin" in label
    assert "B1" not in label


def test_an_open_verdict_is_open_and_not_within_bounds(case: CaseData) -> None:
    some = next(m for m in case.metrics.values() if m.unit == "{yes_no}")
    is_open = replace(some, value=None, low=0.0, high=1.0, status="not_computable")
    assert metric_text.best_or_absent(is_open, case) == "open"


def test_a_repeated_dose_is_one_entry(case: CaseData, evidence: Evidence) -> None:
    doses = case.tables["doses"]
    entries = doses["row_id"].n_unique()
    repeated = replace(case, tables=case.tables | {"doses": pl.concat([doses, doses])})
    text = words(appendix.methods_paragraph(repeated, load(ROOT / "params.yaml")).html)
    assert f"{entries} dosing entr" in text
    checks = words(care_checklist.table(repeated, evidence).block().html)
    assert f"of {entries} rows" in checks or "an amount for each dose ● reported" in checks


def test_a_drug_is_said_to_begin_on_a_day_only_where_no_dose_may_lie_before(case: CaseData) -> None:
    rows = [
        {"start_day": 6, "start_earliest_min": 6 * 1440},
        {"start_day": None, "start_earliest_min": 6 * 1440 + 90},
    ]
    assert overview._since(rows) == " from day\u00a06"
    assert overview._since([rows[0], rows[1] | {"start_earliest_min": 1440}]) == ""
    assert overview._since([rows[0], rows[1] | {"start_earliest_min": None}]) == ""
    assert overview._since(rows[1:]) == ""
