"""A case within a longer record: sums, counts and extremes are its own; windows and baselines look back over its start."""

import polars as pl

from tests.spec import Tables, case, check

DAY = 1440

#: The case lasts from minute 0 to the end of day 2; the record starts five days before.
OBSERVED = (-5 * DAY, 10 * DAY)


def within(tables: Tables, start: int = 0, end: int = 3 * DAY) -> Tables:
    cases = tables["cases"].with_columns(
        pl.lit(start, pl.Int64).alias("span_start_min"), pl.lit(end, pl.Int64).alias("span_end_min")
    )
    return tables | {"cases": cases}


def test_totals_and_counts_are_those_of_the_span() -> None:
    doses = """
        id | kind     | amount | start | end
        B0 | bolus    | 7000   | -60   |
        I0 | infusion | 1000   | -120  | 0
        B1 | bolus    | 5000   | 0     |
        I1 | infusion | 500    | 0     | 600
        B2 | bolus    | 900    | 4320  |
    """
    check(
        within(case(doses=doses, observed=OBSERVED)),
        """
        metric                | stratum | value | low   | high
        iv_ufh_total          |         | 10000 | 10000 | 10000
        iv_ufh_bolus_total    |         | 5000  | 5000  | 5000
        iv_ufh_infusion_total |         | 5000  | 5000  | 5000
        iv_ufh_n_boluses      |         | 1     | 1     | 1
        iv_ufh_highest_rate   |         | 500   | 500   | 500
        iv_ufh_day_total      | D0      | 10000 | 10000 | 10000
    """,
    )


def test_the_trailing_window_looks_back_over_the_start() -> None:
    doses = """
        id | kind  | amount | start
        B0 | bolus | 7000   | -60
        B1 | bolus | 5000   | 600
    """
    check(within(case(doses=doses, observed=OBSERVED)), "metric | value\niv_ufh_max_24h | 12000")


def test_a_window_that_ends_before_the_case_does_not_count() -> None:
    doses = """
        id | kind  | amount | start
        B0 | bolus | 9000   | -2000
        B1 | bolus | 8000   | -1800
        B2 | bolus | 500    | 600
    """
    check(within(case(doses=doses, observed=OBSERVED)), "metric | value\niv_ufh_max_24h | 500")


def test_what_is_still_in_the_window_at_the_start_counts() -> None:
    doses = "id | kind | amount | start | end\nI0 | infusion | 1000 | -2880 | -720"
    # At minute 0 the last 24 h hold the infusion from -1440 to -720.
    check(
        within(case(doses=doses, observed=OBSERVED)),
        """
        metric         | value
        iv_ufh_max_24h | 12000
        iv_ufh_total   | 0
    """,
    )


def test_nadir_and_counts_are_of_the_span_and_baselines_look_back() -> None:
    labs = """
        id | when | value
        P0 | -900 | 20
        P1 | -300 | 240
        P2 | 600  | 120
        P3 | 1500 | 90
        P4 | 4320 | 10
    """
    doses = "id | kind | amount | start\nB | bolus | 5000 | -30"
    check(
        within(case(labs=labs, doses=doses, observed=OBSERVED)),
        """
        metric                            | stratum        | value
        platelets_n                       |                | 2
        platelets_nadir                   |                | 90
        platelets_first                   |                | 120
        platelets_baseline_before_heparin |                | 240
        platelets_fall_pct                | before_heparin | 62.5
    """,
    )


def test_results_under_heparin_are_those_of_the_span() -> None:
    labs = """
        id | when | analyte | value
        A0 | -60  | aptt    | 90
        A1 | 60   | aptt    | 70
        A2 | 4400 | aptt    | 80
    """
    doses = "id | kind | amount | start | end\nI0 | infusion | 1000 | -120 | 0\nI1 | infusion | 1000 | 0 | 4320"
    check(
        within(case(labs=labs, doses=doses, observed=OBSERVED)),
        """
        metric   | stratum                | value
        aptt_n   | unfractionated heparin | 1
        aptt_max | unfractionated heparin | 70
    """,
    )


def test_without_a_span_the_whole_record_counts() -> None:
    doses = "id | kind | amount | start\nB0 | bolus | 7000 | -60\nB1 | bolus | 5000 | 600"
    check(case(doses=doses, observed=OBSERVED), "metric | value\niv_ufh_total | 12000")
