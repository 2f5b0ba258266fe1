"""Platelet counts: levels, nadir, baselines, falls, onset, recovery, transfusion."""

import pytest

from tests.shared_inputs import metric
from tests.spec import case, check, result

HEPARIN = """
    id | amount | start
    H1 | 5000   | D2T12:00
    """


def test_counts_in_order() -> None:
    check(
        case(
            labs="""
        id | when     | value
        P1 | D0T06:00 | 200
        P2 | D3T06:00 | 40
        P3 | D9T06:00 | 180
        """
        ),
        """
        metric              | value | low | high | status | rows
        platelets_n         | 3     | 3   | 3    | ok     | P1,P2,P3
        platelets_first     | 200   | 200 | 200  | ok     | P1
        platelets_last      | 180   | 180 | 180  | ok     | P3
        platelets_lowest    | 40    | 40  | 40   | ok     | P2
        platelets_nadir     | 40    | 40  | 40   | ok     | P2
        platelets_nadir_day | 3     | 3   | 3    | ok     | P2
        """,
    )


def test_words_and_bounds_count_but_are_no_numbers() -> None:
    check(
        case(
            labs="""
        id | when     | value
        P1 | D0T06:00 | 200
        P2 | D3T06:00 | <20
        P3 | D4T06:00 | 25
        P4 | D9T06:00 | normal
        """
        ),
        """
        metric           | value | low | high | status         | reason
        platelets_n      | 4     | 4   | 4    | ok             | P2, P4 have no exact value
        platelets_lowest | -     | 0   | 20   | not_computable | the lowest may be P2
        platelets_last   | -     | 150 | -    | not_computable |
        """,
    )


def test_a_count_called_normal_is_not_the_lowest() -> None:
    check(
        case(
            labs="""
        id | when     | value
        P1 | D0T06:00 | normal
        P2 | D3T06:00 | 40
        """
        ),
        """
        metric           | value | low | high
        platelets_lowest | 40    | 40  | 40
        """,
    )


def test_means_and_falls_are_no_counts_and_a_span_gives_only_its_ends() -> None:
    check(
        case(
            labs="""
        id | when   | value  | stat
        P1 | D0     | 100    |
        P2 | D0..D3 | 60     | mean
        P3 | D0..D3 | 40     | fall
        P4 | D4..D9 | 20..90 | range
        P5 | D9     | 110    | initial
        """
        ),
        """
        metric              | value | low | high | status
        platelets_n         | 2     | 2   | 2    | ok
        platelets_lowest    | 20    | 20  | 20   | ok
        platelets_nadir_day | -     | 4   | 9    | not_computable
        """,
    )


def test_two_first_counts_of_one_day_without_an_order_leave_the_first_open() -> None:
    labs = """
        id | when | order | value
        P1 | D0   | {}    | 200
        P2 | D0   | {}    | 180
        """
    check(
        case(labs=labs.format("", "")),
        """
        metric          | value | low | high | status         | reason
        platelets_first | -     | 180 | 200  | not_computable | the order of P1, P2 is not reported
        """,
    )
    check(
        case(labs=labs.format(2, 1)),
        """
        metric          | value | low | high | status | rows
        platelets_first | 180   | 180 | 180  | ok     | P2
        platelets_last  | 200   | 200 | 200  | ok     | P1
        """,
    )


def test_an_order_never_overrides_times() -> None:
    check(
        case(
            labs="""
        id | when | order | value
        P1 | D3   | 1     | 200
        P2 | D1   | 2     | 180
        """
        ),
        """
        metric          | value | rows
        platelets_first | 180   | P2
        platelets_last  | 200   | P1
        """,
    )


def test_the_nadir_day_names_the_other_counts_of_that_day() -> None:
    check(
        case(
            labs="""
        id | when | value
        P1 | D0   | 100
        P2 | D5   | 87
        P3 | D5   | 13
        P4 | D5   | 18
        """
        ),
        """
        metric              | value | reason
        platelets_nadir_day | 5     | other counts of that day: P2, P4
        """,
    )


def test_equal_lowest_counts_on_two_days_give_the_first_day_and_a_span() -> None:
    check(
        case(
            labs="""
        id | when | value
        P1 | D2   | 13
        P2 | D6   | 13
        """
        ),
        """
        metric              | value | low | high | rows
        platelets_nadir_day | 2     | 2   | 6    | P1,P2
        """,
    )


def test_the_baseline_before_heparin_is_the_last_count_surely_before() -> None:
    tables = case(
        doses=HEPARIN,
        labs="""
        id | when     | value
        P1 | D0       | 300
        P2 | D2T06:00 | 100
        P3 | D2       | 80
        P4 | D5       | 40
        """,
    )
    check(
        tables,
        """
        metric                           | stratum              | value | low | high | rows
        platelets_baseline_before_heparin |                      | 100   | 80  | 100  | P2,P3
        platelets_at_anticoagulant_start | unfractionated heparin | 100  | 80  | 100  | P2,P3
        platelets_fall_pct               | before_heparin       | 60    | 50  | 60   | P2,P3,P4
        platelets_fall_abs               | before_heparin       | 60    | 40  | 60   | P2,P3,P4
        """,
    )


def test_the_baseline_since_heparin_is_the_highest_count_between_heparin_and_nadir() -> None:
    tables = case(
        doses=HEPARIN,
        labs="""
        id | when     | value
        P1 | D0       | 300
        P2 | D3       | 90
        P3 | D4       | 120
        P4 | D5T06:00 | 30
        P5 | D5       | 130
        P6 | D9       | 400
        """,
    )
    check(
        tables,
        """
        metric                           | stratum              | value | low | high | reason
        platelets_baseline_since_heparin |                      | 120   | 120 | 130  | P5 may also lie
        platelets_fall_pct               | since_heparin        | 75    | 75  | 76.9230769 |
        platelets_fall_pct               | highest_before_nadir | 90    | 90  | 90   |
        """,
    )


def test_a_count_said_to_end_at_another_lies_before_it() -> None:
    tables = case(
        doses=HEPARIN,
        labs="""
        id | when     | value
        P3 | D5       | 13
        P2 | D5..@P3  | 87
        """,
    )
    check(
        tables,
        """
        metric                           | value | low | high | rows
        platelets_baseline_since_heparin | 87    | 87  | 87   | P2
        platelets_first                  | 87    | 87  | 87   | P2
        """,
    )


def test_a_chain_of_references_orders_what_it_links() -> None:
    check(
        case(
            labs="""
        id | when   | value
        A  | D1..D9 | 100
        B  | @A..   | 90
        C  | @B..   | 80
        """
        ),
        """
        metric         | value
        platelets_first | 100
        platelets_last | 80
        """,
    )


def test_no_count_before_heparin_is_no_baseline_and_a_possible_one_only_a_bound() -> None:
    check(
        case(doses=HEPARIN, labs="id | when | value\nP1 | D5 | 40"),
        """
        metric                            | stratum        | value | low | high | status
        platelets_baseline_before_heparin |                | -     | -   | -    | no_data
        platelets_fall_pct                | before_heparin | -     | -   | -    | no_data
        """,
    )
    check(
        case(doses=HEPARIN, labs="id | when | value\nP1 | D2 | 100\nP2 | D5 | 40"),
        """
        metric                            | stratum        | value | low | high | status
        platelets_baseline_before_heparin |                | -     | -   | 100  | not_computable
        platelets_fall_pct                | before_heparin | -     | -   | 60   | not_computable
        """,
    )


def test_without_heparin_its_baselines_do_not_apply() -> None:
    check(
        case(labs="id | when | value\nP1 | D0 | 100\nP2 | D5 | 40"),
        """
        metric                            | stratum              | value | status
        platelets_baseline_before_heparin |                      | -     | not_applicable
        platelets_baseline_since_heparin  |                      | -     | not_applicable
        platelets_fall_pct                | since_heparin        | -     | not_applicable
        platelets_fall_pct                | highest_before_nadir | 60    | ok
        platelets_fall_before_heparin     |                      | -     | not_applicable
        """,
    )


def test_the_largest_fall_in_24_hours() -> None:
    check(
        case(
            labs="""
        id | when     | value
        P1 | D0T06:00 | 200
        P2 | D1T06:00 | 150
        P3 | D1T18:00 | 90
        P4 | D2T06:01 | 20
        """
        ),
        """
        metric                         | value      | low | high | rows
        platelets_largest_fall_24h_abs | 70         | 70  | 70   | P3,P4
        platelets_largest_fall_24h_pct | 77.7777777 | 77.7777777 | 77.7777777 | P3,P4
        """,
    )


def test_the_largest_fall_is_bounded_where_times_are_uncertain() -> None:
    check(
        case(
            labs="""
        id | when     | value
        P1 | D0T23:59 | 200
        P2 | D1       | 150
        P3 | D2       | 60
        """
        ),
        """
        metric                         | value | low | high | status
        platelets_largest_fall_24h_abs | 90    | 50  | 90   | ok
        """,
    )


def test_no_fall_is_0_and_a_single_count_has_none() -> None:
    check(
        case(labs="id | when | value\nP1 | D0T01:00 | 100\nP2 | D0T09:00 | 110"),
        """
        metric                         | value | low | high
        platelets_largest_fall_24h_abs | 0     | 0   | 0
        """,
    )
    assert (
        result(case(labs="id | when | value\nP1 | D0 | 100"), "platelets_largest_fall_24h_abs")["status"] == "no_data"
    )


def test_recovery_first_and_sustained() -> None:
    check(
        case(
            labs="""
        id | when     | value
        P1 | D0T06:00 | 100
        P2 | D1T06:00 | 20
        P3 | D2T06:00 | 160
        P4 | D3T06:00 | 140
        P5 | D4T06:00 | 170
        P6 | D5T06:00 | 150
        """
        ),
        """
        metric                       | value | low  | high | status
        platelets_recovery_first     | 3240  | 3240 | 3240 | ok
        platelets_recovery_sustained | 6120  | 6120 | 6120 | ok
        """,
    )


def test_recovery_without_a_fall_or_a_recovered_count() -> None:
    assert result(case(labs="id | when | value\nP1 | D0 | 300\nP2 | D1 | 160"), "platelets_recovery_first")[
        "status"
    ] == ("not_applicable")
    assert result(case(labs="id | when | value\nP1 | D0 | 300\nP2 | D1 | 60"), "platelets_recovery_first")[
        "status"
    ] == ("no_data")


def test_onset_lies_between_the_last_count_within_and_the_first_below() -> None:
    tables = case(
        doses=HEPARIN,
        labs="""
        id | when     | value
        P1 | D0T06:00 | 200
        P2 | D3T06:00 | 141
        P3 | D4T06:00 | 139
        P4 | D5T06:00 | 100
        """,
    )
    check(
        tables,
        """
        metric                        | value | low  | high | status         | rows
        platelets_fall_onset          | -     | 4680 | 6120 | not_computable | P2,P3
        platelets_fall_before_heparin | 0     | 0    | 0    | ok             | P2,P3
        """,
    )


@pytest.mark.parametrize(
    ("count_on_day_1", "verdict"), [("100", 1), ("190", None)], ids=["fallen before heparin", "first below after it"]
)
def test_a_fall_before_heparin_is_flagged(count_on_day_1: str, verdict: float | None) -> None:
    tables = case(
        doses=HEPARIN,
        labs=f"""
        id | when     | value
        P1 | D0T06:00 | 200
        P2 | D1T06:00 | {count_on_day_1}
        P3 | D5T06:00 | 90
        """,
    )
    assert result(tables, "platelets_fall_before_heparin")["value"] == verdict


def test_counts_after_a_platelet_transfusion_are_named() -> None:
    tables = case(
        doses="""
        id | drug                 | kind        | amount | start
        T1 | platelet concentrate | transfusion | 2      | D2T12:00
        """,
        labs="""
        id | when     | value
        P1 | D1       | 20
        P2 | D2       | 25
        P3 | D3       | 60
        """,
    )
    check(
        tables,
        """
        metric                       | value | low | high | rows | reason
        platelets_after_transfusion_n | -    | 1   | 2    | P3   | P2 may lie after
        """,
    )


def test_a_count_soon_after_a_platelet_transfusion_is_no_recovery() -> None:
    tables = case(
        doses="""
        id | drug                 | kind        | amount | start
        T1 | platelet concentrate | transfusion | 2      | D3T06:00
        """,
        labs="""
        id | when     | value
        P1 | D0T06:00 | 200
        P2 | D3T05:00 | 20
        P3 | D3T12:00 | 160
        P4 | D4T06:00 | 165
        P5 | D4T06:01 | 170
        """,
    )
    check(
        tables,
        """
        metric                       | value | low  | high | status | reason
        platelets_recovery_first     | 6121  | 6121 | 6121 | ok     | P3, P4 soon after a platelet transfusion are no recovery; platelet transfusion: T1
        platelets_recovery_sustained | 6121  | 6121 | 6121 | ok     | are no recovery
        """,
    )


def test_a_transfusion_of_unknown_time_leaves_the_recovery_open() -> None:
    tables = case(
        doses="""
        id | drug                 | kind        | amount | start
        T1 | platelet concentrate | transfusion | 2      | ?
        """,
        labs="id | when | value\nP1 | D0T06:00 | 20\nP2 | D3T06:00 | 160",
    )
    check(tables, "metric | value | low | high\nplatelets_recovery_first | - | 4680 | -")


@pytest.mark.parametrize(
    ("limits", "first"),
    [
        (("158", "158", "158"), 13440),
        (("158", "", ""), 13440),  # the other counts print no other limit
        (("", "150", "158"), 9120),  # each count its own
        (("", "", ""), None),
    ],
)
def test_recovery_to_the_printed_lower_limit(limits: tuple[str, str, str], first: int | None) -> None:
    labs = ["id | when | value | ref_low"]
    for row, when, count, limit in zip(
        "ABC", ("D3T08:00", "D6T08:00", "D9T08:00"), (60, 152, 170), limits, strict=True
    ):
        labs.append(f"{row} | {when} | {count} | {limit}")
    found = result(case(labs="\n".join(labs)), "platelets_recovery_reference_first")
    assert found["value"] == first, found
    assert result(case(labs="\n".join(labs)), "platelets_recovery_first")["value"] == 9120


def test_a_single_count_is_no_nadir_unless_it_is_printed_as_the_lowest() -> None:
    expected = """
        metric              | value | low | high | status | reason
        platelets_lowest    | 40    | 40  | 40   | ok     |
        platelets_nadir     | -     | -   | -    | no_data | a single count is no nadir
        platelets_nadir_day | -     | -   | -    | no_data | a single count is no nadir
        platelets_fall_onset | -    | -   | -    | no_data | no count below the limit
        """
    check(case(labs="id | when | value\nP1 | D5 | 40"), expected)
    check(case(doses=HEPARIN, labs="id | when | value\nP1 | D9 | 40"), expected)
    lowest = case(labs="id | when | value | stat\nP1 | D5 | 40 | min")
    check(lowest, "metric | value | status\nplatelets_nadir | 40 | ok\nplatelets_nadir_day | 5 | ok")


def test_the_ends_of_a_range_and_a_printed_minimum_are_counts() -> None:
    tables = case(
        doses="id | amount | start\nH1 | 5000 | D0T12:00",
        labs="""
        id | when     | value   | stat
        P1 | D0T06:00 | 200     |
        P2 | D5..D7   | 60..120 | range
        P3 | D9       | 160     |
        """,
    )
    check(
        tables,
        """
        metric               | stratum        | value | low | high | rows
        platelets_nadir      |                | 60    | 60  | 60   | P2
        platelets_fall_pct   | before_heparin | 70    | 70  | 70   | P1,P2
        platelets_fall_onset |                | -     | 360 | 11519 | P1,P2
        """,
    )


def test_a_value_that_is_equal_at_both_bounds_is_known() -> None:
    labs = """
        id | when | value  | bounds
        P1 | D0   | normal | 150..150
        P2 | D5   | 40     |
        """
    check(
        case(labs=labs),
        """
        metric             | stratum              | value     | status
        platelets_first    |                      | 150       | ok
        platelets_fall_pct | highest_before_nadir | 73.333333 | ok
        platelets_fall_abs | highest_before_nadir | 110       | ok
        """,
    )


def test_any_fall_before_heparin_is_told_apart_from_the_scored_one() -> None:
    tables = case(
        doses="id | amount | start\nH1 | 5000 | D6T12:00",
        labs="""
        id | when      | value
        P1 | D0T06:00  | 300
        P2 | D2T06:00  | 100
        P3 | D5T06:00  | 290
        P4 | D12T06:00 | 280
        P5 | D14T06:00 | 60
        """,
    )
    check(
        tables,
        """
        metric                            | value | low   | high  | rows
        platelets_fall_before_heparin     | 0     | 0     | 0     | P4,P5
        platelets_any_fall_before_heparin | 1     | 1     | 1     | P1,P2
        platelets_fall_onset              | -     | 17640 | 20520 | P4,P5
        """,
    )


def test_made_up_cases() -> None:
    assert metric("recovery-limit", "platelets_recovery_first")["value"] == 6 * 1440 + 480
    assert metric("recovery-limit", "platelets_recovery_reference_first")["value"] == 9 * 1440 + 480
    assert metric("minimum-and-mean", "platelets_nadir")["value"] == 20
    fall = metric("minimum-and-mean", "platelets_fall_pct", "highest_before_nadir")
    assert (fall["value"], fall["status"]) == (100 * 159 / 179, "ok")
