"""Placed rows to canonical tables: one SQL file for each, written as parquet and checked against its declaration."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from casetrace.core.batches import Progress, in_batches
from casetrace.core.growing_table import GrowingTable
from casetrace.importers.shared.case_rows import KINDS
from casetrace.importers.shared.import_report import note_rows, open_books
from casetrace.schemas import CANONICAL
from casetrace.schemas.base import Table, dtypes

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
#: Cases written at once, and laboratory results and doses written at once: whichever is reached first.
BATCH_CASES = 1000
BATCH_ROWS = 200_000


def write_tables(
    con: duckdb.DuckDBPyConnection, folder: Path, words: dict[str, str], progress: Progress = iter
) -> dict[str, int]:
    """Write every canonical table to ``folder``, some cases at a time, and return the rows of each.

    Memory does not grow with the number of cases. Rows are in the order of case, raw file and raw row.

    Args:
        con: The working store with the placed rows; what is unknown is noted in it.
        folder: Where the tables go.
        words: Values for the SQL.
        progress: Wraps the list of batches.

    Raises:
        pandera.errors.SchemaErrors: a table breaks its declaration.
    """
    open_books(con)
    con.execute("CREATE SCHEMA IF NOT EXISTS in_sight")
    rows = dict.fromkeys(CANONICAL, 0)
    with ExitStack() as close:
        files = {name: GrowingTable(folder / f"{name}.parquet", dtypes(model)) for name, model in CANONICAL.items()}
        for file in files.values():
            close.callback(file.close)
        for ids in progress(_batches(con)):
            _fill(con, ids[0], ids[-1], words)
            note_rows(con)
            for name in FILLED:
                frame = _checked(con, name)
                files[name].append(frame)
                rows[name] += frame.height
        for file in files.values():
            file.finish()
    return rows


def _batches(con: duckdb.DuckDBPyConnection) -> list[list[str]]:
    sizes = con.execute("""
        SELECT case_id, count(r.case_id) FROM placed_cases LEFT JOIN (
            SELECT case_id FROM placed_labs UNION ALL SELECT case_id FROM placed_doses
        ) r USING (case_id) GROUP BY case_id ORDER BY case_id
    """).fetchall()
    return in_batches(sizes, BATCH_CASES, BATCH_ROWS)


def _fill(con: duckdb.DuckDBPyConnection, first: str, last: str, words: dict[str, str]) -> None:
    """Create the canonical tables of the cases from ``first`` to ``last``; the SQL files see no other rows."""
    between = f"case_id BETWEEN '{first}' AND '{last}'"
    for kind in (*KINDS, "cases"):
        con.execute(
            f"CREATE OR REPLACE VIEW in_sight.placed_{kind} AS SELECT * FROM main.placed_{kind} WHERE {between}"
        )
    con.execute("SET search_path = 'in_sight,main'")
    for name in FILLED:
        text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        used = {key: value for key, value in words.items() if f"${key}" in text}
        con.execute(f"CREATE OR REPLACE TEMP TABLE canonical_{name} AS {text}", used)
    con.execute("SET search_path = 'main'")


def _checked(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """The canonical table in sight, in its declared shape and validated."""
    model = CANONICAL[name]
    return model.checked(con.sql(_in_shape(con, name, model)).pl().cast(pl.Schema(dtypes(model))))


def _in_shape(con: duckdb.DuckDBPyConnection, name: str, model: type[Table]) -> str:
    """The table with exactly the declared columns; those that databases do not have are null."""
    present = con.sql(f"SELECT * FROM canonical_{name} LIMIT 0").columns
    columns = [
        (f't."{column}"' if column in present else "NULL") + f'::{_sql_type(dtype)} AS "{column}"'
        for column, dtype in dtypes(model).items()
    ]
    order = ", ".join(column for column in ("case_id", "raw_file", "raw_row", "row_id") if column in present)
    return f"SELECT {', '.join(columns)} FROM canonical_{name} t ORDER BY {order}"


def _sql_type(dtype: Any) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.List):
        return "VARCHAR[]"
    return _TYPES[dtype.base_type()]


def keyed_totals(con: duckdb.DuckDBPyConnection, path: Path) -> pl.DataFrame:
    """Total of each drug in three readings: rows that carry the key of the case, clipped to its span, and all visible.

    Grain: case, drug, route, purpose and unit. Known amounts in the canonical unit; from the found rows, apart
    from the metrics, so that the two can be held against each other.
    """
    frame: pl.DataFrame = con.sql("""
        WITH sized AS (
            SELECT p.*,
                p.size * CASE WHEN p.is_rate THEN (epoch(p.ends) - epoch(p.starts)) / 3600 ELSE 1 END AS given,
                c.stay AS case_stay, c.hadm AS case_hadm,
                CASE WHEN p.ends > p.starts AND p.kind <> 'bolus' THEN
                    greatest(0, epoch(least(p.ends, p.case_ends)) - epoch(greatest(p.starts, p.case_starts)))
                        / (epoch(p.ends) - epoch(p.starts))
                    WHEN minute_of(p.starts) - p.zero BETWEEN 0 AND p.span_end - 1 THEN 1 ELSE 0 END AS share
            FROM placed_doses p JOIN placed_cases c USING (case_id)
        )
        SELECT case_id, name AS drug, route, purpose, unit,
            count(*) FILTER (coalesce(case_stay = stay, case_hadm = hadm, true)) AS n_rows_by_key,
            coalesce(sum(given) FILTER (coalesce(case_stay = stay, case_hadm = hadm, true)), 0) AS total_by_key,
            count(*) FILTER (share > 0) AS n_rows_in_span, coalesce(sum(given * share), 0) AS total_in_span,
            count(*) AS n_rows_visible, coalesce(sum(given), 0) AS total_visible
        FROM sized GROUP BY ALL ORDER BY ALL
    """).pl()
    frame.write_parquet(path)
    return frame
