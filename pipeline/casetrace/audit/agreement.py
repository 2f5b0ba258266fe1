"""Claims about two places that speak of one thing: whether they agree, differ, or can both be true."""

from typing import Any

from casetrace.audit.case_rows import CaseRows
from casetrace.audit.outcome import Answer, BothTrue, Missing, Outcome, TwoPlaces
from casetrace.audit.wording import counted, joined
from casetrace.values import display
from casetrace.values.estimate import Estimate

Claim = dict[str, Any]
#: What a row of a table tells, beside its time.
_TOLD = {"events": ("event",), "findings": ("finding", "status", "grade"), "patient": ("item",), "labs": ("analyte",)}


def agrees(case: CaseRows, claim: Claim) -> Outcome:
    """Whether two or more rows say the same: their values, or for events, findings and words their times."""
    ids = tuple(claim["of_rows"])
    found = [case.by_id.get(i) for i in ids]
    rows = [f[1] for f in found if f is not None]
    tables = {f[0] for f in found if f is not None}
    if len(rows) < len(ids) or len(tables) != 1 or not tables <= _TOLD.keys():
        return Missing("the rows are not of one kind", ids)
    table = next(iter(tables))
    nothing = Answer(Estimate(rows=ids))
    if table in ("labs", "patient"):
        if len({row[_TOLD[table][0]] for row in rows}) > 1:
            return Missing("the rows are of different things", ids)
        if any(row["value_word"] is None for row in rows):
            return _numbers(rows, ids)
        told = [str(row["value_word"]) for row in rows]
    else:
        told = [", ".join(str(row[c]) for c in _TOLD[table] if row[c]).replace("_", " ") for row in rows]
    if len(set(told)) > 1:
        differing = _differing([t.split(", ") for t in told])
        return TwoPlaces(nothing, f"one says {', another '.join(dict.fromkeys(differing))}")
    times = [(row["time_form"], row["time_min"], row["time_earliest_min"], row["time_latest_min"]) for row in rows]
    if len({time[2:] for time in times}) == 1:
        return Answer(Estimate.exact(0.0, None, ids), "as difference of the times")
    starts = case.rows("cases")[0]["day_zero_starts"] if case.tables["cases"].height else "midnight"
    shown = list(dict.fromkeys(display.when(*time, starts) for time in times))
    return TwoPlaces(nothing, f"they give different times for it, {' and '.join(shown)}")


def _differing(told: list[list[str]]) -> list[str]:
    """Of what rows tell, the parts that are not the same in all."""
    common = set(told[0]).intersection(*map(set, told))
    return [", ".join(part for part in parts if part not in common) or parts[-1] for parts in told]


def _numbers(rows: list[dict[str, Any]], ids: tuple[str, ...]) -> Outcome:
    if any(row["value_low"] is None or row["value_high"] is None for row in rows):
        return Missing("a row has no number", ids)
    low, high = min(r["value_low"] for r in rows), max(r["value_high"] for r in rows)
    found = Answer(Estimate.between(low, high, rows[0]["unit"], ids))
    if len({(row["value_low"], row["value_high"]) for row in rows}) == 1:
        return found
    if all(row["time_form"] == "minute" for row in rows) and len({row["time_min"] for row in rows}) == 1:
        return TwoPlaces(found, "they give different values for one time")
    days = {row["day"] for row in rows}
    when = f" for {display.day_text(int(next(iter(days))))}" if len(days) == 1 and None not in days else ""
    unit = display.unit_text(rows[0]["unit"], rows[0].get("analyte") or "")
    values = joined([display.exact(row["value"]) for row in rows if row["value"] is not None])
    things = counted(len(rows), rows[0].get("analyte") or rows[0].get("item") or "")
    are = "are" if len(rows) > 1 else "is"
    return BothTrue(found, f"{things} {are} printed{when}: {display.quantity(values, unit)}. Both can be true")
