"""Claims about doses: totals and rates of a drug or of one dose row."""

import re
from dataclasses import replace
from typing import Any

from casetrace.audit.bounds import Given, Missing, Outcome, merged
from casetrace.audit.case_rows import CaseRows
from casetrace.audit.lookup import dose_value, drug_code, metric, minutes_between
from casetrace.vocabulary import Vocabulary

Claim = dict[str, Any]


def dose_total(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The total of a drug, or of dose rows; with a window, the largest total over any window of that length."""
    row_ids = re.split(r"[ ,;]+", claim["of"])
    if all(case.find(row_id) is not None for row_id in row_ids):
        return rows_total(case, row_ids)
    drug = drug_code(vocabulary, claim["of"])
    is_heparin = drug == "unfractionated heparin"
    if claim["window"]:
        if not (is_heparin and claim["window"] == "24h"):
            return Missing(f"no metric for {drug} over a window of {claim['window']}")
        return metric(case, "iv_ufh_max_24h", "", "in any 24 h")
    return metric(case, "iv_ufh_total" if is_heparin else "drug_total", "" if is_heparin else drug, "in all")


def dose_rate(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> Outcome:
    """The rate per hour of a dose row, or the highest rate of a drug.

    A total is spread over its length, a repeated dose over the distance between two of its occurrences.
    """
    per_kg = "kg" in (claim["per"] or "") or "/kg" in (claim["unit_reported"] or "")
    found = case.find(claim["of"])
    if found is None:
        drug = drug_code(vocabulary, claim["of"])
        if drug == "unfractionated heparin":
            return metric(
                case, "iv_ufh_highest_rate_per_kg" if per_kg else "iv_ufh_highest_rate", "", "as highest rate"
            )
        return metric(case, "drug_highest_rate", drug, "as highest rate")
    table, row = found
    if table != "doses":
        return Missing("the row that the claim names is no dose", (row["row_id"],))
    given = dose_value(row, per_kg=per_kg)
    if isinstance(given, Missing) or row["kind"] == "infusion":
        return given if isinstance(given, Missing) else replace(given, how="as rate")
    length = spacing_min(case, row["row_id"]) or row["length_min"]
    if not length:
        return Missing("the length of the dose is not printed", (row["row_id"],))
    hours = length / 60
    return replace(given, how="as mean rate").map(lambda x: x / hours, f"{given.unit}/h")


def rows_total(case: CaseRows, row_ids: list[str]) -> Given | Missing:
    """What several dose rows give in all; every one is taken as given, whatever its route."""
    totals: list[Given] = []
    for row_id in row_ids:
        total = row_total(case, row_id)
        if isinstance(total, Missing):
            return total
        totals.append(total)
    if len({total.unit for total in totals}) > 1:
        return Missing("the amounts are printed in units that cannot be added", tuple(row_ids))
    value, low, high = (_sum([getattr(t, side) for t in totals]) for side in ("value", "low", "high"))
    return Given(value, low, high, totals[0].unit, merged(*(t.row_ids for t in totals)), "in all")


def row_total(case: CaseRows, row_id: str) -> Given | Missing:
    """What one dose row gives in all: its occurrences added up, an infusion over its length."""
    rows = [r for r in case.rows("doses") if r["row_id"] == row_id.removeprefix("@")]
    given: list[Given] = []
    for row in rows:
        found = dose_value(row)
        if isinstance(found, Missing):
            return found
        given.append(found)
    if not given:
        return Missing(f"'{row_id}' is no dose", (row_id,))
    if rows[0]["kind"] == "infusion":
        return _over_length(case, rows[0], given[0])
    value, low, high = (_sum([getattr(g, side) for g in given]) for side in ("value", "low", "high"))
    return Given(value, low, high, given[0].unit, given[0].row_ids, "in all")


def _over_length(case: CaseRows, row: dict[str, Any], rate: Given) -> Given | Missing:
    """A rate over the length of its row, bound by bound."""
    start, end = case.instant(row["row_id"]), case.instant(row["row_id"], end=True)
    if not (start.is_known and end.is_known):
        return Missing("how long it ran is not printed", (row["row_id"],))
    length = minutes_between(start, end, (row["row_id"],))
    if row["length_min"]:
        exact = float(row["length_min"])
        length = replace(length, value=exact, low=exact, high=exact)

    def amount(per_hour: float | None, minutes: float | None) -> float | None:
        return None if per_hour is None or minutes is None else per_hour * max(minutes, 0.0) / 60

    value, low, high = (amount(getattr(rate, s), getattr(length, s)) for s in ("value", "low", "high"))
    return Given(value, low, high, (rate.unit or "").removesuffix("/h"), rate.row_ids, "in all")


def _sum(numbers: list[float | None]) -> float | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if len(known) == len(numbers) else None


def spacing_min(case: CaseRows, row_id: str) -> int | None:
    """Minutes between the first two occurrences of a repeated dose; None when it is not repeated."""
    starts = {r["occurrence"]: r["start_earliest_min"] for r in case.rows("doses") if r["row_id"] == row_id}
    return starts[2] - starts[1] if {1, 2} <= starts.keys() else None
