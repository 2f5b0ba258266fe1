"""What a mapped table is read from: a file, several parquet files, or a query."""

import re
from pathlib import Path

import duckdb

from casetrace.core.errors import Problem
from casetrace.importers.table.columns import quoted
from casetrace.importers.table.mapping import MappedTable

_PARQUET_IN_QUERY = re.compile(r"'([^']*[*?\[][^']*\.parquet)'")


def read_expression(
    con: duckdb.DuckDBPyConnection, kind: str, table: MappedTable, folder: Path
) -> tuple[str, list[Problem]]:
    """What stands behind FROM, or why nothing can be read.

    DuckDB takes the digits of a decimal column from the first of several parquet files and rounds those of the others.
    Files that the mapping names are read with the most digits of any; a query that would round is refused.
    """
    if table.file is None:
        return f"({table.query})", _rounds(con, kind, table.query or "", folder)
    files = [table.file]
    if any(sign in table.file.name for sign in "*?["):
        files = sorted(table.file.parent.glob(table.file.name))
    if not files or not all(file.is_file() for file in files):
        return "", [Problem(table.file.name, what="the file is missing")]
    places = "[" + ", ".join(quoted(str(file)) for file in files) + "]"
    if all(file.suffix == ".parquet" for file in files):
        return f"read_parquet({places}, union_by_name = true)", []
    return f"read_csv({places}, all_varchar = true, header = true, union_by_name = true)", []


def _rounds(con: duckdb.DuckDBPyConnection, kind: str, query: str, folder: Path) -> list[Problem]:
    """Decimal columns of several parquet files of a query that have different numbers of digits."""
    if "union_by_name" in query:
        return []
    problems = []
    for pattern in _PARQUET_IN_QUERY.findall(query):
        place = pattern if Path(pattern).is_absolute() else str(folder / pattern)
        found = con.execute(
            "SELECT name FROM parquet_schema(?) WHERE scale IS NOT NULL "
            "GROUP BY name HAVING count(DISTINCT scale) > 1 ORDER BY name",
            [place],
        ).fetchall()
        remedy = f"read_parquet('{pattern}', union_by_name = true) in the query of {kind}, or from: {pattern}"
        what = "the files differ in their number of decimals, and some would be rounded"
        problems += [Problem(pattern, column=name, what=what, allowed=remedy) for (name,) in found]
    return problems
