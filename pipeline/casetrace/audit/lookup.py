"""The values, spans and metrics that a claim names."""

from typing import Any

from casetrace.audit.case_rows import CaseRows, Moment
from casetrace.audit.outcome import Answer, Missing, Outcome
from casetrace.values.estimate import Estimate, largest, merged, smallest
from casetrace.vocabulary import reasons

Claim = dict[str, Any]
MINUTES_PER_DAY = 1440
#: Rows that a value cannot be read from.
WITHOUT_VALUE = ("not_printed", "not_done")


def value_of(case: CaseRows, row_id: str) -> Estimate | Missing:
    """The value of a laboratory or patient row; of a dose, its amount or rate."""
    table, row = case.by_id[row_id]
    if table == "doses":
        return dose_value(row)
    found = case.level(row)
    return Missing("no number is printed", found.rows) if found.is_open else found


def sole_value(case: CaseRows, claim: Claim) -> Estimate | Missing:
    """The value of the one row, or of the only result of the analyte or patient item, that a claim is of."""
    if claim["of_kind"] == "rows":
        return value_of(case, claim["of_rows"][0])
    table, column = ("patient", "item") if claim["of_kind"] == "patient_item" else ("labs", "analyte")
    rows = [r["row_id"] for r in case.rows(table) if r[column] == claim["of_name"] and r["value_kind"] != "not_done"]
    if len(rows) != 1:
        what = f"no result of {claim['of']}" if not rows else f"{len(rows)} results of {claim['of']}: name one row"
        return Missing(what, tuple(rows))
    return value_of(case, rows[0])


def dose_value(row: dict[str, Any], *, per_kg: bool | None = None) -> Estimate | Missing:
    """The printed amount or rate of a dose row. A rate printed as the highest (or lowest) is that number.

    Args:
        row: A dose row.
        per_kg: Which of both; None for the amount itself, or per kg where no weight makes an amount of it.
    """
    is_per_kg = row["amount_status"] == "needs_weight" if per_kg is None else per_kg
    prefix = "amount_per_kg" if is_per_kg else "amount"
    best, low, high = (None if row[n] is None else float(row[n]) for n in (prefix, f"{prefix}_low", f"{prefix}_high"))
    if row["stat"] in ("max", "min"):
        low = best = high = high if row["stat"] == "max" else low
    if best is None and low is None and high is None:
        return Missing("the amount, or the weight that it needs, is not printed", (row["row_id"],))
    weight = tuple(row["weight_row_ids"] or ()) if is_per_kg else ()
    return Estimate(best, low, high, row["unit_per_kg" if is_per_kg else "unit"], (row["row_id"], *weight))


def pair(case: CaseRows, claim: Claim) -> tuple[Estimate, Estimate] | Missing:
    """The earlier and the later value of a claim about a change."""
    earlier, later = (value_of(case, claim[f"{side}_row"]) for side in ("since", "until"))
    if isinstance(earlier, Missing):
        return earlier
    if isinstance(later, Missing):
        return later
    if earlier.unit != later.unit:
        return Missing(f"{earlier.unit} and {later.unit} cannot be compared", merged(earlier.rows, later.rows))
    return earlier, later


def printed_labs(case: CaseRows, claim: Claim) -> tuple[list[Estimate], list[Estimate]]:
    """Values of the claim's analyte: surely within its span, and possibly; a result without a number is left out."""
    sure, possible = case.labs_of(claim["of_name"], case.span(claim))
    return _values(case, sure), _values(case, possible)


def _values(case: CaseRows, rows: list[dict[str, Any]]) -> list[Estimate]:
    return [case.level(row) for row in rows if row["value_kind"] not in WITHOUT_VALUE]


def extreme_of(case: CaseRows, claim: Claim) -> Answer | Missing:
    """Lowest or highest result of the claim's analyte within its span; printed means and extremes count too."""
    sure, possible = case.labs_of(claim["of_name"], case.span(claim))
    sure, possible = ([r for r in rows if r["value_kind"] not in WITHOUT_VALUE] for rows in (sure, possible))
    if not sure:
        return Missing(f"no result of {claim['of']} surely in the span", tuple(r["row_id"] for r in possible))
    pick, side = (largest, "value_high") if claim["compute"] == "max" else (smallest, "value_low")

    def end(row: dict[str, Any]) -> Estimate:
        """Of the span of many results the end that is looked for."""
        if row["stat"] == "range" and row[side] is not None:
            return Estimate.exact(row[side], row["unit"], (row["row_id"],))
        return case.level(row)

    return Answer(pick([end(r) for r in sure], [end(r) for r in possible]))


def metric(case: CaseRows, name: str, stratum: str, how: str) -> Outcome:
    """One number of the long result table."""
    row = case.metric(name, stratum)
    if row is None:
        return Missing(f"no metric {name}{'.' + stratum if stratum else ''} for this case")
    if row["low"] is None and row["high"] is None:
        coded = reasons.read(row["reasons"])
        return Missing(row["reason"] or "the metric has no value", tuple(row["row_ids"]), coded)
    return Answer(Estimate(row["value"], row["low"], row["high"], row["unit"], tuple(row["row_ids"])), how)


def rests_on(case: CaseRows, moment: Moment, row_id: str | None) -> bool:
    """Whether a time was typed as a distance from another row (directly, or through other rows)."""
    seen: set[str] = set()
    anchor = moment.anchor
    while anchor is not None and anchor not in seen:
        seen.add(anchor)
        name = anchor.removesuffix(".end")
        if name == row_id:
            return True
        anchor = case.moment(anchor).anchor if name in case.by_id else None
    return False


def minutes_between(first: Moment, last: Moment, rows: tuple[str, ...]) -> Estimate | Missing:
    """Minutes from the first to the last moment; exact where both rest on one anchor."""
    if first.anchor and first.anchor == last.anchor and first.offset_min is not None and last.offset_min is not None:
        return Estimate.exact(float(last.offset_min - first.offset_min), "min", rows)
    if first.bounds is None or last.bounds is None:
        return Missing("the time of a row is not printed", rows)
    best = None if first.best is None or last.best is None else float(last.best - first.best)
    low, high = float(last.bounds[0] - first.bounds[1]), float(last.bounds[1] - first.bounds[0])
    return Estimate(best, low, high, "min", rows)


def days_between(first: Moment, last: Moment, rows: tuple[str, ...]) -> Estimate | Missing:
    """Days from the first to the last moment as days are counted: from the day of one to the day of the other."""
    if first.bounds is None or last.bounds is None:
        return Missing("the time of a row is not printed", rows)
    low = last.bounds[0] // MINUTES_PER_DAY - first.bounds[1] // MINUTES_PER_DAY
    high = last.bounds[1] // MINUTES_PER_DAY - first.bounds[0] // MINUTES_PER_DAY
    return Estimate.between(float(low), float(high), "d", rows)
