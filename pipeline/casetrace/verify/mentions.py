"""Clock times and days that a text names, and which of them goes with a number."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from casetrace.verify.numerals import Span, in_words
from casetrace.verify.source_text import SourceText

_WORDS = {word: number for number in range(100) if (word := in_words(number))}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip

#: Four digits are a time only where a word says so, or with a leading zero; 1000 IU and 2019 are none.
_FOUR_DIGITS = re.compile(
    r"(?<![\w.,:^])"
    r"(?P<lead>(?:(?i:at|by|until|till|from|to|before|after|between|and|around|about|approximately|since)\b"
    r" ?(?:about |around |approximately )?)?)"
    r"(?P<time>(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d))(?P<mark> ?(?:h|hrs?|hours)\b)?"
    r"(?![\d^⁄])(?![.,:]\d)"
)
_COLON = re.compile(r"(?<![\w.,:])(?P<h>[01]?\d|2[0-3])[:h](?P<m>[0-5]\d)(?::[0-5]\d)?(?! ?[aApP]\.?[mM])(?![\w:]*\d)")
_POINT = re.compile(r"(?<![\w.,:])(?P<h>[01]?\d|2[0-3])\.(?P<m>[0-5]\d)(?= ?(?:h|hrs?|hours|Uhr)\b)")
_TWELVE = re.compile(r"(?<![\w.,:])(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))? ?(?P<half>[aApP])\.?[mM]\b")
_NAMED = re.compile(r"\b(?i:(?P<noon>noon|midday)|(?P<midnight>midnight))\b")

_DAY_LIST = r"(?P<list>\d{1,3}(?![\d^])(?![.,]\d)(?:(?:,| to| and| or| ?[–-]|, and) ?\d{1,3}(?![\d^])(?! ?[a-zA-Z%]))*)"
_DAYS = re.compile(rf"\b(?i:days?|pod|hd|icu-?d)(?: (?P<minus>[-−])|[ -])?{_DAY_LIST}")
_D = re.compile(rf"(?<![A-Za-z\d])[dD](?P<minus>[-−])?{_DAY_LIST}")
_DAY_WORD = re.compile(r"\b(?i:days?) (?P<word>[a-z]+(?:-[a-z]+)?)\b")
_NTH_DAY = re.compile(
    r"\b(?:(?P<number>\d{1,3})(?:st|nd|rd|th)|(?P<word>" + "|".join(_ORDINALS) + r")) (?:[a-z]+[ -]){0,2}?day\b",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"\b(?i:(?P<which>same|that|next|following|previous|preceding) (?:day|morning|evening|night))\b")

#: A time that follows a number goes with it up to this distance ("4 units of fresh frozen plasma at 1711").
_FOLLOWS_WITHIN = 45
#: ... and up to this one when nothing parts the clause.
_SAME_CLAUSE_WITHIN = 100


@dataclass(frozen=True, order=True)
class Mention:
    """One named time: minutes since midnight, or a day number; None is a day named by another ("that day")."""

    span: Span
    value: int | None
    #: The day that "that day" or "the next day" means: counted from the day named last before it.
    meant: int | None = None

    def is_time(self, value: int) -> bool:
        """Whether it names, or means, that clock time or day."""
        return value in (self.value, self.meant)


def clock_times(text: str, is_amount: Callable[[Span], bool]) -> list[Mention]:
    """Every clock time of a text, in minutes since midnight.

    Args:
        text: The normalised text.
        is_amount: Whether a unit stands after four digits, which makes them an amount.
    """
    found: set[Mention] = set()
    for match in _FOUR_DIGITS.finditer(text):
        span = Span(*match.span("time"))
        if (match["lead"] or match["mark"] or match["time"][0] == "0") and (match["mark"] or not is_amount(span)):
            found.add(Mention(span, int(match["h"]) * 60 + int(match["m"])))
    for expression in (_COLON, _POINT):
        for match in expression.finditer(text):
            found.add(Mention(Span(*match.span()), int(match["h"]) * 60 + int(match["m"])))
    for match in _TWELVE.finditer(text):
        hour = int(match["h"]) % 12 + (12 if match["half"] in "pP" else 0)
        found.add(Mention(Span(*match.span()), hour * 60 + int(match["m"] or 0)))
    for match in _NAMED.finditer(text):
        found.add(Mention(Span(*match.span()), 12 * 60 if match["noon"] else 0))
    return sorted(found, key=lambda m: m.span)


def days(text: str) -> list[Mention]:
    """Every day of a text: ``day 4``, ``days 0 to 5``, ``POD 3``, ``4th day``, ``fifth day``; and ``that day``."""
    found: set[Mention] = set()
    for match in chain(_DAYS.finditer(text), _D.finditer(text)):
        sign = -1 if match["minus"] else 1
        for number in re.finditer(r"\d+", match["list"]):
            start = match.start("list") + number.start()
            found.add(Mention(Span(start, start + len(number[0])), sign * int(number[0])))
    for match in _DAY_WORD.finditer(text):
        if (value := _WORDS.get(match["word"].lower())) is not None:
            found.add(Mention(Span(*match.span("word")), value))
    for match in _NTH_DAY.finditer(text):
        group = "number" if match["number"] else "word"
        value = int(match["number"]) if match["number"] else _ORDINALS[match["word"].lower()]
        found.add(Mention(Span(*match.span(group)), value))
    named = sorted(found, key=lambda m: m.span)
    found |= {_other_day(match, named) for match in _SAME_DAY.finditer(text)}
    return sorted(found, key=lambda m: m.span)


def _other_day(match: re.Match[str], named: list[Mention]) -> Mention:
    before = [m.value for m in named if m.span.end <= match.start() and m.value is not None]
    step = {"next": 1, "following": 1, "previous": -1, "preceding": -1}.get(match["which"].lower(), 0)
    return Mention(Span(*match.span()), None, before[-1] + step if before else None)


def going_with(number: Span, mentions: list[Mention], source: SourceText) -> Mention | None:
    """The mention that goes with a number, or None.

    In the sentence: the nearest one after it in the same clause, or the nearest before it, whichever has fewer commas
    between (the one after it when equal). With none before it or after it in the sentence, the last one of the
    paragraph before the sentence.
    """
    start, end = source.sentence(number.start)
    at_number = [m for m in mentions if m.span == number]
    if at_number:
        return at_number[0]
    before = [m for m in mentions if start <= m.span.start and m.span.end <= number.start]
    after = [m for m in mentions if number.end <= m.span.start < end]
    follows = _following(number, after, source.text)
    if follows and before:
        between_after = source.text[number.end : follows.span.start]
        between_before = source.text[before[-1].span.end : number.start]
        return follows if _parts(between_after) <= _parts(between_before) else before[-1]
    if follows or before:
        return follows or before[-1]
    begins, _ = source.paragraph(number.start)
    earlier = [m for m in mentions if begins <= m.span.start and m.span.end <= start]
    return earlier[-1] if earlier else (after[0] if after else None)


def _following(number: Span, after: list[Mention], text: str) -> Mention | None:
    if not after:
        return None
    between = text[number.end : after[0].span.start]
    # "was 5 and at 0305 it was 7": the time opens what follows.
    if re.search(r"\band (?:(?:then|at|on|by) )*$", between):
        return None
    near = len(between) <= _FOLLOWS_WITHIN and not re.search(r"[;:()]", between) and between.count(",") <= 1
    same_clause = len(between) <= _SAME_CLAUSE_WITHIN and not re.search(r"[,;:()]|\band\b", between)
    return after[0] if near or same_clause else None


def _parts(between: str) -> int:
    return len(re.findall(r"[,;(]", between))
