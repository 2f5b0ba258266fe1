"""ISTH overt DIC and SIC as intervals: each item, what is open, and a slow twin."""

import math

from hypothesis import strategies as st

from tests.batches import examples
from tests.spec import case, check, measured, pick, together

SEPSIS = """
    id     | finding | status
    SEPSIS | sepsis  | present
    """


def labs(**results: str) -> str:
    lines = [f"L{n} | {n} | {v} | D5" for n, v in results.items()]
    return "\n".join(["id | analyte | value | when", *lines])


def test_every_item_known_gives_one_total() -> None:
    tables = case(
        findings=SEPSIS,
        labs="""
        id  | analyte    | value | ref_high | when
        PLT | platelets  | 45    |          | D5
        DD  | d_dimer    | 300   | 500      | D5
        PT  | pt         | 18    | 13       | D5
        FIB | fibrinogen | 0.8   |          | D5
        """,
    )
    check(
        tables,
        """
        metric                     | value | low | high | status | rows
        isth_dic_total             | 4     | 4   | 4    | ok     | DD,FIB,PLT,PT
        isth_dic_total_without_inr | 4     | 4   | 4    | ok     | DD,FIB,PLT,PT
        isth_dic_overt             | 0     | 0   | 0    | ok     | DD,FIB,PLT,PT
        """,
    )


def test_a_missing_d_dimer_is_0_to_3_and_named() -> None:
    tables = case(findings=SEPSIS, labs=labs(platelets="13", inr="1.1", fibrinogen="2.24"))
    check(
        tables,
        """
        metric                     | value | low | high | status         | reason
        isth_dic_total             | -     | 2   | 5    | not_computable | D-dimer or fibrin degradation products are not reported
        isth_dic_total_without_inr | -     | 2   | 7    | not_computable | no PT in seconds with a reference range
        isth_dic_overt             | -     | 0   | 1    | not_computable | 5 or more are compatible
        sic_total                  | -     | 2   | 4    | not_computable | the SOFA score is not reported
        sic_met                    | 0     | 0   | 0    | ok             | INR and platelets between 2 and 2
        """,
    )


def test_a_raised_d_dimer_has_two_or_three_points() -> None:
    tables = case(
        findings=SEPSIS,
        labs="""
        id  | analyte    | value | ref_high | when
        PLT | platelets  | 120   |          | D5
        DD  | d_dimer    | 5000  | 500      | D5
        PT  | pt         | 13    | 13       | D5
        FIB | fibrinogen | 3     |          | D5
        """,
    )
    check(
        tables,
        """
        metric         | value | low | high | reason
        isth_dic_total | -     | 2   | 3    | no general threshold
        """,
    )


def test_without_a_reference_range_a_d_dimer_says_nothing() -> None:
    check(
        case(findings=SEPSIS, labs=labs(d_dimer="5000")),
        """
        metric         | value | low | high | reason
        isth_dic_total | -     | 0   | 8    | no reference range printed
        """,
    )


def test_limits_on_which_sources_differ_are_open() -> None:
    tables = case(
        findings=SEPSIS,
        labs="""
        id  | analyte    | value | ref_high | when
        PLT | platelets  | 50    |          | D5
        DD  | d_dimer    | 1     | 500      | D5
        PT  | pt         | 16    | 13       | D5
        FIB | fibrinogen | 1     |          | D5
        """,
    )
    # 50 is 1 point; a prolongation of exactly 3 s is 0 or 1; a fibrinogen of exactly 1 g/L is 0 or 1.
    check(
        tables,
        """
        metric         | value | low | high
        isth_dic_total | -     | 1   | 3
        """,
    )


def test_an_inr_under_argatroban_never_surely_gives_points() -> None:
    tables = case(
        findings=SEPSIS,
        labs=labs(platelets="160", inr="7.0"),
        doses="""
        id  | drug       | kind     | amount | start | end
        ARG | argatroban | infusion | 5      | D4    | D6
        """,
    )
    check(
        tables,
        """
        metric    | value | low | high | reason
        sic_total | -     | 0   | 4    | a drug may prolong it (ARG)
        sic_met   | 0     | 0   | 0    |
        """,
    )


def test_sic_is_met_without_knowing_the_sofa_only_when_two_items_suffice() -> None:
    check(
        case(findings=SEPSIS, labs=labs(platelets="90", inr="1.5")),
        """
        metric    | value | low | high
        sic_total | -     | 4   | 6
        sic_met   | 1     | 1   | 1
        """,
    )


def test_without_a_condition_the_scores_do_not_apply() -> None:
    check(
        case(labs=labs(platelets="13", inr="2")),
        """
        metric         | value | low | high | status         | reason
        isth_dic_total | -     | -   | -    | not_applicable | no condition associated with DIC is reported
        isth_dic_overt | -     | -   | -    | not_applicable | no condition
        sic_total      | -     | -   | -    | not_applicable | no sepsis is reported
        sic_met        | -     | -   | -    | not_applicable | no sepsis
        """,
    )


# The slow twin: true values inside what is printed, scored by the published tables.


def true_isth(platelets: float, d_dimer_points: int, prolongation: float, fibrinogen: float) -> int:
    points = 2 if platelets < 50 else 1 if platelets < 100 else 0
    points += 2 if prolongation >= 6 else 1 if prolongation >= 3 else 0
    return points + d_dimer_points + (1 if fibrinogen <= 1 else 0)


@st.composite
def printed(draw: st.DrawFn, low: float, high: float) -> tuple[str, float] | None:
    """A value as printed with a true value inside it, or nothing printed."""
    if draw(st.booleans()) and draw(st.booleans()):
        return None
    truth = round(draw(st.floats(low, high)), 1)
    form = draw(st.sampled_from(["number", "below", "above", "range"]))
    if form == "number":
        return f"{truth}", truth
    if form == "below":
        return f"<{math.floor(truth) + 1}", truth
    if form == "above":
        return f">={math.floor(truth)}", truth
    return f"{math.floor(truth)}..{math.ceil(truth) + 1}", truth


@st.composite
def reported(draw: st.DrawFn) -> tuple[str, int]:
    """The laboratory rows of a case and its true score."""
    plt, pt, fib = draw(printed(0, 200)), draw(printed(0, 30)), draw(printed(0.2, 4))
    dimer_points = draw(st.integers(0, 3))
    lines = ["id | analyte | value | ref_high | when"]
    if plt:
        lines.append(f"PLT | platelets | {plt[0]} | | D5")
    if pt:
        lines.append(f"PT | pt | {pt[0]} | 12 | D5")
    if fib:
        lines.append(f"FIB | fibrinogen | {fib[0]} | | D5")
    if dimer_points in (0, 2, 3) and draw(st.booleans()):
        lines.append(f"DD | d_dimer | {100 if dimer_points == 0 else 900} | 500 | D5")
    truth = true_isth(
        plt[1] if plt else draw(st.floats(0, 200)),
        dimer_points if dimer_points != 1 else 0,
        (pt[1] if pt else draw(st.floats(0, 30))) - 12,
        fib[1] if fib else draw(st.floats(0.2, 4)),
    )
    return "\n".join(lines), truth


def test_the_interval_holds_the_true_score() -> None:
    some = examples(reported(), 100)
    cases = [case(f"c{i}", findings=SEPSIS, labs=text) for i, (text, _) in enumerate(some)]
    results = measured(together(*cases), "coagulopathy")
    for i, (text, truth) in enumerate(some):
        found = pick(results, "isth_dic_total", case_id=f"c{i}")
        assert found["low"] <= truth <= found["high"], (text, truth, found)
