"""Why a number is open or what decides it: codes from the metrics, sentences for readers.

A reason is data: a code of ``reasons.csv``, the rows that it speaks of, and the number or the term that its sentence
holds. Code asks for codes (`has_code`); only readers are given sentences.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from casetrace.core.paths import VOCABULARY
from casetrace.values import display

#: From "there is nothing to compute with" to "said for the reader's information".
Severity = Literal["no_data", "not_applicable", "missing", "uncertain", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
#: Decimals that a number in a reason is shown with at most.
DECIMALS = 6


@dataclass(frozen=True)
class ReasonText:
    """One line of ``reasons.csv``: the sentence for one row, and for several where it differs."""

    code: str
    severity: Severity
    one: str
    several: str


@dataclass(frozen=True)
class Reason:
    """One reason of a result. ``number`` has the unit that its sentence names.

    ``part`` is the part of the result that it speaks of (an item of a score, a baseline); None where it is the whole.
    """

    code: str
    rows: tuple[str, ...] = ()
    number: float | None = None
    term: str | None = None
    part: str | None = None

    @property
    def severity(self) -> Severity:
        """How much hangs on it."""
        return texts()[self.code].severity

    @property
    def pattern(self) -> str:
        """Its sentence with gaps ``{rows}``, ``{number}``, ``{term}``: for one row, or for several."""
        text = texts()[self.code]
        return text.several if len(self.rows) > 1 and text.several else text.one

    @property
    def number_text(self) -> str:
        """The number as it stands in the sentence; empty without one."""
        return "" if self.number is None else display.number(self.number, DECIMALS)

    def sentence(self, rows: str | None = None) -> str:
        """The clause, without a full stop; ``rows`` are words for the rows, their ids where left out.

        The name of its part is not in it; see `as_text`.
        """
        named = ", ".join(self.rows) if rows is None else rows
        return self.pattern.format(rows=named, number=self.number_text, term=self.term or "")

    @property
    def in_general(self) -> str:
        """The clause for many cases at once: without the rows of one."""
        return texts()[self.code].one.format(rows="an entry", number=self.number_text, term=self.term or "")


@cache
def texts() -> dict[str, ReasonText]:
    """Code -> its sentences.

    Raises:
        ValueError: a code stands twice, or a severity or a gap is not one of those that exist.
    """
    found: dict[str, ReasonText] = {}
    with (VOCABULARY / "reasons.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            severity = next((known for known in SEVERITIES if known == row["severity"]), None)
            if row["code"] in found or severity is None or not row["one"]:
                raise ValueError(f"reasons.csv: {row}")
            found[row["code"]] = ReasonText(row["code"], severity, row["one"], row["several"])
    return found


def read(cell: Iterable[Mapping[str, Any]] | None) -> tuple[Reason, ...]:
    """The reasons in a cell of a table of results, the most severe first, alike ones as one over all their rows.

    Raises:
        KeyError: a code that ``reasons.csv`` does not hold.
    """
    found: dict[tuple[str, float | None, str | None, str | None], list[str]] = {}
    for given in cell or ():
        key = (given["code"], given["number"], given["term"], given.get("part"))
        found.setdefault(key, []).extend(given["rows"] or ())
    reasons = [
        Reason(code, tuple(dict.fromkeys(rows)), number, term, part)
        for (code, number, term, part), rows in found.items()
    ]
    return tuple(sorted(reasons, key=lambda reason: SEVERITIES.index(reason.severity)))


def has_code(cell: Iterable[Mapping[str, Any]] | None, *codes: str) -> bool:
    """Whether one of the codes is among the reasons of a cell."""
    return any(part["code"] in codes for part in cell or ())


def as_text(reasons: Sequence[Reason]) -> str | None:
    """The clauses with row ids, parted by semicolons; those of a part under its name. None without a reason."""
    clauses: dict[str, list[str]] = {}
    for reason in sorted(reasons, key=lambda reason: reason.part or ""):
        clauses.setdefault(reason.part or "", []).append(reason.sentence())
    said = {part: "; ".join(of_part) for part, of_part in clauses.items()}
    return ". ".join(f"{part}: {text}" if part else text for part, text in said.items()) or None
