"""The stated value of a claim: as text for a reader, and as numbers that can be judged."""

from decimal import Decimal
from typing import Any

from casetrace.audit.case_rows import CaseRows
from casetrace.audit.outcome import Missing
from casetrace.audit.verdict import Stated, last_digit
from casetrace.audit.wording import AMOUNTS, Scale
from casetrace.values import display, units
from casetrace.values.estimate import Estimate
from casetrace.vocabulary import Drug, Quantity, Vocabulary, plain_unit

#: What a statement about a yes-or-no metric is typed as.
_YES_NO = {"1": "yes", "0": "no"}


def stated_text(case: CaseRows, claim: dict[str, Any]) -> str | None:
    """Comparator, value and unit as typed, ``yes`` or ``no`` of a yes-or-no metric; None when no value is stated."""
    if claim["value_reported"] is None:
        return None
    if claim["value_reported"] in _YES_NO and _is_yes_no(case, claim):
        return _YES_NO[claim["value_reported"]]
    value = display.comparator(claim["comparator"]) + display.reported(claim["value_reported"])
    unit = claim["unit_reported"] or ""
    if unit in ("points", "d") and claim["value_reported"] == "1":
        return display.quantity(value, {"points": "point", "d": "day"}[unit])
    return display.quantity(value, unit if unit == "points" else display.unit_text(unit, claim["of"] or ""))


def scale_of(case: CaseRows, claim: dict[str, Any], found: Estimate, vocabulary: Vocabulary) -> Scale | Missing:
    """The unit in which the numbers of a claim are shown: its own, where its value has one."""
    term = _term(case, claim, vocabulary)
    about = term.name if term else claim["of"] or ""
    factor = _factor(claim["unit_reported"], found.unit, term, vocabulary)
    if factor is None:
        return Missing(f"{claim['unit_reported']} cannot be compared with {found.unit}", found.rows)
    is_same = claim["unit_reported"] is None or (found.unit in AMOUNTS and factor == 1)
    unit = found.unit if is_same else claim["unit_reported"]
    decimals = 0 if found.unit in AMOUNTS else (claim["decimals"] or 0) + 1
    return Scale(unit, factor, decimals, about)


def stated_number(claim: dict[str, Any], about_pct: float) -> Stated | None:
    """The stated value in its own unit; None when the claim states no number.

    The ends of a range count to the last printed digit: they are limits, not rounded amounts.
    """
    if claim["value_low"] is None or claim["value_high"] is None:
        return None
    low, high = Decimal(str(claim["value_low"])), Decimal(str(claim["value_high"]))
    decimals = claim["decimals"] or 0
    printed = Decimal(1).scaleb(-decimals)
    step, printed = last_digit(claim["value_reported"], decimals) if low == high else (printed, printed)
    return Stated(claim["comparator"], low, high, step, printed, Decimal(str(about_pct)))


def _is_yes_no(case: CaseRows, claim: dict[str, Any]) -> bool:
    return claim["compute"] == "other" and any(
        row["unit"] == "{yes_no}" for row in case.results["metrics"].to_dicts() if row["metric"] == claim["of"]
    )


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


def _term(case: CaseRows, claim: dict[str, Any], vocabulary: Vocabulary) -> Quantity | Drug | None:
    """The analyte or drug that a claim is about, named directly or through a row."""
    name = claim["of_name"] or ""
    row_id = next(iter([*claim["of_rows"], claim["since_row"] or ""]), "").removesuffix(".end")
    if not name and row_id in case.by_id:
        table, row = case.by_id[row_id]
        name = row.get("analyte") or row.get("drug") or row.get("item") or "" if table != "events" else ""
    return vocabulary.analytes.find(name) or vocabulary.drugs.find(name) or vocabulary.patient_items.find(name)
