"""Targets, means, pairs of aPTT and anti-Xa, response to heparin, the ACT on bypass, the dose at the first result in target."""

from casetrace.metrics.catalogue import catalogue

from tests.shared_inputs import metric
from tests.spec import Tables, case, check

UFH = "unfractionated heparin"
HEPARIN = "id | kind | amount | start | end\nH1 | infusion | 1000 | 0 | D9"


def test_a_range_that_is_only_cited_is_no_target() -> None:
    labs = "id | when | analyte | value\nA1 | 100 | act | 250\nA2 | 200 | act | 320"
    check(
        case(doses=HEPARIN, labs=labs, targets="id | analyte | value | role\nT1 | act | 300..350 | cited"),
        """
        metric                            | stratum                | value | status         | reason
        act_share_in_target               | unfractionated heparin | -     | not_computable | not the aim of this treatment: T1
        act_time_in_range                 | unfractionated heparin | -     | not_computable | no target printed
        act_time_to_target                | unfractionated heparin | -     | not_computable | no target printed
        resistance_act_target_not_reached |                        | -     | not_computable | no target printed
        """,
    )
    # Beside an aim it changes nothing.
    check(
        case(
            doses=HEPARIN,
            labs=labs,
            targets="id | analyte | value | role\nT1 | act | 300..350 | cited\nT2 | act | 200..260 | aim",
        ),
        f"metric | stratum | value | rows\nact_share_in_target | {UFH} | 50 | A1,A2,T2",
    )


def test_a_target_of_anti_xa_or_act_that_was_not_reached() -> None:
    targets = "id | analyte | value\nT1 | anti_xa_ufh | 0.3..0.7\nT2 | act | >=180"
    check(
        case(
            doses=HEPARIN, targets=targets,
            labs="id | when | analyte | value\nX1 | 100 | anti_xa_ufh | 0.29\nX2 | 200 | anti_xa_ufh | 0.15\nC1 | 100 | act | 180",
        ),
        """
        metric                                | value | low | high | status | rows
        resistance_anti_xa_target_not_reached | 1     | 1   | 1    | ok     | T1,X1,X2
        resistance_act_target_not_reached     | 0     | 0   | 0    | ok     | C1,T2
        resistance_aptt_target_not_reached    | -     | -   | -    | no_data |
        """,
    )  # fmt: skip
    check(
        case(
            doses=HEPARIN, targets=targets,
            labs="id | when | analyte | value | stat\nX1 | 100 | anti_xa_ufh | 0.2 | mean\nC1 | 100 | act | 170 | max",
        ),
        """
        metric                                | value | low | high
        resistance_anti_xa_target_not_reached | -     | 0   | 1
        resistance_act_target_not_reached     | 1     | 1   | 1
        """,
    )  # fmt: skip


def test_a_mean_is_a_result_of_its_own_and_no_single_one() -> None:
    check(
        case(
            doses=HEPARIN, targets="id | value\nT1 | 60..80",
            labs="id | when | analyte | value | stat\nA1 | 100..9000 | aptt | 64 | mean\nA2 | 500 | aptt | 50 |",
        ),
        """
        metric               | stratum                | value | low | high | status         | reason
        aptt_mean            | unfractionated heparin | 64    | 64  | 64   | ok             |
        aptt_n               | unfractionated heparin | 2     | 2   | -    | ok             | stand for several: A1
        aptt_first           | unfractionated heparin | 50    | 50  | 50   | ok             |
        aptt_max             | unfractionated heparin | -     | 64  | -    | not_computable | as high as the mean: A1
        aptt_share_in_target | unfractionated heparin | 0     | 0   | 0    | ok             | not counted: A1
        aptt_time_to_target  | unfractionated heparin | -     | 100 | -    | not_computable |
        """,
    )  # fmt: skip
    check(
        case(
            doses="id | drug | kind | amount | start | end\nB1 | bivalirudin | infusion | 5 | 0 | 5000",
            labs="id | when | analyte | value | stat\nA1 | 100..4000 | aptt | 64 | median\nA2 | 100..4000 | aptt | 66 | mean",
        ),
        """
        metric    | stratum     | value | low | high | reason
        aptt_mean | bivalirudin | -     | 64  | 66   | several means
        aptt_n    | bivalirudin | 2     | 2   | -    |
        aptt_first | bivalirudin | -    | -   | -    | no single aPTT
        """,
    )


def test_a_mean_of_days_on_which_the_drug_began_and_ended_counts_and_one_across_a_switch_does_not() -> None:
    labs = "id | when | analyte | value | stat\nA1 | D1..D3 | aptt | 64 | mean"
    alone = "id | drug | kind | amount | start | end\nH1 | | infusion | 1000 | D1T10:00 | D3T08:00"
    check(case(doses=alone, labs=labs), f"metric | stratum | value | status\naptt_mean | {UFH} | 64 | ok")
    switched = f"{alone}\nARG | argatroban | infusion | 5 | D3T09:00 | D5T00:00"
    check(case(doses=switched, labs=labs), f"metric | stratum | value | status\naptt_mean | {UFH} | - | not_computable")


def test_a_lowest_or_highest_of_several_hides_others() -> None:
    check(
        case(doses=HEPARIN, labs="id | when | analyte | value | stat\nA1 | 100..4000 | aptt | 48 | min"),
        """
        metric     | stratum                | value | low | high | status         | reason
        aptt_max   | unfractionated heparin | -     | 48  | -    | not_computable | the lowest of several
        aptt_first | unfractionated heparin | -     | 48  | -    | not_computable | the lowest of several
        """,
    )
    check(
        case(
            doses=HEPARIN,
            labs="id | when | analyte | value | stat\nA1 | 100..4000 | aptt | 48 | min\nA2 | 100..4000 | aptt | 55 | max",
        ),
        """
        metric     | stratum                | value | low | high
        aptt_max   | unfractionated heparin | 55    | 55  | 55
        aptt_first | unfractionated heparin | -     | 48  | 55
        """,
    )
    check(
        case(labs="id | when | analyte | value | stat\nX1 | D1 | hemoglobin | 96 | max"),
        "metric | value | low | high | status\nhaemoglobin_lowest | - | 0 | 96 | not_computable",
    )


def test_the_made_up_mean_is_shown_as_a_result() -> None:
    assert metric("minimum-and-mean", "aptt_mean", UFH)["value"] == 64
    row = metric("minimum-and-mean", "resistance_aptt_target_not_reached")
    assert "no aPTT" not in str(row["reason"])
    assert metric("infant", "resistance_anti_xa_target_not_reached")["value"] == 1


TWO_TARGETS = "id | analyte | value\nT1 | aptt | 60..80\nT2 | anti_xa_ufh | 0.3..0.7"


def test_pairs_of_aptt_and_anti_xa_and_their_discordance() -> None:
    check(
        case(
            doses=HEPARIN, targets=TWO_TARGETS,
            labs="""
            id | when | analyte     | value
            A1 | 100  | aptt        | 50
            X1 | 100  | anti_xa_ufh | 0.8
            A2 | 600  | aptt        | 70
            X2 | 660  | anti_xa_ufh | 0.3
            A3 | 1000 | aptt        | 90
            X3 | 1061 | anti_xa_ufh | 0.2
            """,
        ),
        """
        metric                  | value | low | high | status | rows
        aptt_anti_xa_pairs      | 2     | 2   | 2    | ok     | A1,A2,X1,X2
        aptt_anti_xa_discordant | 1     | 1   | 1    | ok     | A1,X1
        """,
    )  # fmt: skip
    check(
        case(
            doses=HEPARIN, targets="id | analyte | value\nT1 | aptt | 60..80",
            labs="id | when | analyte | value\nA1 | D2 | aptt | 50\nX1 | D2 | anti_xa_ufh | 0.8",
        ),
        """
        metric                  | value | low | high | status         | reason
        aptt_anti_xa_pairs      | -     | 0   | 1    | not_computable | may have been drawn together: A1, X1
        aptt_anti_xa_discordant | -     | 0   | 1    | not_computable | without a side of the target for both
        """,
    )  # fmt: skip


def bolus(doses: str, labs: str, weight: str = "") -> Tables:
    return case(
        weight=weight,
        doses=f"id | kind | amount | per_kg | start | end\n{doses}",
        labs=f"id | when | analyte | value\n{labs}",
    )


def test_the_rise_for_each_unit_per_kg_of_a_bolus() -> None:
    assert catalogue()["heparin_response_act"].unit == "s.kg/[iU]"
    check(
        bolus(
            "B1 | bolus | 30000 | 300 | 100 |",
            "C1 | 90 | act | 120\nC2 | 105 | act | 420\nA1 | 460 | aptt | 90\nA0 | 50 | aptt | 30",
        ),
        """
        metric                | stratum | value | low | high | status | rows
        heparin_response_act  | B1      | 1     | 1   | 1    | ok     | B1,C1,C2
        heparin_response_aptt | B1      | 0.2   | 0.2 | 0.2  | ok     | A0,A1,B1
        """,
    )
    # A further bolus between, or no dose per kg.
    check(
        bolus(
            "B1 | bolus | 30000 | 300 | 100 |\nB2 | bolus | 5000 | 50 | 102 |",
            "C1 | 90 | act | 120\nC2 | 105 | act | 420",
        ),
        "metric | stratum | value | status | reason\nheparin_response_act | B1 | - | not_computable | other heparin may have been given",
    )
    check(
        bolus("B1 | bolus | 30000 | | 100 |", "C1 | 90 | act | 120\nC2 | 105 | act | 420"),
        "metric | stratum | value | status | reason\nheparin_response_act | B1 | - | not_computable | dose per kg of the bolus is not known",
    )


def on_bypass(doses: str, labs: str, age: str = "60") -> Tables:
    return case(
        events="id | event | when\nE1 | bypass_start | 200",
        doses=f"id | amount | per_kg | start\n{doses}",
        labs=f"id | when | analyte | value\n{labs}",
        patient=f"id | item | value\nAG | age | {age}",
    )


def test_no_act_of_480_after_500_units_per_kg() -> None:
    name = "resistance_bypass_act"
    two = "B1 | 30000 | 300 | 100\nB2 | 20000 | 200 | 120"
    check(on_bypass(two, "C1 | 110 | act | 390\nC2 | 130 | act | 479"), f"metric | value | status\n{name} | 1 | ok")
    check(on_bypass(two, "C1 | 110 | act | 390\nC2 | 130 | act | 480"), f"metric | value | status\n{name} | 0 | ok")
    # With 300 U/kg it never got so far; 480 s only after 550 U/kg is met.
    check(on_bypass("B1 | 30000 | 300 | 100", "C1 | 110 | act | 390"), f"metric | value | status\n{name} | 0 | ok")
    more = f"{two}\nB3 | 5000 | 50 | 140"
    check(on_bypass(more, "C2 | 130 | act | 470\nC3 | 150 | act | 500"), f"metric | value | status\n{name} | 1 | ok")
    check(on_bypass("B1 | 30000 | | 100", "C1 | 110 | act | 390"), f"metric | value | low | high\n{name} | - | 0 | 1")
    check(on_bypass(two, "C2 | 130 | act | 470", age="3"), f"metric | status\n{name} | not_applicable")
    check(case(doses=HEPARIN), f"metric | status | reason\n{name} | not_applicable | no cardiopulmonary bypass")


def test_the_rate_of_an_inhibitor_at_its_first_result_in_target() -> None:
    doses = """
        id | drug       | kind     | amount | start | end
        I1 | argatroban | infusion | 5      | 0     | 600
        I2 | argatroban | infusion | 9      | 600   | 3000
        """
    labs = "id | when | analyte | value\nA1 | 300 | aptt | 40\nA2 | {} | aptt | 65"
    for when, rate in (("600", 5), ("601", 9)):
        check(
            case(doses=doses, labs=labs.format(when), targets="id | value\nT1 | 60..80"),
            f"metric | stratum | value | low | high | unit\ninhibitor_rate_at_target | argatroban | {rate} | {rate} | {rate} | mg/h",
        )
    check(
        case(doses=doses, labs=labs.format("601")),
        "metric | stratum | value | status | reason\ninhibitor_rate_at_target | argatroban | - | not_computable | no target printed",
    )
