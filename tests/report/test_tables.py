"""Tables of reported values and derived numbers."""

import re
from dataclasses import replace

import polars as pl
from casetrace.core import params
from casetrace.core.paths import Corpus
from casetrace.report.case_data import TABLES, CaseData
from casetrace.report.case_page import (
    appendix,
    audit_view,
    case_tables,
    metric_tables,
    missing_data,
    overview,
    score_sensitivity,
    scores,
)
from casetrace.report.render.tables import Column, Table, single
from casetrace.report.text.evidence import Evidence
from casetrace.report.text.row_text import reported_value


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").replace("\u202f", " ")


def test_headers_have_scope_and_every_row_a_header(case: CaseData, evidence: Evidence) -> None:
    html = case_tables.laboratory(case, evidence).block().html
    assert len(re.findall(r'<th scope="col"', html)) == 3  # columns without any entry are left out
    assert html.count('<th scope="row">') == len(case.rows("labs"))
    assert html.count('scope="rowgroup"') == 4


def test_every_result_stands_in_the_table_as_reported(case: CaseData, evidence: Evidence) -> None:
    text = text_of(case_tables.laboratory(case, evidence).block().html)
    for row in case.rows("labs"):
        assert str(row["value_reported"]) in text
    assert "time not given negative" in text


def test_doses_say_what_is_open(case: CaseData, evidence: Evidence) -> None:
    text = text_of(case_tables.dosing(case, evidence).block().html)
    assert "day 2, 00:00 to 03:00 single dose bolus 20 000 U" in text
    assert "day 4 end not given infusion 6 mg/h" in text


def test_a_table_without_rows_says_so(silent_case: CaseData) -> None:
    silent = Evidence(silent_case)
    builders = [case_tables.patient, case_tables.laboratory, case_tables.dosing, metric_tables.heparin,
                metric_tables.platelets, metric_tables.monitoring, metric_tables.resistance, scores.four_ts,
                audit_view.table, missing_data.table, scores.others, score_sensitivity.table]  # fmt: skip
    for build in builders:
        table = build(silent_case, silent)
        html = table.block().html
        assert "<table>" not in html
        assert table.empty in text_of(html)


def test_criteria_are_words_with_signs(case: CaseData, evidence: Evidence) -> None:
    text = text_of(metric_tables.resistance(case, evidence).block().html)
    assert "● met" in text
    assert "? open" in text


def test_four_ts_items_by_reading(case: CaseData, evidence: Evidence) -> None:
    text = text_of(scores.four_ts(case, evidence).block().html)
    assert "Points as printed points From the data points" in text
    assert "Other causes (adjudicated) not in this reading 0 to 2 nobody says" in text
    assert "2 to 6 points" in text


def test_audit_says_what_is_stated_and_what_follows(case: CaseData, evidence: Evidence) -> None:
    text = text_of(audit_view.table(case, evidence).block().html)
    assert "60 000 U 45 500 U (44 000 to 47 000 U) ✕ contradicted by the printed numbers" in text


def test_unknowns_name_open_verdicts_and_spread(case: CaseData, evidence: Evidence) -> None:
    text = text_of(missing_data.table(case, evidence).block().html)
    assert "yes or no this verdict the bounds lie on both sides of the limit" in text
    assert "44 000 to 47 000 U" in text
    assert "2 to 6 points" in text


def test_appendices_hold_every_row_and_every_number(case: CaseData, evidence: Evidence) -> None:
    raw = appendix.raw_rows(evidence).block().html
    ids = {str(row["row_id"]) for table in TABLES for row in case.rows(table)}
    assert set(re.findall(r'id="row-([^"]+)"', raw)) == ids
    derived = appendix.derived(case, evidence).block().html
    assert set(re.findall(r'id="m-([^"]+)"', derived)) == set(case.metrics)


def test_empty_columns_are_left_out() -> None:
    table = Table("t", "caption", [Column("a"), Column("b"), Column("c")], single([["1", "", "3"], ["4", "", ""]]))
    kept = table.without_empty_columns()
    assert [c.title for c in kept.columns] == ["a", "c"]
    assert kept.groups[0].rows == [["1", "3"], ["4", ""]]


def test_a_verdict_that_holds_at_both_bounds_is_told(case: CaseData, evidence: Evidence) -> None:
    text = text_of(missing_data.table(case, evidence).block().html)
    assert "44 000 to 47 000 U More heparin in 24 h than the dose threshold: yes at both bounds" in text


def test_other_scores_item_by_item_with_what_is_missing(case: CaseData, evidence: Evidence) -> None:
    text = text_of(scores.others(case, evidence).block().html)
    assert "Size of the fall 3 data-derived fall of 57.1 % since heparin P1 , P2" in text
    assert "Skin necrosis 0 to 3 adjudicated, not decided nothing is said of the skin" in text
    assert "Sepsis-induced coagulopathy (SIC): does not apply; no sepsis is reported." in text


def test_what_an_undecided_item_could_turn(case: CaseData, evidence: Evidence) -> None:
    text = text_of(score_sensitivity.table(case, evidence).block().html)
    assert "HEP: 3 to 6 points; possible now: 2 to 4; or 5 or more" in text
    assert "Skin necrosis 0 to 3 2 to 4 5 or more ● decides it nothing is said of the skin" in text


def test_words_carry_no_unit_and_yes_or_no_reads_as_a_sentence(evidence: Evidence) -> None:
    row = {"value_reported": "in target", "unit_reported": "s", "analyte": "aptt"}
    assert reported_value("labs", row) == "in target"
    assert reported_value("labs", row | {"value_reported": "62"}) == "62\u00a0s"
    exposure = {"item": "heparin_exposure_100d", "row_id": "AGE", "value_word": "no"}
    assert ">no heparin exposure in the 100 days before<" in overview._with_label(evidence, exposure)
    assert ">heparin exposure in the 100 days before<" in overview._with_label(
        evidence, exposure | {"value_word": "yes"}
    )


def test_the_methods_paragraph_counts_what_the_case_holds(case: CaseData, corpus: Corpus) -> None:
    text = text_of(appendix.methods_paragraph(case, params.load(corpus.project.params)).html)
    assert f"{len(case.rows('labs'))} laboratory results, {len(case.rows('doses'))} dosing entries" in text
    computed = sum(m.status == "ok" for m in case.metrics.values())
    assert f"Of {len(case.metrics)} derived numbers {computed} have a value" in text
    assert "heparin: resistance dose 24h 35 000 U" in text
    assert "1 statements" not in text


def test_the_citation_can_be_taken_away(case: CaseData) -> None:
    html = appendix.colophon(case).html
    assert 'download="one.bib" href="data:application/x-bibtex;base64,' in html
    assert 'download="one.ris" href="data:application/x-research-info-systems;base64,' in html


def test_a_repeated_dose_is_one_row_with_its_count(case: CaseData) -> None:
    doses = case.tables["doses"]
    given = doses.filter(pl.col("row_id") == "B2").with_columns(pl.lit("sc").alias("route"))
    later = [
        given.with_columns(
            pl.lit(n, pl.Int32).alias("occurrence"),
            *(pl.col(c) + 1440 * (n - 1) for c in ("start_min", "start_earliest_min", "start_latest_min")),
        )
        for n in (1, 2, 3)
    ]
    possible = [n.with_columns(pl.lit(0, n.schema["amount_low"]).alias("amount_low")) for n in later[1:]]
    for rows, said in (
        (later, "day 2, 10:00 last: day 4, 10:00 dose, 3 times 12 000 U"),
        ([later[0], *possible], "day 2, 10:00 last dose not certain dose, 1 to 3 times 12 000 U"),
    ):
        repeated = replace(case, tables={**case.tables, "doses": pl.concat(rows)})
        html = case_tables.dosing(repeated, Evidence(repeated)).block().html
        assert html.count('<th scope="row">') == 1
        assert said in text_of(html)
