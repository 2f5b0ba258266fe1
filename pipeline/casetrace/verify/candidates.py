"""Every place in a text where one stated thing may stand, before one is chosen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from casetrace.verify import mentions, numerals
from casetrace.verify.mentions import Mention
from casetrace.verify.names import NameIndex
from casetrace.verify.numerals import Span
from casetrace.verify.passages import Places
from casetrace.verify.printed_units import PrintedUnits, is_word_break
from casetrace.verify.search_targets import SearchTarget
from casetrace.verify.source_text import SourceText
from casetrace.vocabulary import Vocabulary

#: Signs and words between the two ends of a range, with the unit of the first end.
_BETWEEN = r"(?: ?[^\s\d–-]{1,12})? ?(?:[-‐‒–—−~]|to|and|up to|\.\.) ?"

#: A length of time is one only with its unit; other units often stand elsewhere (the heading of a table).
_TIME_UNITS: frozenset[str] = frozenset({"min", "h", "d", "wk", "mo"})
#: Share of the numbers that stand in their cited paragraph from which the count of paragraphs is relied upon.
_AGREEING = 0.8


@dataclass(frozen=True)
class Candidate:
    """The characters of one place, one span for each part that is sought."""

    spans: tuple[Span, ...]

    @property
    def whole(self) -> Span:
        """From the first to the last character."""
        return Span(self.spans[0].start, self.spans[-1].end)

    def lies_in(self, span: Span) -> bool:
        """Whether all of it lies in a stretch of the text."""
        return span.start <= self.whole.start and self.whole.end <= span.end


class Reading:
    """One article read for one case: its numbers, units, names, times and places."""

    def __init__(
        self,
        source: SourceText,
        vocabulary: Vocabulary,
        wanted: Iterable[SearchTarget],
        names: Mapping[str, Iterable[str]],
    ) -> None:
        """Read the article.

        Args:
            source: The normalised text.
            vocabulary: Names and units.
            wanted: Everything that will be looked for; gives the places and the free names.
            names: Score item -> names that it may have in print.
        """
        self.source = source
        self.units = PrintedUnits(vocabulary.units)
        self.style = numerals.style_of(source.text)
        wanted = list(wanted)
        self.places = Places(source, [s.evidence for s in wanted])
        self._wanted = wanted
        printed = {
            "analytes": vocabulary.analytes.printed(),
            "drugs": vocabulary.drugs.printed(),
            "patient_items": vocabulary.patient_items.printed(),
            "score_items": {term: list(spelt) for term, spelt in names.items()},
        }
        for s in wanted:
            if s.names:
                printed[s.names].setdefault(s.term, [s.term])
        self.names = {kind: NameIndex(source, terms) for kind, terms in printed.items()}

    @cached_property
    def paragraphs_agree(self) -> bool:
        """Whether paragraphs are counted here as the curator counts them: nearly every number stands in its own."""
        hits = [
            any(c.lies_in(span) for c in self.candidates(s) for span in p.paragraph)
            for s in self._wanted
            if s.kind in ("number", "pair") and not s.optional and not s.column.startswith("ref_")
            for p in self.places.find(s.evidence)
            if p.paragraph
        ]
        return bool(hits) and sum(hits) >= _AGREEING * len(hits)

    @cached_property
    def clocks(self) -> list[Mention]:
        """Every clock time, in minutes since midnight."""
        return mentions.clock_times(self.source.text, lambda span: self.units.after(self.source.text, span) is not None)

    @cached_property
    def days(self) -> list[Mention]:
        """Every day."""
        return mentions.days(self.source.text)

    @cached_property
    def _times(self) -> set[Span]:
        return {m.span for m in (*self.clocks, *self.days)}

    def candidates(self, s: SearchTarget) -> list[Candidate]:
        """Every place where the stated thing stands, in the order of the text."""
        if s.kind == "clock":
            return [Candidate((m.span,)) for m in self.clocks if m.value == int(s.numbers[0])]
        if s.kind == "day":
            return [Candidate((m.span,)) for m in self.days if m.value == int(s.numbers[0])]
        if s.kind == "pair":
            return self._pairs(s)
        if s.kind in ("number", "distance"):
            spans = numerals.find(self.source.text, s.numbers[0], self.style)
            return [Candidate((span,)) for span in spans if self._may_be(s, span)]
        return []

    def _pairs(self, s: SearchTarget) -> list[Candidate]:
        text = self.source.text
        firsts = numerals.find(text, s.numbers[0], self.style)
        seconds = {span.start: span for span in numerals.find(text, s.numbers[1], self.style)}
        found = []
        for first in firsts:
            between = re.compile(_BETWEEN).match(text, first.end)
            second = seconds.get(between.end()) if between else None
            if second and self._has_unit(s, second):
                found.append(Candidate((first, second)))
        return found

    def _may_be(self, s: SearchTarget, span: Span) -> bool:
        if not is_word_break(self.source.text, span, self.units):
            return False
        return span not in self._times and self._has_unit(s, span)

    def _has_unit(self, s: SearchTarget, span: Span) -> bool:
        """Whether the unit printed behind the number, if any, is one that the row allows."""
        printed = self.units.after(self.source.text, span)
        if printed is None:
            return not s.units or not self.allowed(s) <= {self.units.ucum(unit) for unit in _TIME_UNITS}
        return s.units is None or printed in self.allowed(s)

    def allowed(self, s: SearchTarget) -> set[str]:
        """The UCUM codes that may stand behind the number."""
        return {self.units.ucum(unit) for unit in s.units or ()}

    def shows_unit(self, s: SearchTarget, candidate: Candidate) -> bool:
        """Whether a unit of the row is printed behind the number."""
        return self.units.after(self.source.text, candidate.spans[-1]) in self.allowed(s)

    def stands(self, s: SearchTarget, part: str, span: Span) -> bool:
        """Whether exactly these characters are a printed form of what the row states in that part."""
        if s.kind in ("clock", "day"):
            known = self.clocks if s.kind == "clock" else self.days
            return Mention(span, int(s.numbers[0])) in known
        number = s.numbers[s.parts.index(part)]
        return numerals.is_form_of(self.source.text, span, number, self.style)
