"""The checklist after CARE: found, found in part, missing; never `not reported` where the text was not read."""

from dataclasses import replace

import polars as pl
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import care_checklist
from casetrace.report.text.evidence import Evidence

from tests.report.test_tables import text_of


def rows(case: CaseData) -> dict[tuple[str, str], list[str]]:
    table = care_checklist.table(case, Evidence(case))
    return {(str(r[0]), str(r[1])): [text_of(str(c)) for c in r[2:]] for r in table.groups[0].rows}


def test_each_item_says_whether_it_is_there(case: CaseData) -> None:
    found = rows(case)
    assert found["5a Patient", "age"][0] == "● reported"
    missing = {"age", "sex", "body_weight", "body_height"} - {str(r["item"]) for r in case.rows("patient")}
    assert missing == {"sex", "body_height"}
    assert found["5a Patient", "sex"][0] == "○ not reported"


def test_a_gap_is_counted_and_its_rows_are_named(case: CaseData) -> None:
    labs = case.rows("labs")
    without = [r["row_id"] for r in labs if r["ref_low_reported"] is None and r["ref_high_reported"] is None]
    word, missing, named = rows(case)["8a Diagnostic assessment", "a reference range for each result"]
    assert word == "◐ in part"
    assert missing == f"no reference range: {len(without)} of {len(labs)} rows"
    assert without[0] in named


def test_times_less_certain_than_the_minute_are_counted(case: CaseData) -> None:
    timed = [*case.rows("labs"), *case.rows("events")]
    vague = sum(r["time_earliest_min"] is None or r["time_earliest_min"] != r["time_latest_min"] for r in timed)
    vague += sum(r["start_earliest_min"] != r["start_latest_min"] for r in case.rows("doses"))
    found = rows(case)["7 Timeline", "a time to the minute for each result, dose and event"]
    assert found[1] == f"time less certain than the minute: {vague} of {len(timed) + len(case.rows('doses'))} rows"


def test_what_was_not_read_is_not_called_missing(silent_case: CaseData) -> None:
    read = pl.Series("read", ["abstract"], dtype=silent_case.tables["cases"].schema["read"])
    partly = replace(silent_case, tables=silent_case.tables | {"cases": silent_case.tables["cases"].with_columns(read)})
    assert {r[0] for r in rows(partly).values()} == {"? not read"}
    read = pl.Series("read", ["full"], dtype=read.dtype)
    fully = replace(partly, tables=partly.tables | {"cases": partly.tables["cases"].with_columns(read)})
    assert {r[0] for r in rows(fully).values()} == {"○ not reported"}
