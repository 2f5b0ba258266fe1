"""Which row of one transcription is which row of another: equal content first, then the same id, then likeness.

Content comes first because ids are names that each reader gives: where one reader left out a row and both count their
rows, equal ids stand on different rows.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline import vocabulary
from pipeline.sources.raw_tables import RawRow
from pipeline.vocabulary import Terms

#: Columns in which two careful readers may differ without one of them being wrong.
FREE = ("id", "note", "evidence", "claim")
#: What a row is about: rows that differ in all of these are never taken for one another.
_SUBJECT = ("item", "analyte", "drug", "event", "finding", "score", "compute")
_TIMES = ("when", "start", "end", "of", "from", "to")
#: The share of equal cells from which two rows of one subject count as one row with a slip in it.
_ALIKE = 0.5
_REFERENCE = re.compile(r"@?[A-Za-z][A-Za-z0-9_-]*")

Pair = tuple[RawRow | None, RawRow | None]
Meaning = dict[str, str]


def pairs(first: Sequence[RawRow], second: Sequence[RawRow]) -> list[Pair]:
    """Every row of both with its partner, in the order of the first; rows without a partner stand alone at the end.

    Args:
        first: Rows of one sheet.
        second: Rows of the same sheet in the other transcription.
    """
    left, right = ({row.row: (row, meaning(row)) for row in rows} for rows in (first, second))
    partner: dict[int, int] = {}
    for key in (_content, _named):
        _match_equal(left, right, partner, key)
    free = [row for row in right if row not in partner.values()]
    candidates = sorted(
        ((_likeness(left[a], right[b]), a, b) for a in left if a not in partner for b in free),
        key=lambda candidate: (-candidate[0], *candidate[1:]),
    )
    taken = set(partner.values())
    for score, a, b in candidates:
        if score >= _ALIKE and a not in partner and b not in taken:
            partner[a] = b
            taken.add(b)
    found: list[Pair] = [(left[a][0], right[partner[a]][0] if a in partner else None) for a in left]
    return found + [(None, right[b][0]) for b in right if b not in taken]


Rows = Mapping[int, tuple[RawRow, Meaning]]


def _match_equal(left: Rows, right: Rows, partner: dict[int, int], key: Callable[..., Any]) -> None:
    """Join the rows that are equal in a key, the first with the first; rows without the key stay."""
    waiting: dict[Any, list[int]] = {}
    taken = set(partner.values())
    for number, (row, cells) in right.items():
        if number not in taken and (of := key(row, cells)) is not None:
            waiting.setdefault(of, []).append(number)
    for number, (row, cells) in left.items():
        if number not in partner and waiting.get(key(row, cells)):
            partner[number] = waiting[key(row, cells)].pop(0)


def _content(row: RawRow, cells: Meaning) -> frozenset[tuple[str, str]]:
    return frozenset(cells.items())


def _named(row: RawRow, cells: Meaning) -> tuple[str, ...] | None:
    """The id with the subject: two readers may give one name to two things."""
    name = row.get("id")
    return None if name is None else (name, *_subject(cells))


def _likeness(a: tuple[RawRow, Meaning], b: tuple[RawRow, Meaning]) -> float:
    """Share of the filled columns that are equal; 0 for rows about different things."""
    left, right = a[1], b[1]
    if _subject(left) != _subject(right):
        return 0.0
    columns = left.keys() | right.keys()
    return sum(left.get(c) == right.get(c) for c in columns) / len(columns) if columns else 1.0


def _subject(cells: Meaning) -> list[str]:
    return [cells[column] for column in _SUBJECT if column in cells]


def meaning(row: RawRow, partner: Mapping[str, str] | None = None) -> Meaning:
    """The cells as what they mean, without those that each reader words freely.

    Args:
        row: A row as typed.
        partner: Ids of this reader -> ids of the other, under which references are given.
    """
    return {
        column: plain(column, _renamed(text, partner or {}) if column in _TIMES else text)
        for column, text in row.cells.items()
        if column not in FREE
    }


def _renamed(text: str, partner: Mapping[str, str]) -> str:
    """References of the second reader under the ids of the first."""

    def swap(found: re.Match[str]) -> str:
        mark, name = ("@", found[0][1:]) if found[0].startswith("@") else ("", found[0])
        known = max((old for old in partner if _names(name, old)), key=len, default=None)
        return found[0] if known is None else mark + partner[known] + name[len(known) :]

    return _REFERENCE.sub(swap, text)


def _names(reference: str, row_id: str) -> bool:
    """`FALL` and `FALL-24h` (a distance behind the id) name the row FALL; `FALL2` does not."""
    if not reference.startswith(row_id):
        return False
    return re.fullmatch(r"(-\d+(h|d|w|mo|min))?", reference[len(row_id) :]) is not None


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
    if column == "unit":
        return words.units.ucum.get(vocabulary.plain_unit(text), text)
    return " ".join(text.split())
