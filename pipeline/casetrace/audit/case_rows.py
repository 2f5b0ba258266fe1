"""The rows of one case as the audit reads them: by id, by analyte, by span."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from casetrace.values.estimate import Estimate

TIMED = ("labs", "events", "findings", "doses", "patient")
Side = Literal["since", "until"]


@dataclass(frozen=True)
class Moment:
    """A point in time with its bounds, in minutes since time zero; None when unknown."""

    best: int | None
    earliest: int | None
    latest: int | None
    anchor: str | None = None
    offset_min: int | None = None
    row_id: str | None = None

    @property
    def bounds(self) -> tuple[int, int] | None:
        """Earliest and latest minute; None when either is unknown."""
        return None if self.earliest is None or self.latest is None else (self.earliest, self.latest)


Span = tuple[Moment | None, Moment | None]


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

    def moment(self, name: str) -> Moment:
        """The time of a row, or the start (``ID``) or end (``ID.end``) of a dose."""
        row_id = name.removesuffix(".end")
        table, row = self.by_id[row_id]
        prefix = ("end" if name.endswith(".end") else "start") if table == "doses" else "time"
        about = f"{prefix}_" if table == "doses" else ""
        return Moment(
            row[f"{prefix}_min"],
            row[f"{prefix}_earliest_min"],
            row[f"{prefix}_latest_min"],
            row[f"{about}anchor"],
            row[f"{about}offset_min"],
            row_id,
        )

    def span(self, claim: dict[str, Any]) -> Span:
        """Start and end of a claim's span; None where the claim names none."""
        return self._end(claim, "since"), self._end(claim, "until")

    def _end(self, claim: dict[str, Any], side: Side) -> Moment | None:
        if claim[side] is None:
            return None
        earliest, latest = claim[f"{side}_earliest_min"], claim[f"{side}_latest_min"]
        return Moment(None, earliest, latest, row_id=(claim[f"{side}_row"] or "").removesuffix(".end") or None)

    def level(self, row: dict[str, Any]) -> Estimate:
        """The value of a laboratory or patient row; the span of many values has no best one."""
        best = None if row.get("stat") == "range" else row["value"]
        return Estimate(
            best, row["value_low"], row["value_high"], row["unit"], (row["row_id"],),
            bool(row["low_is_strict"]), bool(row["high_is_strict"]),
        )  # fmt: skip

    def labs_of(self, analyte: str, span: Span) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Results of an analyte that were done: those surely within a span, and those that may lie outside it.

        A result that is itself the start or the end of the span belongs to it.
        """
        sure: list[dict[str, Any]] = []
        possible: list[dict[str, Any]] = []
        for row in self.rows("labs"):
            if row["analyte"] != analyte or row["value_kind"] == "not_done" or row["stat"] in ("fall", "rise"):
                continue
            is_in = is_within((row["time_earliest_min"], row["time_latest_min"]), row["row_id"], span)
            if is_in is not False:
                (sure if is_in else possible).append(row)
        return sure, possible

    def metric(self, name: str, stratum: str = "") -> dict[str, Any] | None:
        """One row of the long result table."""
        found = self.results["metrics"].filter((pl.col("metric") == name) & (pl.col("stratum") == stratum))
        return found.row(0, named=True) if found.height else None


def is_within(at: tuple[int | None, int | None], row_id: str, span: Span) -> bool | None:
    """Whether an instant with these bounds lies in a span: True, False, or None when the times leave it open."""
    earliest, latest = at
    is_open = False
    for bound, is_start in zip(span, (True, False), strict=True):
        if bound is None or bound.row_id == row_id:
            continue
        if bound.bounds is None or earliest is None or latest is None:
            is_open = True
            continue
        first, last = bound.bounds
        if (latest < first) if is_start else (earliest > last):
            return False
        is_open = is_open or ((earliest < last) if is_start else (latest > first))
    return None if is_open else True
