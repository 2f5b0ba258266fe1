"""The tables of a cohort: what the cases of a corpus have in common, case by case and summarised.

Everything that the cohort page and the index show stands here; a page computes nothing.
"""

import polars as pl

from casetrace.schemas.base import ReasonList, StringList, Table, column
from casetrace.schemas.results import BOUNDS

KINDS = ["number", "yes_no", "choice"]
KNOWN = ["known", "open", "missing", "not_applicable"]


class Characteristics(Table):
    """Grain: one row per case and variable. A yes/no variable is 1 or 0; a choice has a word."""

    case_id: str = column("Case")
    section: str = column("Part of the cohort table")
    variable: str = column("Variable, named in pipeline/casetrace/cohort/variables.csv")
    label: str = column("Variable in words")
    kind: str = column("number, yes_no or choice", isin=KINDS)
    value: float = column("Best value; null when there is none", "unit", nullable=True)
    low: float = column("Lowest value that the source allows", "unit", nullable=True)
    high: float = column("Highest value that the source allows", "unit", nullable=True)
    word: str = column("The choice", nullable=True)
    unit: str = column("Unit (UCUM); empty for a choice")
    state: str = column("known, open (bounds only), missing or not_applicable", isin=KNOWN)
    reason: str = column("Why there is no value", nullable=True)
    reasons: ReasonList = column("Of a metric the same as codes with rows and numbers")


class LeftOut(Characteristics):
    """Grain: one row per variable and case that no other table of the cohort has: its publisher calls it fictional."""


class Summary(Table):
    """Grain: one row per group, variable and, for a choice, word. Every case of the group counts in one state."""

    group: str = column("Group of cases; `all` without a grouping")
    section: str = column("Part of the cohort table")
    variable: str = column("Variable")
    label: str = column("Variable in words")
    kind: str = column("number, yes_no or choice", isin=KINDS)
    word: str = column("Word of a choice; empty otherwise")
    unit: str = column("Unit (UCUM)")
    n_known: pl.Int32 = column("Cases with a value")
    n_open: pl.Int32 = column("Cases with bounds only; they are in no summary")
    n_missing: pl.Int32 = column("Cases about which the source does not tell")
    n_not_applicable: pl.Int32 = column("Cases to which the variable does not apply")
    count: pl.Int32 = column("Cases with yes, or with the word", nullable=True)
    percent: float = column(
        "Share of the known; null for fewer known cases than the rule for small n asks", "%", nullable=True
    )
    median: float = column("Median of the known", "unit", nullable=True)
    q1: float = column(
        "Lower quartile; null for fewer known cases than the rule for small n asks", "unit", nullable=True
    )
    q3: float = column("Upper quartile; null as above", "unit", nullable=True)
    minimum: float = column("Smallest of the known", "unit", nullable=True)
    maximum: float = column("Largest of the known", "unit", nullable=True)
    listed: pl.List = column(
        "Every known value, sorted, where n is too small for a median", "unit", dtype_kwargs={"inner": pl.Float64}
    )


class Differences(Table):
    """Grain: one row per variable: standardised difference of two groups."""

    variable: str = column("Variable")
    first: str = column("First group")
    second: str = column("Second group")
    n_first: pl.Int32 = column("Cases of the first group with a value")
    n_second: pl.Int32 = column("Cases of the second group with a value")
    method: str = column("What is compared: means, shares (of yes) or several shares (of all words)")
    smd: float = column(
        "Standardised difference, first minus second; of several shares its size. Null when it cannot be told",
        nullable=True,
    )
    reason: str = column("Why there is none", nullable=True)


class Significance(Table):
    """Grain: one row per variable or curve, where tests were asked for; lists follow the order of `groups`."""

    section: str = column("Part of the cohort table")
    variable: str = column("Variable or curve")
    label: str = column("Variable or curve in words")
    kind: str = column("number, yes_no, choice or time", isin=[*KINDS, "time"])
    groups: StringList = column("Groups")
    n_tested: pl.List = column("Known cases of each group", dtype_kwargs={"inner": pl.Int32})
    n_left_out: pl.List = column(
        "Cases of each group with bounds only, or of which it is not certain whether the event came",
        dtype_kwargs={"inner": pl.Int32},
    )
    n_uncertain: pl.Int32 = column("Tested cases whose value lies between bounds; their best value is taken")
    n_same_patient: pl.Int32 = column("Tested cases of a patient who has another tested case")
    test: str = column("The test that was made", nullable=True)
    statistic_name: str = column("What the statistic is", nullable=True)
    statistic: float = column("Statistic; null where it is not finite", nullable=True)
    p: float = column("Two-sided p-value, not adjusted", ge=0, le=1, nullable=True)
    p_holm: float = column("The same, adjusted for the number of tests after Holm", ge=0, le=1, nullable=True)
    assumption: str = column("What the test takes for granted", nullable=True)
    reason: str = column("Why none was made", nullable=True)


class Missingness(Table):
    """Grain: one row per variable: in how many cases it is known, and why not in the others."""

    section: str = column("Part of the cohort table")
    variable: str = column("Variable")
    label: str = column("Variable in words")
    n_known: pl.Int32 = column("Cases with a value")
    n_open: pl.Int32 = column("Cases with bounds only")
    n_missing: pl.Int32 = column("Cases about which the source does not tell")
    n_not_applicable: pl.Int32 = column("Cases to which the variable does not apply")
    reasons: StringList = column("Reasons with the number of cases, most frequent first; a case may have several")


class AlignedLevels(Table):
    """Grain: one row per case, alignment and platelet count, with its distance from the instant it is aligned at."""

    case_id: str = column("Case")
    aligned_at: str = column("first_heparin or switch", isin=["first_heparin", "switch"])
    row_id: str = column("Row of `labs`")
    days: float = column("Distance from the instant", "d")
    days_low: float = column("Shortest possible distance", "d")
    days_high: float = column("Longest possible distance", "d")
    value: float = column("Count", "10*9/L")


class Courses(Table):
    """Grain: one row per case and stretch or event of its course, for a swimmer plot; days since time zero."""

    case_id: str = column("Case")
    kind: str = column("observed, drug or event", isin=["observed", "drug", "event"])
    name: str = column("Drug or event; empty for the observed span")
    row_ids: StringList = column("Rows that it comes from")
    start_low: float = column("Earliest start", "d")
    start_high: float = column("Latest start", "d")
    end_low: float = column("Earliest end", "d")
    end_high: float = column("Latest end", "d")


class TimesToEvent(Table):
    """Grain: one row per curve and case that it is about: when the event came, or until when it had not (censored).

    A curve of a drug is about the cases that received it, one from the switch about those that switched.
    """

    curve: str = column("Curve")
    label: str = column("Curve in words")
    case_id: str = column("Case")
    days: float = column(
        "Best time of the event or of censoring; null when the case is in no curve", "d", nullable=True
    )
    days_low: float = column("Earliest possible", "d", nullable=True)
    days_high: float = column("Latest possible", "d", nullable=True)
    is_event: bool = column("True for an event, False for censoring", nullable=True)
    reason: str = column("What ends the time, or why the case is in no curve")


class Survival(Table):
    """Grain: one row per curve, group, bound and time: the Kaplan-Meier estimate just after that time."""

    curve: str = column("Curve")
    group: str = column("Group of cases; `all` without a grouping")
    bound: str = column("best, or every event at its earliest (low) or latest (high) time", isin=BOUNDS)
    days: float = column("Time", "d")
    at_risk: pl.Int32 = column("Cases at risk just before")
    events: pl.Int32 = column("Events at that time")
    censored: pl.Int32 = column("Cases censored at that time")
    survival: float = column("Share without the event just after that time", ge=0, le=1)
    ci_low: float = column("Lower end of the 95 % interval (log-log); null at 0 and 1", nullable=True)
    ci_high: float = column("Upper end of it", nullable=True)


COHORT: dict[str, type[Table]] = {
    "characteristics": Characteristics,
    "left_out": LeftOut,
    "summary": Summary,
    "differences": Differences,
    "significance": Significance,
    "missingness": Missingness,
    "aligned_platelets": AlignedLevels,
    "courses": Courses,
    "times_to_event": TimesToEvent,
    "survival": Survival,
}
