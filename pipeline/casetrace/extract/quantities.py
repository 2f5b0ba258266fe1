"""Values with units: from what is printed to the canonical unit, with the way there said in words."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from casetrace.core.errors import CellError
from casetrace.extract.case_reading import Case, Row
from casetrace.values import units
from casetrace.values.printed_values import WORDS, Value, parse_number, parse_value, split_reading
from casetrace.values.suggestions import european
from casetrace.vocabulary import Drug, Quantity, plain_unit

#: Units in which single things are counted: cells, international units. A printed third decimal is rare in them.
_COUNTS_SINGLE = re.compile(r"/(uL|mm3)$|\[iU\]|\{unit\}|U$|U/")
#: Stands for a value that was refused, so that nothing further is said of its number.
_REFUSED = Value("not_printed")


@dataclass(frozen=True)
class Measured:
    """A value in its canonical unit. `factor` is what the printed numbers were multiplied by."""

    value: Value
    unit: str | None
    factor: Fraction = Fraction(1)
    conversion: str | None = None

    def columns(self) -> dict[str, Any]:
        """The value columns of a canonical row."""
        value = self.value
        return {
            "value_kind": value.kind,
            "value": as_float(value.best),
            "value_low": as_float(value.low),
            "value_high": as_float(value.high),
            "low_is_strict": value.low_is_strict,
            "high_is_strict": value.high_is_strict,
            "value_word": value.word,
            "unit": self.unit,
        }


@dataclass(frozen=True)
class Printed:
    """Value and unit text to be used, after the curator's reading; `unit_column` is where the unit was typed."""

    value: str | None
    unit: str | None
    value_column: str
    unit_column: str
    reading: str | None


def as_float(number: Decimal | None) -> float | None:
    """The double nearest to the exact decimal."""
    return None if number is None else float(number)


def printed(row: Row, value_column: str = "value") -> Printed:
    """What is to be read: the cells, or the curator's reading where the print cannot be used."""
    reading = row.get("read_as")
    if reading is None:
        return Printed(row.get(value_column), row.get("unit"), value_column, "unit", None)
    value, unit = split_reading(reading)
    column = "unit" if unit is None else "read_as"
    return Printed(value, unit or row.get("unit"), "read_as", column, reading)


def measured(case: Case, row: Row, quantity: Quantity | None, words: tuple[str, ...] | None = WORDS) -> Measured:
    """The value of a row in the canonical unit of its quantity; what cannot be read or converted is noted."""
    source = printed(row)
    try:
        value = parse_value(source.value, case.approximate_pct, words)
    except CellError as error:
        case.error(row, source.value_column, error.what, error.allowed)
        value = Value("not_printed")
    warn_european(case, row, source)
    found = _in_canonical_unit(case, row, source, value, quantity)
    if source.reading is None:
        return found
    note = f"read as {source.reading}"
    return replace(found, conversion=f"{note}; {found.conversion}" if found.conversion else note)


def is_implausible(quantity: Quantity | None, value: Value, stat: str | None) -> bool:
    """Whether a number lies outside the plausible range; a fall or a rise is a difference and has none."""
    if quantity is None or stat in ("fall", "rise"):
        return False
    low, high = quantity.plausible_low, quantity.plausible_high
    return any((low is not None and n < low) or (high is not None and n > high) for n in value.numbers)


def warn_implausible(case: Case, row: Row, quantity: Quantity, unit: str | None) -> None:
    """Say that the value of a row is outside the plausible range."""
    what = f"'{row.get('read_as') or row.get('value')}' is outside the plausible range of {quantity.name}"
    allowed = f"usually {quantity.plausible_low} to {quantity.plausible_high} {unit or ''}".rstrip()
    case.warn(row, "read_as" if row.get("read_as") else "value", what, allowed)


def warn_european(case: Case, row: Row, source: Printed) -> None:
    """Say that a point before three digits may part thousands, where the unit counts single things."""
    meant = european(source.value or "")
    code = case.vocabulary.units.ucum.get(plain_unit(source.unit or ""), "")
    if meant is None or not _COUNTS_SINGLE.match(code):
        return
    what = f"'{source.value}' {source.unit} may be printed with a point between thousands"
    case.warn(row, source.value_column, what, f"{meant} if so; {Decimal(meant) / 1000} if the point is a decimal one")


def scaled_number(case: Case, row: Row, column: str, factor: Fraction) -> Decimal | None:
    """A plain number (an end of a reference range) in the canonical unit."""
    number = case.read(row, column, parse_number)
    return None if number is None else units.convert(number, factor)


def unit_code(case: Case, row: Row, column: str, text: str, *, known_name: bool) -> str | None:
    """The UCUM code of a printed unit.

    A unit that is not known is an error beside a name of the vocabulary; beside any other name it is a warning.
    """
    plain = plain_unit(text)
    vocabulary = case.vocabulary.units
    if plain in vocabulary.refused:
        case.error(row, column, f"'{text}' is not a unit", vocabulary.refused[plain])
        return None
    code = vocabulary.ucum.get(plain) or (plain if units.is_ucum(plain) else None)
    if code is not None:
        return code
    near = vocabulary.near(text)
    if known_name:
        case.error(row, column, f"the unit '{text}' is not known", f"did you mean '{near}'?" if near else "a UCUM unit")
    else:
        case.warn(row, column, f"the unit '{text}' is not known and stays as typed")
    return None


def allowed_units(case: Case, term: Quantity | Drug) -> str:
    """The units that convert to the canonical one, as they may be typed, for a message."""
    codes = [term.unit or "", *term.conversions]
    return ", ".join(dict.fromkeys(case.vocabulary.units.as_printed(code) for code in codes))


def say_conversion(source: str, target: str, factor: Fraction) -> str | None:
    """How a number was converted, in words; None when it was not."""
    return None if source == target else f"{source} to {target}: x {units.show_factor(factor)}"


def _in_canonical_unit(case: Case, row: Row, source: Printed, value: Value, quantity: Quantity | None) -> Measured:
    known_name = quantity is not None
    if source.unit is None:
        return _without_unit(case, row, value, quantity)
    code = unit_code(case, row, source.unit_column, source.unit, known_name=known_name)
    if quantity is None or quantity.unit is None:
        return Measured(value, code or source.unit)
    if code is None:
        return Measured(_REFUSED, quantity.unit)
    factor = units.to_canonical(code, quantity.unit, quantity.conversions)
    if factor is None:
        unit = case.vocabulary.units.as_printed(quantity.unit)
        what = f"'{source.unit}' cannot be converted to {unit} for {quantity.name}"
        case.error(row, source.unit_column, what, _twin(case, quantity, code) or allowed_units(case, quantity))
        return Measured(_REFUSED, quantity.unit)
    return Measured(value.scaled(factor), quantity.unit, factor, say_conversion(code, quantity.unit, factor))


def _twin(case: Case, quantity: Quantity, code: str) -> str:
    """The analyte that is measured in the unit and goes by the same name but for that: D-dimer in FEU."""
    note = re.search(r"\{(\w+)\}", code)
    twins = [
        other.name
        for other in case.vocabulary.analytes.all()
        if note and note[1] in (other.unit or "") and other.name.startswith(quantity.name)
    ]
    return f"did you mean the analyte '{twins[0]}'?" if twins else ""


def _without_unit(case: Case, row: Row, value: Value, quantity: Quantity | None) -> Measured:
    """A value without a unit: legal for words, and where the vocabulary says that units are left out."""
    if quantity is None or quantity.unit is None:
        return Measured(value, None)
    if not value.numbers:
        return Measured(value, quantity.unit)
    if quantity.unit_may_be_left_out:
        return Measured(value, quantity.unit, conversion=f"no unit printed: {quantity.unit}")
    what = f"the unit of {quantity.name} is missing"
    case.error(row, "unit", what, f"{allowed_units(case, quantity)}; where none is printed, your reading in read_as")
    return Measured(_REFUSED, quantity.unit)
