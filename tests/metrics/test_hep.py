"""The HEP score as an interval: what is known, what nobody speaks of."""

import pytest

from tests.spec import case, check, measured

FULL = """
    id   | finding                         | status  | grade
    TH   | thrombosis                      | absent  |
    SKIN | skin lesion                     | absent  |
    REAC | acute systemic reaction         | absent  |
    BL   | bleeding                        | absent  |
    SEP  | sepsis                          | absent  |
    OC   | other cause of thrombocytopenia | absent  | none
    """


def typical_hit(findings: str = FULL, platelets: str = "40") -> dict:
    return case(
        doses="""
        id | amount | start
        H1 | 5000   | D0T08:00
        """,
        labs=f"""
        id | analyte    | value       | when
        P1 | platelets  | 200         | D1T08:00
        P2 | platelets  | 190         | D6T08:00
        P3 | platelets  | {platelets} | D7T08:00
        F1 | fibrinogen | 3           | D7T08:00
        """,
        findings=findings,
        patient="""
        id | item                  | value
        E1 | heparin_exposure_100d | no
        """,
    )


def test_a_typical_case_is_open_only_where_nobody_speaks() -> None:
    # magnitude 3, timing 3, nadir 2, no other cause 3; chronic disorder, new drug, device and bypass are not spoken of.
    check(
        typical_hit(),
        """
        metric         | value | low | high | status         | reason
        hep_total      | -     | 5   | 11   | not_computable | open: chronic disorder, new drug, arterial device, bypass 96h
        hep_at_least_2 | 1     | 1   | 1    | ok             |
        hep_at_least_5 | 1     | 1   | 1    | ok             |
        """,
    )


def test_silence_widens_the_score() -> None:
    check(
        typical_hit(findings=""),
        """
        metric         | value | low | high
        hep_total      | -     | -1  | 19
        hep_at_least_2 | -     | 0   | 1
        """,
    )


def test_a_nadir_of_20_has_fewer_points_than_one_of_21() -> None:
    items = {}
    for count in ("20", "21"):
        found = measured(typical_hit(platelets=count), "hep_items")["score_items"]
        items[count] = [row["low"] for row in found.to_dicts() if row["item"] == "nadir"]
    assert items == {"20": [-2.0], "21": [2.0]}


def test_ecmo_is_open_and_a_balloon_pump_is_not() -> None:
    tables = typical_hit()
    with_ecmo = case(
        events="""
        id | event      | when
        E  | ecmo_start | D3
        """,
        doses="""
        id | amount | start
        H1 | 5000   | D0
        """,
    )
    found = {row["item"]: row for row in measured(with_ecmo, "hep_items")["score_items"].to_dicts()}
    assert (found["arterial_device"]["low"], found["arterial_device"]["high"]) == (-2.0, 0.0)
    assert found["arterial_device"]["row_ids"] == ["E"]
    plain = {row["item"]: row for row in measured(tables, "hep_items")["score_items"].to_dicts()}
    assert plain["arterial_device"]["reason"] == "nothing is said of an intra-arterial device"


def test_without_heparin_the_score_does_not_apply() -> None:
    check(
        case(findings=FULL),
        """
        metric         | value | low | high | status         | reason
        hep_total      | -     | -   | -    | not_applicable | no heparin in the record
        hep_at_least_2 | -     | -   | -    | not_applicable | no heparin in the record
        """,
    )


def thrombosis(findings: str, exposed: str = "no") -> dict:
    """The item under heparin from day 0 to the end of day 12; an empty `exposed` leaves earlier exposure unknown."""
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        H1 | infusion | 1000   | D0T08:00 | D12T23:59
        """,
        findings=findings,
        patient=f"id | item | value\nE1 | heparin_exposure_100d | {exposed}" if exposed else "",
    )
    items = measured(tables, "hep_items")["score_items"].to_dicts()
    return next(row for row in items if row["item"] == "thrombosis")


@pytest.mark.parametrize(
    ("when", "grade", "exposed", "points"),
    [
        # Typical onset: new 3 points from day 4 on, none before; progression on heparin 2.
        ("D4", "new", "no", (3, 3)),
        ("D3", "new", "no", (0, 3)),  # no points by its day, and later ones are not spoken of
        ("D3..D4", "new", "no", (0, 3)),
        ("D20", "new", "no", (3, 3)),
        ("D6", "progressive", "no", (2, 2)),
        ("D2", "progressive", "no", (2, 2)),
        ("D20", "progressive", "no", (0, 3)),  # after the last heparin
        ("D6", "", "no", (2, 3)),
        ("D20", "", "no", (0, 3)),
        ("D6", "recurrent", "no", (2, 3)),
        ("D6", "suspected", "no", (0, 3)),
        ("?", "new", "no", (0, 3)),
        # Rapid onset after an earlier exposure: any day after the first heparin.
        ("D1", "new", "yes", (3, 3)),
        ("D0T09:00", "new", "yes", (3, 3)),
        ("D0", "new", "yes", (0, 3)),  # before or after the first heparin
        ("D1", "progressive", "yes", (2, 2)),
        # Not known which of the two: what both readings give is certain.
        ("D6", "new", "", (3, 3)),
        ("D1", "new", "", (0, 3)),
        # Before the first heparin it is no sequela.
        ("D0T07:00", "new", "no", (0, 3)),
    ],
)
def test_a_thrombosis_has_the_points_of_its_day_and_grade(when, grade, exposed, points) -> None:
    found = thrombosis(
        f"id | finding | status | grade | when\nT | venous thrombosis | present | {grade} | {when}", exposed
    )
    assert (found["low"], found["high"]) == points, found["reason"]
    assert found["status"] == ("ok" if points[0] == points[1] else "not_computable")
    assert "T" in found["row_ids"]
    assert "H1" in found["row_ids"]


def test_several_thromboses_have_the_points_of_the_highest() -> None:
    found = thrombosis(
        """
        id | finding             | status  | grade       | when
        T1 | pulmonary embolism  | present | new         | D0T07:00
        T2 | venous thrombosis   | present | progressive | D5
        T3 | arterial thrombosis | present | new         | D9
        """
    )
    assert (found["low"], found["high"]) == (3, 3)
    assert (
        found["reason"] == "T1 before heparin (new), T2 on day 5 of heparin (progressive), T3 on day 9 of heparin (new)"
    )


def test_a_thrombus_in_the_heart_may_count_or_not() -> None:
    found = thrombosis("id | finding | status | grade | when\nT | intracardiac thrombosis | present | new | D6")
    assert (found["low"], found["high"]) == (0, 3)
    assert found["reason"] == "T on day 6 of heparin (new); a thrombus in the heart may not be meant"


def test_a_denial_of_thrombosis_holds_for_what_came_after_an_earlier_one() -> None:
    denied = "id | finding | status | when\nD | thrombosis | absent | D0..D20"
    assert [thrombosis(denied)[key] for key in ("low", "high", "reason")] == [0, 0, "no thrombosis"]
    earlier = denied + "\nT | venous thrombosis | present | D0T07:00"
    assert [thrombosis(earlier)[key] for key in ("low", "high")] == [0, 0]
    contradicted = denied + "\nT | venous thrombosis | present | D6"
    found = thrombosis(contradicted)
    assert (found["low"], found["high"]) == (0, 3)
    assert "said to be present and absent" in found["reason"]


def test_a_thrombosis_told_in_two_places_is_one() -> None:
    told = """
        id   | finding           | status  | grade | when | same_as
        TEXT | venous thrombosis | present | new   | {}   |
        FIG  | venous thrombosis | present | {}    | {}   | TEXT
        """
    contradicting = thrombosis(told.format("D3", "", "D5"))
    assert (contradicting["low"], contradicting["high"]) == (0, 3)
    assert contradicting["reason"] == "TEXT between day 3 and day 5 of heparin (new)"
    narrowed = thrombosis(told.format("?", "", "D5"))
    assert (narrowed["low"], narrowed["high"]) == (3, 3)
    assert narrowed["row_ids"] == ["E1", "FIG", "H1", "TEXT"]
    other_grade = thrombosis(told.format("D5", "progressive", "D5"))
    assert (other_grade["low"], other_grade["high"]) == (2, 3)
