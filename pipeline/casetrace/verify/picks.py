"""A curator's choice among places that fit equally: `ROW=2`, `ROW:part=2`, or `ROW:part=derived`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from casetrace.core.errors import InputError, Problem
from casetrace.verify.ledger import Line
from casetrace.verify.locate import Located

ALLOWED = "ROW=2, ROW:part=2 (a numbered place), ROW:part=derived (not printed, follows from other rows)"
_FORM = re.compile(r"(?P<row>[^\s:=]+)(?::(?P<part>[^\s:=]+))?=(?P<choice>[1-9]\d*|derived)")


@dataclass(frozen=True)
class Pick:
    """One choice: the number of a place, or None for derived."""

    row_id: str
    part: str | None
    place: int | None


def parse_picks(texts: Iterable[str]) -> list[Pick]:
    """Choices as typed on the command line.

    Raises:
        InputError: for every one that is not in the form.
    """
    picks, problems = [], []
    for text in texts:
        match = _FORM.fullmatch(text)
        if match:
            place = None if match["choice"] == "derived" else int(match["choice"])
            picks.append(Pick(match["row"], match["part"], place))
        else:
            problems.append(Problem("--pick", what=f"'{text}' is no choice", allowed=ALLOWED))
    if problems:
        raise InputError(problems)
    return picks


def apply_picks(located: list[Located], picks: Iterable[Pick]) -> list[Located]:
    """The choices applied; what is found already is left to the finder unless it is named with its part.

    Raises:
        InputError: for every choice that names no open row, or a place that is not listed.
    """
    chosen, problems = list(located), []
    for pick in picks:
        named = [i for i, f in enumerate(chosen) if f.sought.row_id == pick.row_id and _names(f, pick)]
        if len(named) != 1:
            what = f"the row {pick.row_id} has {len(named) or 'no'} open parts of that name"
            problems.append(Problem("--pick", what=what, allowed=ALLOWED))
            continue
        found = chosen[named[0]]
        if pick.place is not None and pick.place > len(found.candidates):
            what = f"the row {pick.row_id} has {len(found.candidates)} listed places, not {pick.place}"
            problems.append(Problem("--pick", what=what, allowed=ALLOWED))
            continue
        chosen[named[0]] = _chosen(found, pick.place)
    if problems:
        raise InputError(problems)
    return chosen


def _names(found: Located, pick: Pick) -> bool:
    if pick.part is None:
        return found.status in ("ambiguous", "not_found")
    return pick.part in found.sought.parts


def _chosen(found: Located, place: int | None) -> Located:
    if place is None:
        return replace(found, status="derived", candidates=(), note="said to be derived by the curator", by="curator")
    note = f"place {place} of {len(found.candidates)}, chosen by the curator"
    return replace(found, status="found", candidates=(found.candidates[place - 1],), note=note, by="curator")


def keep_earlier(located: list[Located], kept: Iterable[Line], sha256: str) -> list[Located]:
    """Choices of an earlier run, where text and row are the same and the chosen place still fits."""
    earlier = {line.key: line for line in kept if line.by == "curator" and line.text_sha256 == sha256}
    chosen = []
    for found in located:
        s = found.sought
        line = earlier.get((s.raw_file, s.row_id, s.parts[0]))
        if line is None or line.typed != s.typed_in(s.parts[0]):
            chosen.append(found)
        elif line.status == "derived":
            chosen.append(_chosen(found, None))
        else:
            same = tuple(c for c in found.candidates if c.spans[0] == line.span)
            again = replace(found, status="found", candidates=same, note=line.note, by="curator")
            chosen.append(again if same else found)
    return chosen
