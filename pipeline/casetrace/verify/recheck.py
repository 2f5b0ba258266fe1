"""Hold the kept places against the rows and the text as they are now."""

from collections.abc import Iterable

from casetrace.core.errors import Problem
from casetrace.verify.candidates import Reading
from casetrace.verify.ledger import FILE, Line
from casetrace.verify.search_targets import SearchTarget, column_of

_AGAIN = "correct the row, or run verify again with --write"


def recheck(wanted: Iterable[SearchTarget], kept: list[Line], reading: Reading) -> list[Problem]:
    """Every row whose number no longer stands where it was found, and every row or place without its counterpart.

    Args:
        wanted: What the rows state now.
        kept: The lines of `evidence.csv`.
        reading: The article.
    """
    if any(line.text_sha256 != reading.source.sha256 for line in kept):
        what = "the places were found in another text: its sha-256 is not the one of this source"
        return [Problem(FILE, None, "text_sha256", what, "the same source file, or --write to find the places again")]
    by_key: dict[tuple[str, str, str], list[tuple[int, Line]]] = {}
    for number, line in enumerate(kept, start=2):
        by_key.setdefault(line.key, []).append((number, line))
    problems: list[Problem] = []
    for s in wanted:
        for part in s.parts:
            lines = by_key.pop((s.raw_file, s.row_id, part), [])
            problems += _part(s, part, [line for _, line in lines], reading)
    for key, left in by_key.items():
        what = f"no row {key[1]} of {key[0]} states anything in {key[2]} any more"
        problems.append(Problem(FILE, left[0][0], "part", what, _AGAIN))
    return problems


def _part(s: SearchTarget, part: str, lines: list[Line], reading: Reading) -> list[Problem]:
    typed = s.typed_in(part)
    if not lines:
        whats = [] if s.optional else [f"no place is kept for '{typed}' ({part})"]
    else:
        whats = [what for line in lines if (what := _line(s, part, line, reading))]
    return [Problem(s.raw_file, s.raw_row, column_of(part), f"{s.row_id}: {what}", _AGAIN) for what in whats]


def _line(s: SearchTarget, part: str, line: Line, reading: Reading) -> str:
    """What is wrong with one kept line; empty when the row's number still stands there."""
    typed = s.typed_in(part)
    span, text = line.span, reading.source.text
    if span is not None and not reading.stands(s, part, span):
        there = text[span.start : span.end]
        where = f"at the kept place (characters {span.start} to {span.end} of the text)"
        return f"'{typed}' ({part}) does not stand {where}, where '{there}' is printed"
    if span is not None and text[span.start : span.end] != line.printed:
        return f"the kept place reads otherwise than '{line.printed}', which {FILE} says"
    if line.typed != typed:
        return f"the row said '{line.typed}' when its place was kept and says '{typed}' now"
    if line.status == "not_found":
        return f"'{typed}' ({part}) was not found in the text: {line.note}"
    return ""
