"""Any long tables (csv, parquet or a DuckDB query) to found rows, by a mapping file."""

from pathlib import Path

import duckdb

from casetrace.core.errors import InputError, Problem
from casetrace.importers.shared.case_rows import KINDS
from casetrace.importers.shared.times import note_times
from casetrace.importers.table.columns import column_expressions, quoted
from casetrace.importers.table.files import read_expression
from casetrace.importers.table.mapping import OPTIONAL, REQUIRED, TIMES, MappedTable, TableMapping

SQL = Path(__file__).resolve().parent


def find_rows(con: duckdb.DuckDBPyConnection, mapping: TableMapping, folder: Path) -> dict[str, Path]:
    """Create ``found_cases`` and ``read_<kind>`` for every kind; the tables that were read, by kind.

    Args:
        con: The working store.
        mapping: What is read, and what it means.
        folder: Folder of the mapping file: queries name files relative to it.

    Raises:
        InputError: a file or a column that the mapping names is missing, or no time of a column can be read.
    """
    con.execute(f"SET file_search_path = {quoted(str(folder))}")
    con.execute("CREATE SCHEMA raw")
    problems: list[Problem] = []
    for kind in REQUIRED:
        problems += _view(con, kind, mapping.tables.get(kind), folder)
    if problems:
        raise InputError(problems)
    for kind, table in mapping.tables.items():
        file = table.file.name if table.file else f"the query of {kind}"
        columns = {name: table.columns[name] for name in TIMES if name in table.columns}
        note_times(con, kind, file, columns, f"tables.{kind}.time_format")
    con.execute(f"CREATE TABLE found_cases AS {_sql('cases').replace('$unit', quoted(mapping.unit))}")
    doses = mapping.tables.get("doses")
    said = doses.choices if doses else {}
    for kind in KINDS:
        text = _sql(kind)
        text = text.replace("$at_next_change", str(said.get("infusions_end") == "at_next_change").lower())
        text = text.replace("$separate", str(said.get("concurrent_rows") == "separate_pumps").lower())
        con.execute(f"CREATE VIEW read_{kind} AS {text}")
    nothing = " UNION ALL ".join(
        f"SELECT '{kind}' AS raw_file, raw_row, subject, 'left out by the mapping' AS left_out, "
        f"left_out_word AS example FROM raw.{kind}_left_out"
        for kind in KINDS
    )
    con.execute(f"CREATE VIEW read_nothing AS {nothing}")
    return {kind: table.file or folder for kind, table in mapping.tables.items() if kind != "cases"}


def _view(con: duckdb.DuckDBPyConnection, kind: str, table: MappedTable | None, folder: Path) -> list[Problem]:
    """Create ``raw.<kind>`` with our column names; what the mapping names and the source does not have.

    ``raw.<kind>_left_out`` are the rows that the mapping leaves out by their term, ``raw.<kind>_all`` both together.
    """
    names = (*REQUIRED[kind], *OPTIONAL[kind])
    if table is None:
        typed = ", ".join(f"NULL::VARCHAR AS {name}" for name in (*names, "raw_value", "raw_amount", "raw_rate"))
        own = "NULL::BIGINT AS raw_row, NULL::UBIGINT AS row_hash, NULL::VARCHAR AS left_out_word"
        chosen = f"SELECT {typed}, {own} WHERE false"
    else:
        read, problems = read_expression(con, kind, table, folder)
        if problems:
            return problems
        present = con.sql(f"SELECT * FROM {read} LIMIT 0").columns
        missing = [column for column in table.columns.values() if column not in present]
        if missing:
            file = table.file.name if table.file else f"the query of {kind}"
            return [Problem(file, 1, column, "the column is missing") for column in missing]
        every = ", ".join('"' + column.replace('"', '""') + '"' for column in present)
        columns = column_expressions(names, table)
        chosen = f"SELECT {columns}, row_number() OVER () + 1 AS raw_row, hash({every}) AS row_hash FROM {read}"
    con.execute(f"CREATE VIEW raw.{kind}_all AS {chosen}")
    own = "SELECT * EXCLUDE (left_out_word) FROM" if kind != "cases" else "SELECT * FROM"
    where = " WHERE left_out_word IS NULL" if kind != "cases" else ""
    con.execute(f"CREATE VIEW raw.{kind} AS {own} raw.{kind}_all{where}")
    con.execute(f"CREATE VIEW raw.{kind}_left_out AS FROM raw.{kind}_all WHERE left_out_word IS NOT NULL")
    return []


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
