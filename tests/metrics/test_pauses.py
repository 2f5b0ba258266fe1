"""Pauses of an anticoagulant: time in range, shares and first results do not run across them."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.batches import SCALE
from tests.metrics import slow_levels as slow
from tests.shared_inputs import metric
from tests.spec import PARAMS, Tables, case, check, measured, pick, together

UFH = "unfractionated heparin"
HOUR = 60
LIMITS = slow.Limits(
    int(PARAMS["max_gap_h"]) * HOUR, int(PARAMS["longest_pause_min"]), int(PARAMS["open_end_d"]) * 24 * HOUR
)
TARGET = "id | value\nT1 | 60..80"


def held(pause: str, labs: str = "", bolus: str = "") -> Tables:
    """Heparin from hour 0 to 6 and again from the given minute on; results at hours 5 and 21 unless others are given."""
    return case(
        targets=TARGET,
        doses=f"""
        id | kind     | amount | start | end
        H1 | infusion | 1000   | 0     | 360
        H2 | infusion | 1000   | {pause} | D3
        {bolus}
        """,
        labs=labs or "id | when | analyte | value\nA1 | 300 | aptt | 70\nA2 | 1260 | aptt | 70",
    )


def test_time_in_range_ends_at_a_pause_longer_than_the_limit() -> None:
    # The limit itself still counts as going on.
    check(held("480"), "metric | stratum | value\naptt_time_in_range | unfractionated heparin | 100")
    check(
        held("481"),
        """
        metric               | stratum                | value | low | high | status         | reason
        aptt_time_in_range   | unfractionated heparin | -     | -   | -    | not_computable | without a pause of
        aptt_share_in_target | unfractionated heparin | 100   | 100 | 100  | ok             | results counted: 2
        """,
    )


def test_a_bolus_before_the_pause_does_not_bridge_it_and_one_within_it_does() -> None:
    check(
        held("1200", bolus="B1 | bolus | 5000 | 10 |"),
        "metric | stratum | value | status\naptt_time_in_range | unfractionated heparin | - | not_computable",
    )
    check(
        held("1200", bolus="B1 | bolus | 5000 | 420 |"),
        "metric | stratum | value | status\naptt_time_in_range | unfractionated heparin | 100 | ok",
    )


def test_results_drawn_in_a_pause_are_in_no_first_result_share_or_time() -> None:
    tables = held(
        "1200",
        """
        id | when | analyte | value
        A1 | 600  | aptt    | 65
        A2 | 900  | aptt    | 30
        A3 | 1260 | aptt    | 50
        A4 | 1320 | aptt    | 70
        """,
    )
    check(
        tables,
        """
        metric               | stratum                | value | low | high | status         | rows        | reason
        aptt_n               | unfractionated heparin | 4     | 4   | 4    | ok             | A1,A2,A3,A4,T1 | was held: A1, A2
        aptt_n_while_held    | unfractionated heparin | 2     | 2   | 2    | ok             | A1,A2       |
        aptt_first           | unfractionated heparin | 50    | 50  | 50   | ok             | A3          | was held: A1, A2
        aptt_share_in_target | unfractionated heparin | 50    | 50  | 50   | ok             | A3,A4,T1    | results counted: 2; in target: 1
        aptt_time_in_range   | unfractionated heparin | 50    | 50  | 50   | ok             | A3,A4,T1    |
        aptt_time_to_target  | unfractionated heparin | -     | -   | -    | not_computable | A4          | in target only after
        resistance_aptt_target_not_reached |          | 0     | 0   | 0    | ok             | A1,A2,A3,A4,T1 |
        """,
    )


def test_a_pause_that_may_have_been_leaves_bounds() -> None:
    # Heparin ended some time on day 0 and began again some time on day 1.
    tables = case(
        targets=TARGET,
        doses="""
        id | kind     | amount | start | end
        H1 | infusion | 1000   | 0     | 300..1000
        H2 | infusion | 1000   | 700..1100 | D3
        """,
        labs="""
        id | when | analyte | value
        A1 | 100  | aptt    | 70
        A2 | 200  | aptt    | 70
        A3 | 1200 | aptt    | 50
        """,
    )
    check(
        tables,
        """
        metric             | stratum                | value | low | high | status         | reason
        aptt_time_in_range | unfractionated heparin | -     | 50  | 100  | not_computable | may lie between the results: A2, A3
        """,
    )


def test_two_results_whose_order_alone_is_known_give_no_percentage_of_time() -> None:
    doses = "id | kind | amount | start | end\nH1 | infusion | 1000 | 0 | D9"
    same_day = case(
        targets=TARGET, doses=doses,
        labs="id | when | order | analyte | value\nA1 | D2 | 1 | aptt | 50\nA2 | D2 | 2 | aptt | 70",
    )  # fmt: skip
    check(
        same_day,
        """
        metric             | stratum                | value | low | high | status         | reason
        aptt_time_in_range | unfractionated heparin | -     | -   | -    | not_computable | with a known time between them
        """,
    )
    with_another = case(
        targets=TARGET, doses=doses,
        labs="""
        id | when     | order | analyte | value
        A1 | D2       | 1     | aptt    | 50
        A2 | D2       | 2     | aptt    | 70
        A3 | D3T05:00 |       | aptt    | 70
        A4 | D3T06:00 |       | aptt    | 70
        """,
    )  # fmt: skip
    check(
        with_another,
        """
        metric             | stratum                | value | low | high | status
        aptt_time_in_range | unfractionated heparin | -     | 50  | 100  | not_computable
        """,
    )


def test_a_course_without_a_printed_end_counts_late_results_as_possible_only() -> None:
    tables = case(
        targets=TARGET,
        doses="id | kind | amount | start | end\nH1 | infusion | 1000 | 0 |",
        labs="id | when | analyte | value\nA1 | 7200 | aptt | 70\nA2 | 7201 | aptt | 70",
    )
    check(
        tables,
        """
        metric               | stratum                | value | low | high | rows  | reason
        aptt_n               | unfractionated heparin | 1     | 1   | 2    | A1,T1 | may have been drawn under unfractionated heparin too: A2
        aptt_share_in_target | unfractionated heparin | 100   | 100 | 100  | A1,T1 | results counted: 1; in target: 1
        aptt_last            | unfractionated heparin | 70    | 70  | 70   | A1    |
        """,
    )


def test_a_stated_end_and_a_switch_hold_however_late() -> None:
    check(
        case(
            doses="""
            id  | drug       | kind     | amount | start | end
            H1  |            | infusion | 1000   | 0     |
            ARG | argatroban | infusion | 5      | D9    | D20T12:00
            """,
            labs="id | when | analyte | value\nA1 | D8T12:00 | aptt | 70\nA2 | D20T11:00 | aptt | 70",
        ),
        """
        metric | stratum                | value | low | high | rows
        aptt_n | unfractionated heparin | 0     | 0   | 1    |
        aptt_n | argatroban             | 1     | 1   | 1    | A2
        """,
    )


def test_made_up_hold_of_fourteen_hours() -> None:
    row = metric("held-fourteen-hours", "aptt_time_in_range", UFH)
    assert (row["value"], row["status"]) == (None, "not_computable")
    assert metric("held-fourteen-hours", "aptt_share_in_target", UFH)["value"] == 100


@st.composite
def courses(draw: st.DrawFn) -> tuple[list[slow.Given], list[slow.Level], list[tuple[int, float, float]]]:
    """Boluses and infusions of heparin with pauses, results at other minutes, and a target that may change."""
    doses: list[slow.Given] = []
    at = 0
    for _ in range(draw(st.integers(1, 6))):
        at += draw(st.sampled_from([7, 61, 119, 120, 121, 122, 300, 900, 1600]))
        length = draw(st.sampled_from([0, 0, 95, 400, 1300]))
        doses.append(slow.Given(UFH, at, at + length))
        at += draw(st.sampled_from([0, length, length]))
    times = sorted(draw(st.sets(st.integers(0, at + 600).map(lambda n: n + (n % 2)), min_size=2, max_size=6)))
    levels = [(t, float(draw(st.sampled_from([40, 60, 70, 80, 110])))) for t in times]
    change = draw(st.sampled_from([at // 2, at // 3 + 1]))
    return doses, levels, [(-1, 60.0, 80.0), *draw(st.sampled_from([[], [(change, 50.0, 65.0)]]))]


def given_course(name: str, one: Any) -> Tables:
    doses, levels, targets = one
    lines = ["id | kind | amount | start | end"]
    for i, dose in enumerate(doses):
        lines.append(
            f"D{i} | {'bolus' if dose.is_bolus else 'infusion'} | 5 | {dose.start} | {'' if dose.is_bolus else dose.end}"
        )
    results = ["id | when | analyte | value", *(f"P{i} | {t} | aptt | {v:g}" for i, (t, v) in enumerate(levels))]
    ends = [f"{t[0] - 1}" for t in targets[1:]] + [""]
    aims = [
        f"T{i} | {t[1]:g}..{t[2]:g} | {'' if i == 0 else t[0]} | {e}"
        for i, (t, e) in enumerate(zip(targets, ends, strict=True))
    ]
    return case(
        name, doses="\n".join(lines), labs="\n".join(results), targets="\n".join(["id | value | start | end", *aims])
    )


@settings(max_examples=4 * SCALE)
@given(st.lists(courses(), min_size=15, max_size=15))
def test_random_courses_agree_with_counting_minutes(some: list[Any]) -> None:
    rows = measured(together(*(given_course(f"c{i}", one) for i, one in enumerate(some))), "monitoring")
    for i, (doses, levels, targets) in enumerate(some):
        row = pick(rows, "aptt_time_in_range", UFH, f"c{i}") if _has(rows, i) else {"value": None}
        expected = slow.interpolated(levels, doses, targets, LIMITS.bolus, LIMITS)
        assert (row["value"] is None) == (expected is None), (row, expected, some[i])
        if expected is not None:
            assert abs(row["value"] - expected) < 0.2, (row, expected, some[i])
        on = {f"P{n}" for n, (t, _) in enumerate(levels) if slow.is_on(doses, t, LIMITS)}
        share = pick(rows, "aptt_share_in_target", UFH, f"c{i}") if _has(rows, i) else {"row_ids": []}
        assert {r for r in share["row_ids"] if r[0] == "P"} == on, (share, on, some[i])


def _has(rows: Any, i: int) -> bool:
    found = rows["metrics"]
    return bool(((found["case_id"] == f"c{i}") & (found["metric"] == "aptt_n")).any())


def held_for(length: str, events: str = "E | surgery_end | D2", extra: str = "") -> Tables:
    """Argatroban that ends at an event of no known hour and begins again so long after that end."""
    return case(
        events=f"id | event | when\n{events}",
        doses=f"""
        id | drug       | kind     | amount | start         | end
        H1 | argatroban | infusion | 1      | D1T00:00      | @E
        {extra}
        H2 | argatroban | infusion | 1      | @H1.end{length} |
        """,
        labs="id | when | analyte | value\nA1 | @H1.end..@H2 | aptt | 30\nA2 | @H2.. | aptt | 50",
    )


def surely_held(tables: Tables) -> bool:
    """Whether the first result was surely drawn in a hold."""
    said = pick(measured(tables), "aptt_n", "argatroban")["reason"] or ""
    return bool(re.search("(?<!been )drawn while argatroban was held: A1", said))


def test_a_hold_of_stated_length_is_one_although_its_hour_is_not_known() -> None:
    assert surely_held(held_for("+36h"))
    assert surely_held(held_for("+36h", extra="B1 | argatroban | bolus | 10 | D1T08:00 |"))


def test_a_hold_no_longer_than_the_limit_is_none() -> None:
    assert not surely_held(held_for("+2h"))


def test_a_bolus_that_may_lie_in_the_hold_leaves_it_open() -> None:
    events = "E | surgery_end | D2\nF | surgery | D2..D3"
    assert not surely_held(held_for("+36h", events=events, extra="B1 | argatroban | bolus | 10 | @F |"))
