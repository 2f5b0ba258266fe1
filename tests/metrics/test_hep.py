"""The HEP score as an interval: what is known, what nobody speaks of."""

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
