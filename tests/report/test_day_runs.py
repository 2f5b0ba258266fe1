"""Successive study days that say the same are told once."""

from dataclasses import replace

import pytest
from casetrace.report.case_data import CaseData, Metric
from casetrace.report.case_page import appendix, day_runs, metric_tables
from casetrace.report.text.evidence import Evidence

from tests.report.corpus import frame, metric

SILENT = Metric(
    "iv_ufh_day_total", "", None, 0.0, None, "[iU]", "not_computable", "the amount of B1 is not printed", ("B1",)
)


def on(*days: int, **changed: object) -> list[Metric]:
    return [replace(SILENT, stratum=f"D{day}", **changed) for day in days]  # type: ignore[arg-type]


def told(metrics: list[Metric]) -> list[str]:
    return [day_runs.days_text(run).replace("\u00a0", " ") for run in day_runs.runs(metrics)]


def test_equal_days_are_one_line_and_a_gap_parts_them() -> None:
    assert told(on(0, 1, 2, 4)) == ["each day, day 0 to day 2", "day 4"]
    assert told(on(-1, 0)) == ["each day, day −1 to day 0"]


def test_days_are_sorted_as_numbers() -> None:
    assert told(on(10, 9, 2, 1)) == ["each day, day 1 to day 2", "each day, day 9 to day 10"]


@pytest.mark.parametrize(
    "changed", [{"low": 5.0}, {"high": 9.0}, {"value": 1.0}, {"reason": "x"}, {"row_ids": ("B2",)}]
)
def test_a_day_that_says_something_else_stands_alone(changed: dict[str, object]) -> None:
    assert told([*on(0), *on(1, **changed), *on(2)]) == ["day 0", "day 1", "day 2"]


def test_other_metrics_are_left_alone() -> None:
    others = [replace(SILENT, name="drug_total", stratum=drug) for drug in ("a", "b")]
    assert [[m.key for m in run] for run in day_runs.runs(others)] == [["drug_total.a"], ["drug_total.b"]]
    with pytest.raises(ValueError, match="no metric of a study day"):
        day_runs.days_text(others[:1])


@pytest.fixture
def repeated(case: CaseData) -> CaseData:
    day = {"status": "not_computable", "reason": "the amount of B1 is not printed"}
    rows = [metric("iv_ufh_day_total", "[iU]", None, 0.0, None, ["B1"], stratum=f"D{n}", **day) for n in range(7)]
    rows.append(metric("iv_ufh_day_total", "[iU]", 5.0, 5.0, 5.0, ["B2"], stratum="D7"))
    return replace(case, results={**case.results, "metrics": frame("metrics", rows)})


def test_the_table_of_heparin_tells_them_once(repeated: CaseData) -> None:
    groups = metric_tables.heparin(repeated, Evidence(repeated)).groups
    (days,) = [g.rows for g in groups if g.title == "By study day"]
    assert [str(row[0]).replace("\u00a0", " ") for row in days] == ["Each day, day 0 to day 6", "Day 7"]


def test_every_day_can_still_be_reached(repeated: CaseData) -> None:
    html = appendix.derived(repeated, Evidence(repeated)).block().html
    assert all(f'id="m-iv_ufh_day_total.D{day}"' in html for day in range(8))
    assert html.count("<tr><th") == 2
