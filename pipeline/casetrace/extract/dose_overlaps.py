"""Doses that a case folder would count twice: rates that overlap, and a total beside what it holds.

Two doses of one drug are taken to go together where neither the route nor the purpose tells them apart. What was truly
given at one time (two pumps) names the other row in `concurrent_with`; the remainder of a printed total is named by the
`gave` of a claim.
"""

import re
from typing import Any

from casetrace.extract.case_reading import Case, Row
from casetrace.values.suggestions import near_word

Record = dict[str, Any]
Pairs = set[frozenset[str]]
#: Forms of a time that say nothing of where it lies.
_NOWHERE = ("open", "unknown")


def concurrent_rows(case: Case) -> Pairs:
    """The pairs of dose rows that the source states to have run at one time; a name that is none is noted."""
    rows = {row.id: row for row in case.rows.get("doses.csv", [])}
    pairs: Pairs = set()
    for row in rows.values():
        for name in re.split(r"[\s,;]+", row.get("concurrent_with") or ""):
            other = rows.get(name)
            if not name:
                continue
            if other is None or other is row:
                near = near_word(name, [known for known in rows if known != row.id])
                what = f"no other row of doses.csv has the id '{name}'"
                case.error(
                    row, "concurrent_with", what, f"did you mean '{near}'?" if near else "the id of another dose"
                )
            else:
                pairs.add(frozenset((row.id, name)))
    return pairs


def check_overlaps(case: Case, records: list[Record], concurrent: Pairs) -> None:
    """Note every pair of doses that would count twice."""
    rows = {row.id: row for row in case.rows.get("doses.csv", [])}
    infusions = [record for record in records if record["kind"] == "infusion"]
    for index, late in enumerate(infusions):
        for early in infusions[:index]:
            if _go_together(early, late, concurrent) and _surely_overlap(early, late):
                what = f"this infusion and {_named(early)} of {late['drug']} surely overlap"
                allowed = "one rate at a time: end the earlier with @ID of the later; or concurrent_with for two pumps"
                case.error(rows[late["row_id"]], "start", what, allowed)
    _check_totals(case, rows, records, concurrent)


def _check_totals(case: Case, rows: dict[str, Row], records: list[Record], concurrent: Pairs) -> None:
    remainders = {
        name for claim in case.rows.get("claims.csv", []) for name in re.split(r"[\s,;]+", claim.get("gave") or "")
    }
    noted: Pairs = set()
    for total in records:
        if total["kind"] != "total" or not _gives_something(total) or total["row_id"] in remainders:
            continue
        for other in records:
            pair = frozenset((total["row_id"], other["row_id"]))
            if pair in noted or other["row_id"] in remainders or not _gives_something(other):
                continue
            if not _go_together(total, other, concurrent) or _abut(other, total) or _abut(total, other):
                continue
            is_sure = _surely_holds(total, other)
            if is_sure or _may_hold(total, other):
                noted.add(pair)
                verb = "lies within its span: both would count" if is_sure else "may lie within its span: both count"
                what = f"{_named(other)} of {total['drug']} {verb}"
                allowed = (
                    "the remainder of the printed total, named in `gave` of its claim; or concurrent_with "
                    f"{other['row_id']} where it was given too; or an end at @{total['row_id']} for what lies before"
                )
                note = case.error if is_sure else case.warn
                note(rows[total["row_id"]], "amount", what, allowed)


def _named(record: Record) -> str:
    return f"'{record['row_id']}' (row {record['raw_row']})"


def _go_together(a: Record, b: Record, concurrent: Pairs) -> bool:
    """Whether both are doses of one drug that nothing tells apart."""
    return (
        a["row_id"] != b["row_id"]
        and a["drug"] == b["drug"]
        and b["kind"] != "transfusion"
        and all(None in (a[column], b[column]) or a[column] == b[column] for column in ("route", "purpose"))
        and frozenset((a["row_id"], b["row_id"])) not in concurrent
    )


def _gives_something(record: Record) -> bool:
    amounts = [record[column] for column in ("amount", "amount_high", "amount_per_kg", "amount_per_kg_high")]
    return any(amount is not None and amount > 0 for amount in amounts)


def _surely_overlap(a: Record, b: Record) -> bool:
    # An end that is not stated is closed by the next infusion, so it never speaks for an overlap.
    ends = [r["end_earliest_min"] if r["end_form"] != "open" else r["start_latest_min"] for r in (a, b)]
    return bool(a["start_latest_min"] < ends[1] and b["start_latest_min"] < ends[0])


def _surely_holds(total: Record, other: Record) -> bool:
    """Whether the other dose surely lies within the span of the total, or overlaps it."""
    if other["kind"] != "bolus":
        return _surely_overlap(total, other)
    end = total["end_earliest_min"] if total["end_form"] not in _NOWHERE else total["start_latest_min"]
    return bool(total["start_latest_min"] <= other["start_earliest_min"] and other["start_latest_min"] < end)


def _may_hold(total: Record, other: Record) -> bool:
    """Whether the widest span of the other dose lies within the widest span of the total, where it has one."""
    if total["start_form"] in _NOWHERE or total["end_form"] in _NOWHERE:
        return False
    latest = other["start_latest_min"] if other["kind"] == "bolus" else other["end_latest_min"]
    return bool(total["start_earliest_min"] <= other["start_earliest_min"] and latest <= total["end_latest_min"])


def _abut(first: Record, second: Record) -> bool:
    """Whether one ends at the instant, or at the text of the instant, at which the other begins."""
    if first["kind"] == "bolus":
        return False
    same_text = (first["end_reported"] or "") == (second["start_reported"] or "") != ""
    return bool(first["end_boundary"] == second["start_boundary"] or same_text)
