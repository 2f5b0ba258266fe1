"""The amount of a dose in the canonical unit of its drug: a dose, or a rate per hour for an infusion."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from casetrace.core.errors import CellError
from casetrace.extract.case_reading import Case, Row
from casetrace.extract.dosing_weight import DosingWeight
from casetrace.extract.quantities import Printed, allowed_units, printed, unit_code, warn_european
from casetrace.schemas.base import AMOUNT
from casetrace.values import units
from casetrace.values.printed_values import Value, parse_value
from casetrace.values.units import DoseUnit
from casetrace.vocabulary import Drug

_LAST_DECIMAL = Decimal(1).scaleb(-AMOUNT.scale)
_TOO_LARGE = Decimal(10) ** 12
#: Units that print as "U" or "units"; which is meant follows from the drug.
_PRINTED_AS_UNITS = {"[iU]", "U", "{unit}"}
BLOOD_UNIT = "{unit}"


@dataclass(frozen=True)
class Span:
    """Best amount and bounds; a None bound is no bound."""

    best: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def columns(self, name: str) -> dict[str, Decimal | None]:
        """The three columns of an amount, with the decimals that the tables keep."""
        return {name: _kept(self.best), f"{name}_low": _kept(self.low), f"{name}_high": _kept(self.high)}

    def times(self, by: Fraction) -> "Span":
        """In another unit."""
        return Span(*(None if n is None else units.convert(n, by) for n in (self.best, self.low, self.high)))

    def by_weight(self, weight: Value) -> "Span":
        """An amount per kg, times a weight."""
        return Span(_times(self.best, weight.best), _times(self.low, weight.low), _times(self.high, weight.high))

    def per_weight(self, weight: Value) -> "Span":
        """An amount, per kg of a weight: the lowest is that of the heaviest."""
        return Span(_over(self.best, weight.best), _over(self.low, weight.high), _over(self.high, weight.low))


@dataclass(frozen=True)
class Amount:
    """A dose as the canonical table has it."""

    status: str
    span: Span = Span()
    unit: str | None = None
    per_kg: Span = Span()
    unit_per_kg: str | None = None
    weight_row_ids: tuple[str, ...] = ()
    conversion: str | None = None
    is_implausible: bool = False

    def columns(self) -> dict[str, Any]:
        """The amount columns of a row of `doses`."""
        return {
            "amount_status": self.status,
            **self.span.columns("amount"),
            "unit": self.unit,
            **self.per_kg.columns("amount_per_kg"),
            "unit_per_kg": self.unit_per_kg,
            "weight_row_ids": list(self.weight_row_ids),
            "conversion": self.conversion,
            "is_implausible": self.is_implausible,
        }


def amount(case: Case, row: Row, drug: Drug | None, kind: str, stat: str | None, weight: DosingWeight | None) -> Amount:
    """The amount of a dose row; what cannot be read or converted is noted.

    Args:
        case: The case that collects problems.
        row: A row of doses.csv.
        drug: Its drug, None when it is not in the vocabulary.
        kind: bolus, infusion (the amount is a rate), total or transfusion.
        stat: What the number is when it is not one dose or rate.
        weight: The dosing weight at that time.
    """
    source = printed(row, "amount")
    span = _span(case, row, source, stat)
    has_numbers = span != Span()
    if has_numbers:
        warn_european(case, row, source)
    # An amount that is not told, or was refused, needs no unit.
    unit = _dose_unit(case, row, source if has_numbers else replace(source, value=None), drug, kind)
    per_hour = "/h" if kind == "infusion" else ""
    if unit is None:
        canonical = drug.unit + per_hour if drug and drug.unit else None
        return Amount("needs_unit" if has_numbers else "not_printed", unit=canonical, conversion=_reading(source))
    canonical = drug.unit if drug and drug.unit else unit.amount
    factor = _factor(case, row, source, drug, unit)
    by = factor * unit.per_hour if kind == "infusion" else factor
    scaled = span.times(by)
    found = Amount("known" if has_numbers else "not_printed", unit=canonical + per_hour)
    said = [_reading(source), _say(unit, canonical + ("/kg" if unit.per_kg else "") + per_hour, by)]
    if has_numbers:
        found = _with_weight(found, scaled, unit, canonical + "/kg" + per_hour, weight, said)
    found = replace(found, conversion="; ".join(part for part in said if part) or None)
    return replace(found, is_implausible=_check_rate(case, row, drug, found, source))


def _span(case: Case, row: Row, source: Printed, stat: str | None) -> Span:
    """The printed number as a span; `stat` says which of its sides are known."""
    try:
        value = parse_value(source.value, case.approximate_pct, words=())
    except CellError as error:
        case.error(row, "amount" if source.reading is None else "read_as", error.what, error.allowed)
        return Span()
    column = "amount" if source.reading is None else "read_as"
    if any(number < 0 for number in value.numbers):
        case.error(row, column, f"the amount '{source.value}' is negative", "0 or more")
        return Span()
    if any(number >= _TOO_LARGE for number in value.numbers):
        case.error(row, column, f"the amount '{source.value}' is too large", "less than 1000000000000")
        return Span()
    if not value.numbers:
        return Span()
    low = Decimal(0) if value.low is None else value.low
    if stat == "max":
        return Span(None, Decimal(0), value.high)
    if stat == "min":
        return Span(None, low, None)
    return Span(value.as_stat(stat).best, low, value.high)


def _dose_unit(case: Case, row: Row, source: Printed, drug: Drug | None, kind: str) -> DoseUnit | None:
    """The printed unit in parts; None when there is none or it cannot be used, which is noted."""
    if source.unit is None:
        if drug is not None and source.value:
            amount = case.vocabulary.units.as_printed(drug.unit) if drug.unit else "mg"
            allowed = f"{amount}/h, {amount}/kg/h" if kind == "infusion" else f"{amount}, {amount}/kg"
            case.error(row, "unit", f"the unit of {drug.name} is missing", f"{allowed}; or your reading in read_as")
        return None
    code = unit_code(case, row, source.unit_column, source.unit, known_name=drug is not None)
    if code is None:
        return None
    unit = units.split_dose_unit(code)
    if unit is None:
        what = f"'{source.unit}' is not the unit of a dose"
        case.error(row, source.unit_column, what, "an amount, per kg or not, per h or min for an infusion")
        return None
    if kind == "infusion" and unit.per_time is None:
        what = f"an infusion needs a rate and '{source.unit}' is an amount"
        case.error(row, source.unit_column, what, f"{source.unit}/h; or kind total for an amount over a span")
        return None
    if kind != "infusion" and unit.per_time is not None:
        what = f"a {kind} needs an amount and '{source.unit}' is a rate"
        case.error(row, source.unit_column, what, "kind infusion for a rate")
        return None
    return unit


def _factor(case: Case, row: Row, source: Printed, drug: Drug | None, unit: DoseUnit) -> Fraction:
    """What one printed amount is in the canonical unit of the drug."""
    if drug is None or drug.unit is None:
        return Fraction(1)
    if {unit.amount, drug.unit} <= _PRINTED_AS_UNITS:
        return Fraction(1)
    factor = units.to_canonical(unit.amount, drug.unit, drug.conversions)
    if factor is None:
        what = f"'{source.unit}' cannot be converted to {case.vocabulary.units.as_printed(drug.unit)} for {drug.name}"
        case.error(row, source.unit_column, what, allowed_units(case, drug))
        return Fraction(1)
    return factor


def _with_weight(
    found: Amount, scaled: Span, unit: DoseUnit, unit_per_kg: str, weight: DosingWeight | None, said: list[str | None]
) -> Amount:
    """Amount and amount per kg: one as printed, the other from the dosing weight."""
    if unit.per_kg:
        found = replace(found, per_kg=scaled, unit_per_kg=unit_per_kg)
        if weight is None:
            return replace(found, status="needs_weight")
        said.append(_say_weight("x", weight))
        return replace(found, span=scaled.by_weight(weight.value), weight_row_ids=weight.row_ids)
    found = replace(found, span=scaled)
    # A blood product is counted in bags; bags per kg mean nothing.
    if weight is None or (found.unit or "").startswith(BLOOD_UNIT):
        return found
    return replace(
        found, per_kg=scaled.per_weight(weight.value), unit_per_kg=unit_per_kg, weight_row_ids=weight.row_ids
    )


def _check_rate(case: Case, row: Row, drug: Drug | None, found: Amount, source: Printed) -> bool:
    """Whether a rate is above what is plausible for the drug: a slip of a thousand must be noticed."""
    if drug is None or drug.plausible_rate_high is None or not (found.unit or "").endswith("/h"):
        return False
    number, printed_unit = drug.plausible_rate_high
    limit_unit = units.split_dose_unit(printed_unit)
    by = units.to_canonical(limit_unit.amount, drug.unit, drug.conversions) if limit_unit else None
    if limit_unit is None or by is None:
        return False
    limit = units.convert(number, by * limit_unit.per_hour)
    span = found.per_kg if limit_unit.per_kg else found.span
    if not any(n > limit for n in (span.best, span.low, span.high) if n is not None):
        return False
    what = f"a rate of '{source.value} {source.unit}' is above what is plausible for {drug.name}"
    case.warn(row, "amount" if source.reading is None else "read_as", what, f"usually below {number} {printed_unit}")
    return True


def _reading(source: Printed) -> str | None:
    return None if source.reading is None else f"read as {source.reading}"


def _say(unit: DoseUnit, target: str, by: Fraction) -> str | None:
    parts = [unit.amount, *(["kg"] if unit.per_kg else []), *([unit.per_time] if unit.per_time else [])]
    source = "/".join(parts)
    same = source == target or (by == 1 and unit.amount in _PRINTED_AS_UNITS)
    return None if same else f"{source} to {target}: x {units.show_factor(by)}"


def _say_weight(sign: str, weight: DosingWeight) -> str:
    value = weight.value
    kg = f"{value.best.normalize():f}" if value.best is not None else "between its bounds"
    return f"{sign} {kg} kg ({', '.join(weight.row_ids)})"


def _kept(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(_LAST_DECIMAL, rounding=ROUND_HALF_EVEN)


def _times(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a * b


def _over(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or not b else units.convert(a, 1 / Fraction(b))
