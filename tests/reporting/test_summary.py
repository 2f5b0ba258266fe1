"""summary.json."""

import json

from pipeline.reporting import summary
from pipeline.reporting.case_data import CaseData


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
    assert absent["reason"] == "no antithrombin result"


def test_shape_is_stable(case: CaseData) -> None:
    """A change here is a change for every program that reads the file: raise SCHEMA_VERSION."""
    content = summary.summary(case)
    assert content["schema_version"] == 1
    assert set(content) == {"schema_version", "case", "source", "metrics", "audit", "versions"}
    assert set(content["metrics"]["iv_ufh_total"]) == {
        "value",
        "low",
        "high",
        "unit",
        "status",
        "reason",
        "row_ids",
        "label",
        "display",
    }


def test_text_is_sorted_and_ends_in_a_line_feed(case: CaseData) -> None:
    text = summary.to_json(case)
    assert text.endswith("}\n")
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
