"""Patient items, targets and laboratory results of a case folder as canonical rows."""

from dataclasses import dataclass, replace
from typing import Any

from casetrace.extract import quantities
from casetrace.extract.case_reading import Case, Row
from casetrace.extract.quantities import Measured
from casetrace.extract.reference_ranges import bounded, read_reference
from casetrace.schemas.canonical import STATS, TARGET_ROLES
from casetrace.values.instants import Instant
from casetrace.values.printed_values import TARGET_WORDS, WORDS, Value
from casetrace.vocabulary import Quantity

WEIGHT = "body_weight"


@dataclass(frozen=True)
class Weight:
    """One printed body weight in kg."""

    row_id: str
    value: Value
    when: Instant


@dataclass(frozen=True)
class Target:
    """A target in its canonical unit, with the widest span in which it may have been in force."""

    analyte: str
    anticoagulant: str | None
    value: Value
    earliest: int | None
    latest: int | None


@dataclass(frozen=True)
class Exposure:
    """The widest span in which a drug may have been running; `latest` None when it may act on after the last dose."""

    drug: str
    earliest: int
    latest: int | None


def patient_rows(case: Case) -> tuple[list[dict[str, Any]], list[Weight]]:
    """Rows of `patient`, and the body weights among them in the order typed."""
    rows: list[dict[str, Any]] = []
    weights: list[Weight] = []
    for row in case.rows.get("patient.csv", []):
        item: Quantity | None = case.term(row, "item", case.vocabulary.patient_items)
        found = quantities.measured(case, row, item, _patient_words(item))
        name = item.name if item else row.get("item") or ""
        _check_plausible(case, row, item, found, None)
        if name == WEIGHT:
            if any(number <= 0 for number in found.value.numbers):
                case.error(row, "value", f"a weight of '{row.get('value')}' is not possible", "more than 0")
            elif found.value.numbers:
                weights.append(Weight(row.id, found.value, case.instant(row.id)))
        rows.append(
            case.timed(row)
            | _reported(row)
            | found.columns()
            | {"item": name, "item_reported": row.get("item"), "is_coded": item is not None}
        )
    return rows, weights


def target_rows(case: Case) -> tuple[list[dict[str, Any]], list[Target]]:
    """Rows of `targets`, and the targets in the form that words of results are read against."""
    rows: list[dict[str, Any]] = []
    targets: list[Target] = []
    for row in case.rows.get("targets.csv", []):
        analyte: Quantity | None = case.term(row, "analyte", case.vocabulary.analytes)
        drug = case.term(row, "anticoagulant", case.vocabulary.drugs) if row.get("anticoagulant") else None
        found = quantities.measured(case, row, analyte, words=())
        start = case.instant(row.id) if row.get("start") else None
        end = case.instant(row.id, "end") if row.get("end") else None
        if start and end and end.latest < start.earliest:
            case.error(row, "end", "the end lies before the start", "an end after the start")
        name = analyte.name if analyte else row.get("analyte") or ""
        drug_name = drug.name if drug else row.get("anticoagulant")
        span = (start.earliest if start else None, end.latest if end else None)
        role = case.choice(row, "role", TARGET_ROLES) or "aim"
        if role == "aim":  # no result is in, above or below a range that was never aimed at
            targets.append(Target(name, drug_name, found.value, *span))
        named = {"analyte": name, "anticoagulant": drug_name, "role": role}
        rows.append(case.common(row) | _target(row, found, start, end) | named)
    return rows, targets


def lab_rows(case: Case, targets: list[Target], exposures: list[Exposure]) -> list[dict[str, Any]]:
    """Rows of `labs`; words against a reference range or a target get its ends as bounds."""
    rows = []
    for row in case.rows.get("labs.csv", []):
        analyte: Quantity | None = case.term(row, "analyte", case.vocabulary.analytes)
        stat = case.choice(row, "stat", STATS)
        found = quantities.measured(case, row, analyte, WORDS)
        found = replace(found, value=found.value.as_stat(stat))
        reference = read_reference(case, row, found.factor)
        name = analyte.name if analyte else row.get("analyte") or ""
        found = replace(found, value=bounded(found.value, reference))
        if found.value.word in TARGET_WORDS:
            in_force = _in_force(targets, exposures, name, case.instant(row.id))
            found = replace(found, value=_against_targets(found.value, in_force))
        implausible = _check_plausible(case, row, analyte, found, stat)
        rows.append(
            case.timed(row)
            | _reported(row)
            | found.columns()
            | {
                "analyte": name,
                "analyte_reported": row.get("analyte"),
                "is_coded": analyte is not None,
                "stat": stat,
                "conversion": found.conversion,
                "ref_low_reported": row.get("ref_low"),
                "ref_high_reported": row.get("ref_high"),
                "ref_low": quantities.as_float(reference.low),
                "ref_high": quantities.as_float(reference.high),
                "method": row.get("method"),
                "is_implausible": implausible,
            }
        )
    return rows


def _patient_words(item: Quantity | None) -> tuple[str, ...] | None:
    """Words that a patient item may have: those of the vocabulary; none beside a unit; any otherwise."""
    if item is None:
        return None
    if item.words:
        return item.words
    return () if item.unit else None


def _reported(row: Row) -> dict[str, Any]:
    return {
        "value_reported": row.get("value"),
        "unit_reported": row.get("unit"),
        "read_as": row.get("read_as"),
    }


def _check_plausible(case: Case, row: Row, term: Quantity | None, found: Measured, stat: str | None) -> bool:
    if term is None or found.value.kind == "word" or not quantities.is_implausible(term, found.value, stat):
        return False
    quantities.warn_implausible(case, row, term, found.unit)
    return True


def _target(row: Row, found: Measured, start: Instant | None, end: Instant | None) -> dict[str, Any]:
    return {
        "value_reported": row.get("value"),
        "unit_reported": row.get("unit"),
        "target_low": quantities.as_float(found.value.low),
        "target_high": quantities.as_float(found.value.high),
        "low_is_strict": found.value.low_is_strict,
        "high_is_strict": found.value.high_is_strict,
        "unit": found.unit,
        "start_reported": row.get("start"),
        "start_earliest_min": start.earliest if start else None,
        "start_latest_min": start.latest if start else None,
        "end_reported": row.get("end"),
        "end_earliest_min": end.earliest if end else None,
        "end_latest_min": end.latest if end else None,
    }


def _in_force(targets: list[Target], exposures: list[Exposure], analyte: str, when: Instant) -> list[Value]:
    """Targets that may have been in force at that time. One set for a drug needs that drug to be possible then."""
    found = []
    for target in targets:
        if target.analyte != analyte or not target.value.numbers:
            continue
        began = target.earliest is None or target.earliest <= when.latest
        lasted = target.latest is None or target.latest >= when.earliest
        if began and lasted and (target.anticoagulant is None or _may_run(exposures, target.anticoagulant, when)):
            found.append(target.value)
    return found


def _may_run(exposures: list[Exposure], drug: str, when: Instant) -> bool:
    spans = [exposure for exposure in exposures if exposure.drug == drug]
    # A target for a drug whose doses are not in the tables may be in force at any time.
    return not spans or any(
        span.earliest <= when.latest and (span.latest is None or span.latest >= when.earliest) for span in spans
    )


def _against_targets(value: Value, targets: list[Value]) -> Value:
    """Below, in or above target with a bound that holds whichever of the targets was in force.

    A target is a range of allowed values, so 'above' means above its upper end. No bound without a target.
    """
    if not targets:
        return value
    lows, highs = [t.low for t in targets], [t.high for t in targets]
    if value.word == "below target":
        bound = None if None in lows else max(low for low in lows if low is not None)
        return replace(value, high=bound, high_is_strict=bound is not None)
    if value.word == "above target":
        bound = None if None in highs else min(high for high in highs if high is not None)
        return replace(value, low=bound, low_is_strict=bound is not None)
    low = None if None in lows else min(low for low in lows if low is not None)
    high = None if None in highs else max(high for high in highs if high is not None)
    return replace(
        value,
        low=low,
        high=high,
        low_is_strict=low is not None and all(t.low_is_strict for t in targets if t.low == low),
        high_is_strict=high is not None and all(t.high_is_strict for t in targets if t.high == high),
    )
