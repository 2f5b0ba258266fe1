"""Claims about scores: printed items, their sum, the bands of the published score, and totals by the data."""

from typing import Any

from casetrace.audit.bounds import Discrepancy, Given, Missing, Outcome
from casetrace.audit.case_rows import CaseRows
from casetrace.audit.lookup import metric
from casetrace.vocabulary import Vocabulary, scores

Claim = dict[str, Any]
#: Score as typed in a claim -> metric of its total by the data.
SCORE_TOTALS = {"4ts": "four_ts_total", "hep": "hep_total", "isth_dic": "isth_dic_total", "sic": "sic_total"}


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
    """The points that the printed label of an item has in the score's table; by the data where no item is printed."""
    del vocabulary
    score, _, item = claim["of"].partition(" ")
    rows = [r for r in case.rows("reported_scores") if r["score"] == score and r["item"] == item]
    if not rows:
        return score_points(case, score, item)
    ids = tuple(r["row_id"] for r in rows)
    points = scores.label_points(score, item, rows[0]["label"]) if rows else None
    if points is None:
        return Missing("the printed label is not a term of the score's table", ids)
    low, high = points
    given = Given(low if low == high else None, low, high, "{score}", ids, "by the printed label")
    return Discrepancy(given, f"the label printed beside these points has {low:g} points in the published table")


def score_band(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """A band of a score as its definition has it."""
    del case, vocabulary
    score, _, band = claim["of"].partition(" ")
    limits = scores.band_limits(score, band)
    if limits is None:
        return Missing(f"no published band {band!r} of {score} in the vocabulary")
    low, high = limits
    given = Given(None, low, high, "{score}", (), "in the published score")
    return Discrepancy(given, f"the published score's {band} band is {low:g} to {high:g} points")


def score_total(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """A score's total as the printed data allow it, unknown items left open."""
    del vocabulary
    name = SCORE_TOTALS.get(claim["of"])
    if name is None:
        return Missing(f"no score {claim['of']!r} is computed")
    return metric(case, name, "", "by the data")


def score_points(case: CaseRows, score: str, item: str) -> Given | Missing:
    """The points of a score's item by the data, unknown facts left open."""
    series = case.results.get("score_items")
    rows = [] if series is None else series.to_dicts()
    found = [r for r in rows if (r["score"], r["item"], r["reading"]) == (score, item, "data")]
    if not found or (found[0]["low"] is None and found[0]["high"] is None):
        return Missing(found[0]["reason"] if found else f"no item {item!r} of {score!r} is computed")
    low, high = found[0]["low"], found[0]["high"]
    return Given(low if low == high else None, low, high, "{score}", tuple(found[0]["row_ids"]), "by the data")
