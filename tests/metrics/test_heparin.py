"""Heparin exposure: totals, the fullest 24 hours, study days, rates, first and last."""

import polars as pl

from tests.spec import case, check, measured, pick, result


def test_boluses_and_infusions_add_up() -> None:
    tables = case(
        weight="80",
        doses="""
        id | kind     | amount | start    | end
        B1 | bolus    | 5000   | D0T08:00 |
        I1 | infusion | 1000   | D0T08:00 | D0T20:30
        """,
    )
    check(
        tables,
        """
        metric                   | value  | low    | high   | status | rows
        iv_ufh_total             | 17500  | 17500  | 17500  | ok     | B1,I1
        iv_ufh_bolus_total       | 5000   | 5000   | 5000   | ok     | B1
        iv_ufh_infusion_total    | 12500  | 12500  | 12500  | ok     | I1
        iv_ufh_total_per_kg      | 218.75 | 218.75 | 218.75 | ok     | B1,I1,WT
        iv_ufh_max_24h           | 17500  | 17500  | 17500  | ok     | B1,I1
        iv_ufh_max_24h_window_end| 1230   | 1230   | 1230   | ok     | B1,I1
        iv_ufh_n_boluses         | 1      | 1      | 1      | ok     | B1
        iv_ufh_highest_rate      | 1000   | 1000   | 1000   | ok     | I1
        iv_ufh_first_start       | 480    | 480    | 480    | ok     | B1,I1
        iv_ufh_last_end          | 1230   | 1230   | 1230   | ok     | I1
        """,
    )


def test_no_heparin_is_no_data_in_every_metric() -> None:
    check(
        case(),
        """
        metric                          | value | low | high | status
        iv_ufh_total                    | -     | -   | -    | no_data
        iv_ufh_bolus_total              | -     | -   | -    | no_data
        iv_ufh_infusion_total           | -     | -   | -    | no_data
        iv_ufh_total_per_kg             | -     | -   | -    | no_data
        iv_ufh_max_24h                  | -     | -   | -    | no_data
        iv_ufh_max_24h_window_start     | -     | -   | -    | no_data
        iv_ufh_max_24h_mean_rate_per_kg | -     | -   | -    | no_data
        iv_ufh_highest_rate             | -     | -   | -    | no_data
        iv_ufh_n_boluses                | -     | -   | -    | no_data
        iv_ufh_first_start              | -     | -   | -    | no_data
        any_heparin_first_exposure      | -     | -   | -    | no_data
        resistance_dose_24h             | -     | -   | -    | no_data
        """,
    )


def test_an_amount_that_is_not_printed_leaves_no_total_but_a_lower_bound() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        B1 | bolus    | 5000   | D0T08:00 |
        B2 | bolus    |        | D0T09:00 |
        """
    )
    check(
        tables,
        """
        metric           | value | low  | high | status         | reason
        iv_ufh_total     | -     | 5000 | -    | not_computable | the amount of B2 is not printed
        iv_ufh_max_24h   | -     | 5000 | -    | not_computable | the amount of B2 is not printed
        iv_ufh_n_boluses | 2     | 2    | 2    | ok             |
        """,
    )


def test_unknown_route_or_purpose_counts_in_the_high_bound_only() -> None:
    tables = case(
        doses="""
        id | amount | start    | route | purpose
        B1 | 5000   | D0T08:00 | iv    | therapeutic
        B2 | 3000   | D0T09:00 |       | therapeutic
        B3 | 1000   | D0T10:00 | iv    |
        B4 | 9999   | D0T11:00 | sc    | prophylactic
        B5 | 9999   | D0T11:00 | iv    | flush
        """
    )
    check(
        tables,
        """
        metric             | value | low  | high | status         | rows
        iv_ufh_total       | -     | 5000 | 9000 | not_computable | B1,B2,B3
        iv_ufh_max_24h     | -     | 5000 | 9000 | not_computable | B1,B2,B3
        iv_ufh_n_boluses   | -     | 1    | 3    | not_computable | B1,B2,B3
        iv_ufh_first_start | 480   | 480  | 480  | ok             | B1
        """,
    )


def test_two_boluses_exactly_24_h_apart_never_count_together() -> None:
    apart = case(
        doses="""
        id | amount | start
        B1 | 5000   | D1T02:13
        B2 | 5000   | D2T02:13
        """
    )
    close = case(
        doses="""
        id | amount | start
        B1 | 5000   | D1T02:13
        B2 | 5000   | D2T02:12
        """
    )
    assert result(apart, "iv_ufh_max_24h")["value"] == 5000
    assert result(close, "iv_ufh_max_24h")["value"] == 10000


def test_an_infusion_and_the_bolus_24_h_before_its_end_count_together_as_a_left_limit() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        B1 | bolus    | 5000   | D0T00:00 |
        I1 | infusion | 100    | D0T12:00 | D1T00:00
        """
    )
    check(
        tables,
        """
        metric                      | value | low  | high
        iv_ufh_max_24h              | 6200  | 6200 | 6200
        iv_ufh_max_24h_window_start | 0     | 0    | 0
        """,
    )


def test_a_bolus_of_uncertain_time_bounds_the_maximum() -> None:
    tables = case(
        doses="""
        id | amount | start
        B1 | 5000   | 0
        B2 | 4000   | 1400..1500
        """
    )
    check(
        tables,
        """
        metric         | value | low  | high
        iv_ufh_total   | 9000  | 9000 | 9000
        iv_ufh_max_24h | 5000  | 5000 | 9000
        """,
    )


def test_rates_that_abut_share_one_boundary() -> None:
    # 100 U/h, then 200 U/h from an unknown hour of day 0 on: only the difference is uncertain.
    tables = case(
        doses="""
        id | kind     | amount | start   | end
        I1 | infusion | 100    | 0       | 300..900
        I2 | infusion | 200    | @I1.end | 1440
        """
    )
    check(
        tables,
        """
        metric                | value | low  | high
        iv_ufh_infusion_total | 3800  | 3300 | 4300
        iv_ufh_max_24h        | 3800  | 3300 | 4300
        """,
    )


def test_equal_rates_that_abut_at_uncertain_times_are_certain() -> None:
    # The boundaries overlap, so the middle row by itself may not have run at all.
    tables = case(
        doses="""
        id | kind     | amount | start   | end
        I1 | infusion | 100    | 0       | 300..900
        I2 | infusion | 100    | @I1.end | 400..1000
        I3 | infusion | 100    | @I2.end | 1200
        """
    )
    check(
        tables,
        """
        metric                | value | low  | high
        iv_ufh_infusion_total | 2000  | 2000 | 2000
        iv_ufh_max_24h        | 2000  | 2000 | 2000
        """,
    )


def test_a_rate_without_a_stated_end_takes_nothing_from_the_one_before_it() -> None:
    tables = case(
        observed=(0, 2880),
        doses="""
        id | kind     | amount | start   | end
        I1 | infusion | 100    | 0       | 300..900
        I2 | infusion | 200    | @I1.end |
        """,
    )
    check(
        tables,
        """
        metric                | value | low | high | status
        iv_ufh_infusion_total | -     | 500 | 9100 | not_computable
        """,
    )


def test_a_length_in_an_unknown_place_keeps_its_length() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start | end
        I1 | infusion | 100    | D1    | +12h
        """
    )
    check(
        tables,
        """
        metric                | value | low  | high
        iv_ufh_infusion_total | 1200  | 1200 | 1200
        iv_ufh_max_24h        | 1200  | 1200 | 1200
        """,
    )


def test_an_infusion_whose_end_is_not_stated_is_sure_until_its_start_only() -> None:
    tables = case(
        observed=(0, 2 * 1440),
        doses="""
        id | kind     | amount | start | end
        I1 | infusion | 100    | 0     |
        """,
    )
    check(
        tables,
        """
        metric                | value | low | high | status         | reason
        iv_ufh_infusion_total | -     | 0   | 4800 | not_computable | how long I1 ran is not stated
        iv_ufh_max_24h        | -     | 0   | 2400 | not_computable | how long I1 ran is not stated
        iv_ufh_highest_rate   | 100   | 100 | 100  | ok             |
        iv_ufh_last_end       | -     | 0   | 2880 | not_computable | I1
        """,
    )


def test_a_printed_total_over_a_span() -> None:
    tables = case(
        weight="100",
        doses="""
        id | kind  | amount | start | end
        T1 | total | 56000  | D0T12:00 | D1T12:00
        """,
    )
    check(
        tables,
        """
        metric                          | value   | low     | high    | status         | reason
        iv_ufh_total                    | 56000   | 56000   | 56000   | ok             |
        iv_ufh_max_24h                  | 56000   | 56000   | 56000   | ok             |
        iv_ufh_bolus_total              | -       | 0       | 56000   | not_computable | without the part
        iv_ufh_infusion_total           | -       | 0       | 56000   | not_computable | without the part
        iv_ufh_n_boluses                | -       | 0       | -       | not_computable | T1
        iv_ufh_highest_rate             | -       | -       | -       | not_computable | only the total
        iv_ufh_max_24h_mean_rate_per_kg | 23.3333333 | 23.3333333 | 23.3333333 | ok     |
        """,
    )


def test_a_total_without_an_amount_leaves_both_parts_open() -> None:
    tables = case(
        doses="""
        id | kind  | amount | start | end
        T1 | total | -      | D0    | D6
        """,
    )
    check(
        tables,
        """
        metric                | value | low | high | status         | reason
        iv_ufh_total          | -     | 0   | -    | not_computable | T1
        iv_ufh_bolus_total    | -     | 0   | -    | not_computable | T1
        iv_ufh_infusion_total | -     | 0   | -    | not_computable | T1
        """,
    )


def test_a_total_over_36_hours_puts_at_least_half_into_some_24_hours() -> None:
    tables = case(
        doses="""
        id | kind  | amount | start | end
        T1 | total | 36000  | 0     | 2160
        """
    )
    check(
        tables,
        """
        metric         | value | low   | high
        iv_ufh_max_24h | 24000 | 18000 | 36000
        """,
    )


def test_day_totals_split_at_midnight() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        B1 | bolus    | 5000   | D1T00:00 |
        I1 | infusion | 100    | D0T22:00 | D1T06:00
        B2 | bolus    | 700    | D0..D1   |
        """
    )
    check(
        tables,
        """
        metric           | stratum | value | low  | high | rows
        iv_ufh_day_total | D0      | 900   | 200  | 900  | B2,I1
        iv_ufh_day_total | D1      | 5600  | 5600 | 6300 | B1,B2,I1
        """,
    )


def test_days_without_a_possible_dose_have_no_row() -> None:
    rows = measured(
        case(
            doses="""
        id | amount | start
        B1 | 5000   | D1T10:00
        B2 | 5000   | D3T10:00
        """
        )
    )["metrics"]
    days = rows.filter(rows["metric"] == "iv_ufh_day_total")["stratum"].to_list()
    assert days == ["D1", "D3"]


def test_an_uncertain_dose_far_away_does_not_hide_a_day() -> None:
    tables = case(
        doses="""
        id | amount | start
        B1 | 5000   | D1T10:00
        B2 |        | D9
        """
    )
    check(
        tables,
        """
        metric           | stratum | value | low  | high | status
        iv_ufh_day_total | D1      | 5000  | 5000 | 5000 | ok
        iv_ufh_day_total | D9      | -     | 0    | -    | not_computable
        """,
    )


def test_amounts_with_bounds_and_summary_statistics() -> None:
    check(
        case(
            doses="""
        id | kind     | amount   | start | end  | stat
        I1 | infusion | 100      | 0     | 600  | mean
        I2 | infusion | 50..150  | 600   | 1200 | range
        I3 | infusion | 200      | 1200  | 1800 | max
        I4 | infusion | 40       | 1800  | 2400 | initial
        """
        ),
        """
        metric                | value | low  | high | status
        iv_ufh_infusion_total | -     | 1500 | -    | not_computable
        iv_ufh_highest_rate   | -     | 200  | -    | not_computable
        """,
    )


def test_a_rate_per_kg_without_a_weight_is_known_per_kg_only() -> None:
    check(
        case(
            doses="""
        id | kind     | per_kg | start | end
        I1 | infusion | 18     | 0     | 600
        """
        ),
        """
        metric                     | value | low | high | status         | reason
        iv_ufh_highest_rate_per_kg | 18    | 18  | 18   | ok             |
        iv_ufh_highest_rate        | -     | -   | -    | not_computable | I1 is per kg and no weight is printed
        iv_ufh_total               | -     | 0   | -    | not_computable | I1 is per kg and no weight is printed
        """,
    )


def test_an_uncertain_weight_bounds_the_amount_per_kg() -> None:
    tables = case(
        weight="80..100",
        doses="""
        id | amount | start
        B1 | 9000   | 60
        """,
    )
    check(
        tables,
        """
        metric              | value | low | high
        iv_ufh_total_per_kg | 100   | 90  | 112.5
        """,
    )


def test_any_heparin_counts_every_route_and_low_molecular_weight_heparin() -> None:
    tables = case(
        doses="""
        id | drug       | amount | start | route   | purpose
        L1 | enoxaparin | 40     | 100   | sc      | prophylactic
        C1 |            |        | 50    | circuit | circuit
        B1 |            | 5000   | 600   | iv      | therapeutic
        A1 | argatroban | 10     | 10    | iv      | therapeutic
        """
    )
    check(
        tables,
        """
        metric                     | value | low | high | rows
        any_heparin_first_exposure | 50    | 50  | 50   | C1
        iv_ufh_first_start         | 600   | 600 | 600  | B1
        """,
    )


def test_other_drugs_have_totals_and_rates_of_their_own() -> None:
    results = check(
        case(
            doses="""
        id | drug       | kind     | amount | start | end
        A1 | argatroban | infusion | 6      | 0     | 600
        A2 | argatroban | infusion | 3      | 600   | 1200
        W1 | warfarin   | bolus    |        | 900   |
        R1 | packed red cells | transfusion | 2 | 900 |
        R2 | packed red cells | transfusion |   | 950 |
        """
        ),
        """
        metric            | stratum          | value | low | high | status
        drug_total        | argatroban       | 90    | 90  | 90   | ok
        drug_highest_rate | argatroban       | 6     | 6   | 6    | ok
        transfused_units  | packed red cells | -     | 2   | -    | not_computable
        """,
    )
    totals = results["metrics"].filter(results["metrics"]["metric"] == "drug_total")["stratum"].to_list()
    assert totals == ["argatroban"], "a drug without any printed amount has no total"


def test_resistance_is_decided_by_the_bounds_and_open_between_them() -> None:
    def of(amount: str) -> dict[str, object]:
        return result(case(doses=f"id | amount | start\nB1 | {amount} | 60"), "resistance_dose_24h")

    assert [of(a)["value"] for a in ("35000", "35000.5", "30000..34000", "36000..40000", "30000..40000")] == [
        0,
        1,
        0,
        1,
        None,
    ]
    found = of("30000..40000")
    assert (found["low"], found["high"], found["status"], found["row_ids"]) == (0, 1, "not_computable", ["B1"])
    assert [(r["code"], r["number"]) for r in found["reasons"]] == [
        ("either_side_of", 35000), ("highest_possible", 40000), ("lowest_possible", 30000),
    ]  # fmt: skip


def test_rate_criteria_read_the_mean_and_the_highest_rate_apart() -> None:
    tables = case(
        weight="100",
        doses="""
        id | kind     | amount | per_kg | start | end
        I1 | infusion | 1500   | 15     | 0     | 1440
        B1 | bolus    | 24000  |        | 60    |
        """,
    )
    check(
        tables,
        """
        metric                      | value
        resistance_mean_rate        | 1
        resistance_mean_rate_icu    | 1
        resistance_highest_rate     | 0
        resistance_highest_rate_icu | 0
        """,
    )


def test_occurrences_that_may_not_have_been_given_are_possible_only() -> None:
    # As the extract stage leaves them: the best amount is the likely one, 0 beyond the likely number.
    tables = case(
        doses="""
        id | amount  | start | occurrence
        B1 | 1000    | 0     | 1
        B1 | 1000    | 480   | 2
        B1 | 0..1000 | 960   | 3
        """
    )
    given = pl.lit("1000").cast(pl.Decimal(38, 12))
    likely = tables["doses"].with_columns(
        amount=pl.when(pl.col("occurrence") == 3).then(given).otherwise(pl.col("amount"))
    )
    nobody_knows = tables["doses"].with_columns(
        amount=pl.when(pl.col("occurrence") == 3).then(None).otherwise(pl.col("amount"))
    )
    check(
        tables | {"doses": likely},
        """
        metric           | value | low  | high | status
        iv_ufh_n_boluses | 3     | 2    | 3    | ok
        iv_ufh_total     | 3000  | 2000 | 3000 | ok
        iv_ufh_last_end  | -     | 480  | 960  | not_computable
        """,
    )
    check(
        tables | {"doses": nobody_knows},
        """
        metric           | value | low  | high | status         | reason
        iv_ufh_n_boluses | -     | 2    | 3    | not_computable | how often B1 was given is not sure
        iv_ufh_total     | -     | 2000 | 3000 | not_computable | how often B1 was given is not sure
        """,
    )


def test_a_repeated_dose_counts_once_per_occurrence() -> None:
    results = measured(
        case(
            doses="""
        id | amount | start | occurrence
        B1 | 1000   | 0     | 1
        B1 | 1000   | 480   | 2
        B1 | 1000   | 960   | 3
        B1 | 1000   | 1440  | 4
        """
        )
    )
    assert pick(results, "iv_ufh_total")["value"] == 4000
    assert pick(results, "iv_ufh_max_24h")["value"] == 3000
    assert pick(results, "iv_ufh_n_boluses")["value"] == 4


def test_an_unknown_infusion_takes_nothing_away_from_the_boluses() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        B1 | bolus    | 5000   | D0T08:00 |
        I1 | infusion |        | D0T08:00 | D1T08:00
        """
    )
    check(
        tables,
        """
        metric                | value | low  | high | status         | rows
        iv_ufh_bolus_total    | 5000  | 5000 | 5000 | ok             | B1
        iv_ufh_infusion_total | -     | 0    | -    | not_computable | I1
        iv_ufh_total          | -     | 5000 | -    | not_computable | B1,I1
        """,
    )
