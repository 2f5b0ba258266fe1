"""Where the names of analytes, drugs and score items stand, and which of them a number belongs to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casetrace.verify.numerals import Span
from casetrace.verify.source_text import SourceText

#: "4 units of fresh frozen plasma", "a 30 000-unit bolus of heparin": a name that follows within the same clause.
_FOLLOWING_OF = re.compile(r"[^.;,()\[\]\d]{0,45}\bof\b[^.;,()\[\]\d]{0,25}")
_SHORT = 3


@dataclass(frozen=True)
class Named:
    """One place where a name stands, and the vocabulary term that it is a name of."""

    span: Span
    term: str


class NameIndex:
    """Every place of every name of one kind (analytes, drugs, score items) in a text."""

    def __init__(self, source: SourceText, names: Mapping[str, Iterable[str]]) -> None:
        self._source = source
        found: dict[Span, set[str]] = {}
        for term, spelt in names.items():
            for name in spelt:
                for match in re.finditer(_expression(name), source.text):
                    found.setdefault(Span(*match.span()), set()).add(term)
        self._places = [Named(span, term) for span in _outermost(found) for term in sorted(found[span])]

    def owners(self, number: Span) -> set[str]:
        """The terms that a number belongs to; empty when none is named before it in its paragraph or sentence.

        A name that follows with "of" goes first, then the nearest name before it in the sentence, then the nearest
        after it in the sentence, then the nearest before it in the paragraph. In a sentence with "respectively" every
        name of the sentence may own it.
        """
        text = self._source.text
        start, end = self._source.sentence(number.start)
        inside = [p for p in self._places if start <= p.span.start and p.span.end <= end]
        if re.search(r"\brespectively\b", text[start:end]):
            return {p.term for p in inside}
        after = [p for p in inside if p.span.start >= number.end]
        of_name = [p for p in after if _FOLLOWING_OF.fullmatch(text[number.end : p.span.start])]
        if of_name:
            return _at_same(of_name, of_name[0])
        before = [p for p in inside if p.span.end <= number.start]
        if before:
            return _at_same(before, before[-1])
        if after:
            return _at_same(after, after[0])
        begins, _ = self._source.paragraph(number.start)
        earlier = [p for p in self._places if begins <= p.span.start and p.span.end <= start]
        return _at_same(earlier, earlier[-1]) if earlier else set()

    def row_heading(self, number: Span) -> set[str]:
        """The terms named at the start of the last paragraph that starts with a name: the row of a printed table."""
        starts = {begin for begin, _ in self._source.paragraphs}
        headings = [p for p in self._places if p.span.start in starts and p.span.start <= number.start]
        return _at_same(headings, headings[-1]) if headings else set()


def _at_same(places: list[Named], chosen: Named) -> set[str]:
    return {p.term for p in places if p.span == chosen.span}


def _outermost(found: Iterable[Span]) -> list[Span]:
    """Spans without those that lie inside a longer one (heparin in unfractionated heparin), in order."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _expression(name: str) -> str:
    """A name with spaces, hyphens or nothing between its words; short names keep their capitals."""
    words = re.split(r"[\s_-]+", name.strip())
    body = "[ ‐–-]?".join(re.escape(word) for word in words)
    if len(name) > _SHORT:
        body = f"(?i:{body})"
    elif name.islower():
        body = re.escape(name.upper())
    return rf"(?<![A-Za-z\d]){body}(?![A-Za-z])"
