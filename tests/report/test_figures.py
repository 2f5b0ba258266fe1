"""The timeline: what is drawn, how sure it looks, and where its marks lead."""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import altair as alt
import pytest
from casetrace.report.case_data import CaseData, read_case
from casetrace.report.case_page import timeline
from casetrace.report.figures import timeline_chart
from casetrace.report.figures.figure_data import DAY, Mark, doses, dosing_days, events, results
from casetrace.report.figures.figure_doses import _at, _band
from casetrace.report.figures.label_positions import Box, lanes, place_points
from casetrace.report.text.evidence import Evidence
from jsonschema import ValidationError

from tests.report.corpus import tables, write_corpus

LIMIT = 35000.0


def mark(t0: int, t1: int, order: int | None = None) -> Mark:
    return Mark("X", "", "", (t0 + t1) / 2, t0, t1, 1.0, order=order)


def test_drawings_are_well_formed_and_lead_to_rows_only(case: CaseData, evidence: Evidence) -> None:
    for svg in (timeline_chart.course(case, evidence, 860), timeline_chart.dosing(case, evidence, 310, LIMIT)):
        assert svg is not None
        ET.fromstring(svg)
        targets = set(re.findall(r'href="([^"]+)"', svg))
        assert targets
        assert all(t.startswith("#row-") and t.removeprefix("#row-") in evidence.rows for t in targets)


def test_the_drawings_are_valid_vega_lite(case: CaseData, evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, stacked = [], timeline_chart.stacked
    monkeypatch.setattr(timeline_chart, "stacked", lambda *given: drawn.append(stacked(*given)) or drawn[-1])
    timeline_chart.course(case, evidence, 860)
    timeline_chart.dosing(case, evidence, 310, LIMIT)
    assert len(drawn) == 2
    for specification in drawn:
        alt.TopLevelVConcatSpec.validate(specification)
    with pytest.raises(ValidationError):
        alt.TopLevelVConcatSpec.validate(drawn[0] | {"spacing": "wide"})


def test_each_result_is_drawn_and_says_its_reported_value(case: CaseData, evidence: Evidence) -> None:
    svg = timeline_chart.course(case, evidence, 860)
    assert svg is not None
    for row_id in ("P1", "P2", "P3", "H1", "A1", "A2"):
        assert f'aria-label="{evidence.row(row_id).hover}"' in svg
    assert "negative" not in svg


def test_two_drawings_on_one_page_share_no_id(case: CaseData, evidence: Evidence) -> None:
    ids = [re.findall(r'\bid="([^"]+)"', timeline_chart.course(case, evidence, w) or "") for w in (860, 310)]
    assert not set(ids[0]) & set(ids[1])


def test_same_input_same_drawing(case: CaseData, evidence: Evidence) -> None:
    assert timeline_chart.dosing(case, evidence, 860, LIMIT) == timeline_chart.dosing(case, evidence, 860, LIMIT)


def test_no_heparin_no_second_panel(silent_case: CaseData) -> None:
    silent = Evidence(silent_case)
    assert timeline_chart.dosing(silent_case, silent, 860, LIMIT) is None
    assert timeline_chart.course(silent_case, silent, 860) is None


def test_heparin_held_at_zero_is_drawn(tmp_path: Path) -> None:
    given = tables()
    for row in given["doses"]:
        row |= {name: Decimal(0) for name in row if name.startswith("amount") and isinstance(row[name], Decimal)}
    held = read_case(write_corpus(tmp_path, given), "one")
    svg = timeline_chart.dosing(held, Evidence(held), 860, LIMIT)
    assert svg is not None
    ET.fromstring(svg)


def test_days_that_hold_the_heparin(case: CaseData, evidence: Evidence) -> None:
    assert dosing_days(case, doses(case, evidence)) == (2 * DAY, 5 * DAY)


def test_order_is_certain_only_without_overlap_or_by_stated_order() -> None:
    assert mark(0, 5).surely_before(mark(6, 9))
    assert not mark(0, 6).surely_before(mark(6, 9))
    assert mark(0, 6, 1).surely_before(mark(3, 9, 2))
    assert not mark(0, 6, 2).surely_before(mark(3, 9, 1))
    assert not mark(0, 6, 1).surely_before(mark(3, 9))


def test_results_come_in_order_of_time(case: CaseData, evidence: Evidence) -> None:
    assert [m.row_id for m in results(case, evidence, "platelets")] == ["P1", "P2", "P3"]
    assert [m.row_id for m in events(case, evidence)] == ["ADM", "DIS"]
    assert results(case, evidence, "anti_pf4_elisa") == []


def test_band_follows_both_curves_on_both_sides_of_a_jump() -> None:
    low, high = [(10, 0.0), (10, 5.0), (20, 5.0), (20, 0.0)], [(5, 0.0), (5, 8.0), (25, 8.0), (25, 0.0)]
    assert [(r["t"], r["v"], r["v2"]) for r in _band(low, high)] == [
        (5, 0.0, 0.0), (5, 0.0, 8.0), (10, 0.0, 8.0), (10, 5.0, 8.0),
        (20, 5.0, 8.0), (20, 0.0, 8.0), (25, 0.0, 8.0), (25, 0.0, 0.0),
    ]  # fmt: skip
    assert _at([(0, 0.0), (10, 20.0)], 5, 0) == 10.0


def test_labels_never_cover_one_another() -> None:
    points = [(x, y, "10 000") for x in (50.0, 54.0, 58.0) for y in (20.0, 24.0)]
    found = [p for p in place_points(points, 200, 90, 11) if p is not None]
    boxes = [Box(x - 18, x + 18, y - 6, y + 6) for x, y, _ in found]
    assert 1 < len(found) <= len(points)
    assert not any(a.meets(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_lanes_part_what_overlaps() -> None:
    assert lanes([(0, 50), (10, 60), (70, 90), (61, 65)]) == [0, 1, 0, 2]


def test_alternative_text_comes_from_the_data(case: CaseData, evidence: Evidence) -> None:
    text = timeline.alternative(case, evidence).replace("\u00a0", " ").replace("\u202f", " ")
    assert text.startswith("Timeline from day 0 to day 7. It shows 3 results of platelets, 1 result of haemoglobin")
    assert "45 500 U (44 000 to 47 000)." in text
