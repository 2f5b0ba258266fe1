"""What the printed numbers give for a claim, one function for each kind of test.

Every function takes the case's rows and the claim and returns an interval in canonical units, or the
reason why there is none. A test never uses a row that was derived from the claim.
"""

import re
from collections.abc import Callable
from typing import Any

from casetrace.audit.bounds import (
    Discrepancy,
    Given,
    Missing,
    NotIndependent,
    Outcome,
    difference,
    for_each_unit,
    merged,
    quotient,
)
from casetrace.audit.case_rows import CaseRows
from casetrace.audit.dose_claims import dose_rate, dose_total, rows_total
from casetrace.audit.lookup import (
    days_between,
    drug_code,
    extreme_of,
    labs_of_claim,
    metric,
    minutes_between,
    order_of,
    pair,
    rests_on,
    span_of,
    value_of,
    within,
)
from casetrace.audit.score_claims import score_band, score_item, score_sum, score_total
from casetrace.vocabulary import Vocabulary

Claim = dict[str, Any]
MINUTES = {"min": 1, "h": 60, "d": 1440}
#: Fewest rows that can be compared with each other.
MIN_ROWS = 2


def level(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """One value: a row, or the only result of an analyte."""
    return value_of(case, claim["of"], vocabulary)


def smallest(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The lowest result of an analyte between `from` and `to`."""
    return extreme_of(case, claim, vocabulary, "min")


def largest(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The highest result of an analyte between `from` and `to`."""
    return extreme_of(case, claim, vocabulary, "max")


def mean(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The mean of the results of an analyte between `from` and `to`."""
    values, possible = labs_of_claim(case, claim, vocabulary)
    if possible:
        return Missing("some results may lie outside the span", tuple(r["row_id"] for r in possible))
    if not values:
        return Missing(f"no result of {claim['of']} in the span")
    given = [case.level(row) for row in values]

    def average(numbers: list[float | None]) -> float | None:
        known = [n for n in numbers if n is not None]
        return sum(known) / len(known) if len(known) == len(numbers) else None

    return Given(
        average([g.value for g in given]),
        average([g.low for g in given]),
        average([g.high for g in given]),
        given[0].unit,
        merged(*(g.row_ids for g in given)),
    )


def change(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Later minus earlier value; with dose rows in `per`, for each unit of what they give in all."""
    values = pair(case, claim, vocabulary)
    if isinstance(values, Missing):
        return values
    changed = difference(values[1], values[0], values[0].unit)
    if not claim["per"]:
        return changed
    dose = rows_total(case, re.split(r"[ ,;]+", claim["per"]))
    return dose if isinstance(dose, Missing) else for_each_unit(changed, dose)


def fall_pct(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Fall from the earlier to the later value, in per cent of the earlier."""
    values = pair(case, claim, vocabulary)
    if isinstance(values, Missing):
        return values
    share = quotient(values[1], values[0], "%")
    if isinstance(share, Missing):
        return share
    turned = Given(
        None if share.value is None else -share.value,
        None if share.high is None else -share.high,
        None if share.low is None else -share.low,
        "%",
        share.row_ids,
    )
    return turned.map(lambda x: 100 * (1 + x), "%")


def rise_pct(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Rise from the earlier to the later value, in per cent of the earlier."""
    share = ratio(case, claim, vocabulary)
    return share.map(lambda x: 100 * (x - 1), "%") if isinstance(share, Given) else share


def ratio(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Later over earlier value."""
    values = pair(case, claim, vocabulary)
    return values if isinstance(values, Missing) else quotient(values[1], values[0], "1")


def duration(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Time from one row to another; in days it is counted in day numbers, never divided from hours."""
    del vocabulary
    ends = []
    for token in (claim["since"], claim["until"]):
        row_id = (token or "").removeprefix("@").removesuffix(".end")
        if row_id not in case.by_id:
            return Missing(f"no row {token!r} in this case")
        ends.append((row_id, case.instant(row_id, end=bool(token) and token.endswith(".end"))))
    (first_id, first), (last_id, last) = ends
    rows = (first_id, last_id)
    if rests_on(case, last, first_id) or rests_on(case, first, last_id):
        return NotIndependent("the time of one row was derived from this statement", rows)
    if not (first.is_known and last.is_known):
        return Missing("the time of a row is not printed", rows)
    if claim["unit_reported"] == "d":
        return days_between(first, last, rows)
    minutes = MINUTES.get(claim["unit_reported"] or "", 60)
    return minutes_between(first, last, rows).map(lambda x: x / minutes, claim["unit_reported"])


def count(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """How many doses of a kind, or results of an analyte, lie between `from` and `to`."""
    name, _, kind = claim["of"].rpartition(" ")
    if kind in ("bolus", "infusion", "transfusion", "total"):
        drug = drug_code(vocabulary, name)
        rows = [r for r in case.rows("doses") if r["drug"] == drug and r["kind"] == kind]
        since, until = span_of(case, claim)
        sure = [r for r in rows if within(r, since, until) is True]
        possible = [r for r in rows if within(r, since, until) is None]
    else:
        sure, possible = labs_of_claim(case, claim, vocabulary)
    ids = tuple(r["row_id"] for r in [*sure, *possible])
    best = None if possible else float(len(sure))
    return Given(best, float(len(sure)), float(len(sure) + len(possible)), "{count}", ids)


def bmi(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Weight over the square of height."""
    del claim, vocabulary
    items = {row["item"]: case.level(row) for row in case.rows("patient") if row["value_kind"] != "word"}
    if "body_weight" not in items or "body_height" not in items:
        return Missing("weight or height is not printed")
    height = items["body_height"].map(lambda cm: (cm / 100) ** 2, "m2")
    return quotient(items["body_weight"], height, "kg/m2")


def agrees(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Whether two or more rows say the same: their values, or for events, findings and equal words their times."""
    del vocabulary
    ids = tuple(re.split(r"[ ,;]+", claim["of"]))
    found = [case.find(i) for i in ids]
    if len(ids) < MIN_ROWS or any(f is None for f in found):
        return Missing("a row that the claim names does not exist", ids)
    rows = [f[1] for f in found if f is not None]
    words = {row.get("value_word") for row in rows}
    if len(words) > 1:
        return Discrepancy(Given(None, None, None, None, ids), "the places give different results for it")
    if not all("value" in row for row in rows) or words != {None}:
        instants = [case.instant(i) for i in ids]
        nothing = Given(None, None, None, None, ids)
        if len({(i.earliest, i.latest) for i in instants}) == 1:
            return Given(0.0, 0.0, 0.0, None, ids, "as difference of the times")
        return Discrepancy(nothing, "the places give different times for it")
    if any(row["value_low"] is None or row["value_high"] is None for row in rows):
        return Missing("a row has no number", ids)
    low, high = min(r["value_low"] for r in rows), max(r["value_high"] for r in rows)
    given = Given(low if low == high else None, low, high, rows[0]["unit"], ids)
    return given if low == high else Discrepancy(given, "the rows differ; " + order_of(case, ids))


def other(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """A metric by its name (``metric`` or ``metric.stratum``)."""
    del vocabulary
    if not claim["of"]:
        return NotIndependent("no printed number is independent of the statement")
    named = [token for token in re.split(r"[ ,;]+", claim["of"]) if case.find(token)]
    if named:
        return NotIndependent("it is a judgement on these rows, not a number", tuple(named))
    name, _, stratum = claim["of"].partition(".")
    return metric(case, name, stratum, "")


COMPUTE: dict[str, Callable[[CaseRows, Claim, Vocabulary], Outcome]] = {
    "level": level,
    "min": smallest,
    "max": largest,
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
