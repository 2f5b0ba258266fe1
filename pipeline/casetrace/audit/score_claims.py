"""Claims about scores: printed items, their sum, the bands of the published score, and totals by the data."""

from typing import Any

from casetrace.audit.case_rows import CaseRows
from casetrace.audit.lookup import metric
from casetrace.audit.outcome import Answer, Missing, Outcome, TwoPlaces
from casetrace.values.estimate import Estimate
from casetrace.vocabulary import reasons, scores

Claim = dict[str, Any]
#: A score of which the source names no form is the one in use until 2025.
FORMS = {"isth_dic": "isth_dic_2001"}


def score_sum(case: CaseRows, claim: Claim) -> Outcome:
    """The printed points of a score's items, added up."""
    rows = [
        r
        for r in case.rows("reported_scores")
        if r["score"] == claim["of_name"] and r["item"] not in scores.WHOLE and r["by"] == "authors"
    ]
    ids = tuple(r["row_id"] for r in rows)
    score = scores.find_score(claim["of_name"])
    if score is None or {r["item"] for r in rows} != set(score.items) or any(r["points"] is None for r in rows):
        return Missing("the points of the items are not all printed", ids)
    return Answer(Estimate.exact(float(sum(r["points"] for r in rows)), "{score}", ids), "as sum of the printed items")


def score_item(case: CaseRows, claim: Claim) -> Outcome:
    """The points that the printed label of an item has in the score's table; by the data where no item is printed."""
    score, item = claim["of_name"], claim["of_part"]
    rows = [r for r in case.rows("reported_scores") if (r["score"], r["item"]) == (score, item)]
    if not rows:
        return score_points(case, score, item)
    ids = tuple(r["row_id"] for r in rows)
    points = scores.label_points(score, item, rows[0]["label"])
    if points is None:
        return Missing("the printed label is not a term of the score's table", ids)
    low, high = points
    found = Answer(Estimate.between(low, high, "{score}", ids), "by the printed label")
    return TwoPlaces(found, f"the label printed beside these points has {low:g} points in the published table")


def score_band(case: CaseRows, claim: Claim) -> Outcome:
    """A band of a score as its definition has it."""
    del case
    score, band = claim["of_name"], claim["of_part"]
    limits = scores.band_limits(score, band)
    if limits is None:
        return Missing(f"no published band {band!r} of {score} in the vocabulary")
    low, high = limits
    found = Answer(Estimate.between(low, high, "{score}"), "in the published score")
    return TwoPlaces(found, f"the published score's {band} band is {low:g} to {high:g} points")


def score_total(case: CaseRows, claim: Claim) -> Outcome:
    """A score's total as the printed data allow it, unknown items left open."""
    score = scores.find_score(claim["of_name"])
    if score is None:
        return Missing(f"no score {claim['of']!r} is computed")
    return metric(case, score.total_metric, "", "by the data")


def score_points(case: CaseRows, score: str, item: str) -> Answer | Missing:
    """The points of a score's item by the data, unknown facts left open."""
    series = case.results.get("score_items")
    rows = [] if series is None else series.to_dicts()
    found = [r for r in rows if (r["score"], r["item"], r["reading"]) == (FORMS.get(score, score), item, "data")]
    if not found:
        return Missing(f"no item {item!r} of {score!r} is computed")
    if found[0]["low"] is None and found[0]["high"] is None:
        return Missing(found[0]["reason"], reasons=reasons.read(found[0]["reasons"]))
    low, high = found[0]["low"], found[0]["high"]
    return Answer(Estimate.between(low, high, "{score}", tuple(found[0]["row_ids"])), "by the data")
