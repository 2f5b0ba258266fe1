"""Events, findings, printed scores and claims of a case folder as canonical rows."""

import re
from typing import Any

from casetrace.core.errors import CellError
from casetrace.extract.case_reading import Case, Row
from casetrace.extract.quantities import as_float
from casetrace.schemas.canonical import ADJUDICATORS, COMPARATORS, COMPUTE, FINDING_STATUS
from casetrace.values.printed_values import Value, parse_number, parse_value
from casetrace.values.suggestions import near_word
from casetrace.values.times import Day, Point, Reference, parse_point
from casetrace.vocabulary import Finding, Term

Record = dict[str, Any]

#: A word in `of`, `from` or `to` that can only be meant as the id of a row.
_LIKE_AN_ID = re.compile(r"@.+|[A-Z][A-Z0-9_-]*[0-9][A-Z0-9_-]*|[A-Z]{2,}[A-Z0-9_-]*|[A-Z][A-Z0-9_-]*\.[a-z0-9_]+")
#: What each test of a claim cannot do without.
_NEEDS = {
    "of": (
        "level", "min", "max", "mean", "count", "agrees", "dose_rate", "dose_total",
        "score_sum", "score_item", "score_band", "score_total",
    ),
    "from": ("duration", "change", "fall_pct", "rise_pct", "ratio"),
    "to": ("duration", "change", "fall_pct", "rise_pct", "ratio"),
}  # fmt: skip
_NEEDED = {
    True: "the score and, for an item or a band, its name: 4ts timing",
    False: "ids of rows, an analyte, a drug or a time",
}
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
                "same_as": row.get("same_as"),
            }
        )
    _check_same_findings(case, rows)
    return rows


def _check_same_findings(case: Case, records: list[Record]) -> None:
    """`same_as` names another row of the same finding and status that has no `same_as` of its own."""
    by_id = {record["row_id"]: record for record in records}
    for row in case.rows.get("findings.csv", []):
        record, named = by_id[row.id], row.get("same_as")
        if named is None:
            continue
        other = by_id.get(named)
        if other is None or other is record:
            what = "the row names itself" if other else f"no row of findings.csv has the id '{named}'"
            near = near_word(named, [name for name in by_id if name != row.id])
            case.error(row, "same_as", what, f"did you mean '{near}'?" if near else "the id of another finding")
        elif other["same_as"] is not None:
            what = f"'{named}' is itself told to be the same as '{other['same_as']}'"
            case.error(row, "same_as", what, f"{other['same_as']} for both")
        elif (other["finding"], other["status"]) != (record["finding"], record["status"]):
            what = f"'{named}' is another finding or status: {other['finding']}, {other['status']}"
            case.error(
                row, "same_as", what, "a row of the same finding and status; places that contradict each other stay two"
            )


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
        for column in ("of", "from", "to", "per", "gave"):
            _check_references(case, row, column)
        _check_what_it_needs(case, row)
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


def _check_what_it_needs(case: Case, row: Row) -> None:
    """A test that has nothing to test is an error, told here and not by the audit."""
    compute = row.get("compute") or ""
    for column in ("of", "from", "to"):
        if row.get(column) is None and compute in _NEEDS[column]:
            case.error(
                row, column, f"the cell is empty, and '{compute}' needs it", _NEEDED[compute.startswith("score")]
            )


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
