"""The forms in which a number may be printed, and where they stand in a text.

A number that is typed as ``1406`` may be printed ``1406``, ``1,406``, ``1 406`` (any space is one space in the
normalised text), ``1'406``, and ``1.406`` only in an article that writes thousands so; ``0.63`` may be printed
``.63``, ``0·63``, and ``0,63`` in an article with decimal commas. A number is found whole: 140 does not stand in 1140,
nor 1.1 in 11.1, 9 in 10^9, or 4 in PF4. Two printed numbers are never joined into one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

#: Words that make the number after them a label: "day 5 120 units" is not 5120, and box 1 is no value of 1.
_LABEL = re.compile(
    r"\b(?:day|week|month|hour|table|fig(?:ure|\.)?|box|no\.|case|patient|grade|stage|type|class|page|par\.|pod|hd|phase"
    r"|step|version|volume|issue|(?:days|weeks|months|hours|tables|figures|boxes|cases|patients|pages)"
    r"(?: \d+(?:,| to| and| or| ?[–-]))*)[ -]?$",
    re.IGNORECASE,
)
#: Powers of ten whose raised digits were lost: "× 109/L" holds no 109.
_LOST_POWER = re.compile(r"10(?:3|6|9|12)(?= ?/)")
_BEFORE = r"(?<![\w^.,·:⁄])(?<![A-Za-z][-‐])"
_AFTER = r"(?![\d^⁄_])(?![.,·∙:]\d)"
_POINT = "[.·∙]"

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@dataclass(frozen=True, order=True)
class Span:
    """Characters [start, end) of the normalised text."""

    start: int
    end: int


@dataclass(frozen=True)
class Style:
    """How an article writes numbers."""

    decimal_comma: bool = False
    comma_thousands: bool = False
    point_thousands: bool = False


def style_of(text: str) -> Style:
    """How a normalised text writes numbers, judged only from forms that can be read one way.

    ``0,63`` shows decimal commas, ``0.63`` decimal points, ``12,345`` beside decimal points shows commas between
    thousands, ``1.234.567`` or ``1.234,5`` points between thousands. A single ``1.406`` shows nothing.
    """
    commas = len(re.findall(r"(?<![\w.,])0,\d", text))
    points = len(re.findall(r"(?<![\w.,])0[.·]\d", text))
    decimal_comma = commas > points
    thousands = re.search(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+(?:,\d|\.\d{3}(?!\d))", text) is not None
    comma = not decimal_comma and re.search(r"(?<![\w.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])", text) is not None
    return Style(decimal_comma, comma, thousands)


def in_words(number: int) -> str | None:
    """A whole number from 0 to 99 in words (``twenty-five``); None for any other."""
    if not 0 <= number < 100:
        return None
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")


def pattern(number: Decimal, style: Style) -> str:
    """A regular expression for every printed form of a number, without what must stand around it.

    A sign is part of a negative number. Zeros after the last decimal may be printed or not.
    """
    digits = format(abs(number), "f")
    whole, _, decimals = digits.partition(".")
    decimals = decimals.rstrip("0")
    forms = [_whole(whole, style)]
    if decimals:
        mark = "," if style.decimal_comma else _POINT
        leading = "0?" if whole == "0" else forms[0]
        forms = [f"(?:{leading}){mark}{decimals}0*"]
    else:
        forms[0] += f"(?:{',' if style.decimal_comma else _POINT}0+)?"
        words = in_words(int(whole))
        if words:
            forms.append("(?i:" + words.replace("-", "[- ]") + ")(?![A-Za-z])")
    sign = "[-−–]" if number < 0 else ""
    return sign + "(?:" + "|".join(forms) + ")"


def _whole(digits: str, style: Style) -> str:
    if len(digits) < 4:
        return digits
    groups = _groups(digits)
    marks = [" ", "['’]"]
    if not style.decimal_comma:
        marks.append(",")
    if style.point_thousands:
        marks.append(r"\.")
    if style.comma_thousands:
        marks.remove(" ")
    return "(?:" + "|".join([digits, *(mark.join(groups) for mark in marks)]) + ")"


def _groups(digits: str) -> list[str]:
    first = len(digits) % 3
    return [part for part in (digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))) if part]


def find(text: str, number: Decimal, style: Style) -> list[Span]:
    """Every place where a number stands whole, in any printed form. Labels and lost powers of ten are no places."""
    expression = re.compile(_BEFORE + pattern(number, style) + _AFTER)
    spans = (Span(*found.span()) for found in expression.finditer(text))
    return [span for span in spans if not _is_no_value(text, span)]


def is_form_of(text: str, span: Span, number: Decimal, style: Style) -> bool:
    """Whether exactly these characters are a printed form of the number, standing whole."""
    return span in find(text, number, style)


def _is_no_value(text: str, span: Span) -> bool:
    """Whether the characters are a label, a lost power of ten, a negative number's digits, or part of a longer word."""
    printed, before, after = text[span.start : span.end], text[max(span.start - 60, 0) : span.start], text[span.end :]
    if printed[0].isalpha():
        tens, ones = "|".join(_TENS), "|".join(_ONES[1:10])
        longer = re.match(rf"[- ](?:{ones}|hundred|thousand)\b", after[:12], re.IGNORECASE)
        return longer is not None or re.search(rf"\b(?:{tens})[- ]$", before, re.IGNORECASE) is not None
    if _LOST_POWER.match(text, span.start) or _LABEL.search(before):
        return True
    # A minus sign makes another number; a dash behind a number (23-32) or a unit is a range.
    return (
        printed[0].isdigit()
        and re.search(r"(?:^|[\s(\[=:])[-−]$", before) is not None
        and not re.search(r"\d [-−]$", before)
    )


def may_belong_to_longer(text: str, span: Span, style: Style) -> bool:
    """Whether the spaces around a number leave open that it is a group of a longer one (the 150 in ``68 150``)."""
    if style.comma_thousands or not text[span.start].isdigit():
        return False
    printed = text[span.start : span.end]
    groups = printed.split(" ")
    if not all(group.isdigit() for group in groups) or len(groups[0]) > 3:
        return False
    left = re.search(r"(?<![\w.,])([1-9]\d{0,2})(?: \d{3})* $", text[max(span.start - 20, 0) : span.start])
    if left and len(groups[0]) == 3 and not _LABEL.search(text[max(span.start - 60, 0) : span.start - len(left[0])]):
        return True
    right = re.match(r" \d{3}(?!\d)(?![.,·:]\d)(?! ?[–-] ?\d)", text[span.end : span.end + 8])
    return right is not None and printed[0] != "0"
