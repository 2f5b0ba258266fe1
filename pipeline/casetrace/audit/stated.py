"""The stated value of a claim: as text for a reader, and as numbers in the unit of its test."""

from typing import Any

from casetrace.audit.bounds import Given, Missing
from casetrace.audit.case_rows import CaseRows
from casetrace.audit.verdict import Stated
from casetrace.audit.wording import AMOUNTS, Scale
from casetrace.values import display, units
from casetrace.vocabulary import Drug, Quantity, Vocabulary, plain_unit


def stated_text(claim: dict[str, Any]) -> str | None:
    """Comparator, value and unit as typed; None when the claim states no value."""
    if claim["value_reported"] is None:
        return None
    value = display.comparator(claim["comparator"]) + display.reported(claim["value_reported"])
    unit = claim["unit_reported"] or ""
    if unit in ("points", "d") and claim["value_reported"] == "1":
        return display.quantity(value, {"points": "point", "d": "day"}[unit])
    return display.quantity(value, unit if unit == "points" else display.unit_text(unit, claim["of"] or ""))


def scale_of(case: CaseRows, claim: dict[str, Any], given: Given, vocabulary: Vocabulary) -> Scale | Missing:
    """The unit in which the numbers of a claim are shown: its own, where its value has one."""
    term = _term(case, claim["of"] or "", vocabulary)
    about = term.name if term else claim["of"] or ""
    factor = _factor(claim["unit_reported"], given.unit, term, vocabulary)
    if factor is None:
        return Missing(f"{claim['unit_reported']} cannot be compared with {given.unit}", given.row_ids)
    is_same = claim["unit_reported"] is None or (given.unit in AMOUNTS and factor == 1)
    unit = given.unit if is_same else claim["unit_reported"]
    decimals = 0 if given.unit in AMOUNTS else (claim["decimals"] or 0) + 1
    return Scale(unit, factor, decimals, about)


def stated_number(claim: dict[str, Any], scale: Scale, about_pct: float) -> Stated | None:
    """The stated value in the unit of the test; None when the claim states no number."""
    if claim["value_low"] is None or claim["value_high"] is None:
        return None
    half = 0.5 * 10.0 ** -(claim["decimals"] or 0) * scale.factor
    low, high = claim["value_low"] * scale.factor, claim["value_high"] * scale.factor
    return Stated(claim["comparator"], low, high, half, about_pct)


def _factor(
    printed: str | None, unit: str | None, term: Quantity | Drug | None, vocabulary: Vocabulary
) -> float | None:
    """What one unit of the claim is in the unit of the test; None when they do not measure the same thing."""
    if printed is None or unit is None or printed == unit:
        return 1.0
    code = vocabulary.units.ucum.get(plain_unit(printed), plain_unit(printed))
    known = units.factor(code, unit)
    if known is None and term is not None and term.unit == unit:
        known = units.to_canonical(code, term.unit, term.conversions)
    return None if known is None else float(known)


def _term(case: CaseRows, name: str, vocabulary: Vocabulary) -> Quantity | Drug | None:
    """The analyte or drug that a claim is about, named directly or through a row."""
    found = case.find(name) or case.find(name.partition(" ")[0])
    if found is not None:
        table, row = found
        name = row.get("analyte") or row.get("drug") or row.get("item") or "" if table != "events" else ""
    return vocabulary.analytes.find(name) or vocabulary.drugs.find(name) or vocabulary.patient_items.find(name)
