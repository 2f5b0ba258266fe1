"""Which row of one transcription is which row of another: equal content first, then likeness.

Ids are names that each reader gives: where one reader left out a row and both count their rows, equal ids stand on
different rows. So an equal id only tips the balance between rows that are alike.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from casetrace import vocabulary
from casetrace.extract.raw_tables import RawRow
from casetrace.vocabulary import Terms

#: Columns in which two careful readers may differ without one of them being wrong.
FREE = ("id", "note", "evidence", "claim")
#: What a row is about: rows that differ in one of these are never taken for one another.
_SUBJECT = ("item", "analyte", "drug", "event", "finding", "score", "compute")
#: Columns that may name other rows.
_REFERRING = ("when", "start", "end", "of", "from", "to", "gave", "same_as", "concurrent_with")
#: The share of equal cells from which two rows of one subject count as one row with a slip in it.
_ALIKE = 0.5
#: What an equal id adds to that share.
_SAME_ID = 0.1
_REFERENCE = re.compile(r"@?[A-Za-z][A-Za-z0-9_.-]*")
_AFTER_ID = re.compile(r"(\.end)?(-\d+(h|d|w|mo|min))?")

Pair = tuple[RawRow | None, RawRow | None]
Meaning = dict[str, str]
#: Ids of the second reader -> ids of the first for the same rows.
Partners = Mapping[str, str]


class _Known(NamedTuple):
    """A row with its id and what it means."""

    row: RawRow
    id: str | None
    cells: Meaning


def pairs(first: Sequence[RawRow], second: Sequence[RawRow], partners: Partners | None = None) -> list[Pair]:
    """Every row of both with its partner, in the order of the first; rows without a partner stand alone at the end.

    Args:
        first: Rows of one sheet.
        second: Rows of the same sheet in the other transcription.
        partners: Rows that are known to be the same already; references to them are equal.
    """
    left = [_Known(row, id_of(row), meaning(row)) for row in first]
    right = [_Known(row, id_of(row), meaning(row, partners)) for row in second]
    partner = _of_equal_content(left, right)
    taken = set(partner.values())
    open_left = [a for a in range(len(left)) if a not in partner]
    open_right = [b for b in range(len(right)) if b not in taken]
    candidates = sorted((-_likeness(left[a], right[b]), abs(a - b), a, b) for a in open_left for b in open_right)
    for likeness, _, a, b in candidates:
        if -likeness >= _ALIKE and a not in partner and b not in taken:
            partner[a] = b
            taken.add(b)
    found: list[Pair] = [(row.row, right[partner[a]].row if a in partner else None) for a, row in enumerate(left)]
    return found + [(None, row.row) for b, row in enumerate(right) if b not in taken]


def id_of(row: RawRow) -> str | None:
    """The id by which other rows name a row; that of a cell of a wide table is made from its time and analyte."""
    return row.made_id or row.get("id")


def _of_equal_content(left: Sequence[_Known], right: Sequence[_Known]) -> dict[int, int]:
    """Rows that are equal in all that they mean; among several such the one with the same id, or else the first."""
    waiting: dict[frozenset[tuple[str, str]], list[int]] = {}
    for b, row in enumerate(right):
        waiting.setdefault(frozenset(row.cells.items()), []).append(b)
    partner = {}
    for a, row in enumerate(left):
        if equal := waiting.get(frozenset(row.cells.items())):
            named = next((b for b in equal if row.id is not None and right[b].id == row.id), equal[0])
            equal.remove(named)
            partner[a] = named
    return partner


def _likeness(a: _Known, b: _Known) -> float:
    """Share of the filled columns that are equal, and a little for an equal id; 0 for rows about different things.

    Rows of one name and one subject are alike whatever else they say: only one slip can be told as one difference.
    """
    if _subject(a.cells) != _subject(b.cells):
        return 0.0
    columns = a.cells.keys() | b.cells.keys()
    share = sum(a.cells.get(c) == b.cells.get(c) for c in columns) / max(len(columns), 1)
    return max(share + _SAME_ID, _ALIKE) if a.id is not None and a.id == b.id else share


def _subject(cells: Meaning) -> list[str]:
    return [cells[column] for column in _SUBJECT if column in cells]


def meaning(row: RawRow, partners: Partners | None = None) -> Meaning:
    """The cells as what they mean, without those that each reader words freely.

    Args:
        row: A row as typed.
        partners: Ids of this reader -> ids of the other, under which references are given.
    """
    cells = {
        column: plain(column, renamed(text, partners or {}) if column in _REFERRING else text)
        for column, text in row.cells.items()
        if column not in FREE
    }
    if "read_as" in cells and "value" in cells:
        # A unit read in place of the printed one: a slip in the number is told once, at the value.
        cells["read_as"] = cells["read_as"].removeprefix(cells["value"]).strip()
    return cells


def renamed(text: str, partners: Partners) -> str:
    """A text with references of the second reader under the ids of the first."""

    def swap(found: re.Match[str]) -> str:
        mark, name = ("@", found[0][1:]) if found[0].startswith("@") else ("", found[0])
        known = max((old for old in partners if _names(name, old)), key=len, default=None)
        return found[0] if known is None else mark + partners[known] + name[len(known) :]

    return _REFERENCE.sub(swap, text)


def _names(reference: str, row_id: str) -> bool:
    """`FALL`, `FALL.end` and `FALL-24h` (a distance behind the id) name the row FALL; `FALL2` does not."""
    return reference.startswith(row_id) and _AFTER_ID.fullmatch(reference[len(row_id) :]) is not None


def plain(column: str, text: str) -> str:
    """A cell as what it means: a name or unit by its vocabulary term, anything else without extra spaces."""
    words = vocabulary.load()
    known: dict[str, Terms[Any]] = {
        "item": words.patient_items,
        "analyte": words.analytes,
        "drug": words.drugs,
        "anticoagulant": words.drugs,
        "finding": words.findings,
        "event": words.events,
    }
    if column in known:
        term = known[column].find(text)
        return str(term.name) if term is not None else vocabulary.plain(text)
    if column == "kind" and text == "dose":
        return "bolus"  # two words for one dose at one instant
    if column == "unit":
        return words.units.ucum.get(vocabulary.plain_unit(text), text)
    return " ".join(text.split())
