"""Figures of the cohort page, read from their SVG: cases at risk under the curve, intervals with open ends."""

import xml.etree.ElementTree as ET

import pytest
from casetrace.cohort.survival import survival
from casetrace.report.corpus_pages.cohort_curves import at_risk, caption, curves, of_curve
from casetrace.report.corpus_pages.cohort_figures import bounded, forest

from tests.cohort.characteristics_builder import frame
from tests.cohort.test_significance import timed


def marks(picture, tag):
    return [mark for mark in ET.fromstring(str(picture)).iter() if mark.tag == tag]


def texts(picture):
    return {(float(t.get("x")), float(t.get("y"))): t.text for t in marks(picture, "text")}


def estimate(*times, groups=(("all", [f"c{i:02d}" for i in range(20)]),)):
    return survival(timed(*times), groups)


#: Events on days 1, 4 and 6, censored on days 2 and 4.
TIMES = [(1.0, True), (2.0, False), (4.0, True), (4.0, False), (6.0, True), (None, None)]


def test_the_cases_at_risk_stand_under_each_tick_of_the_axis():
    """By hand: all five on days 0 and 1, four on day 2, three from day 3 to 4, one from day 5 to 6."""
    found = texts(curves(estimate(*TIMES), "k", "K", ["all"]))
    ticks = {x: text for (x, y), text in found.items() if y == 237}
    counts = {x: text for (x, y), text in found.items() if y == 270 and text != "At risk"}
    assert [*ticks.values()] == ["0", "1", "2", "3", "4", "5", "6"]
    assert [*counts] == [*ticks]
    assert [*counts.values()] == ["5", "5", "4", "3", "3", "1", "1"]


@pytest.mark.parametrize("day", [0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 4.5, 5, 6, 6.5])
def test_at_risk_counts_the_times_that_are_not_over(day):
    best = estimate(*TIMES).filter(bound="best")
    assert at_risk(best, day) == sum(days is not None and days >= day for days, _ in TIMES)


def test_a_case_of_which_nothing_is_known_is_not_drawn():
    rows = frame(a=5, b=(2, None), c=(0, None), d=(None, 7), e=None)
    assert bounded(rows, "x")["case_id"].to_list() == ["a", "b", "d"]


def test_an_interval_without_an_end_has_an_arrow_on_that_side_and_room_to_be_seen():
    picture = forest(frame(a=5, b=(5, None), d=(None, 4)), "x")
    names = texts(picture)
    assert [text for text in names.values() if text in ("a", "b", "d")] == ["a", "b", "d"]
    at = {text: x for (x, y), text in names.items() if text in ("→", "←")}
    bars = [(float(m.get("x")), float(m.get("width"))) for m in marks(picture, "rect")]
    assert at["←"] < min(x for x, _ in bars)
    assert at["→"] > max(x + width for x, width in bars)
    assert bars[1][1] > 10  # from 5, the largest number, to the open end


def test_without_a_number_there_is_no_figure():
    assert forest(frame(a=None, b=(0, None)), "x") == ""
    assert curves(estimate(), "k", "K", []) == ""


GROUPS = (("g: a", ["c00", "c01", "c02"]), ("g: b", ["c03", "c04"]), ("g: c", ["c05"]))


def test_groups_have_lines_and_counts_of_their_own_and_small_ones_none():
    steps = estimate(*TIMES, groups=GROUPS)
    names = [name for name, _ in GROUPS]
    assert of_curve(steps, "k", names, 2) == (["g: a", "g: b"], ["g: c"])  # c05 is in no curve
    assert of_curve(steps, "k", names, 3) == (["g: a"], ["g: b", "g: c"])
    picture = curves(steps, "k", "K", ["g: a", "g: b"])
    styles = [mark.get("class") for mark in marks(picture, "path")]
    assert styles == ["curve g0", "curve g1"]  # without the bounds, which would hide each other
    found = texts(picture)
    counts = {
        name: [text for (x, y), text in found.items() if y == line + 16]
        for (_, line), name in found.items()
        if name.endswith(", at risk")
    }
    # Days 0 to 6: times 1, 2+, 4 and 4+, 6.
    assert counts == {
        "g: a, at risk": ["3", "3", "2", "1", "1", "0", "0"],
        "g: b, at risk": ["2", "2", "2", "2", "2", "1", "1"],
    }


def test_the_caption_counts_the_cases_of_each_curve_and_names_the_groups_without():
    steps = estimate(*TIMES, groups=GROUPS)
    text = caption(steps, "k", "K", ["g: a"], ["g: b"], 3)
    assert "g: a: 3 cases, 2 events, 1 censored; + censored." in text
    assert "Not drawn, fewer than 3 cases: g: b." in text
    assert "5 cases, 3 events, 2 censored; + censored. Dashed:" in caption(estimate(*TIMES), "k", "K", ["all"], [], 3)
