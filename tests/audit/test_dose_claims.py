"""Statements about doses of which a printed total may hold the others."""

import pytest
from casetrace.audit import audit_tables
from casetrace.metrics.run import run_metrics

from tests.audit.claim_case import folder
from tests.case_builder import params, sheet

DOSES = {
    "doses.csv": sheet("""
        id | drug    | kind  | route | purpose     | amount | unit | start    | end
        T  | heparin | total | iv    | therapeutic | 40000  | U    | D0       | D1
        B  | heparin | bolus | iv    | therapeutic | 5000   | U    | D0T12:00 |
        """),
    "events.csv": sheet("id | event | when\nOP | surgery | D1"),
}


@pytest.mark.parametrize("span", ["", " | from=D0T00:00 | to=D3T00:00"])
def test_a_total_that_may_hold_a_dose_bears_out_both_readings(tmp_path, span):
    lines = [f"dose_total | of=heparin{span} | value={stated} | unit=U" for stated in (40000, 45000, 50000, 30000)]
    tables = folder(tmp_path, DOSES, *lines)
    results = run_metrics(tables, params().for_sql())
    verdicts = audit_tables(tables, results, params()).sort("claim_id")["verdict"].to_list()
    assert verdicts[:3] == ["possible", "possible", "not shown by the printed numbers"]
    assert verdicts[3] == "contradicted by the printed numbers"
