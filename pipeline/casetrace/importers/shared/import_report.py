"""The account of an import: every row read is used or left out for a reason, and what is unknown is counted."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from casetrace.importers.shared.case_rows import LeftOut, accounts, used_rows

UNKNOWN_UNIT = "unknown unit of a known item"


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
class Account:
    """What was read, what became of it, and what is unknown."""

    cases: int
    read: dict[str, int]
    used: dict[str, int]
    left_out: tuple[LeftOut, ...]
    unknown: tuple[Unknown, ...]
    elsewhere: tuple[Elsewhere, ...]
    rows: dict[str, int]

    @property
    def share_unknown_pct(self) -> float:
        """Rows with an unknown unit, no unit or an implausible value, in 100 laboratory results and doses."""
        known = self.rows["labs"] + self.rows["doses"]
        left = sum(entry.rows for entry in self.left_out if entry.reason == UNKNOWN_UNIT)
        total = known + left
        return 100 * (sum(entry.rows for entry in self.unknown) + left) / total if total else 0.0

    def unaccounted(self) -> dict[str, int]:
        """Rows by file that are neither used nor left out for a reason; empty when the books balance."""
        left: dict[str, int] = {}
        for entry in self.left_out:
            left[entry.file] = left.get(entry.file, 0) + entry.rows
        rest = {file: n - self.used[file] - left.get(file, 0) for file, n in self.read.items()}
        return {file: n for file, n in rest.items() if n}

    def as_json(self) -> dict[str, Any]:
        """For ``import/report.json``."""
        return asdict(self) | {"share_unknown_pct": self.share_unknown_pct}

    def as_text(self) -> str:
        """For a person: each file with what became of its rows."""
        lines = [f"{self.cases} cases"]
        for file, n in self.read.items():
            lines.append(f"{file}: {n} rows read, {self.used[file]} used")
            lines += [_left_out_line(entry) for entry in self.left_out if entry.file == file]
        lines.append("tables: " + ", ".join(f"{n} {name}" for name, n in self.rows.items() if n))
        lines += [
            f"  {u.what}: {u.term}, {u.rows} rows in {u.cases} cases of {u.patients} patients ({', '.join(u.examples)})"
            for u in self.unknown
        ]
        lines += [_elsewhere_line(e, self.cases) for e in self.elsewhere]
        lines.append(f"unknown or implausible: {self.share_unknown_pct:.2f} % of laboratory results and doses")
        return "\n".join(lines)


def _left_out_line(entry: LeftOut) -> str:
    examples = f" ({', '.join(entry.examples)})" if entry.examples else ""
    return f"  left out, {entry.reason}: {entry.rows} rows of {entry.patients} patients{examples}"


def _elsewhere_line(entry: Elsewhere, cases: int) -> str:
    return (
        f"{entry.event}: {entry.file} shows it in {entry.cases} of {cases} cases ({entry.patients} patients) before "
        "their end, and no dose row does, or none so early: the first heparin may be earlier than the metrics tell"
    )


def account(con: duckdb.DuckDBPyConnection, files: Iterable[str], cases: int, rows: dict[str, int]) -> Account:
    """The account of the rows that stand in the working store."""
    read = {name: _count(con, f'SELECT count(*) FROM raw."{name}"') for name in files}
    used = {name: used_rows(con, name) for name in read}
    return Account(cases, read, used, tuple(accounts(con)), tuple(_unknown(con)), tuple(_elsewhere(con)), rows)


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def open_books(con: duckdb.DuckDBPyConnection) -> None:
    """Create ``unknown_rows``, in which `note_unknown` writes."""
    con.execute("CREATE TABLE unknown_rows (what VARCHAR, term VARCHAR, case_id VARCHAR, example VARCHAR)")


def note_unknown(con: duckdb.DuckDBPyConnection) -> None:
    """Note the rows of the canonical tables in sight about which something is not known or not plausible."""
    con.execute("""
        INSERT INTO unknown_rows
        SELECT CASE WHEN l.unit IS NULL AND u.by IS NULL THEN 'the unit is not known'
                ELSE 'outside the plausible range' END AS what, l.analyte AS term, l.case_id,
            coalesce(l.value_reported, 'no value') || ' ' || coalesce(l.unit_reported, 'without a unit') AS example
        FROM canonical_labs l
        JOIN units_labs u ON u.term = l.term AND u.unit_reported IS NOT DISTINCT FROM l.unit_reported
        WHERE (u.by IS NULL AND l.value_kind IN ('number', 'one_sided')) OR l.is_implausible
        UNION ALL
        SELECT CASE WHEN d.is_implausible THEN 'outside the plausible range'
                WHEN d.amount_status = 'not_printed' THEN 'no amount is given'
                WHEN d.amount_status = 'needs_weight' THEN 'a rate per kg without a weight'
                ELSE 'the unit is not known' END,
            d.drug, d.case_id,
            CASE WHEN d.is_implausible THEN round(d.amount, 1) || ' ' || d.unit
                ELSE coalesce(d.amount_reported, 'no amount') || ' '
                    || coalesce(d.unit_reported, 'without a unit') END
        FROM canonical_doses d WHERE d.amount_status <> 'known' OR d.is_implausible
    """)


def _unknown(con: duckdb.DuckDBPyConnection) -> list[Unknown]:
    found = con.execute("""
        WITH counted AS (SELECT what, term, example, count(*) AS n FROM unknown_rows GROUP BY ALL)
        SELECT what, term, count(*), count(DISTINCT case_id), count(DISTINCT subject),
            (SELECT list(example ORDER BY n DESC, example)[:5] FROM counted c WHERE c.what = k.what AND c.term = k.term)
        FROM unknown_rows k JOIN (SELECT DISTINCT case_id, subject FROM placed_cases) USING (case_id)
        GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return [Unknown(*numbers[:5], examples=tuple(numbers[5])) for numbers in found]


def _elsewhere(con: duckdb.DuckDBPyConnection) -> list[Elsewhere]:
    """Heparin that a source notes as events whose names end in ``_elsewhere``, where no dose of the case is earlier."""
    found = con.execute("""
        WITH first_doses AS (
            SELECT d.case_id, min(d.starts) AS starts
            FROM placed_doses d
            JOIN units_doses u ON u.term = d.term AND u.unit_reported IS NOT DISTINCT FROM d.unit_reported
            WHERE u.name = 'unfractionated heparin' OR u.drug_class LIKE '%LMWH%' GROUP BY ALL
        )
        SELECT e.raw_file, e.term, count(DISTINCT e.case_id), count(DISTINCT e.subject)
        FROM placed_events e LEFT JOIN first_doses d USING (case_id)
        WHERE e.term LIKE '%_elsewhere' AND minute_of(e.charted) - e.zero < e.span_end
            AND coalesce(e.charted < d.starts, true)
        GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return [Elsewhere(*entry) for entry in found]
