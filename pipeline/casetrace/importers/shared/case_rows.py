"""Which rows belong to which case, and what becomes of every other row.

The rows of an admission are visible to each of its cases. A row that names no admission (a quarter of all laboratory
rows), or of a source whose cases name none, belongs to the cases of its patient whose time its own time meets; patient
rows may reach some days further back. A dose whose time cannot be read may belong to any case of its patient.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from casetrace.core.errors import CasetraceError
from casetrace.importers.shared.conversion import Printed
from casetrace.importers.shared.doses import Step, dose_steps

#: The found tables, with the column of their instant.
KINDS = {"labs": "charted", "doses": "starts", "events": "charted", "patient": "charted"}
NO_CASE = "the patient has no case"
OUTSIDE = "outside the admissions of the cases"
NO_TIME = "time cannot be read"
COPY = "equal to an earlier row in every column"
#: The kinds of rows whose equal rows count once.
COUNTED_ONCE = ("labs", "doses")
Progress = Callable[[Sequence[Step]], Iterable[Step]]
_DAY_IF = "CASE WHEN {} THEN INTERVAL 1439 MINUTE ELSE INTERVAL 0 MINUTE END"


@dataclass(frozen=True)
class LeftOut:
    """Rows of one file that were left out for one reason, with the terms met most often among them."""

    file: str
    reason: str
    rows: int
    patients: int
    examples: tuple[str, ...]


def name_cases(con: duckdb.DuckDBPyConnection, key: bytes) -> int:
    """Create ``placed_cases`` from ``found_cases``; the case ids are keyed pseudonyms. Returns the number of cases.

    A case without a start or an end, or that ends before it starts, cannot be placed and is counted as left out.
    """
    con.execute("""
        CREATE TABLE IF NOT EXISTS remarks (remark VARCHAR);
        CREATE TABLE left_out (file VARCHAR, reason VARCHAR, raw_row BIGINT, subject VARCHAR, example VARCHAR);
        CREATE TABLE usable_cases AS
        SELECT * FROM found_cases WHERE starts IS NOT NULL AND ends >= starts AND subject IS NOT NULL;
        INSERT INTO left_out SELECT 'cases', 'no start, or an end before it', raw_row, subject, place FROM found_cases
        WHERE NOT coalesce(starts IS NOT NULL AND ends >= starts AND subject IS NOT NULL, false)
    """)
    keys = con.execute("SELECT DISTINCT unit, case_key FROM usable_cases ORDER BY ALL").fetchall()
    named = [(unit, case_key, pseudonym(key, f"{unit}:{case_key}")) for unit, case_key in keys]
    frame = pl.DataFrame(named, schema={"unit": pl.String, "case_key": pl.String, "case_id": pl.String}, orient="row")
    con.register("arriving", frame)
    con.execute("""
        CREATE TABLE placed_cases AS
        SELECT p.case_id, c.*, minute_of(c.starts) AS zero,
            greatest(ceil(epoch(c.ends) / 60)::BIGINT, minute_of(c.starts) + 1) - minute_of(c.starts) AS span_end
        FROM usable_cases c JOIN arriving p USING (unit, case_key)
    """)
    con.unregister("arriving")
    return len(named)


def pseudonym(key: bytes, identifier: str) -> str:
    """A name that nobody without the key can lead back to the identifier, and the same for equal keys."""
    return "p-" + hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()[:16]


def place(
    con: duckdb.DuckDBPyConnection, printed: Printed, duplicates: str = "drop", progress: Progress = iter
) -> None:
    """Create ``placed_<kind>`` from ``read_<kind>`` for every kind; every row without a place is noted in ``left_out``.

    ``read_nothing`` are the rows that a source reads only to account for them. Placed rows are stored in the order of
    their cases, so that the rows of some cases are read without the others.

    Args:
        con: The working store.
        printed: The source's own prints of units.
        duplicates: What becomes of a row that is equal to an earlier one in every column: drop, keep or fail.
        progress: Wraps the list of steps.

    Raises:
        CasetraceError: rows stand twice, and the source is to be refused for it.
    """
    steps: list[Step] = ["INSERT INTO left_out SELECT raw_file, left_out, raw_row, subject, example FROM read_nothing"]
    for kind in KINDS:
        steps.append(_judged(kind))
        if kind in COUNTED_ONCE and duplicates != "keep":
            steps.append(_copies(kind))
            steps.append(
                f"UPDATE judged_{kind} SET reason = '{COPY}' WHERE (raw_file, raw_row) IN (FROM copies)"
                if duplicates == "drop"
                else _refuse_copies
            )
        steps += _place_kind(kind, printed)
    for step in progress(steps):
        con.execute(step) if isinstance(step, str) else step(con)


def _judged(kind: str) -> str:
    """``judged_<kind>``: the rows with the reason why one is left out."""
    is_timed = f"{KINDS[kind]} IS NOT NULL" if kind in ("labs", "events") else "true"
    reason = f"CASE WHEN left_out IS NOT NULL THEN left_out WHEN NOT ({is_timed}) THEN '{NO_TIME}' END"
    return f"CREATE TABLE judged_{kind} AS SELECT *, {reason} AS reason FROM read_{kind}"


def _copies(kind: str) -> str:
    """``copies``: rows that are equal to an earlier one."""
    return f"""
        CREATE OR REPLACE TABLE copies AS
        SELECT raw_file, raw_row FROM judged_{kind} WHERE reason IS NULL
        QUALIFY row_number() OVER (PARTITION BY raw_file, subject, term, row_hash ORDER BY raw_row) > 1
    """


def _refuse_copies(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT raw_file, raw_row FROM copies ORDER BY ALL").fetchall()
    if rows:
        named = ", ".join(f"row {row} of {file}" for file, row in rows[:5])
        raise CasetraceError(f"{len(rows)} rows are {COPY} ({named}); nothing was changed")


def _place_kind(kind: str, printed: Printed) -> list[Step]:
    """The steps that place the rows of one kind; what they leave behind is ``placed_<kind>``."""
    noted = "SELECT raw_file, reason, raw_row, subject, example"
    found: list[Step] = [
        f"CREATE VIEW found_{kind} AS SELECT * EXCLUDE (left_out, reason) FROM judged_{kind} WHERE reason IS NULL"
    ]
    return [
        f"INSERT INTO left_out {noted} FROM judged_{kind} WHERE reason IS NOT NULL",
        *(dose_steps(printed) if kind == "doses" else found),
        f"CREATE TABLE placed_{kind} AS {_placed(kind)} ORDER BY case_id",
        f"""
        INSERT INTO left_out
        SELECT f.raw_file,
            CASE WHEN f.subject IN (SELECT subject FROM placed_cases) THEN '{OUTSIDE}' ELSE '{NO_CASE}' END,
            f.raw_row, f.subject, f.example
        FROM found_{kind} f ANTI JOIN placed_{kind} p ON p.raw_file = f.raw_file AND p.raw_row = f.raw_row
        """,
        f"DROP VIEW found_{kind}",
        f"DROP TABLE judged_{kind}",
    ]


def _placed(kind: str) -> str:
    """Rows of the admission of a case; others by their time, when their span meets that of what the case sees."""
    first, last = f"f.{KINDS[kind]}", f"f.{KINDS[kind]}"
    if kind == "doses":
        last = f"coalesce(f.ends + {_DAY_IF.format('f.end_is_day')}, f.starts + {_DAY_IF.format('f.start_is_day')})"
    elif kind == "labs":
        last = f"f.charted + {_DAY_IF.format('f.is_date')}"
    reach = "coalesce(f.reach_days, 0)" if kind == "patient" else "0"
    own = "c.stay IS NULL OR f.stay IS NULL OR c.stay = f.stay" if kind == "patient" else "true"
    case_columns = "c.case_id, c.zero, c.span_end, c.starts AS case_starts, c.ends AS case_ends"
    return f"""
        SELECT {case_columns}, minute_of(c.seen_from) - c.zero AS observed_start,
            minute_of(c.seen_until) - c.zero AS observed_end, {own} AS is_of_case, f.*
        FROM found_{kind} f JOIN placed_cases c ON c.subject = f.subject AND (
            f.hadm = c.hadm OR (c.hadm IS NULL AND NOT c.is_by_time)
            OR ((f.hadm IS NULL OR c.hadm IS NULL) AND ({first} IS NULL OR (
                {last} >= c.seen_from - {reach} * INTERVAL 1 DAY AND {first} <= c.seen_until))))
    """


def accounts(con: duckdb.DuckDBPyConnection) -> list[LeftOut]:
    """Rows left out, by file and reason. A row that is used for one thing is not left out for another."""
    used = " UNION ALL ".join(f"SELECT raw_file, raw_row FROM placed_{kind}" for kind in KINDS)
    found = con.execute(f"""
        WITH alone AS (
            SELECT l.* FROM left_out l ANTI JOIN ({used}) u ON u.raw_file = l.file AND u.raw_row = l.raw_row
        ), first AS (
            SELECT file, raw_row, unnest(told) FROM (
                SELECT file, raw_row, min(struct_pack(reason := reason, example := example, subject := subject)) AS told
                FROM alone GROUP BY file, raw_row)
        ), counted AS (
            SELECT file, reason, example, count(*) AS n FROM first GROUP BY ALL
        )
        SELECT f.file, f.reason, count(*), count(DISTINCT f.subject),
            (SELECT list(example ORDER BY n DESC, example)[:5] FROM counted c
                WHERE c.file = f.file AND c.reason = f.reason)
        FROM first f GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return [
        LeftOut(file, reason, n, patients, tuple(e for e in examples if e))
        for file, reason, n, patients, examples in found
    ]
