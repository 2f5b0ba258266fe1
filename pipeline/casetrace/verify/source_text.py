"""The normalised text of an article: what offsets count in, and what the kept hash is of.

The normal form, in this order:

1. Line ends are one newline; a form feed is the end of a page.
2. Two columns that stand side by side are read one after the other (`casetrace.verify.columns`).
3. Raised digits are written with ``^`` and lowered ones with ``_`` before them, and a vulgar fraction or a circled
   number stands apart, so that NFKC joins none of them to a number beside it (10⁹ is ``10^9``, never 109).
4. Zero-width characters go; a zero-width space is a space. A soft hyphen goes, at the end of a line with the line end.
5. Unicode NFKC: every kind of space is a space, ligatures are letters, full-width digits are digits.
6. A letter, a hyphen and a line end before a small letter are joined without the hyphen (``ther-`` / ``mia``). A hyphen
   or dash between two digits at a line end stays, and only the line end goes.
7. A blank line, a bullet point, and an indented line after one that is not indented part paragraphs, unless the text
   before ends in mid-sentence and the text after goes on with a small letter (a column or page that breaks a sentence).
8. Within a paragraph, line ends and runs of spaces are one space. Paragraphs are parted by one newline, and the text
   ends without one.

Offsets count characters (Unicode code points), from 0. The hash is the SHA-256 of the UTF-8 bytes.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from casetrace.core.errors import InputError, NotFoundError, Problem
from casetrace.verify.columns import in_reading_order

_APART = {"<super>": "^", "<sub>": "_", "<fraction>": " ", "<circle>": " "}
_ZERO_WIDTH = re.compile("[\u200c\u200d\u2060\ufeff]")
_HYPHENS = "-\u2010\u00ad"
_DASHES = "-\u2010\u2012\u2013\u2014\u2212"
#: A full stop with its footnote numbers, before a capital letter. Digits count as a footnote only behind a letter
#: or bracket: in "1.1 IU" the point is a decimal point.
_SENTENCE_END = re.compile(r"(?:[.?!][)\]\"”’]*|(?<!\d)[.?!][)\]]*\^?\d{1,3}(?:[,–-]\d{1,3})*)\s+(?=[A-Z(“\"•])|\n")

_PARAGRAPH_BREAK = re.compile(r"\n(?: ?\n)+|\n(?= ?•)")
_INDENTED = re.compile(r"^(\S[^\n]*)\n (?=\S)", re.MULTILINE)


@dataclass(frozen=True)
class SourceText:
    """A normalised text with its hash and its sentences."""

    text: str

    @cached_property
    def sha256(self) -> str:
        """Hash of the normalised text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Start and end of each paragraph."""
        spans, start = [], 0
        for part in self.text.split("\n"):
            spans.append((start, start + len(part)))
            start += len(part) + 1
        return spans

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [0, *(found.end() for found in _SENTENCE_END.finditer(self.text))]

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end of the sentence that holds a character."""
        starts = self._sentence_starts
        index = bisect_right(starts, at) - 1
        return starts[index], starts[index + 1] if index + 1 < len(starts) else len(self.text)

    def paragraph(self, at: int) -> tuple[int, int]:
        """Start and end of the paragraph that holds a character."""
        return self.paragraphs[bisect_right([start for start, _ in self.paragraphs], at) - 1]


def read_source(path: Path) -> SourceText:
    """The normalised text of a file.

    Raises:
        NotFoundError: when there is no such file.
        InputError: when it is not UTF-8 text or holds no text.
    """
    if not path.is_file():
        raise NotFoundError(f"no source text {path}")
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(path.name, what="the source is not UTF-8 text", allowed="plain text, UTF-8")
        raise InputError([problem]) from error
    text = normalise(raw)
    if not text:
        raise InputError([Problem(path.name, what="the source holds no text", allowed="the article's text")])
    return SourceText(text)


def normalise(raw: str) -> str:
    """The normal form of a text, as the module describes it."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = in_reading_order(text)
    text = "".join(_set_apart(character) for character in text)
    text = _ZERO_WIDTH.sub("", text.replace("\u200b", " "))
    text = re.sub("\u00ad(?!\\s*\n)", "", text)
    text = unicodedata.normalize("NFKC", text).replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(rf"(?<=[^\W\d_])[{_HYPHENS}] ?\n ?(?=[a-zß-ÿ])", "", text)
    text = re.sub(rf"(?<=\d)([{_DASHES}]) ?\n ?(?=\d)", r"\1", text)
    text = text.replace("\u00ad", "-")
    return "\n".join(_paragraphs(text))


def _set_apart(character: str) -> str:
    if character.isascii():
        return character
    sign = _APART.get(unicodedata.decomposition(character).partition(" ")[0])
    plain = unicodedata.normalize("NFKC", character)
    if sign is None or not any(c.isdigit() for c in plain):
        return character
    return f"{sign}{plain}" if sign in "^_" else f" {plain} "


def _paragraphs(text: str) -> list[str]:
    joined: list[str] = []
    for block in _PARAGRAPH_BREAK.split(_INDENTED.sub(r"\1\n\n", text)):
        paragraph = re.sub(r"\s+", " ", block).strip()
        if not paragraph:
            continue
        if joined and paragraph[0].islower() and joined[-1][-1] not in ".?!:":
            joined[-1] = _across_a_break(joined[-1], paragraph)
        else:
            joined.append(paragraph)
    return joined


def _across_a_break(before: str, after: str) -> str:
    """A sentence that a column or page breaks, in one piece; a word broken there loses its hyphen."""
    if before[-1] in _HYPHENS and len(before) > 1 and before[-2].isalpha():
        return before[:-1] + after
    return f"{before} {after}"
