"""The account of an import: every row read is used or left out for a reason, and what is unknown is counted."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from casetrace.importers.shared.case_rows import KINDS, NO_TIME, LeftOut, accounts
from casetrace.importers.shared.terms import nearest
from casetrace.vocabulary import load

_SQL = Path(__file__).resolve().parent
#: Reasons to leave a row out that say that something about it was not understood.
NOT_UNDERSTOOD = (
    "unknown unit of a known item",
    "nothing says whether it was given",
    "no drug",
    "no analyte",
    "no patient",
    NO_TIME,
)
#: Terms of results and of drugs that no name and no code of the vocabulary knows.
NO_NAME = ("the test is in no vocabulary", "the drug is in no vocabulary")


@dataclass(frozen=True)
class Unknown:
    """Rows of one term that are kept, although something about them is not known or not plausible."""

    what: str
    term: str
    rows: int
    cases: int
    patients: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Elsewhere:
    """Cases in which a file shows a drug given, before their end, that no dose row shows, or none so early."""

    file: str
    event: str
    cases: int
    patients: int


@dataclass(frozen=True)
class Fates:
    """Rows of a file that are used: as they are, with a change that is stated, with their number unknown."""

    as_they_are: int
    changed: int
    unknown: int

    @property
    def used(self) -> int:
        """All of them."""
        return self.as_they_are + self.changed + self.unknown


@dataclass(frozen=True)
class Account:
    """What was read, what became of it, and what is unknown.

    ``results_and_doses`` are the laboratory results and doses that stand in a case, each row once, and those of them
    about which something is unknown or implausible.
    """

    cases: int
    read: dict[str, int]
    fates: dict[str, Fates]
    left_out: tuple[LeftOut, ...]
    unknown: tuple[Unknown, ...]
    changed: tuple[Unknown, ...]
    elsewhere: tuple[Elsewhere, ...]
    rows: dict[str, int]
    results_and_doses: tuple[int, int]
    remarks: tuple[str, ...] = ()

    @property
    def used(self) -> dict[str, int]:
        """Rows by file that stand in at least one case."""
        return {file: fates.used for file, fates in self.fates.items()}

    @property
    def share_unknown_pct(self) -> float:
        """Rows that are unknown, implausible or left out because they were not understood, in 100 results and doses."""
        known, unknown = self.results_and_doses
        left = sum(entry.rows for entry in self.left_out if entry.reason in NOT_UNDERSTOOD)
        total = known + left
        return 100 * (unknown + left) / total if total else 0.0

    def unaccounted(self) -> dict[str, int]:
        """Rows by file that are neither used nor left out for a reason; empty when the books balance."""
        left: dict[str, int] = {}
        for entry in self.left_out:
            left[entry.file] = left.get(entry.file, 0) + entry.rows
        rest = {file: n - self.used[file] - left.get(file, 0) for file, n in self.read.items()}
        return {file: n for file, n in rest.items() if n}

    def as_json(self) -> dict[str, Any]:
        """For ``import/report.json``."""
        return asdict(self) | {"used": self.used, "share_unknown_pct": self.share_unknown_pct}

    def as_text(self) -> str:
        """For a person: each file with what became of its rows."""
        lines = [f"{self.cases} cases"]
        for file, n in self.read.items():
            f = self.fates[file]
            more = f"{f.as_they_are} as they are, {f.changed} with a change, {f.unknown} with something unknown"
            lines.append(f"{file}: {n} rows read, {f.used} used" + (f" ({more})" if f.used else ""))
            lines += [_left_out_line(entry) for entry in self.left_out if entry.file == file]
        lines.append("tables: " + ", ".join(f"{n} {name}" for name, n in self.rows.items() if n))
        lines += [_noted_line("unknown", entry) for entry in self.unknown]
        lines += [_noted_line("changed", entry) for entry in self.changed]
        lines += [f"note: {remark}" for remark in self.remarks]
        lines += [_elsewhere_line(e, self.cases) for e in self.elsewhere]
        lines.append(
            f"unknown, implausible or not understood: {self.share_unknown_pct:.2f} % of laboratory results and doses"
        )
        return "\n".join(lines)


def _left_out_line(entry: LeftOut) -> str:
    examples = f" ({', '.join(entry.examples)})" if entry.examples else ""
    return f"  left out, {entry.reason}: {entry.rows} rows of {entry.patients} patients{examples}"


def _elsewhere_line(entry: Elsewhere, cases: int) -> str:
    return (
        f"{entry.event}: {entry.file} shows it in {entry.cases} of {cases} cases ({entry.patients} patients) before "
        "their end, and no dose row does, or none so early: the first heparin may be earlier than the metrics tell"
    )


def _noted_line(kind: str, u: Unknown) -> str:
    examples = f" ({', '.join(u.examples)})" if u.examples else ""
    return f"  {kind}: {u.what}: {u.term}, {u.rows} rows in {u.cases} cases of {u.patients} patients{examples}"


def account(con: duckdb.DuckDBPyConnection, files: Iterable[str], cases: int, rows: dict[str, int]) -> Account:
    """The account of the rows that stand in the working store."""
    read = {name: _count(con, f'SELECT count(*) FROM raw."{_whole(con, name)}"') for name in files}
    remarks = con.execute("SELECT remark FROM remarks ORDER BY ALL").fetchall()
    return Account(
        cases,
        read,
        {name: _fates(con, name) for name in read},
        tuple(accounts(con)),
        tuple(_noted(con, is_unknown=True)),
        tuple(_noted(con, is_unknown=False)),
        tuple(_elsewhere(con)),
        rows,
        _results_and_doses(con),
        tuple(remark for (remark,) in remarks),
    )


def _whole(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """The view of all rows of a file, those included that a mapping leaves out by their term."""
    found = _count(con, f"SELECT count(*) FROM duckdb_views() WHERE schema_name = 'raw' AND view_name = '{name}_all'")
    return f"{name}_all" if found else name


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    ((n,),) = con.execute(sql).fetchall()
    return int(n)


def open_books(con: duckdb.DuckDBPyConnection) -> None:
    """Create ``noted_rows``, in which `note_rows` writes: what is unknown or was changed, row by row."""
    con.execute("""
        CREATE TABLE noted_rows (
            is_unknown BOOLEAN, what VARCHAR, term VARCHAR, case_id VARCHAR, raw_file VARCHAR, raw_row BIGINT,
            example VARCHAR
        )
    """)


def note_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Note the rows of the canonical tables in sight about which something is not known, not plausible or changed."""
    con.execute(f"INSERT INTO noted_rows {(_SQL / 'noted_rows.sql').read_text(encoding='utf-8')}")


def _noted(con: duckdb.DuckDBPyConnection, *, is_unknown: bool) -> list[Unknown]:
    found = con.execute(
        """
        WITH kept AS (FROM noted_rows WHERE is_unknown = $1),
        counted AS (SELECT what, term, example, count(*) AS n FROM kept GROUP BY ALL)
        SELECT what, term, count(*), count(DISTINCT case_id), count(DISTINCT subject),
            (SELECT list(example ORDER BY n DESC, example)[:5] FROM counted c WHERE c.what = k.what AND c.term = k.term)
        FROM kept k JOIN (SELECT DISTINCT case_id, subject FROM placed_cases) USING (case_id)
        GROUP BY ALL ORDER BY ALL
        """,
        [is_unknown],
    ).fetchall()
    return [Unknown(*numbers[:5], examples=_examples(numbers[0], numbers[1], numbers[5])) for numbers in found]


def _examples(what: str, term: str, examples: list[str]) -> tuple[str, ...]:
    """The examples; of a name that is not known, the name that is nearest to it."""
    if what not in NO_NAME:
        return tuple(examples)
    near = nearest(term, load().analytes if what == NO_NAME[0] else load().drugs)
    return (f"nearest name: {near}" if near else "no name is near",)


def _fates(con: duckdb.DuckDBPyConnection, file: str) -> Fates:
    """What became of the rows of a file that stand in at least one case."""
    used = " UNION ".join(f"SELECT raw_row FROM placed_{kind} WHERE raw_file = $file" for kind in KINDS)
    (row,) = con.execute(
        f"""
        WITH noted AS (
            SELECT raw_row, bool_or(is_unknown) AS is_unknown FROM noted_rows WHERE raw_file = $file GROUP BY ALL
        )
        SELECT count(*) FILTER (n.raw_row IS NULL), count(*) FILTER (NOT n.is_unknown), count(*) FILTER (n.is_unknown)
        FROM ({used}) u LEFT JOIN noted n USING (raw_row)
        """,
        {"file": file},
    ).fetchall()
    return Fates(*row)


def _results_and_doses(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Laboratory results and doses that stand in a case, each row once, and those of them that are unknown."""
    (row,) = con.execute("""
        WITH used AS (SELECT raw_file, raw_row FROM placed_labs UNION SELECT raw_file, raw_row FROM placed_doses),
        unknown AS (SELECT DISTINCT raw_file, raw_row FROM noted_rows WHERE is_unknown)
        SELECT count(*), count(k.raw_row) FROM used u LEFT JOIN unknown k USING (raw_file, raw_row)
    """).fetchall()
    return int(row[0]), int(row[1])


def _elsewhere(con: duckdb.DuckDBPyConnection) -> list[Elsewhere]:
    """Heparin that a source notes as events whose names end in ``_elsewhere``, where no dose of the case is earlier."""
    found = con.execute("""
        WITH first_doses AS (
            SELECT d.case_id, min(d.starts) AS starts
            FROM placed_doses d
            WHERE d.name = 'unfractionated heparin' OR d.drug_class LIKE '%LMWH%' GROUP BY ALL
        )
        SELECT e.raw_file, e.term, count(DISTINCT e.case_id), count(DISTINCT e.subject)
        FROM placed_events e LEFT JOIN first_doses d USING (case_id)
        WHERE e.term LIKE '%_elsewhere' AND minute_of(e.charted) - e.zero < e.span_end
            AND coalesce(e.charted < d.starts, true)
        GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return [Elsewhere(*entry) for entry in found]
