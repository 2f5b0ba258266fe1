"""Which anticoagulant a result counts under: switches, bridging, and two drugs at once."""

import csv

from casetrace.core.paths import VOCABULARY

from tests.spec import case, check, measured

APTTS = """
    id | when     | analyte | value
    A1 | D1T12:00 | aptt    | 50
    A2 | D3T12:00 | aptt    | 60
    A3 | D5T12:00 | aptt    | 70
    A4 | D7T12:00 | aptt    | 80
    """


def test_warfarin_begun_under_heparin_leaves_the_heparin_course_open() -> None:
    tables = case(
        doses="""
        id | drug     | kind     | amount | start    | end      | route
        H1 |          | infusion | 1000   | D1T06:00 | D4T00:00 | iv
        H2 |          | infusion | 1200   | D4T00:00 | D6T00:00 | iv
        W1 | warfarin | bolus    | 5      | D3T08:00 |          | oral
        W2 | warfarin | bolus    | 5      | D6T20:00 |          | oral
        """,
        labs=APTTS,
    )
    check(
        tables,
        """
        metric     | stratum                | value | high | rows     | reason
        aptt_n     | unfractionated heparin | 3     | 3    | A1,A2,A3 | drawn while warfarin was given as well: A2, A3
        aptt_first | unfractionated heparin | 50    | 50   | A1       |
        aptt_last  | unfractionated heparin | 70    | 70   | A3       |
        aptt_n     | warfarin               | 3     | 3    | A2,A3,A4 | drawn while unfractionated heparin was given as well
        """,
    )


def test_heparin_begun_under_warfarin_does_not_end_the_warfarin() -> None:
    tables = case(
        doses="""
        id | drug     | kind     | amount | start    | end      | route
        W1 | warfarin | total    |        | D0T08:00 | D9T08:00 | oral
        H1 |          | infusion | 1000   | D2T06:00 | D4T00:00 | iv
        """,
        labs=APTTS,
    )
    check(
        tables,
        """
        metric | stratum                | value | rows
        aptt_n | unfractionated heparin | 1     | A2
        aptt_n | warfarin               | 4     | A1,A2,A3,A4
        """,
    )


def test_every_drug_that_was_given_as_well_is_named() -> None:
    tables = case(
        doses="""
        id  | drug       | kind     | amount | start    | end      | route
        H1  |            | infusion | 1000   | D1T06:00 | D4T00:00 | iv
        ARG | argatroban | infusion | 5      | D4T06:00 | D8T00:00 | iv
        W1  | warfarin   | total    |        | D0T08:00 | D9T08:00 | oral
        """,
        labs=APTTS,
    )
    check(
        tables,
        """
        metric | stratum  | value | reason
        aptt_n | warfarin | 4     | drawn while unfractionated heparin was given as well: A1, A2; drawn while argatroban was given as well: A3, A4
        """,
    )


def test_a_drug_that_replaces_heparin_ends_a_course_whose_end_is_not_stated() -> None:
    tables = case(
        doses="""
        id  | drug       | kind     | amount | start    | end
        H1  |            | infusion | 1000   | D1T06:00 |
        ARG | argatroban | infusion | 5      | D4T00:00 |
        """,
        labs=APTTS,
    )
    check(
        tables,
        """
        metric | stratum                | value | high | rows
        aptt_n | unfractionated heparin | 2     | 2    | A1,A2
        aptt_n | argatroban             | 2     | 2    | A3,A4
        """,
    )


def test_two_infusions_at_once_give_a_result_to_neither_drug() -> None:
    # Both run from D2 to D6, with a change of the heparin rate in between; alone before and after.
    tables = case(
        doses="""
        id  | drug       | kind     | amount | start    | end
        H1  |            | infusion | 1000   | D1T06:00 | D4T00:00
        H2  |            | infusion | 900    | D4T00:00 | D8T00:00
        ARG | argatroban | infusion | 5      | D2T00:00 | D6T00:00
        """,
        targets="id | value\nT1 | 55..75",
        labs=APTTS,
    )
    check(
        tables,
        """
        metric               | stratum                | value | low | high | rows     | reason
        aptt_n               | unfractionated heparin | 2     | 2   | 4    | A1,A4,T1 | argatroban was given as well, so counted under neither: A2, A3
        aptt_max             | unfractionated heparin | 80    | 80  | 80   | A4       | counted under neither: A2, A3
        aptt_share_in_target | unfractionated heparin | 0     | 0   | 0    | A1,A4,T1 | counted under neither: A2, A3
        aptt_n               | argatroban             | 0     | 0   | 2    |          | unfractionated heparin was given as well
        """,
    )


def test_a_circuit_or_flush_is_no_course_and_takes_nothing_from_argatroban() -> None:
    tables = case(
        doses="""
        id  | drug       | kind     | amount | start    | end      | route   | purpose
        FL  |            | infusion | 100    | D1T00:00 | D9T00:00 | circuit | flush
        CIR |            | infusion | 200    | D1T00:00 | D9T00:00 | circuit | circuit
        ARG | argatroban | infusion | 5      | D2T00:00 | D8T00:00 | iv      | therapeutic
        """,
        labs=APTTS,
    )
    results = check(
        tables,
        """
        metric | stratum    | value | high | rows
        aptt_n | argatroban | 3     | 3    | A2,A3,A4
        """,
    )
    assert results["metrics"]["stratum"].unique().to_list() == ["argatroban"]


def test_aspirin_is_no_anticoagulant() -> None:
    tables = case(
        doses="""
        id  | drug    | kind     | amount | start    | end      | route
        H1  |         | infusion | 1000   | D1T06:00 | D8T00:00 | iv
        ASA | aspirin | bolus    | 100    | D3T08:00 |          | oral
        """,
        labs=APTTS,
    )
    results = measured(tables, "monitoring")["metrics"]
    assert results["stratum"].unique().to_list() == ["unfractionated heparin"]
    check(tables, "metric | stratum | value | rows\naptt_n | unfractionated heparin | 4 | A1,A2,A3,A4")


def test_an_infusion_that_may_overlap_by_its_uncertain_end_has_been_switched() -> None:
    # Heparin ended some time on day 5, argatroban began on day 5 at 06:00: the result at 12:00 is argatroban's.
    tables = case(
        doses="""
        id  | drug       | kind     | amount | start    | end
        H1  |            | infusion | 1000   | D1T06:00 | D5
        ARG | argatroban | infusion | 5      | D5T06:00 | D8T00:00
        """,
        labs=APTTS,
    )
    check(
        tables,
        """
        metric | stratum                | value | high | rows
        aptt_n | unfractionated heparin | 2     | 2    | A1,A2
        aptt_n | argatroban             | 2     | 2    | A3,A4
        """,
    )


def test_results_drawn_while_heparin_was_held_are_told_apart() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        H1 | infusion | 1000   | D1T06:00 | D3T00:00
        H2 | infusion | 900    | D4T00:00 | D6T00:00
        H3 | bolus    | 5000   | D7T00:00 |
        H4 | infusion | 900    | D8T00:00 | D9T00:00
        """,
        labs=APTTS,
    )
    # A2 lies between two infusions; A4 after a bolus that ended the next hold.
    check(
        tables,
        """
        metric            | stratum                | value | low | high | rows
        aptt_n            | unfractionated heparin | 4     | 4   | 4    | A1,A2,A3,A4
        aptt_n_while_held | unfractionated heparin | 1     | 1   | 1    | A2
        """,
    )


def test_a_hold_with_uncertain_ends_leaves_the_number_open() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        H1 | infusion | 1000   | D1T06:00 | D3
        H2 | infusion | 900    | D4T00:00 | D6T00:00
        """,
        labs=APTTS,
    )
    check(
        tables,
        """
        metric            | stratum                | value | low | high | status         | reason
        aptt_n_while_held | unfractionated heparin | -     | 0   | 1    | not_computable | may have been drawn while unfractionated heparin was held: A2
        """,
    )


def test_an_end_that_is_not_stated_is_no_hold_for_certain() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        H1 | infusion | 1000   | D1T06:00 |
        H2 | infusion | 900    | D4T00:00 | D6T00:00
        """,
        labs=APTTS,
    )
    check(
        tables,
        """
        metric            | stratum                | value | low | high | rows
        aptt_n_while_held | unfractionated heparin | -     | 0   | 2    | A1,A2
        """,
    )


def test_the_vitamin_k_antagonists_of_the_vocabulary_are_those_of_their_atc_group() -> None:
    with (VOCABULARY / "drugs.csv").open(encoding="utf-8", newline="") as file:
        drugs = list(csv.DictReader(file))
    bridging = {row["drug"] for row in drugs if row["class"].endswith("VKA")}
    assert bridging == {row["drug"] for row in drugs if row["atc"].startswith("B01AA")}
    assert len(bridging) > 1
