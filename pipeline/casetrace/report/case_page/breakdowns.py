"""Fold-outs that show each sum: every dose, the part of it that counts, adding up to the number."""

from dataclasses import dataclass
from itertools import groupby
from math import isclose
from typing import Any

from markupsafe import Markup

from casetrace.core.errors import CasetraceError
from casetrace.report.case_data import CaseData, Metric
from casetrace.report.case_page import day_runs
from casetrace.report.render.block import Block, fill
from casetrace.report.text import metric_text, names, row_text
from casetrace.report.text.evidence import Evidence, anchor
from casetrace.values import display

#: Agreement of a printed sum with the metric: terms are added in floating point for this check only.
RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-6

BOUND_TEXT = {"best": "best", "low": "lowest possible", "high": "highest possible"}
TERM_DECIMALS = 1

#: Sums that a reader looks for come first.
HEADLINES = ("iv_ufh_max_24h", "iv_ufh_total")
FIRST = ["iv_ufh_max_24h", "iv_ufh_total", "iv_ufh_bolus_total", "iv_ufh_infusion_total", "iv_ufh_day_total"]


@dataclass(frozen=True)
class Sum:
    """One bound of a metric with its terms: dose, part that counts, rate, amount."""

    title: str
    rows: list[tuple[Markup, str, str, str]]
    total: Markup
    unit: str
    is_main: bool


@dataclass(frozen=True)
class Unfolded:
    """A number with its sums. Those that a reader looks for are unfolded on paper too."""

    id: str
    label: str
    value: str
    sums: list[Sum]
    is_headline: bool


def breakdowns(case: CaseData, evidence: Evidence) -> Block:
    """Every sum of the case, each behind a line that can be opened; days with equal sums share one."""
    terms: dict[str, list[dict[str, Any]]] = {}
    for term in sorted(case.rows("terms"), key=_term_order):
        terms.setdefault(_key(term), []).append(term)
    for key, rows in terms.items():
        if key not in case.metrics:
            name = f"{rows[0]['metric']} {rows[0]['stratum']}"
            raise CasetraceError(f"case {case.case_id}: terms of {name}, which is no metric of the case")
    groups = []
    for run in day_runs.runs([case.metrics[key] for key in terms]):
        for same in _with_equal_terms(run, terms):
            groups.append(_unfolded(case, evidence, same, terms[same[0].key]))
    return Block("sums", fill("sums", groups=groups))


def _key(term: dict[str, Any]) -> str:
    return f"{term['metric']}.{term['stratum']}" if term["stratum"] else str(term["metric"])


def _with_equal_terms(run: list[Metric], terms: dict[str, list[dict[str, Any]]]) -> list[list[Metric]]:
    """The run of days cut where what adds up differs, be it only in the hours that count."""
    parts = [[{k: v for k, v in t.items() if k != "stratum"} for t in terms[m.key]] for m in run]
    found = [[run[0]]]
    for before, metric, here in zip(parts, run[1:], parts[1:], strict=False):
        if here == before:
            found[-1].append(metric)
        else:
            found.append([metric])
    return found


def _unfolded(case: CaseData, evidence: Evidence, same: list[Metric], terms: list[dict[str, Any]]) -> Unfolded:
    metric = same[0]
    parts = {bound: list(part) for bound, part in groupby(terms, key=lambda t: str(t["bound"]))}
    alike: list[list[str]] = []
    for bound in parts:
        equal = next((known for known in alike if _adds(parts[known[0]]) == _adds(parts[bound])), None)
        if equal is None:
            alike.append([bound])
        else:
            equal.append(bound)
    is_best = "best" in parts
    sums = [_sum(case, evidence, metric, b, parts, is_main="best" in b or not is_best) for b in alike]
    label = metric_text.label(metric)
    if len(same) > 1:
        label = f"{metric_text.label(metric, with_stratum=False)}, {day_runs.days_text(same)}"
    return Unfolded(
        anchor("sum-", metric.key), label, metric_text.full(metric, case), sums, is_headline=metric.name in HEADLINES
    )


def _adds(terms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What adds up, whichever bound it belongs to."""
    return [{name: value for name, value in term.items() if name != "bound"} for term in terms]


def _checked(case: CaseData, metric: Metric, bound: str, terms: list[dict[str, Any]]) -> float:
    """The stated bound, to which its terms add up."""
    stated = {"best": metric.value, "low": metric.low, "high": metric.high}[bound]
    added = sum(float(str(t["amount"])) for t in terms)
    if stated is None or not isclose(added, stated, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE):
        raise CasetraceError(
            f"case {case.case_id}: the terms of {metric.key} ({bound}) add up to {added}, the metric says {stated}"
        )
    return stated


def _sum(
    case: CaseData,
    evidence: Evidence,
    metric: Metric,
    bounds: list[str],
    parts: dict[str, list[dict[str, Any]]],
    *,
    is_main: bool,
) -> Sum:
    """One sum for the bounds that the same doses add up to."""
    stated = {bound: _checked(case, metric, bound, parts[bound]) for bound in bounds}[bounds[0]]
    terms = parts[bounds[0]]
    title = names.heading(" and ".join(BOUND_TEXT[bound] for bound in bounds)) + " value"
    unit = display.unit_text(metric.unit, metric.name)
    rows = [
        (_dose(evidence, t), _part(case, t), _rate(t, unit), display.number(float(str(t["amount"])), TERM_DECIMALS))
        for t in terms
    ]
    total = evidence.metric(metric, display.number(stated, TERM_DECIMALS))
    return Sum(title, rows, total, unit, is_main)


def _dose(evidence: Evidence, term: dict[str, object]) -> Markup:
    row = evidence.row(str(term["row_id"]))
    return Markup("{}: {} {}").format(evidence.links([row.row_id]), row.what, row.value)


def _part(case: CaseData, term: dict[str, object]) -> str:
    """When the part that counts was given; a single dose no more precisely than the source tells it."""
    start, end = term["from_min"], term["until_min"]
    dose = case.occurrences.get((str(term["row_id"]), int(str(term["occurrence"]))))
    if term["kind"] == "bolus" and dose is not None:
        return row_text.time(case, dose, "start")
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
