"""The top of a report: what a clinician reads first says no more and no less than the source."""

import re
from dataclasses import replace

import polars as pl
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import overview
from casetrace.report.text.evidence import Evidence

from tests.report.corpus import frame, metric


def text_of(html: str) -> str:
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    return plain.replace("\u00a0", " ").replace("\u202f", " ")


def cards_of(case: CaseData, rows: list[dict[str, object]] | None = None, **doses: str) -> str:
    """The cards of the case with other metrics, and with the amounts of some doses not printed."""
    status = pl.col("amount_status")
    for row_id, said in doses.items():
        status = pl.when(pl.col("row_id") == row_id).then(pl.lit(said)).otherwise(status)
    changed = replace(
        case,
        tables={**case.tables, "doses": case.tables["doses"].with_columns(status.alias("amount_status"))},
        results=case.results if rows is None else {**case.results, "metrics": frame("metrics", rows)},
    )
    return text_of(overview.cards(changed, Evidence(changed)).html)


def total(low: float | None, high: float | None, rows: list[str], reason: str) -> dict[str, object]:
    return metric("iv_ufh_total", "[iU]", None, low, high, rows, status="not_computable", reason=reason)


def test_doses_without_amounts_are_not_printed_and_are_counted(case: CaseData) -> None:
    rows = [total(0.0, None, ["B1"], "the amount of B1 is not printed")]
    text = cards_of(case, rows, B1="not_printed")
    assert "total not printed the only dosing entry has no amount" in text
    assert "at least 0" not in text
    rows = [total(0.0, None, ["B1", "B2"], "the amount of B1 is not printed; the amount of B2 is not printed")]
    assert "total not printed 2 of 2 dosing entries without an amount" in cards_of(
        case, rows, B1="not_printed", B2="not_printed"
    )


def test_some_doses_without_an_amount_leave_a_lower_bound(case: CaseData) -> None:
    rows = [total(12000.0, None, ["B1", "B2"], "the amount of B1 is not printed")]
    text = cards_of(case, rows, B1="not_printed")
    assert "total at least 12 000 U 1 of 2 dosing entries without an amount" in text
    assert "the amount of" not in text


def test_nothing_known_for_another_reason_says_so(case: CaseData) -> None:
    text = cards_of(case, [total(0.0, None, ["I1"], "how long I1 ran is not stated")])
    assert "total not known how long unfractionated heparin 1000 U/h (day 2, 12:00) ran is not stated" in text


def test_what_cannot_be_computed_is_named_below_the_cards(case: CaseData) -> None:
    rate = metric("iv_ufh_highest_rate_per_kg", "[iU]/kg/h", None, None, None, ["I1"], status="not_computable",
                  reason="no weight is printed")  # fmt: skip
    silent = metric("antithrombin_lowest", "%", None, None, None, [], status="no_data", reason="no result")
    text = cards_of(case, [rate, silent])
    assert "Not computable from what is printed: Highest heparin infusion rate per kg ." in text
    assert "Without data in this case: Lowest antithrombin activity ." in text


def test_the_4ts_card_names_the_items_that_stay_open(case: CaseData) -> None:
    assert "4Ts from the data 2 to 6 points 1 of 2 items undecided: other causes 0 to 2" in cards_of(case)


def test_a_span_is_said_to_be_the_widest_and_an_outcome_lies_between_its_days(case: CaseData) -> None:
    events = case.tables["events"].with_columns(
        pl.when(pl.col("event") == "discharge").then(pl.lit(6 * 1440)).otherwise(pl.col("time_earliest_min"))
        .alias("time_earliest_min"),
        pl.when(pl.col("event") == "discharge").then(pl.lit("interval")).otherwise(pl.col("time_form"))
        .alias("time_form"),
    )  # fmt: skip
    later = replace(case, tables={**case.tables, "events": events})
    text = text_of(overview.summary_lines(later, Evidence(later)).html)
    assert "within day 0 to day 7" in text
    assert "discharge, between day 6 and day 7" in text
