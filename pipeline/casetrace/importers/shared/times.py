"""What is said of the times of a source: columns in which none can be read, and offsets beside times without one."""

import re
from collections.abc import Mapping

import duckdb

from casetrace.core.errors import InputError, Problem

_DAY_FIRST = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}.*")


def open_remarks(con: duckdb.DuckDBPyConnection) -> None:
    """Create ``remarks``: sentences about the source that the report of the import prints."""
    con.execute("CREATE TABLE IF NOT EXISTS remarks (remark VARCHAR)")


def note_times(
    con: duckdb.DuckDBPyConnection, table: str, file: str, columns: Mapping[str, str], key: str | None
) -> None:
    """Note columns in which times with and without an offset are mixed, and times that cannot be read.

    Args:
        con: The working store, with ``raw.<table>``.
        table: Name of the table there.
        file: File to name.
        columns: Column of the table -> its name in the file.
        key: Key of the mapping that says in which form times are written.

    Raises:
        InputError: no time of a column can be read.
    """
    open_remarks(con)
    problems = []
    for column, printed in columns.items():
        ((written, unread, with_offset, without, example),) = con.execute(f"""
            SELECT count("{column}"), count(*) FILTER (utc_of("{column}") IS NULL AND "{column}" IS NOT NULL),
                count(*) FILTER (regexp_matches("{column}", '[0-9]:[0-9]{{2}}.*([+-][0-9]{{2}}(:?[0-9]{{2}})?|Z)$')),
                count(*) FILTER (regexp_matches("{column}", '[ T][0-9]{{1,2}}:[0-9]{{2}}(:[0-9.]+)?$')),
                min("{column}") FILTER (utc_of("{column}") IS NULL)
            FROM raw."{table}"
        """).fetchall()
        allowed = "YYYY-MM-DD HH:MM:SS" + (f", or the key {key}, such as {_form(str(example))}" if key else "")
        if written and unread == written:
            problems.append(
                Problem(file, column=printed, what=f"'{example}' cannot be read as a time", allowed=allowed)
            )
        elif unread:
            _note(con, f"{file}, column {printed}: {unread} of {written} times cannot be read, such as '{example}'")
        if with_offset and without:
            mixed = f"{with_offset} times bear an offset and {without} none"
            _note(con, f"{file}, column {printed}: {mixed}; those without are taken as they stand, the others in UTC")
    if problems:
        raise InputError(problems)


def _note(con: duckdb.DuckDBPyConnection, remark: str) -> None:
    con.execute("INSERT INTO remarks VALUES (?)", [remark])


def _form(example: str) -> str:
    """A form that fits a time as it is written, day first."""
    if not _DAY_FIRST.fullmatch(example):
        return "'%d.%m.%Y %H:%M'"
    sign = next(sign for sign in "./-" if sign in example)
    day = sign.join(("%d", "%m", "%Y"))
    return f"'{day} %H:%M'" if ":" in example else f"'{day}'"
