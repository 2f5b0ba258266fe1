"""The reference range of a laboratory row, and what the words normal, low and high mean by it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from casetrace.extract import quantities
from casetrace.extract.case_reading import Case, Row
from casetrace.values import units
from casetrace.values.printed_values import REFERENCE_WORDS, Value, parse_number


@dataclass(frozen=True)
class Reference:
    """A reference range in the canonical unit; a strict end lies outside the range itself."""

    low: Decimal | None
    high: Decimal | None
    low_is_strict: bool
    high_is_strict: bool


def read_reference(case: Case, row: Row, factor: Fraction) -> Reference:
    """The reference range in the canonical unit: it is converted with the same factor as the value."""
    low, low_is_strict = _limit(case, row, "ref_low", ">", factor)
    high, high_is_strict = _limit(case, row, "ref_high", "<", factor)
    if low is not None and high is not None and low > high:
        case.error(row, "ref_low", "the reference range ends below its start", "ref_low not above ref_high")
    return Reference(low, high, low_is_strict, high_is_strict)


def _limit(case: Case, row: Row, column: str, sign: str, factor: Fraction) -> tuple[Decimal | None, bool]:
    """One end of a reference range, and whether it lies outside the range: `>0.50` in ref_low, `<1.5` in ref_high."""
    text = row.get(column) or ""
    if not text.startswith(sign):
        return quantities.scaled_number(case, row, column, factor), False
    number = case.read(row, column, lambda typed: parse_number(typed.removeprefix(sign).removeprefix("=")))
    return (None if number is None else units.convert(number, factor)), not text.startswith(f"{sign}=")


def bounded(value: Value, reference: Reference) -> Value:
    """Normal, low and high with the bounds that the reference range gives; none without a range.

    What is outside the range reaches its limit when the limit itself is outside (`<1.5`).
    """
    low, high = reference.low, reference.high
    if value.word not in REFERENCE_WORDS:
        return value
    if value.word == "normal":
        value = replace(value, low=low, low_is_strict=reference.low_is_strict)
        return replace(value, high=high, high_is_strict=reference.high_is_strict)
    if value.word == "low":
        return replace(value, high=low, high_is_strict=low is not None and not reference.low_is_strict)
    return replace(value, low=high, low_is_strict=high is not None and not reference.high_is_strict)
