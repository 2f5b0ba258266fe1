"""The value form of a case folder: text -> number, bounds or word. What may be typed is in docs/case-folder.md."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from casetrace.core.errors import CellError
from casetrace.values.suggestions import about_value, near_word
from casetrace.values.units import convert

ALLOWED = "13, 0.63, <5, >=20, 60..70, ~40, or a word such as normal, low, negative"
ALLOWED_NUMBER = "13, 0.63, <5, >=20, 60..70, ~40"

#: Words against the reference range of the row or the target in force; they may give bounds.
REFERENCE_WORDS = ("normal", "low", "high")
TARGET_WORDS = ("below target", "in target", "above target")
RESULT_WORDS = ("negative", "weakly positive", "positive", "strongly positive", "yes", "no")
NOT_DONE = "not done"
WORDS = (*REFERENCE_WORDS, *TARGET_WORDS, *RESULT_WORDS, NOT_DONE)

#: Long enough for any printed number, short enough to stay exact.
_NUMBER = r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?"
_FORMS = re.compile(rf"(?P<sign><=|>=|<|>|~)?\s*(?P<number>{_NUMBER})|(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})")
_LOOKS_LIKE_NUMBER = re.compile(r"[<>=~≤≥±+\-.,\s]*[0-9]")


@dataclass(frozen=True)
class Value:
    """One value. Bounds are inclusive unless strict; None is no bound."""

    kind: str
    best: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    low_is_strict: bool = False
    high_is_strict: bool = False
    word: str | None = None
    decimals: int = 0

    @property
    def numbers(self) -> list[Decimal]:
        """The numbers that it states."""
        return [number for number in (self.best, self.low, self.high) if number is not None]

    def scaled(self, by: Fraction) -> "Value":
        """The value in another unit."""
        best, low, high = (None if n is None else convert(n, by) for n in (self.best, self.low, self.high))
        return replace(self, best=best, low=low, high=high)

    def as_stat(self, stat: str | None) -> "Value":
        """A range of many values has no best value; the range of one value keeps its midpoint."""
        return replace(self, best=None) if stat == "range" else self


def parse_value(text: str | None, approximate_pct: Decimal, words: tuple[str, ...] | None = WORDS) -> Value:
    """A value cell; empty means given but not printed.

    Args:
        text: The cell.
        approximate_pct: What '~' means, in per cent either way.
        words: Words that are allowed; None allows any text that does not look like a number.

    Raises:
        CellError: for anything that is neither a number in the form nor an allowed word.
    """
    typed = (text or "").strip()
    if not typed:
        return Value("not_printed")
    match = _FORMS.fullmatch(typed)
    if match and match["low"]:
        return _between(match["low"], match["high"])
    if match:
        return _number(match["sign"], match["number"], approximate_pct)
    return _word(typed, words)


def parse_number(text: str) -> Decimal:
    """One plain number with a point and no separators.

    Raises:
        CellError: for anything else.
    """
    if not re.fullmatch(_NUMBER, text.strip()):
        raise CellError(f"'{text}' is not a plain number", "13, 0.63")
    return Decimal(text.strip())


def split_reading(text: str) -> tuple[str, str | None]:
    """A curator's reading as value and unit: `9.3 g/dL` -> 9.3 and g/dL; a word has no unit."""
    typed = text.strip()
    match = re.match(rf"((?:<=|>=|<|>|~)?\s*{_NUMBER}(?:\s*\.\.\s*{_NUMBER})?)\s+(\S.*)", typed)
    return (match[1], match[2].strip()) if match else (typed, None)


def _number(sign: str | None, digits: str, approximate_pct: Decimal) -> Value:
    number = Decimal(digits)
    decimals = _decimals(digits)
    if sign is None:
        return Value("number", number, number, number, decimals=decimals)
    if sign == "~":
        margin = abs(number) * approximate_pct / 100
        return Value("approximate", number, number - margin, number + margin, decimals=decimals)
    if sign.startswith("<"):
        return Value("one_sided", high=number, high_is_strict=sign == "<", decimals=decimals)
    return Value("one_sided", low=number, low_is_strict=sign == ">", decimals=decimals)


def _between(low_text: str, high_text: str) -> Value:
    low, high = Decimal(low_text), Decimal(high_text)
    if low > high:
        raise CellError(f"the range '{low_text}..{high_text}' ends below its start", "the lower number first: 60..70")
    decimals = max(_decimals(low_text), _decimals(high_text))
    return Value("range", (low + high) / 2, low, high, decimals=decimals)


def _word(typed: str, words: tuple[str, ...] | None) -> Value:
    if _LOOKS_LIKE_NUMBER.match(typed) or re.fullmatch(r"[+-]?(nan|inf(inity)?)", typed, re.IGNORECASE):
        raise CellError(f"'{typed}' is not a value", about_value(typed, ALLOWED_NUMBER))
    word = " ".join(typed.lower().split())
    if word == NOT_DONE:
        return Value("not_done", word=word)
    if words is not None and word not in words:
        near = near_word(word, words)
        rule = about_value(typed, ", ".join([ALLOWED_NUMBER, *words]), may_be_undone=NOT_DONE in words)
        raise CellError(f"'{typed}' is not a value", f"did you mean '{near}'?" if near else rule)
    return Value("word", word=word)


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])
