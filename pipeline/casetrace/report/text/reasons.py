"""The reasons of derived numbers as sentences for a reader: rows in words that lead to them, like reasons in one.

An id of a row means nothing to a reader, so what the row says stands in its place; the id stays in the link and the
hover text of those words, and in ``summary.json``.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from casetrace.report.case_data import CaseData
from casetrace.report.text import names, reason_clauses, row_text
from casetrace.report.text.row_text import Link
from casetrace.vocabulary.reasons import Reason

#: A sentence that names its rows, and not in brackets.
NAMED = re.compile(r"(?<!\()\{rows\}")
#: How a sentence about the very rows of the one before it begins: for one row, and for several.
AGAIN = (
    (re.compile(r"^the ([a-z, ]+) of \{rows\}"), r"its \1", r"their \1"),
    (re.compile(r"^\{rows\} (?=(?:is|are|was|were|has|have|may)\b)"), "it ", "they "),
    (re.compile(r"^\{rows\} "), "", ""),
)


def plain(case: CaseData, reasons: Sequence[Reason], clauses: str | None, most: int | None = None) -> str:
    """The reasons as text; see `tell`."""
    return str(tell(case, reasons, clauses, lambda words, ids: Markup(words), most))


def tell(case: CaseData, reasons: Sequence[Reason], clauses: str | None, link: Link, most: int | None = None) -> Markup:
    """The reasons with each row as a link, parted by semicolons, those of a part under its name; empty without any.

    Args:
        case: The case whose rows the reasons name.
        reasons: As `casetrace.vocabulary.reasons.read` gives them.
        clauses: The reason in words, for a result that has no codes.
        link: Makes the words of rows a link; it escapes them.
        most: Reasons that are told; when more are left than one, they are counted. Without it, all of them.

    """
    if not reasons:
        return reason_clauses.tell(case, clauses, link, most)
    reasons = _together(reasons)
    kept = reasons if most is None or len(reasons) <= most + 1 else reasons[:most]
    parts: dict[str, list[Reason]] = {}
    for reason in sorted(kept, key=lambda reason: reason.part or ""):
        parts.setdefault(reason.part or "", []).append(reason)
    told = Markup(". ").join(_of_part(case, part, found, link) for part, found in parts.items())
    rest = len(reasons) - len(kept)
    return told + Markup(f"; and {rest} more") if rest else told


def _together(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons with those that differ by their term alone as one, and those of the same rows next to each other."""
    terms: dict[Reason, list[str]] = {}
    for reason in reasons:
        key = reason if reason.rows else replace(reason, term=None)
        terms.setdefault(key, []).extend([names.term(reason.term)] if reason.term else [])
    found = [replace(reason, term=_listed(told)) for reason, told in terms.items()]
    place: dict[tuple[object, ...], int] = {}
    for reason in found:
        place.setdefault((reason.severity, reason.rows or reason), len(place))
    return sorted(found, key=lambda reason: place[reason.severity, reason.rows or reason])


def _of_part(case: CaseData, part: str, reasons: Sequence[Reason], link: Link) -> Markup:
    """The reasons of one part of the result under its name; those of the whole have none."""
    told = Markup("; ").join(
        _sentence(case, reason, link, before) for before, reason in zip([None, *reasons], reasons, strict=False)
    )
    return Markup("{}: {}").format(", ".join(map(names.term, part.split(", "))), told) if part else told


def _sentence(case: CaseData, reason: Reason, link: Link, before: Reason | None = None) -> Markup:
    """One reason, its term in words, with its rows in words; ``before`` is the reason that the reader has just read."""
    pattern = reason.pattern
    if before is not None and before.rows == reason.rows and NAMED.search(before.pattern):
        pattern = _again(pattern, len(reason.rows) > 1)
    is_aside = "({rows})" in pattern
    words = partial(row_text.aside if is_aside else row_text.noun, case)
    rows = row_text.listed(case, reason.rows, words, link, is_aside) if "{rows}" in pattern else Markup("")
    return escape(pattern).format(rows=rows, number=reason.number_text, term=reason.term or "")


def _listed(words: Sequence[str]) -> str | None:
    """``a``, ``a and b``, ``a, b and c``; None without any."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part) or None


def _again(pattern: str, is_several: bool) -> str:
    for beginning, one, several in AGAIN:
        changed = beginning.sub(several if is_several else one, pattern)
        if changed != pattern:
            return changed
    return pattern


def as_data(case: CaseData, reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """The reasons for a program to read, each with its sentence."""
    return [
        {
            "code": reason.code,
            "rows": list(reason.rows),
            "number": reason.number,
            "term": reason.term,
            "part": reason.part,
            "text": plain(case, [reason], None),
        }
        for reason in reasons
    ]
