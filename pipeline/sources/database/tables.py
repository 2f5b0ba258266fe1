"""Placed rows to canonical tables: one SQL file for each, written as parquet and checked against its declaration."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq

from pipeline.schemas import CANONICAL
from pipeline.schemas.base import Table, dtypes

SQL = Path(__file__).resolve().parent / "canonical"
#: In this order: the doses and the cases read the weights of `patient`.
FILLED = ("patient", "labs", "doses", "events", "cases", "sources")
_TYPES: dict[Any, str] = {
    pl.String: "VARCHAR",
    pl.Float64: "DOUBLE",
    pl.Int64: "BIGINT",
    pl.Int32: "INTEGER",
    pl.Boolean: "BOOLEAN",
}
#: Rows validated at once.
BATCH_ROWS = 500_000


def write_tables(con: duckdb.DuckDBPyConnection, folder: Path, words: dict[str, str]) -> dict[str, int]:
    """Write every canonical table to ``folder`` and return the rows of each.

    Raises:
        pandera.errors.SchemaErrors: a table breaks its declaration.
    """
    for name in FILLED:
        text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        used = {key: value for key, value in words.items() if f"${key}" in text}
        con.execute(f"CREATE TABLE canonical_{name} AS {text}", used)
    rows = {}
    for name, model in CANONICAL.items():
        path = folder / f"{name}.parquet"
        place = str(path).replace("'", "''")
        con.execute(f"COPY ({_in_shape(con, name, model)}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
        rows[name] = _checked(path, model)
    return rows


def _in_shape(con: duckdb.DuckDBPyConnection, name: str, model: type[Table]) -> str:
    """The table with exactly the declared columns; those that databases do not have are null."""
    present = con.sql(f"SELECT * FROM canonical_{name} LIMIT 0").columns if name in FILLED else []
    columns = [
        (f't."{column}"' if column in present else "NULL") + f'::{_sql_type(dtype)} AS "{column}"'
        for column, dtype in dtypes(model).items()
    ]
    if name not in FILLED:
        return f"SELECT {', '.join(columns)} WHERE false"
    order = ", ".join(column for column in ("case_id", "raw_file", "raw_row", "row_id") if column in present)
    return f"SELECT {', '.join(columns)} FROM canonical_{name} t ORDER BY {order}"


def _sql_type(dtype: Any) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.List):
        return "VARCHAR[]"
    return _TYPES[dtype.base_type()]


def _checked(path: Path, model: type[Table]) -> int:
    """Validate the written file part by part; the number of rows."""
    rows = 0
    for frame in _parts(path):
        rows += model.checked(frame.cast(pl.Schema(dtypes(model)))).height
    return rows


def _parts(path: Path) -> Iterator[pl.DataFrame]:
    file = pq.ParquetFile(path)
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield frame


def keyed_totals(con: duckdb.DuckDBPyConnection, path: Path) -> pl.DataFrame:
    """Total of each drug in three readings: rows that carry the key of the case, clipped to its span, and all visible.

    Grain: case, drug, route, purpose and unit. Amounts in the source's unit made canonical; from the found rows, apart
    from the metrics, so that the two can be held against each other.
    """
    frame: pl.DataFrame = con.sql("""
        WITH sized AS (
            SELECT p.*, p.amount * u.by AS size, u.unit, u.name, c.stay AS case_stay, c.hadm AS case_hadm,
                CASE WHEN p.ends > p.starts AND p.kind <> 'bolus' THEN
                    greatest(0, epoch(least(p.ends, p.case_ends)) - epoch(greatest(p.starts, p.case_starts)))
                        / (epoch(p.ends) - epoch(p.starts))
                    WHEN minute_of(p.starts) - p.zero BETWEEN 0 AND p.span_end - 1 THEN 1 ELSE 0 END AS share
            FROM placed_doses p JOIN placed_cases c USING (case_id)
            JOIN units_doses u ON u.term = p.term AND u.unit_reported IS NOT DISTINCT FROM p.unit_reported
        )
        SELECT case_id, name AS drug, route, purpose, unit,
            count(*) FILTER (coalesce(case_stay = stay, case_hadm = hadm, true)) AS n_rows_by_key,
            coalesce(sum(size) FILTER (coalesce(case_stay = stay, case_hadm = hadm, true)), 0) AS total_by_key,
            count(*) FILTER (share > 0) AS n_rows_in_span, coalesce(sum(size * share), 0) AS total_in_span,
            count(*) AS n_rows_visible, coalesce(sum(size), 0) AS total_visible
        FROM sized GROUP BY ALL ORDER BY ALL
    """).pl()
    frame.write_parquet(path)
    return frame
