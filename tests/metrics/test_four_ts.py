"""The 4Ts: item by item, under both baselines, from the data and as printed."""

import polars as pl
import pytest

from tests.spec import Tables, case, check, measured

NOT_EXPOSED = """
    id | item                  | value
    E1 | heparin_exposure_100d | no
    """
NO_THROMBOSIS_NO_CAUSE = """
    id | finding                         | status | grade
    F1 | thrombosis                      | absent |
    F2 | other cause of thrombocytopenia | absent | none
    F3 | skin lesion                     | absent |
    F4 | acute systemic reaction         | absent |
    """


def items(tables: Tables, reading: str = "data") -> dict[str, tuple[float | None, float | None]]:
    found = measured(tables, "four_ts_items")["score_items"].filter(pl.col("reading") == reading)
    return {row["item"]: (row["low"], row["high"]) for row in found.iter_rows(named=True)}


def reasons(tables: Tables, reading: str = "data") -> dict[str, str]:
    found = measured(tables, "four_ts_items")["score_items"].filter(pl.col("reading") == reading)
    return dict(found.select("item", "reason").iter_rows())


def falling(
    nadir: str, onset_day: int = 7, baseline: str = "200", patient: str = NOT_EXPOSED, findings: str = ""
) -> Tables:
    """Heparin on day 0, counts every day, the fall to the nadir on one day."""
    labs = ["id | when | value", f"P0 | 60 | {baseline}"]
    labs += [f"P{day} | D{day}T08:00 | {baseline if day < onset_day else nadir}" for day in range(1, 16)]
    return case(
        doses="id | amount | start\nH1 | 5000 | D0T12:00", labs="\n".join(labs), patient=patient, findings=findings
    )


@pytest.mark.parametrize(
    ("nadir", "points"),
    [
        ("99", (2, 2)),
        ("100", (1, 1)),
        ("140", (1, 1)),
        ("141", (0, 0)),
        ("20", (2, 2)),
        ("19", (1, 1)),
        ("10", (1, 1)),
        ("9", (0, 0)),
        ("90..110", (1, 2)),
        ("<25", (0, 2)),
    ],
)
def test_thrombocytopenia(nadir: str, points: tuple[int, int]) -> None:
    assert items(falling(nadir))["thrombocytopenia"] == points


def test_a_small_fall_to_a_nadir_of_10_to_19_is_a_gap_of_the_table() -> None:
    tables = falling("18", baseline="20")
    assert items(tables)["thrombocytopenia"] == (0, 1)
    assert "gives both 0 and 1" in reasons(tables)["thrombocytopenia"]


@pytest.mark.parametrize(
    ("onset_day", "exposure", "points"),
    [
        (6, "no", (2, 2)),
        (10, "no", (2, 2)),
        (11, "no", (1, 2)),  # between day 10 and day 11
        (13, "no", (1, 1)),
        (5, "no", (0, 2)),  # between day 4 and day 5
        (4, "no", (0, 1)),  # between day 3 and day 4
        (3, "no", (0, 0)),
        (1, "no", (0, 0)),
        (3, "yes", (0, 1)),
        (1, "yes", (1, 2)),  # in 100 days; whether in 30 is not known
    ],
)
def test_timing(onset_day: int, exposure: str, points: tuple[int, int]) -> None:
    patient = f"id | item | value\nE1 | heparin_exposure_100d | {exposure}"
    assert items(falling("60", onset_day, patient=patient), "data:before_heparin")["timing"] == points


def test_rapid_onset_after_a_recent_exposure() -> None:
    def timing(*exposures: tuple[str, str]) -> tuple[float | None, float | None]:
        lines = "\n".join(f"E{i} | {item} | {word}" for i, (item, word) in enumerate(exposures))
        return items(falling("60", 1, patient=f"id | item | value\n{lines}"), "data:before_heparin")["timing"]

    assert timing(("heparin_exposure_30d", "yes")) == (2, 2)
    assert timing(("heparin_exposure_30d", "no"), ("heparin_exposure_100d", "yes")) == (1, 1)
    assert timing(("heparin_exposure_30d", "no")) == (0, 1)
    assert timing(("heparin_exposure_100d", "not known")) == (0, 2)


def test_both_baselines_are_scored_and_the_score_spans_them() -> None:
    # The only count before the fall lies before heparin: since heparin nothing fell.
    tables = falling("60", 1)
    assert items(tables, "data:before_heparin")["thrombocytopenia"] == (2, 2)
    assert items(tables, "data:since_heparin")["thrombocytopenia"] == (0, 2)
    assert items(tables, "data:since_heparin")["timing"] == (0, 0)
    assert items(tables)["thrombocytopenia"] == (0, 2)


def test_a_fall_before_heparin_is_flagged_and_has_no_points_without_exposure() -> None:
    tables = case(
        patient=NOT_EXPOSED,
        doses="id | amount | start\nH1 | 5000 | D4T12:00",
        labs="""
        id | when | value
        P1 | D0   | 200
        P2 | D2   | 100
        P3 | D6   | 40
        """,
    )
    found = measured(tables, "four_ts_items")["score_items"]
    before = found.filter((pl.col("reading") == "data:before_heparin") & (pl.col("item") == "timing")).row(
        0, named=True
    )
    assert (before["low"], before["high"]) == (0, 0)
    assert "began before the first heparin (P2)" in before["reason"]


def test_no_fall_scores_0_but_a_single_count_says_nothing() -> None:
    assert items(falling("200"))["timing"] == (0, 0)
    single = case(doses="id | amount | start\nH1 | 5000 | D0", labs="id | when | value\nP1 | D3 | 100")
    assert items(single)["timing"] == (0, 2)
    assert items(single)["thrombocytopenia"] == (0, 2)


@pytest.mark.parametrize(
    ("finding", "points"),
    [
        ("thrombosis | absent |", (0, 2)),  # skin and systemic reaction are not spoken of
        ("venous thrombosis | absent |", (0, 2)),
        ("venous thrombosis | present | new", (2, 2)),
        ("venous thrombosis | present | recurrent", (1, 1)),
        ("venous thrombosis | present | suspected", (1, 1)),
        ("venous thrombosis | present |", (1, 2)),
        ("skin lesion | present | necrosis", (2, 2)),
        ("skin lesion | present | non-necrotising", (1, 1)),
        ("acute systemic reaction | present |", (2, 2)),
        ("thrombosis | not_reported |", (0, 2)),
    ],
)
def test_thrombosis(finding: str, points: tuple[int, int]) -> None:
    findings = f"id | when | finding | status | grade\nF1 | D6 | {finding}"
    assert items(falling("60", findings=findings))["thrombosis"] == points


SEQUELAE = {
    "thrombosis": "F1 | thrombosis | absent |", "lesion": "F2 | skin lesion | absent |",
    "reaction": "F3 | acute systemic reaction | absent |",
}  # fmt: skip


@pytest.mark.parametrize(
    ("denied", "label", "points", "reason"),
    [
        (
            ("thrombosis",),
            "",
            (0, 2),
            "of skin lesions nothing is reported, up to 2 points hang on that; of systemic reactions nothing is reported",
        ),
        (("thrombosis", "lesion"), "", (0, 2), "of systemic reactions nothing is reported, up to 2 points"),
        (("thrombosis", "reaction"), "", (0, 2), "of skin lesions nothing is reported"),
        (("thrombosis", "lesion", "reaction"), "", (0, 0), "no thrombosis (F1)"),
        (("lesion", "reaction"), "", (0, 2), "no statement about thrombosis in general"),
        # The authors print none for the whole item.
        (("thrombosis",), "none", (0, 0), "no thrombosis (F1)"),
        (("thrombosis",), "suspected thrombosis", (0, 2), "up to 2 points"),
    ],
)
def test_no_thrombosis_alone_leaves_the_other_sequelae_open(denied, label, points, reason) -> None:
    findings = "\n".join(["id | finding | status | grade", *(SEQUELAE[name] for name in denied)])
    tables = falling("60", findings=findings)
    if label:
        printed = case(scores=f"id | item | points | label\nS1 | thrombosis | 0 | {label}")
        tables = tables | {"reported_scores": printed["reported_scores"]}
    assert items(tables)["thrombosis"] == points
    assert reason in reasons(tables)["thrombosis"]


def test_what_may_be_another_cause_is_named() -> None:
    findings = "id | finding | status | grade\nS | sepsis | present |\nB | bleeding | present |"
    assert reasons(falling("60", findings=findings))["other_causes"] == "no statement about other causes; may be one: S"


def test_a_thrombosis_before_heparin_is_no_sequela() -> None:
    findings = "id | when | finding | status | grade\nF1 | -600 | venous thrombosis | present | new"
    tables = falling("60", findings=findings)
    assert items(tables)["thrombosis"] == (0, 2)
    assert "only before heparin (F1)" in reasons(tables)["thrombosis"]


def test_thrombosis_said_to_be_present_and_absent_is_open() -> None:
    findings = """
        id | when | finding           | status  | grade
        F1 | D6   | venous thrombosis | present | new
        F2 | D6   | thrombosis        | absent  |
        """
    assert items(falling("60", findings=findings))["thrombosis"] == (0, 2)


@pytest.mark.parametrize(
    ("causes", "points"),
    [
        ([("absent", "none", "")], (2, 2)),
        ([("present", "possible", "sepsis")], (1, 1)),
        ([("present", "definite", "sepsis")], (0, 0)),
        ([("present", "", "sepsis")], (0, 1)),
        ([("present", "possible", "sepsis"), ("present", "definite", "drug")], (0, 0)),
        ([("absent", "none", ""), ("present", "possible", "sepsis")], (0, 2)),
        ([("not_reported", "", "")], (0, 2)),
        ([], (0, 2)),
    ],
)
def test_other_causes(causes: list[tuple[str, str, str]], points: tuple[int, int]) -> None:
    lines = [f"F{i} | other cause of thrombocytopenia | {' | '.join(cause)}" for i, cause in enumerate(causes)]
    findings = "\n".join(["id | finding | status | grade | site", *lines])
    assert items(falling("60", findings=findings))["other_causes"] == points


def test_conflicting_places_are_named() -> None:
    findings = """
        id | finding                         | status  | grade    | site
        F1 | other cause of thrombocytopenia | absent  | none     |
        F2 | other cause of thrombocytopenia | present | possible | sepsis
        """
    assert reasons(falling("60", findings=findings))["other_causes"] == ("one place says none (F1); named: sepsis (F2)")


def test_the_total_has_a_value_only_when_every_item_is_decided() -> None:
    check(
        falling("60", findings=NO_THROMBOSIS_NO_CAUSE),
        """
        metric         | value | low | high | status
        four_ts_total  | 6     | 6   | 6    | ok
        four_ts_is_low | 0     | 0   | 0    | ok
        """,
    )
    check(
        falling("60"),
        """
        metric         | value | low | high | status         | reason
        four_ts_total  | -     | 4   | 8    | not_computable | other causes: no statement about other causes; a score of up to 2
        four_ts_is_low | 0     | 0   | 0    | ok             | a score of at least 4; a score of up to 8
        """,
    )


def test_without_heparin_the_score_does_not_apply() -> None:
    check(
        case(labs="id | when | value\nP1 | D0 | 100\nP2 | D5 | 40"),
        """
        metric         | value | low | high | status
        four_ts_total  | -     | -   | -    | not_applicable
        four_ts_is_low | -     | -   | -    | not_applicable
        """,
    )


PRINTED = """
    id | item             | points | label
    T1 | thrombocytopenia | 1      | nadir 10-19
    T2 | timing           | 0      | fall < 4 days without recent exposure
    T3 | thrombosis       | 0      | none
    T4 | other_causes     | 0      | none
    T5 | total            | 1      |
    """


def test_printed_points_and_printed_labels_are_added_apart() -> None:
    check(
        falling("60") | {"reported_scores": case(scores=PRINTED)["reported_scores"]},
        """
        metric                 | value | low | high | rows
        four_ts_printed_points | 1     | 1   | 1    | T1,T2,T3,T4
        four_ts_printed_labels | 3     | 3   | 3    | T1,T2,T3,T4
        four_ts_printed_total  | 1     | 1   | 1    | T5
        """,
    )


def test_a_missing_or_unknown_printed_item_is_open() -> None:
    tables = case(
        scores="""
        id | item             | points | label
        T1 | thrombocytopenia | 2      |
        T2 | timing           |        | some words
        T3 | thrombosis       | 0      | none
        """
    )
    check(
        tables,
        """
        metric                 | value | low | high | status         | reason
        four_ts_printed_points | -     | 2   | 6    | not_computable | no points printed
        four_ts_printed_labels | -     | 0   | 6    | not_computable | printed label: some words
        four_ts_printed_total  | -     | -   | -    | no_data        |
        """,
    )
    assert items(tables, "printed_points")["other_causes"] == (0, 2)
