"""ISTH overt DIC (2001 and 2025) and SIC as intervals: each item, its day, its condition, what is open, and a slow twin."""

import math

import polars as pl
import pytest
from hypothesis import strategies as st

from tests.batches import examples
from tests.shared_inputs import metric
from tests.spec import case, check, measured, pick, together

SEPSIS = """
    id     | finding | status  | when
    SEPSIS | sepsis  | present | D0
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
        isth_dic_2001_total             | 4     | 4   | 4    | ok     | DD,FIB,PLT,PT,SEPSIS
        isth_dic_2001_total_without_inr | 4     | 4   | 4    | ok     | DD,FIB,PLT,PT,SEPSIS
        isth_dic_2001_overt             | 0     | 0   | 0    | ok     | DD,FIB,PLT,PT,SEPSIS
        """,
    )


def test_a_missing_d_dimer_is_0_to_3_and_named() -> None:
    tables = case(findings=SEPSIS, labs=labs(platelets="13", inr="1.1", fibrinogen="2.24"))
    check(
        tables,
        """
        metric                     | value | low | high | status         | reason
        isth_dic_2001_total             | -     | 2   | 5    | not_computable | no D-dimer or fibrin degradation products within 24 h of the count
        isth_dic_2001_total_without_inr | -     | 2   | 7    | not_computable | no PT in seconds with a reference range
        isth_dic_2001_overt             | -     | 0   | 1    | not_computable | 5 or more are compatible
        sic_total                  | -     | 2   | 4    | not_computable | nothing is reported of the SOFA score
        sic_met                    | 0     | 0   | 0    | ok             | more than 2 of them from INR and platelets
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
        isth_dic_2001_total | -     | 2   | 3    | no general threshold
        """,
    )


def test_without_a_reference_range_a_d_dimer_says_nothing() -> None:
    check(
        case(findings=SEPSIS, labs=labs(platelets="160", d_dimer="5000")),
        """
        metric         | value | low | high | reason
        isth_dic_2001_total | -     | 0   | 6    | no reference range printed
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
        isth_dic_2001_total | -     | 1   | 3
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
        sic_total | -     | 0   | 4    | a drug may prolong it: ARG
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
        isth_dic_2001_total | -     | -   | -    | not_applicable | nothing is reported of a condition associated with DIC
        isth_dic_2001_overt | -     | -   | -    | not_applicable | nothing is reported
        sic_total      | -     | -   | -    | not_applicable | nothing is reported of sepsis
        sic_met        | -     | -   | -    | not_applicable | nothing is reported of sepsis
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
    lines.append(f"PLT | platelets | {plt[0] if plt else '0..200'} | | D5")
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
        found = pick(results, "isth_dic_2001_total", case_id=f"c{i}")
        assert found["low"] <= truth <= found["high"], (text, truth, found)


@pytest.mark.parametrize(
    ("name", "found", "bounds"),
    [
        ("dic-d-dimer", "isth_dic_2001_total", (5, 6)), ("dic-d-dimer", "isth_dic_2001_overt", (1, 1)),
        ("dic-d-dimer", "isth_dic_2025_total", (3, 3)), ("dic-d-dimer", "isth_dic_2025_overt", (0, 0)),
        ("dic-condition", "isth_dic_2025_total", (8, 8)), ("dic-condition", "isth_dic_2001_total", (7, 8)),
        ("dic-condition", "sic_met", (None, None)), ("dic-days-apart", "isth_dic_2001_overt", (None, None)),
    ],
)  # fmt: skip
def test_made_up_cases_have_their_known_values(name, found, bounds):
    row = metric(name, found)
    assert (row["low"], row["high"]) == bounds, row
    assert (row["status"] == "not_applicable") == (bounds == (None, None))


def one(name: str, labs: str, findings: str = "S | sepsis | present | | | D0", events: str = "") -> dict:
    return case(
        name,
        findings="id | finding | status | grade | site | when\n" + findings,
        labs="id | analyte | value | ref_high | when\n" + labs.replace("; ", "\n"),
        events="id | event | when\n" + events.replace("; ", "\n"),
    )


WHOLE = "P | platelets | 45 | | D5T08:00; T | pt | 16.5 | 13 | {}; F | fibrinogen | 2 | | D5T08:00; D | d_dimer | {} | {} | D5T08:00"
AT, NO_RESULT = "D5T08:00", (0, 3)
# Results | finding -> points of the 2025 form: the fibrin item, then PT, then whether it surely applies.
DAYS = {
    # At 3 and at 7 times the limit, which binary numbers miss; above; below; strict; ranges; words; FDP; no limit.
    "at-3": (WHOLE.format(AT, "0.9", "0.3"), (0, 0)), "above-3": (WHOLE.format(AT, "0.91", "0.3"), (2, 2)),
    "at-7": (WHOLE.format(AT, "2.1", "0.3"), (2, 2)), "above-7": (WHOLE.format(AT, "2.11", "0.3"), (3, 3)),
    "strict-7": (WHOLE.format(AT, ">2.1", "0.3"), (3, 3)), "from-7": (WHOLE.format(AT, ">=2.1", "0.3"), (2, 3)),
    "strict-3": (WHOLE.format(AT, ">0.9", "0.3"), (2, 3)), "range": (WHOLE.format(AT, "0.5..2.5", "0.3"), (0, 3)),
    "normal": (WHOLE.format(AT, "0.3", "0.3"), (0, 0)), "word": (WHOLE.format(AT, "high", ""), (0, 3)),
    "negative": (WHOLE.format(AT, "negative", ""), (0, 0)), "no-limit": (WHOLE.format(AT, "5", ""), (0, 3)),
    "fdp": (WHOLE.format(AT, "20", "5").replace("d_dimer", "fdp"), (0, 3)),
}  # fmt: skip
APART = {
    # The PT of another time: points of the PT item.
    "same": (AT, (1, 1)), "exactly-24h": ("D6T08:00", (1, 1)), "24h-before": ("D4T08:00", (1, 1)), "24h01": ("D6T08:01", (0, 2)),
    "next-day": ("D6", (0, 2)), "that-day": ("D5", (1, 1)), "undated": ("?", (0, 2)), "days-apart": ("D0", (0, 2)),
}  # fmt: skip
CONDITIONS = {
    "sepsis": ("S | sepsis | present | | | D0", (1, "ok")), "hellp": ("S | HELLP syndrome | present | | | D5", (1, "ok")),
    "severe-pre-eclampsia": ("S | pre-eclampsia | present | severe | | D5", (1, "ok")), "cancer": ("S | malignancy | present | | | D-3..D0", (1, "ok")),
    "septic": ("S | shock | present | | septic | D3", (1, "ok")), "pneumonia": ("S | pneumonia | present | | | D3", (None, "not_computable")),
    "covid": ("S | COVID-19 | present | | | D3", (None, "not_computable")), "mild-pre-eclampsia": ("S | pre-eclampsia | present | mild | | D5", (None, "not_computable")),
    "undated-sepsis": ("S | sepsis | present | | | ?", (None, "not_computable")), "later": ("S | sepsis | present | | | D9", (None, "not_applicable")),
    "absent": ("S | sepsis | absent | | | D0", (None, "not_applicable")), "cardiogenic-shock": ("S | shock | present | | cardiogenic | D3", (None, "not_applicable")),
    "silent": ("", (None, "not_applicable")),
}  # fmt: skip
SURE_DIC = "P | platelets | 45 | | D5T08:00; T | pt | 20 | 13 | D5T08:00; F | fibrinogen | 0.5 | | D5T08:00; D | d_dimer | 9 | 0.5 | D5T08:00"
VENT, ECMO, ARDS = (
    "V | intubation | D2",
    "E | vv_ecmo_start | D3",
    "A | acute respiratory distress syndrome | present | | | D1",
)
SOFA = {
    "on-ecmo": ("", ARDS, f"{VENT}; {ECMO}", 2), "ventilated": ("", ARDS, VENT, 1), "moderate": ("", ARDS.replace("| | | D1", "| moderate | | D1"), "", 2),
    "not-supported": ("", ARDS, "", 0), "no-ards": ("", "", f"{VENT}; {ECMO}", 0), "extubated": ("", ARDS, f"{VENT}; X | extubation | D4", 0),
    "off-ecmo": ("", ARDS, f"{VENT}; {ECMO}; X | vv_ecmo_end | D4", 0), "later-ecmo": ("", ARDS, "V | intubation | D9; E | vv_ecmo_start | D9", 0),
    "creatinine": ("; C | creatinine | 180 | | D5T10:00", "", "", 2), "creatinine-1": ("; C | creatinine | 150 | | D5T10:00", "", "", 1),
    "creatinine-other-day": ("; C | creatinine | 180 | | D9", "", "", 0), "septic-shock": ("", "Z | shock | present | | septic | D5", "", 2),
}  # fmt: skip


@pytest.fixture(scope="module")
def days() -> dict[str, pl.DataFrame]:
    """Every made-up case of the tables above, measured as one corpus."""
    cases = [one(f"marker-{name}", rows) for name, (rows, _) in DAYS.items()]
    cases += [one(f"apart-{name}", WHOLE.format(when, "0.3", "0.3")) for name, (when, _) in APART.items()]
    cases += [one(f"condition-{name}", SURE_DIC, found) for name, (found, _) in CONDITIONS.items()]
    cases += [
        one(f"sofa-{name}", "P | platelets | 90 | | D5T08:00" + more, "S | sepsis | present | | | D0\n" + found, events)
        for name, (more, found, events, _) in SOFA.items()
    ]
    cases.append(
        one(
            "two-days",
            SURE_DIC + "; Q | platelets | 120 | | D9T08:00; R | platelets | 40 | | D-2T08:00",
            "S | sepsis | present | | | D0",
        )
    )
    return measured(together(*cases), "coagulopathy", "coagulopathy_items", "score_sensitivity")


def item(days: dict[str, pl.DataFrame], case_id: str, score: str, name: str) -> tuple[float, float]:
    rows = days["score_items"].filter(
        (pl.col("case_id") == case_id)
        & (pl.col("score") == score)
        & (pl.col("item") == name)
        & (pl.col("reading") == "data")
    )
    return rows.select("low", "high").row(0)


@pytest.mark.parametrize("name", DAYS)
def test_the_revision_counts_multiples_of_the_upper_limit(days, name):
    assert item(days, f"marker-{name}", "isth_dic_2025", "fibrin_marker") == DAYS[name][1]


@pytest.mark.parametrize("name", APART)
def test_a_score_is_of_one_day(days, name):
    for score in ("isth_dic_2001", "isth_dic_2025"):
        assert item(days, f"apart-{name}", score, "pt") == APART[name][1]


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_condition_must_be_present_then(days, name):
    found = pick(days, "isth_dic_2025_overt", case_id=f"condition-{name}")
    assert (found["value"], found["status"]) == CONDITIONS[name][1], found["reason"]


@pytest.mark.parametrize("name", SOFA)
def test_organ_failure_that_findings_make_sure_counts(days, name):
    assert item(days, f"sofa-{name}", "sic", "sofa") == (SOFA[name][3], 2)


def test_each_day_is_reported_and_the_worst(days):
    rows = days["metrics"].filter(
        (pl.col("case_id") == "two-days") & (pl.col("metric") == "isth_dic_2025_total_by_day")
    )
    # Day 5 has every result, day 9 only a count; day -2 lies before the sepsis.
    assert {r["stratum"]: (r["value"], r["low"], r["high"]) for r in rows.to_dicts()} == {
        "D5": (8, 8, 8),
        "D9": (None, 0, 6),
    }
    assert pick(days, "isth_dic_2025_total", case_id="two-days")["value"] == 8
    assert item(days, "two-days", "isth_dic_2025", "platelets") == (2, 2)
