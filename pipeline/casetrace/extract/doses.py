"""Doses of a case folder as canonical rows: ends that are not stated, repeated doses, shared boundaries."""

from typing import Any

from casetrace.extract.case_reading import Case, Row
from casetrace.extract.dose_amounts import amount
from casetrace.extract.dose_overlaps import Pairs, check_overlaps, concurrent_rows
from casetrace.extract.dosing_weight import weight_in_force
from casetrace.extract.repeated_doses import exact_length, occurrences
from casetrace.extract.results import Exposure, Weight
from casetrace.schemas.canonical import DOSE_KINDS, PURPOSES, ROUTES, STATS
from casetrace.values.instants import Instant
from casetrace.values.times import parse_every
from casetrace.vocabulary import Drug

Record = dict[str, Any]

#: What may be typed: `dose` is the plain word for an injection or a tablet, one dose at one instant like a bolus.
TYPED_KINDS = [*DOSE_KINDS, "dose"]
#: Kinds that are given into a vein where no route is printed, in the words of the assumption.
ASSUMED_ROUTE = {"bolus": "a bolus is given into a vein", "infusion": "an infusion runs into a vein"}
#: Parts of the names of drug classes that are not given into a vein.
NOT_BY_VEIN = ("oral", "LMWH")


def exposure_doses(case: Case, weights: list[Weight]) -> list[Record]:
    """Rows of `doses`, one per occurrence of a repeated dose."""
    records: list[Record] = []
    for row in case.rows.get("doses.csv", []):
        records += _rows(case, row, weights)
    infusions = [record for record in records if record["kind"] == "infusion"]
    concurrent = concurrent_rows(case)
    _close_open_ends(infusions, concurrent)
    _share_boundaries(records, infusions)
    check_overlaps(case, records, concurrent)
    return records


def exposures(records: list[Record]) -> list[Exposure]:
    """The widest span of each dose; a drug may act on after a single dose, so only an infusion is taken to end."""
    return [
        Exposure(
            record["drug"],
            record["start_earliest_min"],
            record["end_latest_min"] if record["kind"] == "infusion" else None,
        )
        for record in records
    ]


def _rows(case: Case, row: Row, weights: list[Weight]) -> list[Record]:
    drug: Drug | None = case.term(row, "drug", case.vocabulary.drugs)
    typed = case.choice(row, "kind", TYPED_KINDS, required=True)
    kind = "bolus" if typed in (None, "dose") else typed
    route = case.choice(row, "route", ROUTES)
    assumed = _assumed_route(row, typed, drug)
    stat = case.choice(row, "stat", [s for s in STATS if s not in ("fall", "rise")])
    start, end = case.instant(row.id), case.instant(row.id, "end")
    found = amount(case, row, drug, kind, stat, weight_in_force(weights, start))
    if _ends_too_early(kind, start, end):
        case.error(row, "end", "the end lies before the start", "an end after the start")
    record = case.common(row) | {
        "drug": drug.name if drug else row.get("drug"),
        "drug_reported": row.get("drug"),
        "is_coded": drug is not None,
        "drug_class": drug.drug_class if drug else None,
        "kind": kind,
        "route": route or assumed,
        "purpose": case.choice(row, "purpose", PURPOSES),
        "order": case.order(row),
        "amount_reported": row.get("amount"),
        "unit_reported": row.get("unit"),
        "read_as": row.get("read_as"),
        "assumption": f"route {assumed}: {ASSUMED_ROUTE[typed or '']}" if assumed else None,
        "stat": stat,
        "start_reported": row.get("start"),
        "end_reported": row.get("end"),
        "length_min": exact_length(row),
        "total_group": None,
    }
    every = case.read(row, "every", parse_every)
    if every is None:
        return [record | {"occurrence": 1} | found.columns() | _times(start, end)]
    if kind in ("infusion", "total"):
        case.error(row, "every", f"a dose of kind {kind} cannot be repeated", "kind bolus or transfusion")
        return []
    given = occurrences(case, row, found, every, start, end)
    return [
        record | {"length_min": None, "occurrence": number} | part.columns() | _times(when, when)
        for number, (part, when) in enumerate(given, start=1)
    ]


def _assumed_route(row: Row, typed: str | None, drug: Drug | None) -> str | None:
    """The route of a dose whose route is not printed, where its kind tells it; None where it does not."""
    if row.get("route") is not None or typed not in ASSUMED_ROUTE or drug is None:
        return None
    return None if any(word in drug.drug_class for word in NOT_BY_VEIN) else "iv"


def _ends_too_early(kind: str, start: Instant, end: Instant) -> bool:
    """Whether the end surely does not lie after the start; an infusion must last."""
    return end.latest <= start.earliest if kind == "infusion" else end.latest < start.earliest


def _times(start: Instant, end: Instant) -> Record:
    """The time columns of a dose."""
    return {
        "start_form": start.form,
        "start_min": start.best,
        "start_earliest_min": start.earliest,
        "start_latest_min": start.latest,
        "start_day": start.day,
        "start_anchor": start.anchor,
        "start_offset_min": start.offset,
        "start_not_before": start.not_before,
        "start_not_after": start.not_after,
        "start_boundary": start.boundary or "",
        "end_form": end.form,
        "end_min": end.best,
        "end_earliest_min": end.earliest,
        "end_latest_min": end.latest,
        "end_anchor": end.anchor,
        "end_offset_min": end.offset,
        "end_boundary": end.boundary or "",
    }


def _group(record: Record) -> tuple[Any, ...]:
    return record["drug"], record["route"], record["purpose"]


def _close_open_ends(infusions: list[Record], concurrent: Pairs) -> None:
    """An infusion without an end runs at most until the next of the same drug, route and purpose has begun."""
    for record in infusions:
        if record["end_reported"] is not None:
            continue
        later = [
            other["start_latest_min"]
            for other in infusions
            if other is not record
            and _group(other) == _group(record)
            and frozenset((other["row_id"], record["row_id"])) not in concurrent
            and other["start_earliest_min"] >= record["start_latest_min"]
        ]
        record["end_latest_min"] = min([record["end_latest_min"], *later])


def _share_boundaries(records: list[Record], infusions: list[Record]) -> None:
    """Give one name to the end and the start of two abutting rates that carry the same text.

    Only where exactly one end and one start of the same drug, route and purpose carry it; otherwise which of them
    are one instant is not certain.
    """
    starts: dict[tuple[Any, ...], list[Record]] = {}
    ends: dict[tuple[Any, ...], list[Record]] = {}
    for record in infusions:
        for side, found in (("start", starts), ("end", ends)):
            text = (record[f"{side}_reported"] or "").replace(" ", "")
            if text and not text.startswith("+"):
                found.setdefault((*_group(record), text), []).append(record)
    renamed: dict[str, str] = {}
    for key, enders in ends.items():
        index_events = starts.get(key, [])
        if len(enders) == len(index_events) == 1 and enders[0] is not index_events[0]:
            renamed[index_events[0]["start_boundary"]] = enders[0]["end_boundary"]
    for record in records:
        for column in ("start_boundary", "end_boundary"):
            record[column] = renamed.get(record[column], record[column])
