"""Episodes of a platelet fall in the platelet table: each with its course, and which one is scored."""

import re
from dataclasses import replace

import polars as pl
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import metric_tables, platelet_episodes
from casetrace.report.text.evidence import Evidence
from casetrace.schemas.base import dtypes
from casetrace.schemas.results import PlateletEpisodes

EPISODE = {
    "case_id": "one", "episode": 1, "peak_row": "P1", "peak": 240.0, "peak_low": 240.0, "peak_high": 240.0,
    "peak_earliest_min": 0, "peak_latest_min": 0, "onset_earliest_min": 0, "onset_latest_min": 1500, "nadir": 120.0,
    "nadir_low": 120.0, "nadir_high": 120.0, "nadir_earliest_min": 1500, "nadir_latest_min": 1500, "fall_pct": 50.0,
    "fall_low_pct": 50.0, "fall_high_pct": 50.0, "recovered": "yes", "recovery_earliest_min": 4320,
    "recovery_latest_min": 4320, "is_certain": True, "scored": "no", "reason": "another fall is larger", "reasons": [], "row_ids": ["P1", "P2"],
}  # fmt: skip
OPEN = EPISODE | {
    "episode": 2, "nadir": None, "nadir_low": 80.0, "nadir_high": 90.0, "fall_pct": None, "fall_low_pct": 62.5,
    "fall_high_pct": 66.7, "recovered": "open", "recovery_earliest_min": None, "recovery_latest_min": None,
    "is_certain": False, "scored": "possible", "reason": "largest fall since heparin",
}  # fmt: skip


def with_episodes(case: CaseData, *rows: dict[str, object]) -> CaseData:
    columns = dtypes(PlateletEpisodes)
    frame = pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=columns)
    return replace(case, results={**case.results, "platelet_episodes": PlateletEpisodes.checked(frame)})


def words(case: CaseData) -> list[list[str]]:
    rows = platelet_episodes.rows(case, Evidence(case))
    return [[re.sub("<[^>]+>", "", str(cell)).replace("\u00a0", " ") for cell in row[:4]] for row in rows]


def test_a_certain_episode_has_its_peak_onset_nadir_and_recovery(case: CaseData) -> None:
    title, fall, bounds, course = words(with_episodes(case, EPISODE))[0]
    assert (title, fall, bounds) == ("Episode 1, not scored", "50 %", "")
    assert course.startswith(
        "from 240 (day 0, 00:00) to a nadir of 120 (day 1, 01:00); onset day 0, 00:00 to day 1, 01:00; "
    )
    assert course.endswith("back at 70 % of the peak day 3, 00:00; another fall is larger")


def test_what_is_open_is_said_with_its_bounds(case: CaseData) -> None:
    title, fall, bounds, course = words(with_episodes(case, OPEN))[0]
    assert (title, fall, bounds) == ("Episode 2, possibly scored", "not certain", "62.5 to 66.7 %")
    assert "to a nadir of 80 to 90 (" in course
    assert "whether it recovered is not certain; whether it is an episode of its own is not certain" in course


def test_the_platelet_table_holds_the_episodes(case: CaseData) -> None:
    shown = with_episodes(case, EPISODE, OPEN)
    html = metric_tables.platelets(shown, Evidence(shown)).block().html
    assert "Episodes of fall" in html
    assert html.count("Episode ") == 2
