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
    """Note what a total surely holds; rows of which a total may hold others get one `total_group`."""
    remainders = {
        name for claim in case.rows.get("claims.csv", []) for name in re.split(r"[\s,;]+", claim.get("gave") or "")
    }
    noted: Pairs = set()
    for total in records:
        if total["kind"] != "total" or not _gives_something(total) or total["row_id"] in remainders:
            continue
        for other in records:
            pair = frozenset((total["row_id"], other["row_id"]))
            if other["row_id"] in remainders or not _gives_something(other):
                continue
            if not _go_together(total, other, concurrent) or _abut(other, total) or _follows(total, other):
                continue
            is_sure = _surely_holds(total, other)
            if is_sure or _may_hold(total, other):
                _join(records, total, other)
                if pair in noted:
                    continue
                noted.add(pair)
                verb = (
                    "lies within its span: both would count" if is_sure else "may lie within its span: the sum is open"
                )
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
    """Whether the other dose, or a part of it, may lie within the span of the total."""
    if _is_said_to_lie_outside(total, other):
        return False
    latest = other["start_latest_min"] if other["kind"] == "bolus" else other["end_latest_min"]
    begins_by = (
        latest >= total["start_earliest_min"] if other["kind"] == "bolus" else latest > total["start_earliest_min"]
    )
    return bool(begins_by and other["start_earliest_min"] < total["end_latest_min"])


def _is_said_to_lie_outside(total: Record, other: Record) -> bool:
    """Whether the source orders the two, or counts both from one row, so that the other is surely outside."""
    if other["start_not_before"] == f"{total['row_id']}.end":
        return True
    if other["start_anchor"] is not None and other["start_anchor"] == total["end_anchor"]:
        offsets = (other["start_offset_min"], total["end_offset_min"])
        if None not in offsets and offsets[0] >= offsets[1]:
            return True
    if other["kind"] != "bolus":
        return False
    if other["start_not_after"] == total["row_id"]:
        return True
    if other["start_anchor"] is not None and other["start_anchor"] == total["start_anchor"]:
        offsets = (other["start_offset_min"], total["start_offset_min"])
        if None not in offsets and offsets[0] < offsets[1]:
            return True
    return None not in (other["order"], total["order"]) and bool(other["order"] < total["order"])


def _join(records: list[Record], total: Record, other: Record) -> None:
    """Give both, and every row already in a group with one of them, the name of one group."""
    group = min(record["total_group"] or record["row_id"] for record in (total, other))
    joined = {record["total_group"] for record in (total, other)} - {None}
    for record in records:
        if record is total or record is other or record["total_group"] in joined:
            record["total_group"] = group


def _follows(total: Record, other: Record) -> bool:
    """Whether the other begins where the total ends; a single dose of that day may as well lie before the end."""
    is_day_only = total["end_earliest_min"] != total["end_latest_min"] and not (
        other["start_reported"] or ""
    ).startswith("@")
    return _abut(total, other) and not (other["kind"] == "bolus" and is_day_only)


def _abut(first: Record, second: Record) -> bool:
    """Whether one ends at the instant, or at the text of the instant, at which the other begins."""
    if first["kind"] == "bolus" or (first["start_reported"] or "") == (second["start_reported"] or "") != "":
        return False
    same_text = (first["end_reported"] or "") == (second["start_reported"] or "") != ""
    return bool(first["end_boundary"] == second["start_boundary"] or same_text)
