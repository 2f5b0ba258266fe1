"""From a number back to its rows: what each raw row says, and the links that lead there.

Every number on a page is wrapped by `Evidence.value` (one or more rows) or `Evidence.metric` (a derived
number). Both carry the row ids in ``data-rows``, say the reported value, time and place when pointed at,
and lead on a click or with the keyboard to the row or to the list of rows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from casetrace.core.errors import CasetraceError
from casetrace.report.case_data import TABLES, CaseData, Metric
from casetrace.report.text import reasons, row_text
from casetrace.report.text.row_text import reported_value, what
from casetrace.vocabulary.reasons import Reason

#: Rows spelled out in a hover text; the others are counted and stand behind the link.
ROWS_IN_HOVER = 4


@dataclass(frozen=True)
class RowView:
    """One raw row in words: what it is about, value and time as reported, and where it stands."""

    row_id: str
    table: str
    what: str
    value: str
    when: str
    place: str
    file: str
    line: int
    note: str
    read_as: str
    conversion: str

    @property
    def position(self) -> str:
        """File and row as a spreadsheet counts it."""
        return f"{self.file}, row {self.line}"

    @property
    def hover(self) -> str:
        """One sentence: value and time as reported, place in the source, raw file and row."""
        parts = [f"{self.row_id}: {self.what} {self.value}".rstrip(), f"time as reported: {self.when}"]
        if self.read_as:
            parts.append(f"read as {self.read_as}")
        return "; ".join([*parts, self.place or "no place given", self.position])


def anchor(prefix: str, key: str) -> str:
    """An id for HTML that is unique for each key: other signs than letters, digits, . _ - are spelled out."""
    return prefix + re.sub(r"[^A-Za-z0-9._-]", lambda m: f"~{ord(m.group()):x}", key)


class Evidence:
    """The raw rows of one case by row id."""

    def __init__(self, case: CaseData) -> None:
        self.case = case
        self.rows: dict[str, RowView] = {}
        for table in TABLES:
            for row in case.rows(table):
                view = _view(table, row)
                self.rows.setdefault(view.row_id, view)

    def row(self, row_id: str) -> RowView:
        """The row with this id.

        Raises:
            CasetraceError: when no table holds it; a number that cannot be traced is never shown.

        """
        if row_id not in self.rows:
            raise CasetraceError(
                f"case {self.case.case_id}: a derived number refers to row {row_id}, which no table holds"
            )
        return self.rows[row_id]

    def hover(self, row_ids: Iterable[str]) -> str:
        """What the rows say, for a hover text; a long list ends in a count."""
        ids = list(row_ids)
        lines = [self.row(r).hover for r in ids[:ROWS_IN_HOVER]]
        rest = len(ids) - ROWS_IN_HOVER
        return "\n".join(lines + ([f"and {rest} more row{'s' if rest > 1 else ''}"] if rest > 0 else []))

    def value(self, text: str, row_ids: Iterable[str], target: str | None = None) -> Markup:
        """The text as a link to its row, carrying all its rows."""
        ids = list(row_ids)
        if not ids:
            return escape(text)
        href = target or anchor("row-", ids[0])
        return Markup('<a class="v" href="#{}" data-rows="{}" title="{}">{}</a>').format(
            href, " ".join(ids), self.hover(ids), text
        )

    def metric(self, metric: Metric, text: str) -> Markup:
        """The text as a link to the metric's entry in the list of derived numbers."""
        hover = self.hover(metric.row_ids) if metric.row_ids else "no row: see the reason"
        return Markup('<a class="v" href="#{}" data-rows="{}" title="{}">{}</a>').format(
            anchor("m-", metric.key), " ".join(metric.row_ids), hover, text
        )

    def prose(self, found: Sequence[Reason], clauses: str | None, most: int | None = None) -> Markup:
        """Reasons as a sentence, their rows in words that lead to them; see `casetrace.report.text.reasons.tell`."""
        return reasons.tell(self.case, found, clauses, self.value, most)

    def named(self, row_ids: Iterable[str], most: int = 8) -> Markup:
        """The rows in words that lead to them, for a sentence; the others are counted."""
        ids = list(row_ids)
        rest = len(ids) - most
        told = Markup("; ").join(self.value(row_text.noun(self.case, r), [r]) for r in ids[:most])
        return told + (f"; and {rest} more" if rest > 0 else "")

    def links(self, row_ids: Iterable[str]) -> Markup:
        """The row ids as a comma-separated list of links."""
        return Markup(", ").join(
            Markup('<a class="row" href="#{}" title="{}">{}</a>').format(anchor("row-", r), self.row(r).hover, r)
            for r in row_ids
        )

    def some(self, row_ids: Iterable[str], most: int = 8) -> Markup:
        """Links to the first rows of a list; the others are counted."""
        ids = list(row_ids)
        rest = len(ids) - most
        return self.links(ids[:most]) + (f" and {rest} more" if rest > 0 else "")


def _view(table: str, row: dict[str, object]) -> RowView:
    when = row.get("when_reported") or row.get("start_reported")
    if row.get("end_reported"):
        when = f"{when or 'start not given'} until {row['end_reported']}"
    return RowView(
        row_id=str(row["row_id"]),
        table=table,
        what=what(table, row),
        value=reported_value(table, row),
        when=str(when) if when else "not given",
        place=str(row["evidence"] or ""),
        file=str(row["raw_file"]),
        line=int(str(row["raw_row"])),
        note=str(row["note"] or ""),
        read_as=str(row.get("read_as") or ""),
        conversion=str(row.get("conversion") or ""),
    )
