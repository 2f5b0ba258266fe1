"""Events, findings, printed scores and claims of a case folder as canonical rows."""

import re
from typing import Any

from pipeline.errors import CellError
from pipeline.schemas.canonical import ADJUDICATORS, COMPARATORS, COMPUTE, FINDING_STATUS
from pipeline.sources.case import Case, Row
from pipeline.sources.quantities import as_float
from pipeline.times import Day, Point, Reference, parse_point
from pipeline.values import Value, parse_number, parse_value
from pipeline.vocabulary import Finding, Term

Record = dict[str, Any]

#: A word in `of`, `from` or `to` that can only be meant as the id of a row.
_LIKE_AN_ID = re.compile(r"@.+|[A-Z][A-Z0-9_-]*[0-9][A-Z0-9_-]*|[A-Z]{2,}[A-Z0-9_-]*|[A-Z][A-Z0-9_-]*\.[a-z0-9_]+")
#: Words that a claim may hold a value against.
CLAIM_WORDS = ("target", "normal", "low", "high", "in target", "below target", "above target", "yes", "no")


def event_rows(case: Case) -> list[Record]:
    """Rows of `events`."""
    rows = []
    for row in case.rows.get("events.csv", []):
        event: Term | None = case.term(row, "event", case.vocabulary.events)
        rows.append(
            case.timed(row)
            | {
                "event": event.name if event else row.get("event"),
                "event_reported": row.get("event"),
                "is_coded": event is not None,
            }
        )
    return rows


def finding_rows(case: Case) -> list[Record]:
    """Rows of `findings`."""
    rows = []
    for row in case.rows.get("findings.csv", []):
        finding: Finding | None = case.term(row, "finding", case.vocabulary.findings)
        grade = row.get("grade")
        if finding is not None and grade is not None and grade not in finding.grades:
            allowed = ", ".join(finding.grades) or "no grade"
            case.error(row, "grade", f"'{grade}' is not a grade of {finding.name}", allowed)
        status = case.choice(row, "status", FINDING_STATUS, required=True)
        if status == "not_reported" and case.source.read != "full":
            what = f"with `read: {case.source.read}` in source.yaml a silent item is not known to be unreported"
            case.error(row, "status", what, "not_read")
        rows.append(
            case.timed(row)
            | {
                "finding": finding.name if finding else row.get("finding"),
                "finding_reported": row.get("finding"),
                "is_coded": finding is not None,
                "status": status,
                "grade": grade,
                "site": row.get("site"),
                "by": case.choice(row, "by", ADJUDICATORS) or "authors",
            }
        )
    return rows


def score_rows(case: Case) -> list[Record]:
    """Rows of `reported_scores`."""
    rows = []
    for row in case.rows.get("scores.csv", []):
        points = case.read(row, "points", parse_number)
        rows.append(
            case.timed(row)
            | {
                "score": case.required(row, "score").lower(),
                "item": case.required(row, "item").lower(),
                "points_reported": row.get("points"),
                "points": as_float(points),
                "label": row.get("label"),
                "by": case.choice(row, "by", ADJUDICATORS) or "authors",
            }
        )
    return rows


def claim_rows(case: Case) -> list[Record]:
    """Rows of `claims`."""
    rows = []
    for row in case.rows.get("claims.csv", []):
        for column in ("of", "from", "to", "gave"):
            _check_references(case, row, column)
        value = case.read(row, "value", lambda text: parse_value(text, case.approximate_pct, CLAIM_WORDS))
        value = value or Value("not_printed")
        rows.append(
            case.common(row)
            | {
                "claim": case.required(row, "claim"),
                "compute": case.choice(row, "compute", COMPUTE, required=True),
                "of": row.get("of"),
                "since": row.get("from"),
                "until": row.get("to"),
                "window": row.get("window"),
                "per": row.get("per"),
                "comparator": case.choice(row, "comparator", COMPARATORS) or "=",
                "value_reported": row.get("value"),
                "unit_reported": row.get("unit"),
                "value_low": as_float(value.low),
                "value_high": as_float(value.high),
                "decimals": value.decimals if value.numbers else None,
                "gave": row.get("gave"),
            }
        )
    return rows


def _check_references(case: Case, row: Row, column: str) -> None:
    """Every word that can only be a row id must be one; a time or a vocabulary name is something else."""
    text = row.get(column)
    if text is None or _is_term(case, text):
        return
    for word in re.split(r"[\s,;]+", text):
        if _LIKE_AN_ID.fullmatch(word) and not (_is_row(case, word) or _is_time(case, word) or _is_term(case, word)):
            case.error(row, column, f"no row of this case has the id '{word}'", "the id of a row, a time or a name")


def _is_row(case: Case, word: str) -> bool:
    """Whether the word is the id of a row, or a reference to one with or without a distance."""
    point = _point(word)
    named = point.base.row if point is not None and isinstance(point.base, Reference) else word
    return named in case.ids


def _is_time(case: Case, word: str) -> bool:
    """Whether the word is a study day or a day of a clock of this case."""
    point = _point(word)
    if point is None or isinstance(point.base, Reference):
        return False
    return isinstance(point.base, Day) or point.base.clock in case.source.clocks


def _point(word: str) -> Point | None:
    try:
        return parse_point(word)
    except CellError:
        return None


def _is_term(case: Case, name: str) -> bool:
    vocabulary = case.vocabulary
    return any(terms.find(name) for terms in (vocabulary.analytes, vocabulary.drugs, vocabulary.findings))
