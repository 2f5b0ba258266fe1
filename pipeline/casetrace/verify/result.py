"""What `casetrace verify` tells: counts, the places among which none was chosen, and every problem."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from casetrace.core.errors import Problem
from casetrace.verify.ledger import Line
from casetrace.verify.source_text import SourceText

#: Characters shown on each side of a listed place, on the screen only.
_CONTEXT = 18
#: The least certain status of a row's parts is the row's.
_LEAST_CERTAIN_FIRST = ("not_found", "ambiguous", "found", "derived", "no_number")
_SHOWN = {"found": "found", "ambiguous": "in several places", "derived": "derived", "not_found": "not found",
          "no_number": "without a number"}  # fmt: skip


@dataclass(frozen=True)
class Verification:
    """What is kept for one case and what is wrong with it."""

    case_id: str
    text: SourceText
    lines: list[Line]
    problems: list[Problem]

    def parts(self) -> Counter[str]:
        """Number of stated things (a value, one end of a range, a clock time, a day) by status."""
        return Counter(status for _, status in {(line.key, line.status) for line in self.lines})

    def rows(self) -> Counter[str]:
        """Number of rows by the least certain of their parts."""
        by_row: dict[tuple[str, str], set[str]] = {}
        for line in self.lines:
            by_row.setdefault(line.key[:2], set()).add(line.status)
        return Counter(next(status for status in _LEAST_CERTAIN_FIRST if status in found) for found in by_row.values())

    def open_lines(self) -> list[Line]:
        """The places among which none was chosen."""
        return [line for line in self.lines if line.status == "ambiguous"]

    def context(self, line: Line) -> str:
        """A few characters around a place, for the screen."""
        if line.span is None:
            return ""
        start, end = line.span.start, line.span.end
        around = self.text.text[max(start - _CONTEXT, 0) : start], self.text.text[end : end + _CONTEXT]
        return f"…{around[0]}[{line.printed}]{around[1]}…".replace("\n", " ")

    def as_json(self) -> dict[str, Any]:
        """The result for a program."""
        return {
            "case_id": self.case_id,
            "text_sha256": self.text.sha256,
            "parts": dict(sorted(self.parts().items())),
            "rows": dict(sorted(self.rows().items())),
            "lines": [vars(line) for line in self.lines],
            "problems": [vars(problem) for problem in self.problems],
        }

    def as_text(self) -> str:
        """Counts, then each row with several places, its places numbered as `--pick` counts them."""
        lines = [
            f"{self.case_id}: {sum(self.rows().values())} rows: {_counts(self.rows())}",
            f"{sum(self.parts().values())} values, ranges and times in them: {_counts(self.parts())}",
        ]
        shown: tuple[str, ...] = ()
        for line in self.open_lines():
            if line.key != shown:
                shown = line.key
                lines.append(f"{line.raw_file}, {line.row_id}, {line.part} '{line.typed}': {line.note}; choose with "
                             f"--pick {line.row_id}:{line.part}=NUMBER")  # fmt: skip
            lines.append(f"  {line.place}  characters {line.start} to {line.end}  {self.context(line)}")
        return "\n".join(lines)


def _counts(by_status: Counter[str]) -> str:
    return ", ".join(f"{by_status[status]} {words}" for status, words in _SHOWN.items() if by_status[status])
