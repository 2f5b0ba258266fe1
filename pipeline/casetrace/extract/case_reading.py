"""One case folder while it is being read: its rows with ids, its instants, and everything found wrong so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from casetrace.core.errors import CellError, Problem
from casetrace.extract.raw_tables import RawRow
from casetrace.extract.source_file import Source
from casetrace.values import instants
from casetrace.values.instants import Instant
from casetrace.values.suggestions import near_word
from casetrace.values.timeline import Node, Part
from casetrace.vocabulary import Terms, Vocabulary

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A raw row with the id that it has in the canonical tables."""

    id: str
    raw: RawRow

    def get(self, column: str) -> str | None:
        """The text of a cell; None when it is empty."""
        return self.raw.get(column)


@dataclass
class Case:
    """One case folder."""

    source: Source
    vocabulary: Vocabulary
    approximate_pct: Decimal
    rows: dict[str, list[Row]]
    instants: dict[Node, Instant] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ids(self) -> set[str]:
        """Every row id of the case."""
        return {row.id for rows in self.rows.values() for row in rows}

    def error(self, row: Row, column: str | None, what: str, allowed: str = "") -> None:
        """Note something that must be changed."""
        self.problems.append(row.raw.problem(column, what, allowed))

    def warn(self, row: Row, column: str | None, what: str, allowed: str = "") -> None:
        """Note something that is worth a look."""
        self.problems.append(replace(row.raw.problem(column, what, allowed), severity="warning"))

    def read(self, row: Row, column: str, parse: Callable[[str], T]) -> T | None:
        """The cell parsed; None when it is empty or when it was refused, which is noted."""
        text = row.get(column)
        if text is None:
            return None
        try:
            return parse(text)
        except CellError as error:
            self.error(row, column, error.what, error.allowed)
            return None

    def choice(self, row: Row, column: str, allowed: Sequence[str], *, required: bool = False) -> str | None:
        """The cell when it is one of the allowed words."""
        text = row.get(column)
        if text is None:
            if required:
                self.error(row, column, "the cell is empty", ", ".join(allowed))
            return None
        if text not in allowed:
            near = near_word(text, allowed)
            self.error(
                row, column, f"'{text}' is not a choice", f"did you mean '{near}'?" if near else ", ".join(allowed)
            )
            return None
        return text

    def required(self, row: Row, column: str) -> str:
        """The text of a cell that may not be empty."""
        text = row.get(column)
        if text is None:
            self.error(row, column, "the cell is empty", "a text")
        return text or ""

    def order(self, row: Row) -> int | None:
        """The step that the source states."""

        def parse(text: str) -> int:
            if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10_000:
                raise CellError(f"'{text}' is not a step", "1, 2, 3 ...")
            return int(text)

        return self.read(row, "order", parse)

    def term(self, row: Row, column: str, terms: Terms[Any]) -> Any | None:
        """The vocabulary term that the cell names.

        None when there is none: a warning, or an error when the name must be a slip of a known one.
        """
        text = self.required(row, column)
        if not text:
            return None
        found = terms.find(text)
        if found is None:
            near = terms.near(text)
            if near is not None:
                self.error(row, column, f"'{text}' is not in the vocabulary", f"did you mean '{near}'?")
            else:
                alike = terms.alike(text)
                hint = f"if it is {' or '.join(alike)}, type that" if alike else ""
                self.warn(row, column, f"'{text}' is not in the vocabulary and stays as typed", hint)
        return found

    def instant(self, row_id: str, part: Part = "start") -> Instant:
        """An instant of a row. Where it was refused, which is noted already, it counts as unknown."""
        found = self.instants.get(Node(row_id, part))
        return found if found is not None else instants.unknown(self.source.observed)

    def common(self, row: Row) -> dict[str, Any]:
        """The columns that every canonical row has."""
        return {
            "case_id": self.source.case_id,
            "row_id": row.id,
            "evidence": row.get("evidence"),
            "note": row.get("note"),
            "raw_file": row.raw.file,
            "raw_row": row.raw.row,
        }

    def timed(self, row: Row) -> dict[str, Any]:
        """The columns of a row with one instant."""
        when = self.instant(row.id)
        return self.common(row) | {
            "when_reported": row.get("when"),
            "time_form": when.form,
            "time_min": when.best,
            "time_earliest_min": when.earliest,
            "time_latest_min": when.latest,
            "day": when.day,
            "anchor": when.anchor,
            "offset_min": when.offset,
            "not_before": when.not_before,
            "not_after": when.not_after,
            "order": self.order(row),
        }
