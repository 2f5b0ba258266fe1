"""Reasons that are written as clauses, of results without codes, as sentences for a reader.

Clauses are parted by semicolons and name rows by their ids; an id becomes what the row says. Where every result has
codes (`casetrace.report.text.reasons`), nothing needs this module.
"""

import re
from collections.abc import Sequence
from functools import partial

from markupsafe import Markup, escape

from casetrace.report.case_data import CaseData
from casetrace.report.text import row_text
from casetrace.report.text.row_text import Link
from casetrace.values import display

#: Clauses with gaps, and the rows that stand in each gap.
Clauses = list[tuple[str, list[list[str]]]]

#: What stands for the rows of a clause while clauses are compared.
GAP = "\0"
#: What comes before, or behind, an id that could be a word of its own (PT, INR, ECMO).
BEFORE = re.compile(
    r"(?:\b(?:amount|purpose|times?|unit|cause) of |\bhow (?:long|often) |^of |certain after |"
    r"(?:too|certain|worst|present|ordered|limit|time|interpolate|cause|stated|meant|fall|held|well|neither|surely it|"
    r"in force|baseline|last count|number|counted|given|mean|means|several|treatment|one|judge|points|absent|count|"
    r"part|reported): )$"
)
BEHIND = re.compile(
    r"^(?: (?:is printed as|is a total|is per kg|without a number|may lie|on day|on no certain day|between day|"
    r"before heparin)\b|: the item speaks)"
)
#: Clauses that are told for several rows at once, and how they read then.
SEVERAL = {
    f"{GAP} is printed as": f"{GAP} are printed as",
    f"{GAP} is a total that may hold boluses": f"{GAP} are totals that may hold boluses",
    f"{GAP} is per kg": f"{GAP} are per kg",
    f"{GAP} was given is": f"{GAP} were given is",
}
ONE_BY_ONE = ("without a number", "the item speaks")
#: Clauses in plainer words.
PLAINER = [
    (re.compile(r"\bbetween 0 and no upper limit: on either side of [^;]+"), "nothing that is printed bounds it"),
    (re.compile(r"\bbetween (\S+) and no upper limit: on either side of"), r"\1 or more: on either side of"),
    (re.compile(r"\bfall between none and"), "fall of at most"),
    (re.compile(r"\bbetween (\S+) and any\b"), r"at least \1"),
    (re.compile(r"\bis printed as initial only"), "is printed with its initial value only"),
    (re.compile(r"\bis printed as range only"), "is printed as a range only"),
    (re.compile(r"\bis printed as (mean|median) only"), r"is printed as its \1 only"),
    (re.compile(r"\bis printed as min only"), "is printed with its lowest value only"),
    (re.compile(r"\bis printed as max only"), "is printed with its highest value only"),
    (re.compile(r"\bcount of ([a-z][a-z ]*) \("), r"count printed as “\1” ("),
    (re.compile(rf"({GAP}) without a number may be (low|high)er"), r"the \2est may be \1"),
    (re.compile(rf"^({GAP}) without a number$"), r"no number for \1"),
    (re.compile(r"\bbetween (\S+) and \1(?=[ ,;]|$)"), r"\1"),
    (re.compile(r"\bbypass 96h\b"), "bypass in the 96 h before"),
    (re.compile(r"(?<![\w)])-(?=\d)"), display.MINUS),
]
#: Clauses about the rows that the clause before them names: for one row, and for several.
PRONOUNS = [
    (
        re.compile(rf"^the (amount|unit|time|route or purpose|time, route or purpose) of {GAP} "),
        r"its \1 ",
        r"their \1 ",
    ),
    (re.compile(rf"^how long {GAP} ran "), "how long it ran ", "how long they ran "),
]
CAUSE = re.compile(rf"{GAP} \(([^()]+)\)")
#: A row of kind `total` without an amount stands for doses of which nothing is printed.
ONLY_TOTAL = f"of {GAP} only the total is printed, not the rate"
NEITHER = f"neither an amount nor a rate of {GAP} is printed"


def tell(case: CaseData, reason: str | None, link: Link, most: int | None = None) -> Markup:
    """The reason with each row as a link; empty when there is none.

    Args:
        case: The case whose rows the reason names.
        reason: Clauses parted by ``; `` outside brackets.
        link: Makes the words of rows a link; it escapes them.
        most: Clauses that are told; when more are left than one, they are counted.

    """
    clauses = _gathered(case, clauses_of(reason or ""))
    kept = clauses if most is None or len(clauses) <= most + 1 else clauses[:most]
    told = [_clause(case, pattern, rows, link) for pattern, rows in _with_pronouns(kept)]
    rest = len(clauses) - len(kept)
    return Markup("; ").join([*told, Markup(f"and {rest} more")] if rest else told)


def without(reason: str | None, beginning: str) -> str:
    """The reason without the clauses that begin so."""
    return "; ".join(clause for clause in clauses_of(reason or "") if not clause.startswith(beginning))


def clauses_of(reason: str) -> list[str]:
    """The clauses, parted at the semicolons that stand outside brackets."""
    found, depth, start = [], 0, 0
    for place, sign in enumerate(reason):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and reason.startswith("; ", place):
            found.append(reason[start:place])
            start = place + 2
    return [clause for clause in (*found, reason[start:]) if clause]


def _gathered(case: CaseData, clauses: Sequence[str]) -> Clauses:
    """Clauses with gaps and the rows of each gap; clauses that differ by one row alone become one."""
    found: dict[object, tuple[str, list[list[str]]]] = {}
    for number, clause in enumerate(clauses):
        pattern, rows = _with_gaps(case, clause)
        if pattern == ONLY_TOTAL and _without_amount(case, rows[0]):
            pattern = NEITHER
        is_alone = len(rows) != 1 or f"({GAP})" in pattern or any(words in pattern for words in ONE_BY_ONE)
        _, known = found.setdefault(number if is_alone else pattern, (pattern, [[] for _ in rows]))
        for gap, more in zip(known, rows, strict=True):
            gap.extend(row for row in more if row not in gap)
    return list(found.values())


def _with_pronouns(clauses: Clauses) -> Clauses:
    """A clause about the very rows of the one before it says ``its`` and ``it`` for them."""
    told: Clauses = []
    for number, (pattern, rows) in enumerate(clauses):
        is_same = number > 0 and len(rows) == 1 and rows == clauses[number - 1][1]
        for old, one, several in PRONOUNS if is_same else ():
            found = old.sub(one if len(rows[0]) == 1 else several, pattern)
            if found != pattern:
                pattern, rows = found, []
                break
        told.append((pattern, rows))
    return told


def _with_gaps(case: CaseData, clause: str) -> tuple[str, list[list[str]]]:
    ids = "|".join(map(re.escape, case.row_ids_by_length))
    if not ids:
        return clause, []
    rows: list[list[str]] = []

    def gap(found: re.Match[str]) -> str:
        named = re.split(", | and ", found[0])
        inside = clause[: found.start()].endswith("(") and clause[found.end() :].startswith(")")
        is_told = BEFORE.search(clause[: found.start()]) or BEHIND.match(clause[found.end() :])
        if not inside and not is_told and all(name.isalpha() for name in named):
            return found[0]
        rows.append(named)
        return GAP

    listed = rf"(?<![\w.-])(?:{ids})(?:(?:, | and )(?:{ids}))*(?![\w-])(?!\.\w)"
    return re.sub(listed, gap, clause), rows


def _without_amount(case: CaseData, rows: Sequence[str]) -> bool:
    return all(case.row_of[row][1].get("amount_status") == "not_printed" for row in rows)


def _clause(case: CaseData, pattern: str, rows: Sequence[Sequence[str]], link: Link) -> Markup:
    for old, new in PLAINER:
        pattern = old.sub(new, pattern)
    if "names a cause: " in pattern:  # the cause, then its place
        pattern = CAUSE.sub(rf"\1 ({GAP})", pattern)
    if any(len(gap) > 1 for gap in rows):
        for one, several in SEVERAL.items():
            pattern = pattern.replace(one, several)
    parts = pattern.split(GAP)
    told = escape(parts[0])
    for gap, before, behind in zip(rows, parts, parts[1:], strict=False):
        is_aside = before.endswith("(") and behind.startswith(")")
        told += row_text.listed(case, gap, partial(row_text.aside if is_aside else row_text.noun, case), link, is_aside)
        told += escape(behind)
    return told
