"""Derived numbers in words: label, value with bounds and unit, or why there is none."""

from pipeline import display
from pipeline.metric_catalogue import catalogue
from pipeline.reporting.case_data import CaseData, Metric

#: Metrics in minutes that are lengths; every other metric in ``min`` is an instant since time zero.
LENGTHS = ("time_to", "duration", "length")

ABSENT = {
    "no_data": "not computable: the case has no such data",
    "not_computable": "not computable",
    "not_applicable": "not applicable",
}

ABSENT_SHORT = {"no_data": "no data", "not_computable": "not computable", "not_applicable": "not applicable"}


def label(metric: Metric, with_stratum: bool = True) -> str:
    """Label from the metric catalogue (the stable name where it has none), with the stratum behind a comma."""
    declared = catalogue().get(metric.name)
    text = declared.label if declared else metric.name
    return f"{text}, {stratum_text(metric.stratum)}" if metric.stratum and with_stratum else text


def best_or_absent(metric: Metric, case: CaseData) -> str:
    """The best value; else ``open`` where there are bounds, else why there is none in one or two words."""
    if is_instant(metric) and bounds(metric, case):
        return bounds(metric, case)
    if metric.value is not None:
        return best(metric, case)
    if bounds(metric, case):
        return "within bounds"
    return ABSENT_SHORT.get(metric.status, "not computable")


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
    return display.number(value, display.decimals_for(metric.unit))


def best(metric: Metric, case: CaseData) -> str:
    """The best value with its unit; empty when there is none."""
    return "" if metric.value is None else display.quantity(written(metric, metric.value, case), unit(metric))


def bounds(metric: Metric, case: CaseData) -> str:
    """The bounds in words and with unit; empty when they do not differ or do not exist."""
    return display.quantity(_bare_bounds(metric, case), unit(metric)) if _bare_bounds(metric, case) else ""


def _bare_bounds(metric: Metric, case: CaseData) -> str:
    """The bounds without unit; one value where both are equal and there is no best value."""
    low, high = metric.low, metric.high
    if low is not None and low == high:
        return "" if metric.value is not None else written(metric, low, case)
    if low is None and high is None:
        return ""
    if metric.unit == "{yes_no}":
        return "yes or no"
    if is_instant(metric) and low is not None and high is not None:
        return display.period(round(low), round(high), case.day_starts)
    left = None if low is None else written(metric, low, case)
    right = None if high is None else written(metric, high, case)
    if left == right:
        return "" if metric.value is not None else str(left)
    return f"at least {left}" if right is None else f"at most {right}" if left is None else f"{left} to {right}"


def short_reason(metric: Metric, most: int = 4) -> str:
    """The reason without the end of a long list of like causes; the list of derived numbers has it in full."""
    parts = (metric.reason or "").split("; ")
    rest = len(parts) - most
    return "; ".join(parts[:most]) + (f"; and {rest} more" if rest > 1 else f"; {parts[-1]}" if rest == 1 else "")


def full(metric: Metric, case: CaseData) -> str:
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
    head = ABSENT.get(metric.status, "not computable")
    return f"{head}: {metric.reason}" if metric.reason and metric.status != "no_data" else head
