"""Events, findings and printed scores of a case folder as canonical rows."""

from collections.abc import Sequence
from typing import Any

from casetrace.extract.case_reading import Case, Row
from casetrace.extract.quantities import as_float
from casetrace.schemas.canonical import ADJUDICATORS, FINDING_STATUS
from casetrace.values.printed_values import parse_number
from casetrace.values.suggestions import near_word
from casetrace.vocabulary import Finding, Term, scores

Record = dict[str, Any]


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
        score, item = _score_and_item(case, row)
        rows.append(
            case.timed(row)
            | {
                "score": score,
                "item": item,
                "points_reported": row.get("points"),
                "points": as_float(points),
                "label": row.get("label"),
                "by": case.choice(row, "by", ADJUDICATORS) or "authors",
            }
        )
    return rows


def _score_and_item(case: Case, row: Row) -> tuple[str, str]:
    """Score and item by their names in the vocabulary; a score that is not in it keeps its names, with a warning."""
    score_text, item_text = case.required(row, "score"), case.required(row, "item")
    score = scores.find_score(score_text)
    if score is None:
        near = scores.near_score(score_text)
        what = f"'{score_text}' is not a score of the vocabulary"
        if near is not None:
            case.error(row, "score", what, f"did you mean '{near}'?")
        elif score_text:
            case.warn(row, "score", f"{what} and stays as typed")
        return score_text.lower(), item_text.lower()
    item = score.item(item_text)
    if item is None and item_text:
        case.error(row, "item", *no_such_part(score, item_text, "item", (*score.items, *scores.WHOLE)))
    return score.name, item or item_text


def no_such_part(score: scores.Score, text: str, kind: str, known: Sequence[str]) -> tuple[str, str]:
    """What to say of a name that is no item or band of a score."""
    near = near_word(text, known)
    return f"'{text}' is no {kind} of {score.name}", f"did you mean '{near}'?" if near else ", ".join(known)
