"""summary.json."""

import json
from dataclasses import replace

import polars as pl
from casetrace.report import summary
from casetrace.report.case_data import CaseData
from casetrace.schemas.base import dtypes
from casetrace.schemas.reference_percentiles import Placing

from tests.report.test_reference_percentiles import ROW


def test_every_metric_stands_under_its_key_with_bounds_and_rows(case: CaseData) -> None:
    content = json.loads(summary.to_json(case))
    assert set(content["metrics"]) == set(case.metrics)
    found = content["metrics"]["iv_ufh_max_24h"]
    assert {k: found[k] for k in ("value", "low", "high", "unit", "status", "row_ids")} == {
        "value": 45500.0,
        "low": 44000.0,
        "high": 47000.0,
        "unit": "[iU]",
        "status": "ok",
        "row_ids": ["B1", "B2", "I1"],
    }
    assert found["display"].replace("\u202f", " ").replace("\u00a0", " ") == "45 500 U (44 000 to 47 000)"
    assert content["audit"]["C1"]["verdict"] == "contradicted by the printed numbers"
    assert content["case"]["weight_kg"] == 80.0


def test_a_missing_number_is_null_and_says_why(case: CaseData) -> None:
    absent = summary.summary(case)["metrics"]["antithrombin_lowest"]
    assert (absent["value"], absent["low"], absent["high"]) == (None, None, None)
    assert absent["status"] == "no_data"
    assert absent["reason"] == "no antithrombin in the record"
    assert absent["reasons"] == [
        {"code": "not_in_record", "rows": [], "number": None, "term": "antithrombin", "part": None,
         "text": "no antithrombin in the record"}
    ]  # fmt: skip


def test_shape_is_stable(case: CaseData) -> None:
    """A change here is a change for every program that reads the file: raise SCHEMA_VERSION."""
    content = summary.summary(case)
    assert content["schema_version"] == 1
    assert set(content) == {"schema_version", "case", "source", "metrics", "audit", "placing", "versions"}
    assert set(content["metrics"]["iv_ufh_total"]) == {
        "value",
        "low",
        "high",
        "unit",
        "status",
        "reason",
        "reasons",
        "row_ids",
        "label",
        "display",
    }


def test_text_is_sorted_and_ends_in_a_line_feed(case: CaseData) -> None:
    text = summary.to_json(case)
    assert text.endswith("}\n")
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_numbers_can_be_cited_without_the_noise_of_their_last_digits(case: CaseData) -> None:
    noisy = case.results["metrics"].with_columns(pl.col("value", "low", "high") + 0.1 + 0.2)
    content = json.loads(summary.to_json(replace(case, results=case.results | {"metrics": noisy})))
    assert noisy.filter(pl.col("metric") == "iv_ufh_max_24h")["value"][0] == 45500.299999999996
    found = content["metrics"]["iv_ufh_max_24h"]
    assert (found["low"], found["value"], found["high"]) == (44000.3, 45500.3, 47000.3)


def test_the_placing_stands_there_where_there_is_one(case: CaseData) -> None:
    assert json.loads(summary.to_json(case))["placing"] == []
    rows = pl.DataFrame([ROW | {"percentile": 200 / 3}], schema=dtypes(Placing))
    content = json.loads(summary.to_json(replace(case, results=case.results | {"placing": rows})))
    (found,) = content["placing"]
    assert (found["metric"], found["comparison"], found["n"]) == ("iv_ufh_max_24h", "mimic", 21)
    assert found["percentile"] == 66.6666666667
    assert "case_id" not in found
