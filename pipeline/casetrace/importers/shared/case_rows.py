"""Which rows belong to which case, and what becomes of every other row.

The rows of an admission are visible to each of its cases. A row that names no admission (a quarter of all laboratory
rows) belongs to the admission of its patient in whose time it lies; patient rows may reach some days further back.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

#: The found tables, with the column of their instant.
KINDS = {"labs": "charted", "doses": "starts", "events": "charted", "patient": "charted"}
NO_CASE = "the patient has no case"
OUTSIDE = "outside the admissions of the cases"
NO_TIME = "time cannot be read"


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


def place(con: duckdb.DuckDBPyConnection, progress: Callable[[Sequence[str]], Iterable[str]] = iter) -> None:
    """Create ``placed_<kind>`` from ``read_<kind>`` for every kind; every row without a place is noted in ``left_out``.

    ``read_nothing`` are the rows that a source reads only to account for them. Placed rows are stored in the order of
    their cases, so that the rows of some cases are read without the others.

    Args:
        con: The working store.
        progress: Wraps the list of statements.
    """
    statements = ["INSERT INTO left_out SELECT raw_file, left_out, raw_row, subject, example FROM read_nothing"]
    for kind, instant in KINDS.items():
        statements += _place_kind(kind, instant)
    for statement in progress(statements):
        con.execute(statement)


def _place_kind(kind: str, instant: str) -> list[str]:
    """The statements that place the rows of one kind; what they leave behind is ``placed_<kind>``."""
    timed = "true" if kind == "patient" else f"{instant} IS NOT NULL"
    reason = f"CASE WHEN left_out IS NOT NULL THEN left_out WHEN NOT ({timed}) THEN '{NO_TIME}' END"
    return [
        f"CREATE TABLE judged AS SELECT *, {reason} AS reason FROM read_{kind}",
        "INSERT INTO left_out SELECT raw_file, reason, raw_row, subject, example FROM judged WHERE reason IS NOT NULL",
        f"CREATE VIEW found_{kind} AS SELECT * EXCLUDE (left_out, reason, example) FROM judged WHERE reason IS NULL",
        f"CREATE TABLE placed_{kind} AS {_placed(kind, instant)} ORDER BY case_id",
        f"""
        INSERT INTO left_out
        SELECT f.raw_file,
            CASE WHEN f.subject IN (SELECT subject FROM placed_cases) THEN '{OUTSIDE}' ELSE '{NO_CASE}' END,
            f.raw_row, f.subject, f.example
        FROM judged f ANTI JOIN placed_{kind} p ON p.raw_file = f.raw_file AND p.raw_row = f.raw_row
        WHERE f.reason IS NULL
        """,
        f"DROP VIEW found_{kind}",
        "DROP TABLE judged",
    ]


def _placed(kind: str, instant: str) -> str:
    reach = "coalesce(f.reach_days, 0)" if kind == "patient" else "0"
    untimed = f"f.{instant} IS NULL OR " if kind == "patient" else ""
    own = "c.stay IS NULL OR f.stay IS NULL OR c.stay = f.stay" if kind == "patient" else "true"
    case_columns = "c.case_id, c.zero, c.span_end, c.starts AS case_starts, c.ends AS case_ends"
    return f"""
        SELECT {case_columns}, minute_of(c.seen_from) - c.zero AS observed_start,
            minute_of(c.seen_until) - c.zero AS observed_end, {own} AS is_of_case, f.*
        FROM found_{kind} f JOIN placed_cases c ON c.subject = f.subject AND (
            c.hadm IS NULL OR f.hadm = c.hadm
            OR (f.hadm IS NULL AND ({untimed}(
                f.{instant} >= c.seen_from - {reach} * INTERVAL 1 DAY AND f.{instant} <= c.seen_until))))
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


def used_rows(con: duckdb.DuckDBPyConnection, file: str) -> int:
    """How many rows of a file stand in at least one case."""
    used = " UNION ".join(f"SELECT raw_row FROM placed_{kind} WHERE raw_file = $file" for kind in KINDS)
    row = con.execute(f"SELECT count(*) FROM ({used})", {"file": file}).fetchone()
    return int(row[0]) if row else 0
