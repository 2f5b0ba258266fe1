"""Error kinds, their exit codes and their wording.

A person who typed a case must be able to act on every message: it names the file, the row as a
spreadsheet counts it (the heading is row 1), the column, what is wrong and what is allowed. All
problems are collected and shown together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

EXIT_BAD_INPUT = 2
EXIT_NOT_FOUND = 3
EXIT_STAGE_FAILED = 4
#: As shells say that a program was stopped with Ctrl-C.
EXIT_STOPPED = 130

#: Files (and a sheet) in which things are found by their key, not by their column.
_KEYED = (".yaml", "sheet source")
_COLUMNS_OF_KEYS = ("key", "value", "meaning")

#: Problems of one kind in one column beyond this many are counted, not listed.
SHOWN_PER_KIND = 20


class CasetraceError(Exception):
    """An error that is told to the user as one clear sentence, without a traceback."""

    exit_code = EXIT_STAGE_FAILED


class NotFoundError(CasetraceError):
    """A case, corpus, file or metric that the user named does not exist."""

    exit_code = EXIT_NOT_FOUND


class CellError(Exception):
    """What is wrong with the text of one cell; the reader of the file adds file, row and column."""

    def __init__(self, what: str, allowed: str = "") -> None:
        super().__init__(f"{what} (allowed: {allowed})" if allowed else what)
        self.what = what
        self.allowed = allowed


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong (or worth a look) in one cell, row or file.

    ``row`` counts as a spreadsheet does: 1 is the heading. ``allowed`` says what would be right.
    """

    file: str
    row: int | None = None
    column: str | None = None
    what: str = ""
    allowed: str = ""
    severity: Literal["error", "warning"] = field(default="error", compare=False)

    def place(self) -> tuple[str, int, str, str]:
        """What problems are sorted by; one of a whole file stands before those of its rows."""
        return self.file, self.row or 0, self.column or "", self.what

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            is_key = self.file.endswith(_KEYED) and self.column not in _COLUMNS_OF_KEYS
            place.append(f"{'key' if is_key else 'column'} {self.column}")
        sentence = f"{', '.join(place)}: {self.what}"
        if not self.allowed:
            return sentence
        # A warning names what is usual or what to do, not what is allowed.
        is_rule = self.severity == "error" and not self.allowed.startswith("did you mean")
        return f"{sentence} (allowed: {self.allowed})" if is_rule else f"{sentence} ({self.allowed})"


class InputError(CasetraceError):
    """Everything that is wrong with the input, all at once."""

    exit_code = EXIT_BAD_INPUT

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=Problem.place)
        super().__init__(render_problems(self.problems))


def render_problems(problems: list[Problem]) -> str:
    """One line per problem, grouped by file; long runs of one kind end in a count."""
    lines: list[str] = []
    shown: dict[tuple[str, str | None, str], int] = {}
    for problem in problems:
        kind = (problem.file, problem.column, problem.allowed)
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] <= SHOWN_PER_KIND:
            lines.append(f"{problem.severity}: {problem}")
    for (file, column, _), count in shown.items():
        if count > SHOWN_PER_KIND:
            lines.append(f"... and {count - SHOWN_PER_KIND} more like these in {file}, column {column}")
    return "\n".join(lines)
