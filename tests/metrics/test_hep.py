"""The HEP score as an interval: what is known, what nobody speaks of."""

import polars as pl
import pytest

from tests.spec import case, check, measured, pick, together

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


def test_no_other_cause_sets_every_cause_to_0() -> None:
    # magnitude 3, timing 3, nadir 2, no other cause 3; disorder, drug, device and bypass are no causes then, though nothing says so.
    check(
        typical_hit(),
        """
        metric         | value | low | high | status | reason
        hep_total      | 11    | 11  | 11   | ok     | a score of 11
        hep_at_least_2 | 1     | 1   | 1    | ok     |
        hep_at_least_5 | 1     | 1   | 1    | ok     |
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
    assert plain["arterial_device"]["reason"] == (
        "nothing is reported of an intra-arterial device; no other cause is stated"
    )


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
    assert found["reason"] == (
        "T1 before heparin; graded new: T1, T3; graded progressive: T2; T2 on day 5 of heparin; T3 on day 9 of heparin"
    )


def test_a_thrombus_in_the_heart_may_count_or_not() -> None:
    found = thrombosis("id | finding | status | grade | when\nT | intracardiac thrombosis | present | new | D6")
    assert (found["low"], found["high"]) == (0, 3)
    assert found["reason"] == "a thrombus in the heart may not be meant; graded new: T; T on day 6 of heparin"


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
    assert contradicting["reason"] == (
        "TEXT on day 3 of heparin at the earliest; TEXT on day 5 of heparin at the latest; graded new: TEXT"
    )
    narrowed = thrombosis(told.format("?", "", "D5"))
    assert (narrowed["low"], narrowed["high"]) == (3, 3)
    assert narrowed["row_ids"] == ["E1", "FIG", "H1", "TEXT"]
    other_grade = thrombosis(told.format("D5", "progressive", "D5"))
    assert (other_grade["low"], other_grade["high"]) == (2, 3)


BASE = "id | finding | status | grade | site | when"
NONE = "O | other cause of thrombocytopenia | absent | none | | ?"
LABS = """
    id | analyte   | value | when
    P1 | platelets | 200   | D1T08:00
    P2 | platelets | 190   | D6T08:00
    P3 | platelets | 40    | D7T08:00
    P4 | platelets | 180   | D12T08:00
    """


def hit(
    case_id: str, *findings: str, events: tuple[str, ...] = (), drugs: tuple[str, ...] = (), read: str = "full"
) -> dict:
    """A fall of 80 % on day 6 to 7 of heparin, recovered on day 12, without earlier heparin."""
    tables = case(
        case_id,
        doses="\n".join(["id | drug | amount | start", "H1 | unfractionated heparin | 5000 | D0T08:00", *drugs]),
        labs=LABS,
        findings="\n".join([BASE, *findings]),
        events="\n".join(["id | event | when", *events]),
        patient="id | item | value\nE1 | heparin_exposure_100d | no",
        observed=(-20 * 1440, 26 * 1440 - 1),
    )
    return tables | {"cases": tables["cases"].with_columns(read=pl.lit(read))}


# Findings | events | drugs -> item, fewest and most points, part of the reason.
PLACED = {
    "bleeding-in": (["B | bleeding | present | | | D5"], [], [], "bleeding", (-1, -1), "present: B"),
    "bleeding-site": (["B | gastrointestinal haemorrhage | present | | | D5"], [], [], "bleeding", (-1, -1), "present: B"),
    "bleeding-before": (["B | bleeding | present | | | D-8"], [], [], "bleeding", (-1, 0), "before heparin and so without points: B"),
    "bleeding-undated": (["B | bleeding | present | | | ?"], [], [], "bleeding", (-1, 0), "whether since heparin is not certain"),
    "bleeding-later-absent": (
        ["B | bleeding | present | | | D5", "A | bleeding | absent | | | D15"], [], [], "bleeding", (-1, -1), "present: B"),
    "bleeding-absent-there": (["A | bleeding | absent | | wound | D5"], [], [], "bleeding", (-1, 0), ""),
    "bleeding-contradicted": (
        ["B | bleeding | present | | | D5", "A | bleeding | absent | | | ?"], [], [], "bleeding", (-1, 0), "said to be present (B)"),
    "sepsis-before": (["S | sepsis | present | | | D-2"], [], [], "severe_infection", (-2, -2), "present: S"),
    "sepsis-in-fall": (["S | sepsis | present | | | D6T20:00"], [], [], "severe_infection", (-2, -2), "present: S"),
    "sepsis-recovered": (["S | sepsis | present | | | D13"], [], [], "severe_infection", (-2, 0), "after the fall and so without points: S"),
    "sepsis-undated": (["S | sepsis | present | | | ?"], [], [], "severe_infection", (-2, 0), "not certain: S"),
    "septic-shock": (["S | shock | present | | septic | D2"], [], [], "severe_infection", (-2, -2), "present: S"),
    "cardiogenic": (["S | shock | present | | cardiogenic | D2"], [], [], "severe_infection", (-2, 0), "nothing is reported of infection"),
    "pneumonia": (["S | pneumonia | present | | | D2"], [], [], "severe_infection", (-2, 0), "asks for a severe one: S"),
    "covid": (["S | COVID-19 | present | | | ?"], [], [], "severe_infection", (-2, 0), "asks for a severe one: S"),
    "endocarditis": (["S | endocarditis | present | | | D2"], [], [], "severe_infection", (-2, 0), "asks for a severe one: S"),
    "va": ([], ["E | va_ecmo_start | D3"], [], "arterial_device", (-2, -2), "in place before or in the fall: E"),
    "vv": ([], ["E | vv_ecmo_start | D3"], [], "arterial_device", (-2, 0), "whether a veno-venous circuit counts as an intra-arterial device is open: E"),
    "mode": ([], ["E | ecmo_start | D3"], [], "arterial_device", (-2, 0), "whether with an arterial cannula is not stated: E"),
    "pump": ([], ["E | iabp_start | D3"], [], "arterial_device", (-2, -2), "in place before or in the fall: E"),
    "vad": ([], ["E | vad_start | D3"], [], "arterial_device", (-2, -2), "in place before or in the fall: E"),
    "pump-late": ([], ["E | iabp_start | D9"], [], "arterial_device", (-2, 0), "after the fall and so without points: E"),
    "pump-gone": ([], ["E | iabp_start | D1", "X | iabp_end | D2"], [], "arterial_device", (-2, 0), "before the fall and so without points: E, X"),
    "bypass": ([], ["C | bypass_start | D4"], [], "bypass_96h", (-1, -1), "in place before or in the fall: C"),
    "bypass-early": ([], ["C | bypass_start | D1"], [], "bypass_96h", (-1, 0), "more than 96 h before the fall"),
    "surgery": ([], ["C | surgery | D4"], [], "bypass_96h", (-1, 0), "an operation of which bypass is not stated: C"),
    "drug": ([], [], ["V | vancomycin | 1000 | D2"], "new_drug", (-2, 0), "can lower platelets"),
    "drug-late": ([], [], ["V | vancomycin | 1000 | D9"], "new_drug", (-2, 0), "after the fall and so without points: V"),
    "dic": (["D | disseminated intravascular coagulation | present | | | D6"], [], [], "severe_dic", (-2, 0), "said to be present: D"),
    "no-dic": (["D | disseminated intravascular coagulation | absent | | | D6"], [], [], "severe_dic", (0, 0), "said to be absent: D"),
    "itp": (["I | immune thrombocytopenia | present | chronic | | D-20"], [], [], "chronic_disorder", (-1, -1), "present: I"),
    "skin": (["K | skin lesion | present | necrosis | | D6"], [], [], "skin_necrosis", (3, 3), "present: K"),
    "skin-ungraded": (["K | skin lesion | present | | toes | D6"], [], [], "skin_necrosis", (0, 3), "its grade is not stated: K"),
    "skin-red": (["K | skin lesion | present | non-necrotising | | D6"], [], [], "skin_necrosis", (0, 0), "does not count: K"),
}  # fmt: skip
JOINT = {
    # Both stated, one way or the other; one stated; a cause that only may count beside none; silence.
    "both": (["S | sepsis | present | | | D0", NONE], (-3, 16), {"cause_counts": (-3, 11), "no_other_cause": (10, 16)}),
    "both-device": ([NONE], (-3, 16), {"cause_counts": (-3, 13), "no_other_cause": (10, 16)}),
    "named-beside-none": (["N | other cause of thrombocytopenia | present | possible | x | ?", NONE], (-3, 16), {"cause_counts": (-3, 13), "no_other_cause": (10, 16)}),
    "none": ([NONE], (10, 16), {}),
    "cause": (["S | sepsis | present | | | D0"], (-3, 11), {}),
    "named": (["N | other cause of thrombocytopenia | present | definite | x | ?"], (-3, 13), {}),
    "silent": ([], (-3, 16), {}),
}  # fmt: skip
NO_THROMBOSIS = "T | thrombosis | absent | | | ?"


@pytest.fixture(scope="module")
def placed() -> dict[str, pl.DataFrame]:
    """Every case of `PLACED` and `JOINT`, measured as one corpus."""
    cases = [
        hit(name, *found, events=tuple(events), drugs=tuple(drugs))
        for name, (found, events, drugs, *_) in PLACED.items()
    ]
    for name, (found, *_) in JOINT.items():
        events = ("E | vv_ecmo_start | D2",) if name == "both-device" else ()
        cases.append(hit(f"joint-{name}", NO_THROMBOSIS, *found, events=events))
    cases.append(hit("in-part", read="part"))
    return measured(together(*cases), "hep", "hep_items", "score_sensitivity")


@pytest.mark.parametrize("name", PLACED)
def test_a_row_counts_in_its_time_and_as_what_it_is(placed: dict[str, pl.DataFrame], name: str) -> None:
    *_, item, points, reason = PLACED[name]
    rows = placed["score_items"].filter(
        (pl.col("case_id") == name) & (pl.col("item") == item) & (pl.col("reading") == "data")
    )
    found = rows.row(0, named=True)
    assert (found["low"], found["high"]) == points, found["reason"]
    assert reason in found["reason"]


def test_what_is_silent_is_said_of_as_much_as_was_read(placed: dict[str, pl.DataFrame]) -> None:
    items = placed["score_items"].filter((pl.col("score") == "hep") & (pl.col("item") == "bleeding"))
    said = dict(items.filter(pl.col("reading") == "data").select("case_id", "reason").iter_rows())
    assert said["joint-silent"] == "nothing is reported of bleeding"
    assert said["in-part"] == "nothing is reported of bleeding in the part that was read"


@pytest.mark.parametrize("name", JOINT)
def test_items_that_exclude_each_other_are_bounded_jointly(placed: dict[str, pl.DataFrame], name: str) -> None:
    _, total, readings = JOINT[name]
    row = pick(placed, "hep_total", case_id=f"joint-{name}")
    assert (row["low"], row["high"]) == total
    found = placed["metrics"].filter(
        (pl.col("case_id") == f"joint-{name}") & (pl.col("metric") == "hep_total_by_causes")
    )
    assert {r["stratum"]: (r["low"], r["high"]) for r in found.to_dicts()} == readings


def test_what_an_item_could_turn_follows_what_it_excludes(placed: dict[str, pl.DataFrame]) -> None:
    rows = placed["score_sensitivity"].filter((pl.col("case_id") == "joint-both") & (pl.col("score") == "hep"))
    found = {row["item"]: row for row in rows.to_dicts()}
    assert (found["no_other_cause"]["total_low"], found["no_other_cause"]["total_high"]) == (-3, 16)
    # With +3 for no other cause no cause counts: 10 to 16. Without, the sepsis counts: -3 to 11.
    assert found["no_other_cause"]["with_most"] == "5 or more"
    assert found["no_other_cause"]["with_fewest"] == "below 2; or 2 to 4; or 5 or more"
    assert found["severe_infection"]["with_most"] == "5 or more"
