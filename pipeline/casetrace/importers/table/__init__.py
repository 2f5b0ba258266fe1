"""Any long tables (csv, parquet or a DuckDB query) to found rows, by a mapping file."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from casetrace.core.errors import InputError, Problem
from casetrace.importers.shared.case_rows import KINDS
from casetrace.importers.table.mapping import OPTIONAL, REQUIRED, MappedTable, TableMapping

SQL = Path(__file__).resolve().parent


def find_rows(con: duckdb.DuckDBPyConnection, mapping: TableMapping, folder: Path) -> dict[str, Path]:
    """Create ``found_cases`` and ``read_<kind>`` for every kind; the tables that were read, by kind.

    Args:
        con: The working store.
        mapping: What is read, and what it means.
        folder: Folder of the mapping file: queries name files relative to it.

    Raises:
        InputError: a file or a column that the mapping names is missing; all at once.
    """
    con.execute(f"SET file_search_path = {_text(str(folder))}")
    con.execute("CREATE SCHEMA raw")
    problems: list[Problem] = []
    for kind in REQUIRED:
        problems += _view(con, kind, mapping.tables.get(kind))
    if problems:
        raise InputError(problems)
    con.execute(f"CREATE TABLE found_cases AS {_sql('cases').replace('$unit', _text(mapping.unit))}")
    doses = mapping.tables.get("doses")
    at_next_change = "true" if doses and doses.infusions_end == "at_next_change" else "false"
    for kind in KINDS:
        con.execute(f"CREATE VIEW read_{kind} AS {_sql(kind).replace('$at_next_change', at_next_change)}")
    con.execute(
        "CREATE VIEW read_nothing AS SELECT raw_file, raw_row, subject, left_out, example FROM read_labs WHERE false"
    )
    return {kind: table.file or folder for kind, table in mapping.tables.items() if kind != "cases"}


def _view(con: duckdb.DuckDBPyConnection, kind: str, table: MappedTable | None) -> list[Problem]:
    """Create ``raw.<kind>`` with our column names; what the mapping names and the source does not have."""
    names = (*REQUIRED[kind], *OPTIONAL[kind])
    if table is None:
        typed = ", ".join(f"NULL::VARCHAR AS {name}" for name in names)
        con.execute(f"CREATE VIEW raw.{kind} AS SELECT {typed}, NULL::BIGINT AS raw_row WHERE false")
        return []
    read = f"({table.query})"
    if table.file is not None:
        if not table.file.is_file():
            return [Problem(table.file.name, what="the file is missing")]
        place = _text(str(table.file))
        is_parquet = table.file.suffix == ".parquet"
        read = f"read_parquet({place})" if is_parquet else f"read_csv({place}, all_varchar = true, header = true)"
    present = con.sql(f"SELECT * FROM {read} LIMIT 0").columns
    missing = [column for column in table.columns.values() if column not in present]
    if missing:
        file = table.file.name if table.file else f"the query of {kind}"
        return [Problem(file, 1, column, "the column is missing") for column in missing]
    chosen = ", ".join(f"{_expression(name, table)} AS {name}" for name in names)
    con.execute(f"CREATE VIEW raw.{kind} AS SELECT {chosen}, row_number() OVER () + 1 AS raw_row FROM {read}")
    return []


def _expression(name: str, table: MappedTable) -> str:
    if name in table.values:
        return _text(table.values[name])
    if name not in table.columns:
        return "NULL::VARCHAR"
    column = '"' + table.columns[name].replace('"', '""') + '"'
    cell = f"nullif(trim({column}::VARCHAR), '')"
    return _by_word(cell, table.terms) if name == "term" else cell


def _by_word(cell: str, terms: Mapping[str, str]) -> str:
    """Words that the mapping names become ours; all others stay and are looked up in the vocabulary."""
    if not terms:
        return cell
    cases = " ".join(f"WHEN {_text(word)} THEN {_text(ours)}" for word, ours in terms.items())
    return f"CASE {cell} {cases} ELSE {cell} END"


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
