"""Units of a database: what each printed unit of each term is in the canonical unit, asked once for each pair."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import duckdb
import polars as pl

from casetrace.importers.shared.printed_units import candidates, split_dose
from casetrace.importers.shared.terms import find_analyte, find_drug, find_patient_item
from casetrace.values import units
from casetrace.values.printed_values import WORDS
from casetrace.vocabulary import Drug, Quantity, load

Printed = Mapping[str, str | None]

_COLUMNS = {
    "term": pl.String, "name": pl.String, "unit_reported": pl.String, "unit": pl.String, "by": pl.Float64,
    "is_coded": pl.Boolean, "conversion": pl.String, "plausible_low": pl.Float64, "plausible_high": pl.Float64,
}  # fmt: skip
_DOSE_COLUMNS = {
    "term": pl.String, "name": pl.String, "unit_reported": pl.String, "concentration_unit": pl.String,
    "unit": pl.String, "by": pl.Float64, "has_time": pl.Boolean, "is_per_kg": pl.Boolean, "is_volume": pl.Boolean,
    "is_coded": pl.Boolean, "conversion": pl.String, "drug_class": pl.String,
    "rate_high_per_kg": pl.Float64, "rate_high": pl.Float64,
}  # fmt: skip


def tabulate_doses(con: duckdb.DuckDBPyConnection, printed: Printed) -> None:
    """Create ``units_doses`` for the terms and units of the doses that were read, charted rates included."""
    met = con.execute("""
        SELECT term, unit_reported, concentration_unit FROM judged_doses WHERE reason IS NULL
        UNION SELECT term, other_rate_unit, NULL FROM judged_doses WHERE reason IS NULL AND other_rate_unit IS NOT NULL
        ORDER BY ALL
    """).fetchall()
    rows = [_dose(term, unit, per_volume, find_drug(term), printed) for term, unit, per_volume in met]
    _store(con, "units_doses", pl.DataFrame(rows, schema=_DOSE_COLUMNS, orient="row"))


def tabulate(con: duckdb.DuckDBPyConnection, printed: Printed) -> None:
    """Create ``units_labs``, ``units_patient``, ``known_events`` and ``result_words`` for what the placed rows hold."""
    for table, find in (("labs", find_analyte), ("patient", find_patient_item)):
        rows = [_quantity(term, unit, find(term), printed) for term, unit in _pairs(con, table)]
        _store(con, f"units_{table}", pl.DataFrame(rows, schema=_COLUMNS, orient="row"))
    met = [row[0] for row in con.execute("SELECT DISTINCT term FROM placed_events ORDER BY ALL").fetchall()]
    events = [(term, event.name) for term in met if (event := load().events.find(term)) is not None]
    _store(con, "known_events", pl.DataFrame(events, schema={"term": pl.String, "name": pl.String}, orient="row"))
    _store(con, "result_words", pl.DataFrame({"word": list(WORDS)}, schema={"word": pl.String}))


def _pairs(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str | None]]:
    return con.execute(f"SELECT DISTINCT term, unit_reported FROM placed_{table} ORDER BY ALL").fetchall()


def _store(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    con.register("arriving", frame)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
    con.unregister("arriving")


def _quantity(term: str, reported: str | None, known: Quantity | None, printed: Printed) -> tuple[object, ...]:
    codes = candidates(reported, printed, of_dose=False)
    if known is None:  # a term that is not in the vocabulary keeps its own unit
        code = codes[0] if codes else None
        return (term, term, reported, code, 1.0 if code else None, False, None, None, None)
    if known.unit is None:
        return (term, known.name, reported, None, 1.0, True, None, None, None)
    code, by = _first(codes, known.unit, known.conversions)
    if reported is None and known.unit_may_be_left_out:
        by = Fraction(1)
    bounds = tuple(None if limit is None else float(limit) for limit in (known.plausible_low, known.plausible_high))
    unit = known.unit if by is not None else None
    return (term, known.name, reported, unit, _number(by), True, _words(code, by, known.unit), *bounds)


def _first(
    codes: tuple[str, ...], unit: str | None, conversions: Mapping[str, Fraction]
) -> tuple[str | None, Fraction | None]:
    """The first code that converts to the canonical unit, with its factor."""
    for code in codes:
        by = units.to_canonical(code, unit, conversions)
        if by is not None:
            return code, by
    return (codes[0] if codes else None), None


def _dose(
    term: str, reported: str | None, per_volume: str | None, known: Drug | None, printed: Printed
) -> tuple[Any, ...]:
    """One row of ``units_doses``; ``by`` is null where the unit is not one of the drug's dimension."""
    codes = candidates(reported, printed, of_dose=True)
    parts = split_dose(codes[0]) if codes else None
    head = (term, known.name if known else term, reported, per_volume)
    if parts is None or not parts.is_understood:
        return (
            *head,
            known.unit if known else None,
            None,
            False,
            False,
            False,
            known is not None,
            None,
            *_class(known),
        )
    unit, by, is_volume = _amount(parts.amount, per_volume, known, printed)
    scale = (parts.per_hour or 1) * (parts.per_kg or 1)
    by = None if by is None else by * scale
    words = None if by in (None, 1) else f"{codes[0]} x {units.show_factor(by or Fraction(1))} = {unit}" + (
        "/h" if parts.per_hour else ""
    )  # fmt: skip
    return (
        *head, unit, _number(by), parts.per_hour is not None, parts.per_kg is not None, is_volume,
        known is not None, words, *_class(known),
    )  # fmt: skip


def _amount(
    code: str, per_volume: str | None, known: Drug | None, printed: Printed
) -> tuple[str | None, Fraction | None, bool]:
    """Unit and factor of an amount, and whether it is a volume that a concentration turns into an amount.

    A product (blood, plasma) and a drug that is not in the vocabulary keep the unit that they are charted in. Any other
    drug has one dimension: an amount that cannot be brought to it has no factor.
    """
    if known is None:
        return code, Fraction(1), False
    by = units.to_canonical(code, known.unit, known.conversions)
    if by is not None:
        return known.unit, by, False
    for concentration in candidates(per_volume, printed, of_dose=True):
        amount, _, volume = concentration.partition("/")
        of_amount, of_volume = units.to_canonical(amount, known.unit, known.conversions), units.factor(code, volume)
        if of_amount is not None and of_volume is not None:
            return known.unit, of_amount * of_volume, True
    if known.drug_class == "blood product":
        return code, Fraction(1), False
    return known.unit, None, False


def _class(known: Drug | None) -> tuple[str | None, float | None, float | None]:
    highest, unit = (known.plausible_rate_high if known else None) or (None, "")
    if known is None or highest is None:
        return (known.drug_class if known else None), None, None
    return (known.drug_class, *_highest_rate(float(highest), unit, known))


def _highest_rate(highest: float, unit: str, drug: Drug) -> tuple[float | None, float | None]:
    """The highest plausible rate per kg and hour, or per hour, in the drug's unit."""
    parts = units.split_dose_unit(unit)
    if parts is None:
        return None, None
    by = units.to_canonical(parts.amount, drug.unit, drug.conversions)
    if by is None:
        return None, None
    rate = highest * float(by * parts.per_hour)
    return (rate, None) if parts.per_kg else (None, rate)


def _number(by: Fraction | None) -> float | None:
    return None if by is None else float(by)


def _words(code: str | None, by: Fraction | None, unit: str | None) -> str | None:
    return None if by in (None, Fraction(1)) else f"{code} x {units.show_factor(by or Fraction(1))} = {unit}"
