"""From a number back to its rows."""

import pytest
from casetrace.core.errors import CasetraceError
from casetrace.report.case_data import CaseData
from casetrace.report.text.evidence import Evidence, anchor


def test_hover_says_value_time_place_and_raw_row(evidence: Evidence) -> None:
    assert evidence.row("P2").hover.replace("\u00a0", " ") == (
        "P2: platelets 90 × 10⁹/L; time as reported: D2T08:00; Table 1; labs.csv, row 2"
    )
    assert "20\u202f000\u00a0U" in evidence.row("B1").hover
    assert "60\u202f000\u00a0U" in evidence.row("C1").hover


def test_value_is_a_link_with_all_its_rows(evidence: Evidence) -> None:
    html = str(evidence.value("57 %", ["P1", "P2"]))
    assert html.startswith('<a class="v" href="#row-P1" data-rows="P1 P2" title="P1: platelets 210')
    assert html.endswith(">57 %</a>")


def test_derived_number_leads_to_its_entry(case: CaseData, evidence: Evidence) -> None:
    html = str(evidence.metric(case.metrics["platelets_fall_pct.before_heparin"], "57.1"))
    assert 'href="#m-platelets_fall_pct.before_heparin"' in html
    assert 'data-rows="P1 P2"' in html


def test_text_of_the_source_cannot_become_markup(evidence: Evidence) -> None:
    assert "&lt;b&gt;" in str(evidence.value("<b>", ["P1"]))


def test_a_number_that_cannot_be_traced_is_refused(evidence: Evidence) -> None:
    with pytest.raises(CasetraceError, match="row NOWHERE, which no table holds"):
        evidence.value("13", ["NOWHERE"])


def test_long_lists_end_in_a_count(evidence: Evidence) -> None:
    hover = evidence.hover(["P1", "P2", "P3", "H1", "A1", "A2"])
    assert hover.count("\n") == 4
    assert hover.endswith("and 2 more rows")


def test_anchors_stay_apart() -> None:
    assert anchor("m-", "a.unfractionated heparin") == "m-a.unfractionated~20heparin"
    assert len({anchor("row-", key) for key in ("a b", "a/b", "a_b", "a-b", "a~20b")}) == 5
