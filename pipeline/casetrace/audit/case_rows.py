"""The rows of one case as the audit reads them: by id, by analyte, by span."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from casetrace.audit.bounds import Given

TIMED = ("labs", "events", "findings", "doses", "patient")


@dataclass(frozen=True)
class Instant:
    """A point in time with its bounds, in minutes since time zero; None when unknown."""

    best: int | None
    earliest: int | None
    latest: int | None
    anchor: str | None = None
    offset_min: int | None = None
    row_id: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the instant has both bounds."""
        return self.earliest is not None and self.latest is not None


@dataclass(frozen=True)
class CaseRows:
    """Canonical tables and results of one case; ``tables`` and ``results`` are filtered to it."""

    case_id: str
    tables: dict[str, pl.DataFrame]
    results: dict[str, pl.DataFrame]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a canonical table."""
        return self.tables[table].to_dicts()

    @cached_property
    def by_id(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Row id -> table and row; the first occurrence of a repeated dose stands for all."""
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        for table in TIMED:
            for row in self.rows(table):
                found.setdefault(row["row_id"], (table, row))
        return found

    def find(self, token: str) -> tuple[str, dict[str, Any]] | None:
        """The row that a claim names, as ``ID`` or ``@ID``."""
        return self.by_id.get(token.removeprefix("@"))

    def instant(self, row_id: str, *, end: bool = False) -> Instant:
        """The instant of a row: its time, or the start (or end) of a dose."""
        table, row = self.by_id[row_id]
        prefix = ("end" if end else "start") if table == "doses" else "time"
        about = f"{prefix}_" if table == "doses" else ""
        return Instant(
            row[f"{prefix}_min"],
            row[f"{prefix}_earliest_min"],
            row[f"{prefix}_latest_min"],
            row[f"{about}anchor"],
            row[f"{about}offset_min"],
            row_id,
        )

    def level(self, row: dict[str, Any]) -> Given:
        """The value of a laboratory or patient row as an interval."""
        return Given(
            row["value"], row["value_low"], row["value_high"], row["unit"], (row["row_id"],),
            low_is_strict=bool(row["low_is_strict"]), high_is_strict=bool(row["high_is_strict"]),
        )  # fmt: skip

    def labs_of(
        self, analyte: str, since: Instant | None, until: Instant | None
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Single results of an analyte: those surely within a span, and those that may lie outside it.

        A result that is itself the start or the end of the span belongs to it.
        """
        sure, possible = [], []
        for row in self.rows("labs"):
            if row["analyte"] != analyte or row["value_kind"] in ("not_done", "not_printed") or row["stat"]:
                continue
            after = since is None or since.row_id == row["row_id"] or _not_before(row, since)
            before = until is None or until.row_id == row["row_id"] or _not_after(row, until)
            if after and before:
                sure.append(row)
            elif after is not False and before is not False:
                possible.append(row)
        return sure, possible

    def metric(self, name: str, stratum: str = "") -> dict[str, Any] | None:
        """One row of the long result table."""
        found = self.results["metrics"].filter((pl.col("metric") == name) & (pl.col("stratum") == stratum))
        return found.row(0, named=True) if found.height else None


def _not_before(row: dict[str, Any], start: Instant) -> bool | None:
    """True, False, or None when the times leave it open."""
    if row["time_earliest_min"] is None or not start.is_known:
        return None
    assert start.earliest is not None
    assert start.latest is not None
    if row["time_earliest_min"] >= start.latest:
        return True
    return False if row["time_latest_min"] < start.earliest else None


def _not_after(row: dict[str, Any], end: Instant) -> bool | None:
    if row["time_latest_min"] is None or not end.is_known:
        return None
    assert end.earliest is not None
    assert end.latest is not None
    if row["time_latest_min"] <= end.earliest:
        return True
    return False if row["time_earliest_min"] > end.latest else None
