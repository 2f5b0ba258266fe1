"""Episodes of fall: which one is scored, what is open, and the first count since heparin."""

from typing import Any

import polars as pl

from tests.shared_inputs import metric, results
from tests.spec import Tables, case, measured, together

NOT_EXPOSED = "id | item | value\nE1 | heparin_exposure_100d | no"


def course(
    counts: str, heparin: str = "D0T08:00", patient: str = NOT_EXPOSED, doses: str = "", name: str = "c1"
) -> Tables:
    """Counts typed as `time value` pairs, separated by commas."""
    labs = ["id | when | value"]
    for i, pair in enumerate(counts.split(",")):
        when, value = pair.split()
        labs.append(f"P{i} | {when} | {value}")
    given = doses or (f"id | amount | start\nH | 5000 | {heparin}" if heparin else "")
    return case(name, doses=given, labs="\n".join(labs), patient=patient)


def episodes(tables: Tables) -> list[dict[str, Any]]:
    return measured(tables, "platelet_episodes")["platelet_episodes"].sort("episode").to_dicts()


def brief(tables: Tables) -> list[tuple[Any, ...]]:
    return [(e["peak"], e["nadir"], e["recovered"], e["scored"]) for e in episodes(tables)]


def points(tables: Tables, name: str, score: str = "4ts", reading: str = "data") -> list[tuple[float, float]]:
    """Fewest and most points of an item, case by case in the order of their names."""
    found = measured(tables, "four_ts_items", "hep_items")["score_items"].filter(
        (pl.col("score") == score) & (pl.col("reading") == reading) & (pl.col("item") == name)
    )
    return found.sort("case_id").select("low", "high").rows()


AFTER_SURGERY = "D0T06:00 250, D0T10:00 240, D1T08:00 120, D3T08:00 180, D5T08:00 270, D8T08:00 90"


def test_a_dip_after_surgery_that_had_recovered_is_another_episode() -> None:
    tables = course(AFTER_SURGERY)
    assert brief(tables) == [(250, 120, "yes", "no"), (270, 90, "no", "yes")]
    second = episodes(tables)[1]
    assert (second["onset_earliest_min"], second["onset_latest_min"]) == (5 * 1440 + 480, 8 * 1440 + 480)
    assert (points(tables, "timing"), points(tables, "timing", "hep")) == ([(2, 2)], [(3, 3)])


def test_the_order_of_the_rows_changes_nothing() -> None:
    shuffled = ", ".join(reversed(AFTER_SURGERY.split(", ")))
    assert brief(course(shuffled)) == brief(course(AFTER_SURGERY))


def test_a_recovery_near_the_line_leaves_open_which_fall_is_timed() -> None:
    expected = {
        "200": (2, 2),  # recovered: the second fall is scored
        "140": (0, 0),  # not recovered: one episode, which began on day 1
        "176": (0, 2),  # within the variation of 70 % of 250: both readings
        "174": (0, 2),
    }
    some = [
        course(f"D0T06:00 250, D1T08:00 120, D5T08:00 {back}, D8T08:00 40", name=f"c{i}")
        for i, back in enumerate(expected)
    ]
    assert points(together(*some), "timing", reading="data:before_heparin") == list(expected.values())


def test_where_another_episode_holds_the_lowest_count_both_are_scored() -> None:
    tables = course("D0T06:00 400, D5T08:00 390, D7T08:00 100, D12T08:00 300, D20T08:00 90")
    assert [e["scored"] for e in episodes(tables)] == ["possible", "possible"]
    assert points(tables, "timing") == [(1, 2)]


def test_a_smaller_fall_to_a_higher_count_is_not_scored() -> None:
    tables = course("D0T06:00 300, D1T08:00 180, D4T08:00 290, D6T08:00 280, D8T08:00 60, D12T08:00 280")
    assert brief(tables) == [(300, 180, "yes", "no"), (290, 60, "yes", "yes")]


def test_an_episode_before_heparin_is_not_scored() -> None:
    tables = course("D0T06:00 300, D2T06:00 100, D5T06:00 290, D12T06:00 280, D14T06:00 60", heparin="D6T12:00")
    assert brief(tables) == [(300, 100, "yes", "no"), (290, 60, "no", "yes")]
    assert points(tables, "timing") == [(2, 2)]


def test_without_heparin_episodes_are_listed_and_none_is_scored() -> None:
    assert brief(course("D0 300, D2 100", heparin="", patient="")) == [(300, 100, "no", "no")]


def test_counts_of_one_day_without_an_order_leave_open_whether_one_is_the_recovery() -> None:
    both = episodes(course("D0T06:00 200, D6 190, D6 100, D8T08:00 60"))
    assert [(e["peak"], e["scored"]) for e in both] == [(200, "possible"), (190, "possible")]
    assert both[0]["onset_earliest_min"] == 6 * 60
    assert both[1]["onset_latest_min"] == 8 * 1440 + 480


def test_a_bounded_count_may_or_may_not_begin_the_fall() -> None:
    (only,) = episodes(course("D0T06:00 200, D6T08:00 100..180, D8T08:00 60"))
    assert (only["onset_earliest_min"], only["onset_latest_min"]) == (6 * 60, 8 * 1440 + 480)


def test_counts_raised_by_transfused_platelets_end_no_episode() -> None:
    doses = """
        id | drug                 | kind        | amount | start
        H  | unfractionated heparin | bolus     | 5000   | D0T08:00
        T  | platelet concentrate | transfusion | 1      | D7T06:00
        """
    counts = "D0T06:00 200, D6T08:00 60, D7T08:00 160, D9T08:00 30"
    assert brief(course(counts, doses=doses)) == [(200, 30, "no", "yes")]
    assert [e["peak"] for e in episodes(course(counts))] == [200, 160]


LATE = [
    # The level at the start may have been that of the last count before it, or any where none is printed.
    ("D0T06:00 250, D7T08:00 100, D9T08:00 95", (0, 2), (0, 2)),
    ("D7T08:00 100, D9T08:00 95", (0, 2), (0, 2)),
    ("D0T06:00 250, D1T06:00 100, D9T08:00 95", (0, 0), (0, 0)),  # the next day is near the start
    ("D0T06:00 250, D7T08:00 240, D9T08:00 95", (2, 2), (2, 2)),  # hardly higher than what was printed since
    ("D0T06:00 110, D7T08:00 100, D9T08:00 95", (0, 0), (0, 0)),
]


def test_a_late_first_count_since_heparin() -> None:
    tables = together(*(course(counts, name=f"c{i}") for i, (counts, _, _) in enumerate(LATE)))
    assert points(tables, "thrombocytopenia", reading="data:since_heparin") == [since for _, since, _ in LATE]
    assert points(tables, "timing", reading="data:since_heparin") == [timing for _, _, timing in LATE]


EXPOSED = "id | item | value\nE1 | heparin_exposure_30d | no\nE2 | heparin_exposure_100d | yes"
UNKNOWN = "id | item | value\nE1 | body_height | 170"


HEP_TIMING = [
    ("D0T12:00", "D1T08:00", EXPOSED, (2, 2)),  # less than 48 h: rapid onset
    ("D5T00:00", "D7T08:00", EXPOSED, (3, 3)),  # from day 5: typical onset
    ("D2T09:00", "D3T08:00", EXPOSED, (-2, -1)),  # between: both rows
    ("D4T00:00", "D4T08:00", EXPOSED, (-1, 2)),
    ("D2T07:00", "D2T08:00", EXPOSED, (-2, 2)),  # exactly 48 h is not in the table
    ("D12T08:00", "D14T08:00", EXPOSED, (2, 2)),
    ("D15T08:00", "D16T08:00", EXPOSED, (-1, -1)),
    ("D0T12:00", "D1T08:00", NOT_EXPOSED, (-2, -2)),
    ("D5T00:00", "D7T08:00", NOT_EXPOSED, (3, 3)),
    ("D0T12:00", "D1T08:00", UNKNOWN, (-2, 2)),
    ("D5T00:00", "D7T08:00", UNKNOWN, (3, 3)),
]


def test_hep_times_an_onset_after_an_earlier_exposure_by_its_distance() -> None:
    tables = together(
        *(
            course(f"D0T06:00 200, D0T09:00 199, {within} 198, {below} 60", patient=patient, name=f"c{i:02}")
            for i, (within, below, patient, _) in enumerate(HEP_TIMING)
        )
    )
    assert points(tables, "timing", "hep") == [expected for _, _, _, expected in HEP_TIMING]


def zero(name: str, drug: str, kind: str, column: str, amount: str) -> Tables:
    """A dose of nothing from day 0 on, and 1000 U on day 5."""
    end = "" if kind == "bolus" else "D5T08:00"
    doses = f"""
        id | drug                   | kind   | {column} | start    | end
        Z  | {drug}                 | {kind} | {amount} | D0T08:00 | {end}
        A  | unfractionated heparin | bolus  | {1000 if column == "amount" else 10} | D5T08:00 |
        """
    return course("D0T06:00 250, D6T08:00 250, D8T08:00 90", doses=doses, name=name)


def test_an_amount_of_0_starts_no_exposure_and_one_that_is_not_printed_does() -> None:
    nothing = [
        ("unfractionated heparin", "infusion", "amount", "0"),
        ("unfractionated heparin", "bolus", "amount", "0"),
        ("unfractionated heparin", "total", "amount", "0"),
        ("unfractionated heparin", "infusion", "per_kg", "0"),
        ("enoxaparin", "bolus", "amount", "0"),
    ]
    something = [
        ("unfractionated heparin", "infusion", "amount", ""),
        ("enoxaparin", "bolus", "amount", "0..5"),
    ]
    tables = together(*(zero(f"c{i}", *dose) for i, dose in enumerate(nothing + something)))
    found = measured(tables, "heparin_times", "four_ts_items")
    first = found["metrics"].filter(pl.col("metric") == "any_heparin_first_exposure").sort("case_id")["value"]
    assert first.to_list() == [5 * 1440 + 480] * len(nothing) + [480] * len(something)
    timing = found["score_items"].filter((pl.col("item") == "timing") & (pl.col("reading") == "data")).sort("case_id")
    assert timing.select("low", "high").rows()[: len(nothing)] == [(0, 0)] * len(nothing)


def test_made_up_cases() -> None:
    assert metric("biphasic", "four_ts_total")["value"] == 6
    rows = results("biphasic")["score_items"].filter(pl.col("item") == "timing")
    assert set(rows.filter(pl.col("score") == "hep").select("low", "high").row(0)) == {3}
    rows = results("hep-exposed")["score_items"].filter(pl.col("item") == "timing")
    assert rows.filter(pl.col("score") == "hep").select("low", "high").rows() == [(3, 3)]
    assert set(rows.filter(pl.col("score") == "4ts").select("low", "high").rows()) == {(2, 2)}
    assert metric("zero-before", "any_heparin_first_exposure")["value"] == 7680
    assert metric("zero-before", "four_ts_total")["value"] == 4
    timing = results("zero-before")["score_items"].filter((pl.col("item") == "timing") & (pl.col("score") == "4ts"))
    assert "onset on day 1 of heparin at the earliest; onset on day 3 of heparin at the latest" in timing["reason"][0]
    assert metric("rate-of-zero", "any_heparin_first_exposure")["status"] == "no_data"
    assert metric("rate-of-zero", "four_ts_total")["status"] == "not_applicable"


def test_a_fall_of_exactly_30_percent_is_timed() -> None:
    for peak, low in ((100, "70"), (300, "210"), (333, "233.1"), (7, "4.9"), (1.4, "0.98")):
        tables = course(f"D0T06:00 {peak}, D1T08:00 {peak}, D5T07:00 {peak}, D6T08:00 {peak}, D7T08:00 {low}")
        assert points(tables, "timing") == [(2, 2)], peak
        assert points(tables, "magnitude", "hep") == [(1, 1)], peak
        assert points(tables, "timing", "hep") == [(3, 3)], peak
    just_above = course("D0T06:00 100, D1T08:00 100, D6T08:00 100, D7T08:00 70.1")
    assert points(just_above, "timing") == [(0, 0)]
    assert points(just_above, "magnitude", "hep") == [(-1, -1)]
