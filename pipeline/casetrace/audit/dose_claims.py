"""Claims about doses: totals and rates of a drug or of dose rows."""

from typing import Any

from casetrace.audit.case_rows import CaseRows, Span, is_within
from casetrace.audit.lookup import dose_value, metric, minutes_between
from casetrace.audit.outcome import Answer, Missing, Outcome
from casetrace.values.estimate import Estimate, merged, total

Claim = dict[str, Any]
HEPARIN = "unfractionated heparin"
#: Heparin of a circuit or a flush: whether a statement about the patient's heparin counts it is not said.
_ASIDE = ("circuit", "flush", "local")


def dose_total(case: CaseRows, claim: Claim) -> Outcome:
    """The total of a drug, or of dose rows; with a window, the largest total over any window of that length."""
    if claim["of_kind"] == "rows":
        found = rows_total(case, claim["of_rows"])
        return found if isinstance(found, Missing) else Answer(found, "in all")
    drug = claim["of_name"]
    is_heparin = drug == HEPARIN
    has_span = claim["since"] is not None or claim["until"] is not None
    if claim["window"]:
        if not (is_heparin and claim["window"] in ("24h", "1d")) or has_span:
            return Missing(
                f"the largest total over {claim['window']} is computed for heparin over 24h of the whole record"
            )
        return metric(case, "iv_ufh_max_24h", "", "in any 24 h")
    if has_span:
        return _in_span(case, drug, case.span(claim))
    return metric(case, "iv_ufh_total" if is_heparin else "drug_total", "" if is_heparin else drug, "in all")


def dose_rate(case: CaseRows, claim: Claim) -> Outcome:
    """The rate per hour of a dose row, or the highest rate of a drug.

    A total is spread over its length, a repeated dose over the distance between two of its occurrences.
    """
    per_kg = "kg" in (claim["per"] or "") or "/kg" in (claim["unit_reported"] or "")
    if claim["of_kind"] != "rows":
        drug = claim["of_name"]
        if drug == HEPARIN:
            name = "iv_ufh_highest_rate_per_kg" if per_kg else "iv_ufh_highest_rate"
            return metric(case, name, "", "as highest rate")
        return metric(case, "drug_highest_rate", drug, "as highest rate")
    if len(claim["of_rows"]) != 1:
        return Missing("the rate of several doses together is not computed", tuple(claim["of_rows"]))
    row = case.by_id[claim["of_rows"][0]][1]
    found = dose_value(row, per_kg=per_kg)
    if isinstance(found, Missing):
        return found
    if row["kind"] == "infusion":
        return Answer(found, "as rate")
    length = spacing_min(case, row["row_id"]) or row["length_min"]
    if not length:
        return Missing("the length of the dose is not printed", (row["row_id"],))
    return Answer(found.scaled(60 / length, f"{found.unit}/h"), "as mean rate")


def rows_total(case: CaseRows, row_ids: list[str]) -> Estimate | Missing:
    """What several dose rows give in all; every one is taken as given, whatever its route."""
    terms: list[Estimate] = []
    for row_id in row_ids:
        term = row_total(case, row_id)
        if isinstance(term, Missing):
            return term
        terms.append(term)
    return _added(terms)


def row_total(case: CaseRows, row_id: str) -> Estimate | Missing:
    """What one dose row gives in all: its occurrences added up, an infusion over its length."""
    rows = [r for r in case.rows("doses") if r["row_id"] == row_id]
    terms: list[Estimate] = []
    for row in rows:
        found = dose_value(row)
        if isinstance(found, Missing):
            return found
        terms.append(found)
    return _over_length(case, rows[0], terms[0]) if rows[0]["kind"] == "infusion" else _added(terms)


def _added(terms: list[Estimate]) -> Estimate | Missing:
    if len({term.unit for term in terms}) > 1:
        rows = merged(*(term.rows for term in terms))
        return Missing("the amounts are printed in units that cannot be added", rows)
    return total(terms)


def _over_length(case: CaseRows, row: dict[str, Any], rate: Estimate) -> Estimate | Missing:
    """A rate over the length of its row, bound by bound."""
    row_id = row["row_id"]
    if row["length_min"]:
        length: Estimate | Missing = Estimate.exact(float(row["length_min"]), "min")
    else:
        length = minutes_between(case.moment(row_id), case.moment(f"{row_id}.end"), (row_id,))
    if isinstance(length, Missing):
        return Missing("how long it ran is not printed", (row_id,))
    return _amount(rate, length.best, length.low, length.high)


def _amount(rate: Estimate, *minutes: float | None) -> Estimate:
    """A rate over best, least and longest minutes; neither can be negative."""
    best, low, high = (
        None if side is None or length is None else side * max(length, 0.0) / 60
        for side, length in zip((rate.best, rate.low, rate.high), minutes, strict=True)
    )
    return Estimate(best, low, high, (rate.unit or "").removesuffix("/h"), rate.rows)


def _in_span(case: CaseRows, drug: str, span: Span) -> Answer | Missing:
    """What all doses of a drug give between two times, whatever their route and purpose."""
    rows = [row for row in case.rows("doses") if row["drug"] == drug]
    units = {str(row["unit"] or "").removesuffix("/h") for row in rows}
    if not rows:
        return Missing(f"no dose of {drug} in the record")
    if len(units) > 1:
        return Missing("the amounts are printed in units that cannot be added", tuple(r["row_id"] for r in rows))
    unit = next(iter(units))
    apart = [_part(row, span, unit) for row in rows if row["total_group"] is None]
    groups = {row["total_group"] for row in rows} - {None}
    held = [_held([row for row in rows if row["total_group"] == group], span, unit) for group in sorted(groups)]
    return Answer(total([*apart, *held]), "between these times")


def _held(rows: list[dict[str, Any]], span: Span, unit: str) -> Estimate:
    """What doses give of which a printed total may hold the others: the larger side at least, both at most."""
    totals = [_part(row, span, unit) for row in rows if row["kind"] == "total"]
    others = [_part(row, span, unit) for row in rows if row["kind"] != "total"]
    both = total([*totals, *others])
    sides = [*totals, *([total(others)] if others else [])]
    return Estimate.between(max(side.low or 0.0 for side in sides), both.high, unit, both.rows)


def _part(row: dict[str, Any], span: Span, unit: str) -> Estimate:
    """What one dose gives within a span; an amount that is not printed has no upper bound."""
    found = dose_value(row)
    ids = (row["row_id"],)
    start = (row["start_earliest_min"], row["start_latest_min"])
    end = (row["end_earliest_min"], row["end_latest_min"])
    is_in = is_within(start, row["row_id"], span)
    if row["kind"] == "total" and is_in is not False:
        is_in = None if is_within(end, row["row_id"], span) is not True else is_in
    if is_in is False and row["kind"] != "infusion":
        return Estimate.exact(0.0, unit)
    if isinstance(found, Missing):
        return Estimate.between(0.0, None, unit, ids)
    if row["kind"] == "infusion":
        least, most = _shared_minutes(start, end, span)
        part = _amount(found, least if least == most else None, least, most)
    else:
        part = found if is_in else Estimate.between(0.0, found.high, unit, ids)
    is_aside = row["purpose"] in _ASIDE or row["route"] in _ASIDE
    return Estimate.between(0.0, part.high, unit, part.rows) if is_aside else part


def _shared_minutes(
    start: tuple[int | None, int | None], end: tuple[int | None, int | None], span: Span
) -> tuple[float, float | None]:
    """Fewest and most minutes that an infusion shares with a span; None where nothing limits them."""
    since = span[0].bounds if span[0] else None
    until = span[1].bounds if span[1] else None
    last_start = _pick(max, start[1], since[1] if since else None)
    first_end = _pick(min, end[0], until[0] if until else None)
    first_start = _pick(max, start[0], since[0] if since else None)
    last_end = _pick(min, end[1], until[1] if until else None)
    is_sure = (span[0] is None or since is not None) and (span[1] is None or until is not None)
    least = float(max(first_end - last_start, 0)) if is_sure and None not in (first_end, last_start) else 0.0  # type: ignore[operator]
    most = None if first_start is None or last_end is None else float(max(last_end - first_start, 0))
    return least, most


def _pick(function: Any, left: int | None, right: int | None) -> int | None:
    """The larger or smaller of two minutes that are known."""
    known = [n for n in (left, right) if n is not None]
    return function(known) if known else None


def spacing_min(case: CaseRows, row_id: str) -> int | None:
    """Minutes between the first two occurrences of a repeated dose; None when it is not repeated."""
    starts = {r["occurrence"]: r["start_earliest_min"] for r in case.rows("doses") if r["row_id"] == row_id}
    return starts[2] - starts[1] if {1, 2} <= starts.keys() else None
