"""What the printed numbers give for a claim, one function for each kind of test.

Every function takes the case's rows and the claim and returns an interval in canonical units, or the
reason why there is none. A test never uses a row that was derived from the claim.
"""

import re
from collections.abc import Callable
from typing import Any

from pipeline.audit.bounds import Given, Missing, Outcome, TwoPlaces, Untestable, difference, merged, quotient
from pipeline.audit.case_rows import CaseRows
from pipeline.audit.lookup import (
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
from pipeline.vocabulary import Vocabulary, scores

Claim = dict[str, Any]
MINUTES = {"min": 1, "h": 60, "d": 1440}
#: Fewest rows that can be compared with each other.
MIN_ROWS = 2
#: Score as typed in a claim -> metric of its total by the data.
SCORE_TOTALS = {"4ts": "four_ts_total", "hep": "hep_total", "isth_dic": "isth_dic_total", "sic": "sic_total"}


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
    """Later minus earlier value."""
    values = pair(case, claim, vocabulary)
    return values if isinstance(values, Missing) else difference(values[1], values[0], values[0].unit)


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


def dose_total(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The total of a drug; with a window, the largest total over any window of that length."""
    drug = drug_code(vocabulary, claim["of"])
    is_heparin = drug == "unfractionated heparin"
    if claim["window"]:
        if not (is_heparin and claim["window"] == "24h"):
            return Missing(f"no metric for {drug} over a window of {claim['window']}")
        return metric(case, "iv_ufh_max_24h", "", "in any 24 h")
    return metric(case, "iv_ufh_total" if is_heparin else "drug_total", "" if is_heparin else drug, "in all")


def dose_rate(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The rate per hour of a dose row (a total: spread over its length), or the highest rate of a drug."""
    per_kg = "kg" in (claim["per"] or "") or "/kg" in (claim["unit_reported"] or "")
    found = case.find(claim["of"])
    if found is None:
        drug = drug_code(vocabulary, claim["of"])
        if drug == "unfractionated heparin":
            return metric(case, "iv_ufh_highest_rate_per_kg" if per_kg else "iv_ufh_highest_rate", "", "as highest rate")
        return metric(case, "drug_highest_rate", drug, "as highest rate")
    row = found[1]
    prefix = "amount_per_kg" if per_kg else "amount"
    names = (prefix, f"{prefix}_low", f"{prefix}_high")
    best, low, high = (None if row[n] is None else float(row[n]) for n in names)
    if best is None and low is None and high is None:
        return Missing("the amount, or the weight that it needs, is not printed", (row["row_id"],))
    rows = merged((row["row_id"],), (row["weight_row_id"],) if per_kg and row["weight_row_id"] else ())
    unit = row["unit_per_kg"] if per_kg else row["unit"]
    if row["kind"] == "infusion":
        return Given(best, low, high, unit, rows, "as rate")
    if not row["length_min"]:
        return Missing("the length of the dose is not printed", (row["row_id"],))
    hours = row["length_min"] / 60
    return Given(best, low, high, unit, rows, "as mean rate").map(lambda x: x / hours, f"{unit}/h")


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
        return Untestable("the time of one row was derived from this statement", rows)
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


def score_sum(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The printed points of a score's items, added up."""
    del vocabulary
    rows = [r for r in case.rows("reported_scores") if r["score"] == claim["of"] and r["item"] not in ("total", "band")]
    ids = tuple(r["row_id"] for r in rows)
    if not rows or any(r["points"] is None for r in rows):
        return Missing("the points of the items are not all printed", ids)
    total = float(sum(r["points"] for r in rows))
    return Given(total, total, total, "{score}", ids, "as sum of the printed items")


def score_item(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The points that the printed label of an item has in the score's table."""
    del vocabulary
    score, _, item = claim["of"].partition(" ")
    rows = [r for r in case.rows("reported_scores") if r["score"] == score and r["item"] == item]
    ids = tuple(r["row_id"] for r in rows)
    points = scores.label_points(score, item, rows[0]["label"]) if rows else None
    if points is None:
        return Missing("the printed label is not a term of the score's table", ids)
    low, high = points
    given = Given(low if low == high else None, low, high, "{score}", ids, "by the printed label")
    return TwoPlaces(given, f"the label printed beside these points has {low:g} points in the published table")


def score_band(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """A band of a score as its definition has it."""
    del case, vocabulary
    score, _, band = claim["of"].partition(" ")
    limits = scores.band_limits(score, band)
    if limits is None:
        return Missing(f"no published band {band!r} of {score} in the vocabulary")
    low, high = limits
    given = Given(None, low, high, "{score}", (), "in the published score")
    return TwoPlaces(given, f"the published score's {band} band is {low:g} to {high:g} points")


def score_total(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """A score's total as the printed data allow it, unknown items left open."""
    del vocabulary
    name = SCORE_TOTALS.get(claim["of"])
    if name is None:
        return Missing(f"no score {claim['of']!r} is computed")
    return metric(case, name, "", "by the data")


def agrees(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """Whether two or more rows say the same: their values, or for events and findings their times."""
    del vocabulary
    ids = tuple(re.split(r"[ ,;]+", claim["of"]))
    found = [case.find(i) for i in ids]
    if len(ids) < MIN_ROWS or any(f is None for f in found):
        return Missing("a row that the claim names does not exist", ids)
    rows = [f[1] for f in found if f is not None]
    if not all("value" in row for row in rows):
        instants = [case.instant(i) for i in ids]
        nothing = Given(None, None, None, None, ids)
        if len({(i.earliest, i.latest) for i in instants}) == 1:
            return Given(0.0, 0.0, 0.0, None, ids, "as difference of the times")
        return TwoPlaces(nothing, "the places give different times for it")
    low, high = min(r["value_low"] for r in rows), max(r["value_high"] for r in rows)
    given = Given(low if low == high else None, low, high, rows[0]["unit"], ids)
    return given if low == high else TwoPlaces(given, "the rows differ; " + order_of(case, ids))


def other(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """A metric by its name (``metric`` or ``metric.stratum``)."""
    del vocabulary
    if not claim["of"]:
        return Untestable("no printed number is independent of the statement")
    named = [token for token in re.split(r"[ ,;]+", claim["of"]) if case.find(token)]
    if named:
        return Untestable("it is a judgement on these rows, not a number", tuple(named))
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
