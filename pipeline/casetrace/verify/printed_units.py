"""Which unit is printed right after a number, judged by the vocabulary of printed units."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from casetrace.verify.numerals import Span
from casetrace.vocabulary import Units, plain_unit

#: Words for a length of time, which are no unit of a laboratory value: "4 hours later", "day 4", "41-year-old".
_TIME_WORDS: Mapping[str, str] = {
    r"min(?:ute)?s?": "min",
    r"h(?:(?:ou)?rs?)?": "h",
    r"d(?:ays?)?": "d",
    r"w(?:ee)?ks?": "wk",
    r"months?": "mo",
    r"years?|yr": "a",
    r"points?": "points",
}
#: Prints that are English words too: "33 in the morning", "68 a day later".
_ALSO_WORDS = {"a", "in", "x", "m", "mo", "y", "C", "ratio"}
#: A bracket (often the reference range) or the second number of a range may stand between a number and its unit.
_SKIPPED = re.compile(r"(?: ?[–-] ?| to )\d[\d.,]*|\s?[(\[][^()\[\]]{0,60}[)\]]")


@dataclass(frozen=True)
class PrintedUnits:
    """The printed units as one regular expression, longest first, and their UCUM codes."""

    units: Units

    def __post_init__(self) -> None:
        forms = {_expression(printed): ucum for printed, ucum in self.units.ucum.items() if printed not in _ALSO_WORDS}
        forms |= {form: self.ucum(unit) for form, unit in _TIME_WORDS.items()}
        ordered = sorted(forms.items(), key=lambda item: -len(item[0]))
        compiled = [(re.compile(rf"[ -]?(?:{form})(?![A-Za-z\d/^])"), ucum) for form, ucum in ordered]
        object.__setattr__(self, "_compiled", compiled)

    def after(self, text: str, span: Span) -> str | None:
        """UCUM code of the unit printed after a number; None when none of the vocabulary stands there.

        The reference range in brackets, or the second number of a range, may stand between the two.
        """
        at = span.end
        for _ in range(3):
            if (unit := self._at(text, at)) is not None:
                return unit
            skipped = _SKIPPED.match(text, at)
            if not skipped:
                return None
            at = skipped.end()
        return None

    def ucum(self, typed: str) -> str:
        """The code of a unit as typed in a row; a code stands for itself."""
        return self.units.ucum.get(plain_unit(typed), typed)

    def _at(self, text: str, at: int) -> str | None:
        longest, code = 0, None
        for expression, ucum in self._compiled:  # type: ignore[attr-defined]
            found = expression.match(text, at)
            if found and found.end() - at > longest:
                longest, code = found.end() - at, ucum
        return code


def _expression(printed: str) -> str:
    """A printed unit with its usual variants: the micro sign, a times sign, a lost or written power, spaces at '/'."""
    form = re.escape(printed).replace(r"\ ", " ")
    form = re.sub(r"^x ?(?=1|\\)", "[x×*·] ?", form)
    form = form.replace(r"10\^", r"10\^?")
    form = re.sub(r"^u(?=[gmL]|mol)|(?<=/)u(?=[gmL])", "[uμµ]", form)
    return re.sub(r"/", " ?/ ?", form)


def is_word_break(text: str, span: Span, units: PrintedUnits) -> bool:
    """Whether a number ends where it should: no letters run on, unless they are a unit (``30000U``) or an ordinal."""
    if span.end >= len(text) or not text[span.end].isalpha():
        return True
    return units.after(text, span) is not None or re.match(r"(?:st|nd|rd|th|h)\b", text[span.end :]) is not None
