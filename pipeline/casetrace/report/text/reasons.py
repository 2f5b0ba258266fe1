"""The reasons of derived numbers as sentences for a reader: rows in words that lead to them, like reasons in one.

An id of a row means nothing to a reader, so what the row says stands in its place; the id stays in the link and the
hover text of those words, and in ``summary.json``.
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from casetrace.report.case_data import CaseData
from casetrace.report.text import names, reason_clauses, row_text
from casetrace.report.text.row_text import Link
from casetrace.vocabulary.reasons import Reason

#: A sentence about the very rows of the one before it says ``its`` or ``their`` in place of them.
OF_ROWS = re.compile(r"^the ([a-z, ]+) of \{rows\}")


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
    kept = reasons if most is None or len(reasons) <= most + 1 else reasons[:most]
    parts: dict[str, list[Reason]] = {}
    for reason in sorted(kept, key=lambda reason: reason.part or ""):
        parts.setdefault(reason.part or "", []).append(reason)
    told = Markup(". ").join(_of_part(case, part, found, link) for part, found in parts.items())
    rest = len(reasons) - len(kept)
    return told + Markup(f"; and {rest} more") if rest else told


def _of_part(case: CaseData, part: str, reasons: Sequence[Reason], link: Link) -> Markup:
    """The reasons of one part of the result under its name; those of the whole have none."""
    told = Markup("; ").join(
        sentence(case, reason, link, before) for before, reason in zip([None, *reasons], reasons, strict=False)
    )
    return Markup("{}: {}").format(", ".join(map(names.term, part.split(", "))), told) if part else told


def sentence(case: CaseData, reason: Reason, link: Link, before: Reason | None = None) -> Markup:
    """One reason with its rows in words; ``before`` is the reason that the reader has just read."""
    pattern = reason.pattern
    if before is not None and reason.rows and before.rows == reason.rows:
        pattern = OF_ROWS.sub("their \\1" if len(reason.rows) > 1 else "its \\1", pattern)
    is_aside = "({rows})" in pattern
    words = partial(row_text.aside if is_aside else row_text.noun, case)
    rows = row_text.listed(case, reason.rows, words, link, is_aside) if "{rows}" in pattern else Markup("")
    return escape(pattern).format(rows=rows, number=reason.number_text, term=names.term(reason.term or ""))


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
