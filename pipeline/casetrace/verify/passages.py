"""Places that a row cites ("Case, par. 4 and 5"; "Box 1") and where they lie in the text.

A place is recognised by its heading or caption; the paragraphs of a section are counted as a reader counts them:
running text only, without captions, bullet points and page furniture. A place that cannot be recognised restricts
nothing. A section reaches to the next heading of its rank, so that boxes between its columns lie in it too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casetrace.verify.numerals import Span
from casetrace.verify.source_text import SourceText

_PARAGRAPHS = re.compile(r"par(?:agraph|\.)?s? (?P<numbers>\d+(?:(?:,| and| to| ?[–-]) ?\d+)*)", re.IGNORECASE)
_LOCATION_ONLY = re.compile(r"(?:pp?|col|par|line)s?\b.*", re.IGNORECASE)
_CAPTION = re.compile(r"(?:box|table|fig(?:ure|\.)?|supplement\w*) ?\w*", re.IGNORECASE)
#: The opening part of an article often carries no heading.
_UNHEADED = {"case", "case report", "case presentation", "case description"}
#: Shorter blocks are furniture of the page: running heads, captions, cells.
_SHORTEST_PARAGRAPH = 150


@dataclass(frozen=True)
class Cited:
    """One place as a row cites it: section (and subsection) names, and the number of a paragraph."""

    label: str
    names: tuple[str, ...]
    paragraph: int | None


@dataclass(frozen=True)
class Place:
    """A recognised place: the whole section or box, and the cited paragraph of it (empty when none is cited)."""

    label: str
    whole: Span
    paragraph: tuple[Span, ...]


def cited(evidence: str | None) -> list[Cited]:
    """The places of an evidence cell, parted by semicolons."""
    found: list[Cited] = []
    for label in (part.strip() for part in (evidence or "").split(";")):
        if not label:
            continue
        match = _PARAGRAPHS.search(label)
        pieces = re.split(r",\s*", label[: match.start()] if match else label)
        names = tuple(p.strip() for p in pieces if p.strip() and not _LOCATION_ONLY.fullmatch(p.strip()))
        numbers = _numbers(match["numbers"]) if match else ()
        head = label[: match.start()] if match else label
        found += [Cited(f"{head}par. {number}", names, number) for number in numbers] or [Cited(label, names, None)]
    return found


def _numbers(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?: ?(?:to|[–-]) ?(\d+))?", text):
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


class Places:
    """The sections, boxes and tables of one text that the rows of a case cite."""

    def __init__(self, source: SourceText, evidence: Iterable[str | None]) -> None:
        self._source = source
        citations = [place for cell in evidence for place in cited(cell)]
        names = {name.lower(): rank for place in citations for rank, name in reversed(list(enumerate(place.names)))}
        self._rank = {name: -1 if _CAPTION.fullmatch(name) else rank for name, rank in names.items()}
        starts = {name: _heading(source.text, name, rank == -1) for name, rank in self._rank.items()}
        self._starts = {name: at for name, at in starts.items() if at is not None}
        for name in self._rank.keys() & _UNHEADED - self._starts.keys():
            self._starts[name] = 0

    def find(self, evidence: str | None) -> list[Place]:
        """The recognised places of an evidence cell."""
        found = []
        for place in cited(evidence):
            known = [name.lower() for name in place.names if name.lower() in self._starts]
            if known and len(known) == len(place.names):
                found.append(self._place(place, known[-1]))
        return found

    def _place(self, place: Cited, name: str) -> Place:
        start, rank = self._starts[name], self._rank[name]
        enders = [at for other, at in self._starts.items() if at > start and self._ends(rank, self._rank[other])]
        whole = Span(start, min(enders, default=len(self._source.text)))
        return Place(place.label, whole, tuple(self._paragraph(whole, place.paragraph)))

    @staticmethod
    def _ends(rank: int, other: int) -> bool:
        """Whether a heading of another rank ends a section: boxes end only boxes, subsections no section."""
        return rank == -1 or (other != -1 and other <= rank)

    def _paragraph(self, whole: Span, number: int | None) -> Iterable[Span]:
        """The pieces of one paragraph: a box between two columns may part it."""
        count = 0
        for start, end in self._source.paragraphs:
            start, end = max(start, whole.start), min(end, whole.end)
            if end <= start:
                continue
            block = self._source.text[start:end]
            if "•" in block or (len(block) < _SHORTEST_PARAGRAPH and not block[0].islower()):
                continue
            if not block[0].islower():
                count += 1
            if count == number:
                yield Span(start, end)


def _heading(text: str, name: str, is_caption: bool) -> int | None:
    """Where the heading or caption of that name stands, when it stands once."""
    words = r"[ -]".join(re.escape(word) for word in re.split(r"[ -]", name))
    ahead = r"(?:^|(?<=\n)|(?<=[.?!)\d] ))"
    behind = r"(?= ?[:.|\n]| [A-Z(]|$)" if is_caption else r"(?=:? ?\n| [A-Z]|$)"
    found = [m.start() for m in re.finditer(rf"{ahead}(?i:{words}){behind}", text) if text[m.start()].isupper()]
    at_start = [at for at in found if at == 0 or text[at - 1] == "\n"]
    for candidates in (found, at_start):
        if len(candidates) == 1:
            return candidates[0]
    return None
