"""aPTT, anti-Xa and ACT under each anticoagulant; antithrombin; haemoglobin."""

from tests.spec import case, check, measured, result

HEPARIN_THEN_ARGATROBAN = """
    id  | drug       | kind     | amount | start    | end
    H1  |            | infusion | 1000   | D0T06:00 | D2T06:00
    ARG | argatroban | infusion | 5      | D2T08:00 | D6T08:00
    """
TARGETS = """
    id | anticoagulant          | value
    T1 | unfractionated heparin | 60..80
    T2 | argatroban             | 45..90
    """


def test_results_count_under_the_drug_that_they_surely_lie_in() -> None:
    tables = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        targets=TARGETS,
        labs="""
        id | when     | analyte | value
        A0 | D0T05:00 | aptt    | 28
        A1 | D0T12:00 | aptt    | 50
        A2 | D1T12:00 | aptt    | 70
        A3 | D2T07:00 | aptt    | 65
        A4 | D2T12:00 | aptt    | 44
        A5 | D3T12:00 | aptt    | 63
        A6 | D6       | aptt    | 55
        """,
    )
    check(
        tables,
        """
        metric               | stratum                | value | low | high | status | rows
        aptt_n               | unfractionated heparin | 2     | 2   | 2    | ok     | A1,A2,T1
        aptt_first           | unfractionated heparin | 50    | 50  | 50   | ok     | A1
        aptt_last            | unfractionated heparin | 70    | 70  | 70   | ok     | A2
        aptt_max             | unfractionated heparin | 70    | 70  | 70   | ok     | A2
        aptt_time_to_target  | unfractionated heparin | 1800  | 1800 | 1800 | ok    | A2
        aptt_share_in_target | unfractionated heparin | 50    | 50  | 50   | ok     | A1,A2,T1
        aptt_n               | argatroban             | 2     | 2   | 3    | ok     | A4,A5,T2
        aptt_share_in_target | argatroban             | 50    | 50  | 50   | ok     | A4,A5,T2
        aptt_time_to_target  | argatroban             | 1680  | 1680 | 1680 | ok    | A5
        """,
    )


def test_the_time_to_target_is_exact_when_the_result_is_timed_from_the_drug() -> None:
    tables = case(
        targets=TARGETS,
        doses="""
        id  | drug       | kind     | amount | start | end
        ARG | argatroban | infusion | 5      | D2    | D6
        """,
        labs="""
        id | when        | analyte | value
        A1 | @ARG+2h     | aptt    | 63
        A2 | @ARG+1h~30  | aptt    | 40
        """,
    )
    check(
        tables,
        """
        metric              | stratum    | value | low | high
        aptt_time_to_target | argatroban | 120   | 120 | 120
        """,
    )


def test_a_result_about_two_hours_after_the_drug_has_the_bounds_of_about() -> None:
    tables = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        targets=TARGETS,
        labs="""
        id | when       | analyte | value
        A1 | @ARG+2h~30 | aptt    | 63
        """,
    )
    check(
        tables,
        """
        metric              | stratum    | value | low | high
        aptt_time_to_target | argatroban | 120   | 90  | 150
        """,
    )


def test_no_target_printed_is_said_and_nothing_is_in_range() -> None:
    tables = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        labs="""
        id | when     | analyte | value
        A1 | D0T12:00 | aptt    | 50
        A2 | D1T12:00 | aptt    | 70
        """,
    )
    check(
        tables,
        """
        metric                             | stratum                | value | status         | reason
        aptt_share_in_target               | unfractionated heparin | -     | not_computable | no target printed for
        aptt_time_in_range                 | unfractionated heparin | -     | not_computable | no target printed for
        aptt_time_to_target                | unfractionated heparin | -     | not_computable | no target printed for
        resistance_aptt_target_not_reached |                        | -     | not_computable | no target printed for
        """,
    )


def test_time_in_range_is_interpolated() -> None:
    # 50 to 70 in 24 h: above 60 for the second half; 70 to 90 in 12 h: up to 80 for the first half.
    tables = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        targets=TARGETS,
        labs="""
        id | when     | analyte | value
        A1 | D0T12:00 | aptt    | 50
        A2 | D1T12:00 | aptt    | 70
        A3 | D2T00:00 | aptt    | 90
        """,
    )
    check(
        tables,
        """
        metric             | stratum                | value | low | high | status
        aptt_time_in_range | unfractionated heparin | 50    | 50  | 50   | ok
        """,
    )


def test_a_gap_longer_than_the_limit_is_not_interpolated() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start | end
        H1 | infusion | 1000   | D0    | D9
        """,
        targets="id | value\nT1 | 60..80",
        labs="""
        id | when     | analyte | value
        A1 | D1T12:00 | aptt    | 50
        A2 | D2T12:01 | aptt    | 70
        A3 | D3T00:01 | aptt    | 70
        """,
    )
    check(
        tables,
        """
        metric             | stratum                | value | low | high
        aptt_time_in_range | unfractionated heparin | 100   | 100 | 100
        """,
    )


def test_one_result_or_a_word_is_no_time_in_range() -> None:
    one = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        targets=TARGETS,
        labs="""
        id | when     | analyte | value
        A1 | D1T12:00 | aptt    | 70
        """,
    )
    word = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        targets=TARGETS,
        labs="""
        id | when     | analyte | value        | bounds
        A1 | D0T12:00 | aptt    | 70           |
        A2 | D1T12:00 | aptt    | above target | 80..
        """,
    )
    check(
        one,
        """
        metric             | stratum                | value | status         | reason
        aptt_time_in_range | unfractionated heparin | -     | not_computable | nothing to interpolate
        aptt_share_in_target | unfractionated heparin | 100 | ok             | results counted: 1; in target: 1
        """,
    )
    check(
        word,
        """
        metric               | stratum                | value | low | high | status         | reason
        aptt_time_in_range   | unfractionated heparin | -     | -   | -    | not_computable | to interpolate: A2
        aptt_max             | unfractionated heparin | -     | 80  | -    | not_computable | the highest may be A2
        aptt_share_in_target | unfractionated heparin | 50    | 50  | 50   | ok             |
        """,
    )


def test_a_change_of_target_is_respected() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start | end
        H1 | infusion | 1000   | D0    | D9
        """,
        targets="""
        id | value  | start    | end
        T1 | 60..80 |          | D2T00:00
        T2 | 40..50 | D2T00:00 |
        """,
        labs="""
        id | when     | analyte | value
        A1 | D1T12:00 | aptt    | 70
        A2 | D1T18:00 | aptt    | 70
        A3 | D2T06:00 | aptt    | 70
        A4 | D2T12:00 | aptt    | 70
        """,
    )
    check(
        tables,
        """
        metric               | stratum                | value
        aptt_share_in_target | unfractionated heparin | 50
        aptt_time_in_range   | unfractionated heparin | 50
        """,
    )


def test_bounds_at_the_edge_of_a_target_are_kept_apart() -> None:
    def share(target: str, aptt: str) -> tuple[float | None, float | None]:
        tables = case(
            doses=HEPARIN_THEN_ARGATROBAN,
            targets=f"id | value\nT1 | {target}",
            labs=f"""
            id | when     | analyte | value
            A1 | D1T12:00 | aptt    | {aptt}
            """,
        )
        found = result(tables, "aptt_share_in_target", "unfractionated heparin")
        return found["low"], found["high"]

    assert share(">75", "75") == (0, 0)
    assert share(">=75", "75") == (100, 100)
    assert share(">=75", ">70") == (0, 100)
    assert share("60..80", ">80") == (0, 0)
    assert share("60..80", ">=80") == (0, 100)


def test_heparin_target_not_reached() -> None:
    def verdict(*values: str) -> float | None:
        lines = "\n".join(f"A{i} | D1T{i:02d}:00 | aptt | {v}" for i, v in enumerate(values, start=1))
        tables = case(doses=HEPARIN_THEN_ARGATROBAN, targets=TARGETS, labs=f"id | when | analyte | value\n{lines}")
        return result(tables, "resistance_aptt_target_not_reached")["value"]

    assert verdict("40", "59") == 1
    assert verdict("40", "60") == 0
    assert verdict("40", "<70") is None
    assert verdict("40", "95") == 0


def test_act_and_anti_xa_are_monitored_the_same_way() -> None:
    results = measured(
        case(
            doses="""
        id | amount | start | order
        H1 | 8000   | D0    | 1
        H2 | 5000   | D0    | 3
        """,
            targets="id | analyte | value\nT1 | act | 300..350",
            labs="""
        id | when | order | analyte     | value
        C1 | D0   | 2     | act         | 248
        C2 | D0   | 4     | act         | 320
        X1 | D0   | 4     | anti_xa_ufh | 0.4
        """,
        )
    )
    check_rows = {r["metric"]: r["value"] for r in results["metrics"].iter_rows(named=True) if r["stratum"]}
    assert check_rows["act_first"] == 248
    assert check_rows["act_last"] == 320
    assert check_rows["act_share_in_target"] == 50
    assert check_rows["anti_xa_ufh_max"] == 0.4


def test_results_after_a_drug_has_ended_do_not_count_under_it() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end
        H1 | infusion | 1000   | D0T06:00 | D1T06:00
        """,
        labs="""
        id | when     | analyte | value
        A1 | D1T06:00 | aptt    | 50
        A2 | D1T06:01 | aptt    | 90
        """,
    )
    check(
        tables,
        """
        metric   | stratum                | value | rows
        aptt_max | unfractionated heparin | 50    | A1
        """,
    )


def test_antithrombin_before_and_after_concentrate() -> None:
    tables = case(
        doses="""
        id | drug         | amount | start    | order
        AT | antithrombin | 1000   | D5T23:00 | 2
        """,
        labs="""
        id | when     | order | analyte               | value | ref_low
        X1 | D4       |       | antithrombin_activity | 70    | 83
        X2 | D5T23:00 | 1     | antithrombin_activity | 63    | 83
        X3 | D6       |       | antithrombin_activity | 90    | 83
        """,
    )
    check(
        tables,
        """
        metric                          | value | low | high | status | rows
        antithrombin_lowest             | 63    | 63  | 63   | ok     | X2
        antithrombin_before_concentrate | 63    | 63  | 63   | ok     | X2
        antithrombin_after_concentrate  | 90    | 90  | 90   | ok     | X3
        antithrombin_below_reference    | 1     | 1   | 1    | ok     | X1,X2,X3
        """,
    )


def test_antithrombin_without_a_reference_or_a_concentrate() -> None:
    check(
        case(labs="id | when | analyte | value\nX1 | D4 | antithrombin_activity | 70"),
        """
        metric                          | value | status         | reason
        antithrombin_below_reference    | -     | not_computable | no reference range printed
        antithrombin_before_concentrate | -     | not_applicable | no antithrombin concentrate
        """,
    )


def test_haemoglobin() -> None:
    check(
        case(
            labs="""
        id | when | analyte    | value
        X1 | D4   | hemoglobin | 96
        X2 | D5   | hemoglobin | 65
        """
        ),
        """
        metric             | value | unit
        haemoglobin_first  | 96    | g/L
        haemoglobin_lowest | 65    | g/L
        """,
    )


def test_the_ends_of_a_span_are_its_lowest_and_highest_result_and_count_as_no_more() -> None:
    tables = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        targets=TARGETS,
        labs="""
        id | when     | analyte | value    | stat
        A1 | D0T12:00 | aptt    | 50       |
        A2 | D1       | aptt    | 60..95   | range
        A3 | D2T00:00 | aptt    | 70       |
        A4 | D3       | aptt    | 40..100  | range
        """,
    )
    check(
        tables,
        """
        metric                             | stratum                | value | low  | high | status         | reason
        aptt_max                           | unfractionated heparin | 95    | 95   | 95   | ok             |
        aptt_n                             | unfractionated heparin | 4     | 4    | -    | ok             | at least so many, since some rows stand for several: A2
        aptt_share_in_target               | unfractionated heparin | 50    | 50   | 50   | ok             | not counted: A2
        aptt_time_to_target                | unfractionated heparin | -     | 1080 | 2520 | not_computable | may be earlier
        resistance_aptt_target_not_reached |                        | 0     | 0    | 0    | ok             |
        aptt_max                           | argatroban             | 100   | 100  | 100  | ok             |
        aptt_n                             | argatroban             | 2     | 2    | -    | ok             | some rows stand for several: A4
        aptt_first                         | argatroban             | -     | -    | -    | no_data        |
        """,
    )


def test_a_span_that_reached_the_target_leaves_open_that_it_was_never_reached() -> None:
    tables = case(
        doses=HEPARIN_THEN_ARGATROBAN,
        targets=TARGETS,
        labs="""
        id | when     | analyte | value  | stat
        A1 | D0T12:00 | aptt    | 50     |
        A2 | D1       | aptt    | 40..70 | range
        """,
    )
    check(tables, "metric | value | low | high\nresistance_aptt_target_not_reached | - | 0 | 1")


def test_the_lowest_count_may_be_the_end_of_a_span() -> None:
    tables = case(
        labs="""
        id | when | analyte    | value    | stat
        X1 | D1   | hemoglobin | 96       |
        X2 | D2   | hemoglobin | 70..110  | range
        """
    )
    check(
        tables,
        """
        metric             | value | low | high | status
        haemoglobin_lowest | 70    | 70  | 70   | ok
        haemoglobin_first  | 96    | 96  | 96   | ok
        """,
    )
