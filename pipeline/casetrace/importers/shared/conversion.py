"""Units of a database: what each printed unit of each term is in the canonical unit, asked once for each pair."""

from collections.abc import Mapping
from fractions import Fraction

import duckdb
import polars as pl

from casetrace.values import units
from casetrace.vocabulary import Drug, Quantity, load, plain_unit


def tabulate(con: duckdb.DuckDBPyConnection, printed: Mapping[str, str | None]) -> None:
    """Create ``units_labs``, ``units_patient``, ``units_doses`` and ``known_events`` for what the placed rows hold."""
    vocabulary = load()
    for table, terms in (("labs", vocabulary.analytes), ("patient", vocabulary.patient_items)):
        rows = [_quantity(term, unit, terms.find(term), printed) for term, unit in _pairs(con, table)]
        _store(con, f"units_{table}", pl.DataFrame(rows, schema=_COLUMNS, orient="row"))
    doses = [_dose(term, unit, vocabulary.drugs.find(term), printed) for term, unit in _pairs(con, "doses")]
    _store(con, "units_doses", pl.DataFrame(doses, schema=_DOSE_COLUMNS, orient="row"))
    met = [row[0] for row in con.execute("SELECT DISTINCT term FROM placed_events ORDER BY ALL").fetchall()]
    events = [(term, event.name) for term in met if (event := vocabulary.events.find(term)) is not None]
    _store(con, "known_events", pl.DataFrame(events, schema={"term": pl.String, "name": pl.String}, orient="row"))


_COLUMNS = {
    "term": pl.String, "name": pl.String, "unit_reported": pl.String, "unit": pl.String, "by": pl.Float64,
    "is_coded": pl.Boolean, "conversion": pl.String, "plausible_low": pl.Float64, "plausible_high": pl.Float64,
}  # fmt: skip
_DOSE_COLUMNS = {
    **{name: kind for name, kind in _COLUMNS.items() if not name.startswith("plausible")},
    "drug_class": pl.String, "rate_high_per_kg": pl.Float64, "rate_high": pl.Float64,
}  # fmt: skip


def _pairs(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str | None]]:
    return con.execute(f"SELECT DISTINCT term, unit_reported FROM placed_{table} ORDER BY ALL").fetchall()


def _store(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    con.register("arriving", frame)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
    con.unregister("arriving")


def _ucum(reported: str | None, printed: Mapping[str, str | None]) -> str | None:
    """The UCUM code of a unit as the source writes it: the source's own units first, then the vocabulary's."""
    if reported is None:
        return None
    text = plain_unit(reported)
    if text in printed:
        return printed[text]
    found = load().units.ucum.get(text)
    return found or (text if units.is_ucum(text) else None)


def _quantity(
    term: str, reported: str | None, known: Quantity | None, printed: Mapping[str, str | None]
) -> tuple[object, ...]:
    code = _ucum(reported, printed)
    if known is None:  # a term that is not in the vocabulary keeps its own unit
        return (term, term, reported, code, 1.0 if code else None, False, None, None, None)
    if known.unit is None:
        return (term, known.name, reported, None, 1.0, True, None, None, None)
    by = units.to_canonical(code, known.unit, known.conversions) if code else None
    if code is None and reported is None and known.unit_may_be_left_out:
        by = Fraction(1)
    bounds = tuple(None if limit is None else float(limit) for limit in (known.plausible_low, known.plausible_high))
    unit = known.unit if by is not None else None
    return (term, known.name, reported, unit, _number(by), True, _words(code, by, known.unit), *bounds)


def _dose(term: str, reported: str | None, known: Drug | None, printed: Mapping[str, str | None]) -> tuple[object, ...]:
    code = _ucum(reported, printed)
    drug_class = known.drug_class if known else None
    by = units.to_canonical(code, known.unit, known.conversions) if code and known else None
    if by is None:  # an amount in a unit of its own (doses, mL of a product) is kept in it and never added to others
        name = known.name if known else term
        return (term, name, reported, code, 1.0 if code else None, known is not None, None, drug_class, None, None)
    assert known is not None
    highest, unit = known.plausible_rate_high or (None, "")
    rate = _highest_rate(float(highest), unit, known) if highest is not None else (None, None)
    return (term, known.name, reported, known.unit, _number(by), True, _words(code, by, known.unit), drug_class, *rate)


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
