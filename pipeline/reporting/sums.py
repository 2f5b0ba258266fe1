"""Fold-outs that show each sum: every dose, the part of it that counts, adding up to the number."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import isclose
from typing import Any

from markupsafe import Markup

from pipeline import display
from pipeline.errors import CasetraceError
from pipeline.reporting import metric_text
from pipeline.reporting.block import Block, fill
from pipeline.reporting.case_data import CaseData, Metric
from pipeline.reporting.evidence import Evidence, anchor

#: Agreement of a printed sum with the metric: terms are added in floating point for this check only.
RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-6

BOUND_TEXT = {"best": "Best value", "low": "Lowest possible", "high": "Highest possible"}
TERM_DECIMALS = 1

#: Sums that a reader looks for come first.
FIRST = ["iv_ufh_max_24h", "iv_ufh_total", "iv_ufh_bolus_total", "iv_ufh_infusion_total", "iv_ufh_day_total"]


@dataclass(frozen=True)
class Sum:
    """One bound of a metric with its terms: dose, part that counts, rate, amount."""

    title: str
    rows: list[tuple[Markup, str, str, str]]
    total: Markup
    unit: str


def foldouts(case: CaseData, evidence: Evidence) -> Block:
    """Every sum of the case, each behind a line that can be opened."""
    terms = sorted(case.rows("terms"), key=_term_order)
    groups = []
    for (name, stratum), rows in groupby(terms, key=lambda t: (str(t["metric"]), str(t["stratum"]))):
        metric = case.metric(name, stratum)
        if metric is None:
            raise CasetraceError(f"case {case.case_id}: terms of {name} {stratum}, which is no metric of the case")
        sums = [
            _sum(case, evidence, metric, bound, part) for bound, part in groupby(rows, key=lambda t: str(t["bound"]))
        ]
        groups.append((anchor("sum-", metric.key), metric_text.label(metric), metric_text.full(metric, case), sums))
    return Block("sums", fill("sums", groups=groups))


def _sum(case: CaseData, evidence: Evidence, metric: Metric, bound: str, part: Iterable[dict[str, object]]) -> Sum:
    terms = list(part)
    stated = {"best": metric.value, "low": metric.low, "high": metric.high}[bound]
    added = sum(float(str(t["amount"])) for t in terms)
    if stated is None or not isclose(added, stated, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE):
        raise CasetraceError(
            f"case {case.case_id}: the terms of {metric.key} ({bound}) add up to {added}, the metric says {stated}"
        )
    unit = display.unit_text(metric.unit, metric.name)
    rows = [
        (_dose(evidence, t), _part(case, t), _rate(t, unit), display.number(float(str(t["amount"])), TERM_DECIMALS))
        for t in terms
    ]
    total = evidence.metric(metric, display.number(stated, TERM_DECIMALS))
    return Sum(BOUND_TEXT[bound], rows, total, unit)


def _dose(evidence: Evidence, term: dict[str, object]) -> Markup:
    row = evidence.row(str(term["row_id"]))
    return Markup("{}: {} {}").format(evidence.links([row.row_id]), row.what, row.value)


def _part(case: CaseData, term: dict[str, object]) -> str:
    start, end = term["from_min"], term["until_min"]
    if start is None:
        return "time not given"
    first = int(str(start))
    if end is None or int(str(end)) == first:
        return display.instant(first, case.day_starts)
    last = int(str(end))
    ends = [display.instant(minute, case.day_starts) for minute in (first, last)]
    return f"{ends[0]} to {ends[1]} ({display.duration(last - first)})"


def _rate(term: dict[str, object], unit: str) -> str:
    return (
        ""
        if term["rate"] is None
        else display.quantity(display.number(float(str(term["rate"])), TERM_DECIMALS), f"{unit}/h")
    )


def _term_order(term: dict[str, Any]) -> tuple[Any, ...]:
    bound = list(BOUND_TEXT).index(term["bound"])
    split = _stratum_order(term["stratum"])
    return (
        _metric_order(term["metric"]),
        term["metric"],
        split,
        bound,
        _minute(term["from_min"]),
        term["row_id"],
        term["occurrence"],
    )


def _metric_order(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _minute(value: object) -> int:
    return -(10**12) if value is None else int(str(value))


def _stratum_order(stratum: str) -> tuple[int, str]:
    day = stratum.removeprefix("D")
    return (int(day), "") if stratum != day and day.lstrip("-").isdecimal() else (0, stratum)
