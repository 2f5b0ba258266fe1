"""Derived numbers in words: label, value with bounds and unit, or why there is none."""

from casetrace.metrics.catalogue import catalogue
from casetrace.report.case_data import CaseData, Metric
from casetrace.report.text import reasons, row_text
from casetrace.values import display

#: Metrics in minutes that are lengths; every other metric in ``min`` is an instant since time zero.
LENGTHS = ("time_to", "duration", "length")

ABSENT = {
    "no_data": "not computable: the case has no such data",
    "not_computable": "not computable",
    "not_applicable": "not applicable",
}

TIME_NOT_GIVEN = "time not given"

#: Strata that name the count from which a fall is taken.
BASELINES = {
    "before_heparin": "from the last count before heparin",
    "since_heparin": "from the highest count since heparin",
    "highest_before_nadir": "from the highest count before the nadir",
}
#: Words of a label in which the stratum is named, instead of behind a comma.
NAMED_IN = [
    ("under the anticoagulant", "under {}"),
    ("before the first dose", "before the first dose of {}"),
    ("of the drug", "of {}"),
    ("Transfused, by product", "Transfused {}"),
]
#: Metrics whose stratum is the anticoagulant that was running.
UNDER = ("_in_target", "_in_range", "_to_target")

ABSENT_SHORT = {"no_data": "no data", "not_computable": "not computable", "not_applicable": "not applicable"}


def label(metric: Metric, with_stratum: bool = True) -> str:
    """Label from the metric catalogue (the stable name where it has none), with the stratum where it reads best."""
    declared = catalogue().get(metric.name)
    text = declared.label if declared else metric.name
    if metric.unit == "min":
        text = text.removesuffix(", after time zero")
    if not metric.stratum or not with_stratum:
        return text
    stratum = stratum_text(metric.stratum)
    if metric.stratum in BASELINES:
        return f"{text.removesuffix(' under one baseline of the fall')}, {BASELINES[metric.stratum]}"
    for before, behind in NAMED_IN:
        if before in text:
            return text.replace(before, behind.format(stratum))
    return f"{text}, under {stratum}" if metric.name.endswith(UNDER) else f"{text}, {stratum}"


def label_in(metric: Metric, case: CaseData, with_stratum: bool = True) -> str:
    """The label; a stratum that is a row of the case is told as what the row says, not by its id."""
    if with_stratum and metric.stratum in case.row_of:
        return f"{label(metric, with_stratum=False)}, {row_text.noun(case, metric.stratum)}"
    return label(metric, with_stratum)


def says_nothing(metric: Metric) -> bool:
    """True where there is no best value and any value is possible: an amount of 0 or more, a fall of 100 % or less."""
    if metric.value is not None or metric.unit == "{yes_no}" or is_instant(metric):
        return False
    is_any_fall = metric.unit == "%" and "_fall_" in metric.name and metric.low is None and (metric.high or 0) >= 100
    return (metric.low == 0 and metric.high is None) or is_any_fall


def nothing_known(metric: Metric, case: CaseData) -> str:
    """``not printed`` where no dose of an amount has one, else ``not known``."""
    return row_text.nothing_word(*doses_without_amount(metric, case))


def doses_without_amount(metric: Metric, case: CaseData) -> tuple[int, int]:
    """How many dosing entries behind the number have no amount, and how many there are."""
    doses = [row for table, row in (case.row_of[i] for i in metric.row_ids if i in case.row_of) if table == "doses"]
    return sum(row["amount_status"] == "not_printed" for row in doses), len(doses)


def best_or_absent(metric: Metric, case: CaseData) -> str:
    """The best value; else ``within bounds`` where there are some, else why there is none in one or two words."""
    if is_instant(metric) and bounds(metric, case):
        return bounds(metric, case)
    if metric.value is not None:
        return best(metric, case)
    if says_nothing(metric):
        return nothing_known(metric, case)
    if bounds(metric, case):
        return "open" if metric.unit == "{yes_no}" else "within bounds"
    return TIME_NOT_GIVEN if _is_any_time(metric) else ABSENT_SHORT.get(metric.status, "not computable")


def _is_any_time(metric: Metric) -> bool:
    """True for an instant that may lie anywhere in what the source covers."""
    return is_instant(metric) and metric.value is None and (metric.low, metric.high) != (None, None)


def stratum_text(stratum: str) -> str:
    """``D4`` is day 4; other strata are names."""
    day = stratum.removeprefix("D")
    if stratum != day and day.lstrip("-").isdecimal():
        return display.day_text(int(day))
    return stratum.replace("_", " ")


def unit(metric: Metric) -> str:
    """Printed unit; empty for verdicts, instants and counts."""
    if metric.unit == "min" or is_study_day(metric):
        return ""
    return display.unit_text(metric.unit, f"{metric.name} {metric.stratum}")


def is_instant(metric: Metric) -> bool:
    """True for a time since time zero, which is written as day and clock time."""
    return metric.unit == "min" and not any(word in metric.name for word in LENGTHS)


def is_study_day(metric: Metric) -> bool:
    """True for the number of a study day, which is no length of days."""
    return metric.unit == "d" and metric.name.endswith("_day")


def written(metric: Metric, value: float, case: CaseData) -> str:
    """One number of the metric in words, without its unit."""
    if metric.unit == "{yes_no}":
        return "yes" if value == 1 else "no"
    if is_instant(metric):
        return display.instant(round(value), case.day_starts)
    if metric.unit == "min":
        return display.duration(value)
    if is_study_day(metric):
        return display.day_text(round(value))
    if value < 0 and _is_fall(metric):
        return f"rise of {display.number(-value, display.decimals_for(metric.unit))}"
    return display.number(value, display.decimals_for(metric.unit))


def _is_fall(metric: Metric) -> bool:
    return metric.name.startswith("platelets_") and metric.name.endswith(("_pct", "_abs"))


def best(metric: Metric, case: CaseData) -> str:
    """The best value with its unit; empty when there is none."""
    return "" if metric.value is None else display.quantity(written(metric, metric.value, case), unit(metric))


def bounds(metric: Metric, case: CaseData) -> str:
    """The bounds in words and with unit; empty when they do not differ, do not exist or say nothing."""
    text = _bare_bounds(metric, case)
    return display.quantity(text, unit(metric)) if text else ""


def _bare_bounds(metric: Metric, case: CaseData) -> str:
    """The bounds without unit; one value where both are equal and there is no best value."""
    low, high = metric.low, metric.high
    if (low is None and high is None) or says_nothing(metric):
        return ""
    if is_instant(metric):
        return _period(metric, case)
    if low is not None and low == high:
        return "" if metric.value is not None else written(metric, low, case)
    if metric.unit == "{yes_no}":
        return "yes or no"
    left = None if low is None else written(metric, low, case)
    right = None if high is None else written(metric, high, case)
    if left == right:
        return "" if metric.value is not None else str(left)
    if low is not None and high is not None and low < 0 <= high and _is_fall(metric):
        return f"from a {left} to a fall of {right}"
    return f"at least {left}" if right is None else f"at most {right}" if left is None else f"{left} to {right}"


def _period(metric: Metric, case: CaseData) -> str:
    """The span in which an instant lies; nothing where that is all that the source covers."""
    first, last = case.observed
    low, high = (None if end is None else round(end) for end in (metric.low, metric.high))
    if low is not None and high is not None:
        return "" if low == high and metric.value is not None else display.period(low, high, case.day_starts)
    if low is not None:
        return "" if low <= first else display.not_before(low, case.day_starts)
    return "" if high is None or high >= last else display.not_after(high, case.day_starts)


def has_value(metric: Metric, case: CaseData) -> bool:
    """True where there is a best value, or a bound that says something."""
    return bool(best(metric, case) or bounds(metric, case))


def full(metric: Metric, case: CaseData, with_reason: bool = True) -> str:
    """The one line that stands for the metric: value (bounds), bounds alone, or why there is none."""
    value, range_ = best(metric, case), bounds(metric, case)
    if is_instant(metric) and range_:
        return range_
    if value and range_:
        return f"{value} ({_bare_bounds(metric, case)})"
    if value:
        return value
    if range_:
        return f"open: {range_}" if metric.unit == "{yes_no}" else range_
    head = TIME_NOT_GIVEN if _is_any_time(metric) else ABSENT.get(metric.status, "not computable")
    head = nothing_known(metric, case) if says_nothing(metric) else head
    told = reasons.plain(case, metric.reasons, metric.reason) if with_reason and metric.status != "no_data" else ""
    return f"{head}: {told}" if told else head
