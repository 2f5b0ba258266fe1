"""What the printed numbers give for a claim, one function for each kind of test.

Every function takes the case's rows and the claim and returns an estimate in canonical units, or the reason why there
is none. What numbers that are not printed could do to it is declared in `casetrace.schemas.claim_tests`.
"""

from collections.abc import Callable
from typing import Any

from casetrace.audit.agreement import agrees
from casetrace.audit.case_rows import CaseRows, Moment, is_within
from casetrace.audit.dose_claims import dose_rate, dose_total, rows_total
from casetrace.audit.lookup import (
    days_between,
    extreme_of,
    metric,
    minutes_between,
    pair,
    printed_labs,
    rests_on,
    sole_value,
)
from casetrace.audit.outcome import Answer, Missing, NotIndependent, Outcome
from casetrace.audit.score_claims import score_band, score_item, score_sum, score_total
from casetrace.values.estimate import Estimate
from casetrace.values.estimate import mean as mean_of

Claim = dict[str, Any]
MINUTES = {"min": 1, "h": 60, "d": 1440}


def level(case: CaseRows, claim: Claim) -> Outcome:
    """One value: a row, or the only result of an analyte."""
    return _answer(sole_value(case, claim))


def mean(case: CaseRows, claim: Claim) -> Outcome:
    """The mean that is printed, else that of the results of an analyte between `from` and `to`."""
    rows, _ = case.labs_of(claim["of_name"], case.span(claim))
    means = [case.level(row) for row in rows if row["stat"] == "mean" and row["value_low"] is not None]
    if len(means) == 1:
        return Answer(means[0], "as printed mean")
    stats = {row["row_id"] for row in case.rows("labs") if row["stat"]}
    sure, possible = ([e for e in found if not stats.intersection(e.rows)] for found in printed_labs(case, claim))
    if not sure:
        return Missing(f"no result of {claim['of']} surely in the span", tuple(r for e in possible for r in e.rows))
    return Answer(mean_of(sure, possible), "as mean of the printed results")


def change(case: CaseRows, claim: Claim) -> Outcome:
    """Later minus earlier value; with dose rows in `per`, for each unit of what they give in all."""
    values = pair(case, claim)
    if isinstance(values, Missing):
        return values
    changed = values[1] - values[0]
    if not claim["per_rows"]:
        return Answer(changed)
    dose = rows_total(case, claim["per_rows"])
    if isinstance(dose, Missing):
        return dose
    return _quotient(changed, dose, "the dose may be 0")


def fall_pct(case: CaseRows, claim: Claim) -> Outcome:
    """Fall from the earlier to the later value, in per cent of the earlier."""
    return _change_pct(case, claim, -100)


def rise_pct(case: CaseRows, claim: Claim) -> Outcome:
    """Rise from the earlier to the later value, in per cent of the earlier."""
    return _change_pct(case, claim, 100)


def ratio(case: CaseRows, claim: Claim) -> Outcome:
    """Later over earlier value."""
    values = pair(case, claim)
    return values if isinstance(values, Missing) else _quotient(values[1], values[0], "the divisor may be 0")


def duration(case: CaseRows, claim: Claim) -> Outcome:
    """Time from one row to another.

    A plain number of days is counted from day to day; within a day, or more than a day, is of the hours that passed.
    """
    first, last = _ends(case, claim)
    rows = tuple(moment.row_id for moment in (first, last) if moment.row_id)
    if rests_on(case, last, first.row_id) or rests_on(case, first, last.row_id):
        return NotIndependent("the time of one row was derived from this statement", rows)
    if claim["unit_reported"] == "d" and claim["comparator"] in ("=", "~"):
        return _answer(days_between(first, last, rows))
    unit = claim["unit_reported"] or "h"
    found = minutes_between(first, last, rows)
    return found if isinstance(found, Missing) else Answer(found.scaled(1 / MINUTES.get(unit, 60), unit))


def count(case: CaseRows, claim: Claim) -> Outcome:
    """How many doses of a kind, or results of an analyte, lie between `from` and `to`."""
    span = case.span(claim)
    if claim["of_kind"] == "analyte":
        # A printed mean or extreme may be that of results which are printed too.
        sure, possible = ([r for r in rows if not r["stat"]] for rows in case.labs_of(claim["of_name"], span))
    else:
        rows = [r for r in case.rows("doses") if (r["drug"], r["kind"]) == (claim["of_name"], claim["of_part"])]
        is_in = [is_within((r["start_earliest_min"], r["start_latest_min"]), r["row_id"], span) for r in rows]
        # An occurrence of a regimen that is not sure to have been given has a low amount of 0.
        given = [r["occurrence"] == 1 or r["amount_low"] is None or r["amount_low"] > 0 for r in rows]
        sure = [r for r, i, g in zip(rows, is_in, given, strict=True) if i is True and g]
        possible = [r for r, i in zip(rows, is_in, strict=True) if i is not False and r not in sure]
    ids = tuple(dict.fromkeys(r["row_id"] for r in [*sure, *possible]))
    return Answer(Estimate.between(float(len(sure)), float(len(sure) + len(possible)), "{count}", ids))


def bmi(case: CaseRows, claim: Claim) -> Outcome:
    """Weight over the square of height."""
    del claim
    items = {row["item"]: case.level(row) for row in case.rows("patient") if row["value_kind"] != "word"}
    if "body_weight" not in items or "body_height" not in items:
        return Missing("weight or height is not printed")
    height = items["body_height"].rising(lambda cm: (cm / 100) ** 2, "m2")
    return _quotient(items["body_weight"], height, "the height may be 0")


def other(case: CaseRows, claim: Claim) -> Outcome:
    """A metric by its name (``metric`` or ``metric.stratum``)."""
    if claim["of_kind"] is None:
        return NotIndependent("no printed number is independent of the statement")
    if claim["of_kind"] == "rows":
        return NotIndependent("it is a judgement on these rows, not a number", tuple(claim["of_rows"]))
    return metric(case, claim["of_name"], claim["of_part"] or "", "")


def _ends(case: CaseRows, claim: Claim) -> tuple[Moment, Moment]:
    """The times that a claim is between: of rows, with what they rest on, or typed."""
    typed = case.span(claim)
    named = [claim[f"{side}_row"] for side in ("since", "until")]
    found = [case.moment(name) if name else moment for name, moment in zip(named, typed, strict=True)]
    first, last = (moment or Moment(None, None, None) for moment in found)
    return first, last


def _change_pct(case: CaseRows, claim: Claim, sign: int) -> Outcome:
    found = ratio(case, claim)
    if not isinstance(found, Answer):
        return found
    return Answer((found.estimate + Estimate.exact(-1.0, found.estimate.unit)).scaled(sign, "%"))


def _quotient(upper: Estimate, lower: Estimate, reason: str) -> Outcome:
    try:
        return Answer(upper / lower)
    except ZeroDivisionError:
        return Missing(reason, (*upper.rows, *lower.rows))


def _answer(found: Estimate | Missing) -> Outcome:
    return found if isinstance(found, Missing) else Answer(found)


COMPUTE: dict[str, Callable[[CaseRows, Claim], Outcome]] = {
    "level": level,
    "min": extreme_of,
    "max": extreme_of,
    "mean": mean,
    "change": change,
    "fall_pct": fall_pct,
    "rise_pct": rise_pct,
    "ratio": ratio,
    "dose_total": dose_total,
    "dose_rate": dose_rate,
    "duration": duration,
    "count": count,
    "bmi": bmi,
    "score_sum": score_sum,
    "score_item": score_item,
    "score_band": score_band,
    "score_total": score_total,
    "agrees": agrees,
    "other": other,
}
