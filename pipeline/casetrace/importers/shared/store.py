"""The working store of an import: a DuckDB file in a folder for the time of the import, with a limit of memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from casetrace.core.errors import CasetraceError, InputError, NotFoundError, Problem
from casetrace.importers.shared.memory import Limits

ENDINGS = (".csv", ".csv.gz", ".parquet")

#: Words of the import language. A number has a point and no other sign. Seconds are cut off: an instant is the minute
#: in which it lies. A time with an offset
#: is told in UTC, one without as it stands (a plain cast would drop the offset).
MACROS = r"""
CREATE MACRO utc_of(t) AS CASE WHEN regexp_matches(t, '^\s*[0-9]{4}-[0-9]')
    THEN try_cast(t AS TIMESTAMPTZ)::TIMESTAMP END;
CREATE MACRO number_of(t) AS CASE
    WHEN regexp_full_match(trim(t), '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?')
    THEN try_cast(trim(t) AS DOUBLE) END;
CREATE MACRO is_day(t) AS coalesce(regexp_full_match(trim(t), '[0-9]{4}-[0-9]{2}-[0-9]{2}'), false);
CREATE MACRO whole_day(t) AS CASE WHEN is_day(t) THEN INTERVAL 1439 MINUTE ELSE INTERVAL 0 MINUTE END;
CREATE MACRO bound_of(t, part) AS nullif(regexp_extract(trim(t), '^([<>≤≥])(=?)\s*([0-9]+(?:\.[0-9]+)?)$', part), '');
CREATE MACRO bound_side(t) AS translate(bound_of(t, 1), '≤≥', '<>');
CREATE MACRO bound_size(t) AS try_cast(bound_of(t, 3) AS DOUBLE);
CREATE MACRO bound_is_met(t) AS coalesce(bound_of(t, 2) = '=' OR bound_of(t, 1) IN ('≤', '≥'), false);
CREATE MACRO minute_of(t) AS floor(epoch(t) / 60)::BIGINT;
CREATE MACRO floor_day(m) AS floor(m / 1440)::INTEGER;
CREATE MACRO time_text(m) AS format('D{}T{:02d}:{:02d}', floor(m / 1440)::BIGINT,
    ((m - 1440 * floor(m / 1440)::BIGINT) // 60)::INTEGER, ((m - 1440 * floor(m / 1440)::BIGINT) % 60)::INTEGER);
"""


@contextmanager
def working_store(folder: Path, limit: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty store in a folder; what does not fit in memory goes to disk there.

    Raises:
        CasetraceError: a statement failed, for example because the limit of memory is too small.
    """
    try:
        con = duckdb.connect(str(folder / "store.duckdb"))
        try:
            con.execute(f"SET memory_limit = '{limit.duckdb_bytes} B'")
            con.execute(f"SET threads = {limit.threads}")
            # Rows are numbered as they are read, and sorted where their order matters.
            con.execute("SET preserve_insertion_order = false")
            con.execute(f"SET temp_directory = '{_quoted(folder / 'spill')}'")
            con.execute("SET python_enable_replacements = false")
            con.execute("SET enable_progress_bar = true")  # counted for our own bar, not printed
            con.execute("SET enable_progress_bar_print = false")
            con.execute("SET TimeZone = 'UTC'")
            con.execute(MACROS)
            yield con
        finally:
            con.close()
    except duckdb.OutOfMemoryException as error:
        raise CasetraceError(
            f"the import does not fit in --memory {limit.stated}: allow it more ({_first_line(error)})"
        ) from error
    except duckdb.Error as error:
        raise CasetraceError(f"the import failed: {error}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def find_file(folder: Path, name: str, under: Sequence[str] = ("",)) -> Path | None:
    """The file of that name in one of the sub-folders, in any of the forms that are read."""
    for place in under:
        for ending in ENDINGS:
            path = folder / place / f"{name}{ending}"
            if path.is_file():
                return path
    return None


def open_files(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    required: Mapping[str, Sequence[str]],
    optional: Mapping[str, Sequence[str]],
    under: Sequence[str],
    prefix: str = "",
    may_lack: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Path]:
    """One view ``raw.<name>`` for each file, its columns as text, with ``raw_row``; an absent optional one is empty.

    Columns in ``may_lack`` are null where the file does not have them.

    Raises:
        NotFoundError: no such folder.
        InputError: required files or columns are missing; all at once.
    """
    if not folder.is_dir():
        raise NotFoundError(f"{folder}: no such folder")
    con.execute("CREATE SCHEMA IF NOT EXISTS raw")
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for name, columns in {**required, **optional}.items():
        more = (may_lack or {}).get(name, ())
        path = find_file(folder, f"{prefix}{name}", under) or find_file(folder, name, under)
        if path is None:
            if name in required:
                places = " or ".join(place or "the folder itself" for place in under)
                problems.append(Problem(name, what="the file is missing", allowed=f"{', '.join(ENDINGS)} in {places}"))
            _empty_view(con, name, [*columns, *more])
            continue
        missing = _view(con, name, path, columns, more)
        problems += [Problem(path.name, 1, column, "the column is missing") for column in missing]
        found[name] = path
    if problems:
        raise InputError(problems)
    return found


def _empty_view(con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str]) -> None:
    typed = ", ".join(f'NULL::VARCHAR AS "{column}"' for column in columns)
    con.execute(
        f'CREATE VIEW raw."{name}" AS SELECT {typed}, NULL::BIGINT AS raw_row, NULL::UBIGINT AS row_hash WHERE false'
    )


def _view(
    con: duckdb.DuckDBPyConnection, name: str, path: Path, columns: Sequence[str], more: Sequence[str]
) -> list[str]:
    """Create the view; the needed columns that the file lacks."""
    place = _quoted(path)
    if path.suffix == ".parquet":
        read, row = f"read_parquet('{place}', file_row_number = true)", "file_row_number + 2"
    else:
        read, row = f"read_csv('{place}', all_varchar = true, header = true, delim = ',')", "row_number() OVER () + 1"
    present = con.sql(f"SELECT * FROM {read} LIMIT 0").columns
    missing = [column for column in columns if column not in present]
    if not missing:
        chosen = ", ".join(
            f'nullif("{column}"::VARCHAR, \'\') AS "{column}"' if column in present else f'NULL::VARCHAR AS "{column}"'
            for column in (*columns, *more)
        )
        every = ", ".join(f'"{column}"' for column in present if column != "file_row_number")
        con.execute(
            f'CREATE VIEW raw."{name}" AS SELECT {chosen}, {row} AS raw_row, hash({every}) AS row_hash FROM {read}'
        )
    return missing
