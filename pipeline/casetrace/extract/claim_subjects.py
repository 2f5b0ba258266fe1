"""What a claim names: rows of the case, terms of the vocabulary or of the case's own, scores and metrics."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from casetrace.extract.case_reading import Case, Row
from casetrace.extract.statements import no_such_part
from casetrace.schemas.canonical import DOSE_KINDS
from casetrace.schemas.claim_tests import DOSES, DRUG, ClaimTest
from casetrace.values.suggestions import near_word
from casetrace.vocabulary import Terms, plain, scores
from casetrace.vocabulary.metric_names import metric_names

#: A word that can only be meant as the id of a row.
LIKE_AN_ID = re.compile(r"@.+|[A-Z][A-Z0-9_-]*[0-9][A-Z0-9_-]*|[A-Z]{2,}[A-Z0-9_-]*|[A-Z][A-Z0-9_-]*\.[a-z0-9_]+")
#: Files whose rows have a value.
VALUED = ("labs.csv", "patient.csv", "doses.csv")
_LABS = VALUED[:1]
#: What the rows of a file are called.
_CALLED = {("doses.csv",): "dose", VALUED: "row with a value"}
#: `agrees` compares at least so many rows.
_LEAST_ROWS = 2
_ALLOWED_ID = "the id of a row, a time or a name"


@dataclass(frozen=True)
class Subject:
    """What `of` names, in the words of the canonical table."""

    kind: str | None = None
    name: str | None = None
    part: str | None = None
    rows: tuple[str, ...] = ()


def subject(case: Case, row: Row, compute: str, test: ClaimTest) -> Subject:
    """What `of` names, held against what the test takes; a name that is not known is noted with the nearest one."""
    text = row.get("of")
    if text is None or not test.of:
        return Subject()
    if compute.startswith("score_"):
        return _score(case, row, text, compute)
    if compute == "other":
        return _rows_of(case, row, text, None) or _metric(case, row, text)
    if compute == "count":
        return _counted(case, row, text)
    if DRUG in test.of:
        return _rows_of(case, row, text, ("doses.csv",)) or _drug(case, row, text, f"{DRUG} or {DOSES}")
    if compute == "level":
        return _one(case, row, _rows_of(case, row, text, VALUED)) or _measured(case, row, text)
    if compute == "agrees":
        return _compared(case, row, text)
    return _analyte(case, row, text)


def row_ids(case: Case, row: Row, column: str, files: Sequence[str] | None = None) -> list[str]:
    """Every word of a cell as the id of a row, of certain files where they are named."""
    text = row.get(column)
    if text is None:
        return []
    found = [word.removeprefix("@") for word in _words(text)]
    for name in found:
        _check_row(case, row, column, name, files)
    return found


def sole_row(case: Case, row: Row, column: str) -> str | None:
    """The row that a value stands in: named by its id, or the only one of the named analyte or patient item."""
    text = row.get(column) or ""
    name = text.removeprefix("@")
    if name in case.ids:
        _check_row(case, row, column, name, VALUED)
        return name
    found = _of_term(case, text)
    if len(found) == 1:
        return found[0]
    if found:
        case.error(row, column, f"'{text}' has {len(found)} results", f"the id of one row: {', '.join(found)}")
    else:
        refuse(case, row, column, text, case.ids, "no row of this case has the id '{}'", _ALLOWED_ID)
    return None


def refuse(case: Case, row: Row, column: str, text: str, known: Iterable[str], what: str, allowed: str) -> None:
    """Note a name that is not known, with the nearest one that is."""
    near = near_word(text, [name for name in known if name != row.id])
    case.error(row, column, what.format(text), f"did you mean '{near}'?" if near else allowed)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", text) if word]


def _files(case: Case) -> dict[str, str]:
    return {found.id: file for file, rows in case.rows.items() for found in rows}


def _check_row(case: Case, row: Row, column: str, name: str, files: Sequence[str] | None) -> None:
    file = _files(case).get(name)
    if file is None:
        refuse(case, row, column, name, case.ids, "no row of this case has the id '{}'", _ALLOWED_ID)
    elif files is not None and file not in files:
        what = f"'{name}' is no {_CALLED[tuple(files)]}"
        case.error(row, column, what, f"a row of {' or '.join(files)}")


def _rows_of(case: Case, row: Row, text: str, files: Sequence[str] | None) -> Subject | None:
    """The rows that a cell names; None when it names none."""
    words = [word.removeprefix("@") for word in _words(text)]
    if not any(word in case.ids or (LIKE_AN_ID.fullmatch(word) and not _is_term(case, text)) for word in words):
        return None
    return Subject("rows", rows=tuple(row_ids(case, row, "of", files)))


def _one(case: Case, row: Row, found: Subject | None) -> Subject | None:
    if found is not None and len(found.rows) > 1:
        case.error(row, "of", f"{len(found.rows)} rows are named, and the test is of one", "the id of one row")
    return found


def _compared(case: Case, row: Row, text: str) -> Subject:
    found = tuple(row_ids(case, row, "of"))
    if len(set(found)) < _LEAST_ROWS:
        case.error(row, "of", f"'{text}' is one row, and rows are compared", "ids of two rows or more")
    return Subject("rows", rows=found)


def _score(case: Case, row: Row, text: str, compute: str) -> Subject:
    score, rest = scores.split_score(text)
    if score is None:
        known = [s.name for s in scores.all_scores()]
        near = scores.near_score(text) or scores.near_score(text.split()[0])
        case.error(row, "of", f"'{text}' is not a score", f"did you mean '{near}'?" if near else ", ".join(known))
        return Subject()
    if compute in ("score_sum", "score_total"):
        if rest:
            case.error(row, "of", f"'{compute}' is of a whole score, not of '{rest}'", score.name)
        return Subject("score", score.name)
    kind, known = ("item", list(score.items)) if compute == "score_item" else ("band", score.bands)
    part = score.item(rest) if compute == "score_item" else score.band(rest)
    if not rest:
        case.error(row, "of", f"the {kind} of {score.name} is missing", ", ".join(f"{score.name} {k}" for k in known))
    elif part is None or part not in known:
        case.error(row, "of", *no_such_part(score, rest, kind, known))
    return Subject("score", score.name, part)


def _metric(case: Case, row: Row, text: str) -> Subject:
    name, _, stratum = text.partition(".")
    if name not in metric_names():
        allowed = "a metric of docs/metrics.md, ids of rows, or an empty cell"
        refuse(case, row, "of", name, metric_names(), "'{}' is no metric", allowed)
    return Subject("metric", name, stratum or None)


def _counted(case: Case, row: Row, text: str) -> Subject:
    name, _, kind = text.rpartition(" ")
    if name and kind in DOSE_KINDS:
        return _drug(case, row, name, "a drug and a kind of dose (heparin bolus), or an analyte", kind)
    return _analyte(case, row, text)


def _drug(case: Case, row: Row, text: str, allowed: str, part: str | None = None) -> Subject:
    return Subject("drug", _term(case, row, text, case.vocabulary.drugs, ("doses.csv",), "drug", allowed), part)


def _analyte(case: Case, row: Row, text: str) -> Subject:
    name = _term(case, row, text, case.vocabulary.analytes, _LABS, "analyte", "a name of the vocabulary or of labs.csv")
    return Subject("analyte", name)


def _measured(case: Case, row: Row, text: str) -> Subject:
    """An analyte or a patient item."""
    item = case.vocabulary.patient_items.find(text)
    if item is None and plain(text) in _typed(case, ("patient.csv",), "item"):
        return Subject("patient_item", text)
    return _analyte(case, row, text) if item is None else Subject("patient_item", item.name)


def _term(
    case: Case, row: Row, text: str, terms: Terms[Any], files: Sequence[str], column: str, allowed: str
) -> str | None:
    """The vocabulary name of a term, or the name that rows of the case have."""
    found = terms.find(text)
    if found is not None:
        return str(found.name)
    typed = _typed(case, files, column)
    if plain(text) in typed:
        return typed[plain(text)]
    near = terms.near(text) or near_word(text, typed.values()) or next(iter(terms.alike(text)), None)
    case.error(row, "of", f"'{text}' is no {column}", f"did you mean '{near}'?" if near else allowed)
    return None


def _typed(case: Case, files: Sequence[str], column: str) -> dict[str, str]:
    """Names that the case has typed, by their plain form."""
    cells = [found.get(column) for file in files for found in case.rows.get(file, [])]
    return {plain(text): text for text in cells if text}


def _is_term(case: Case, name: str) -> bool:
    vocabulary = case.vocabulary
    return any(terms.find(name) for terms in (vocabulary.analytes, vocabulary.drugs, vocabulary.patient_items))


def _of_term(case: Case, text: str) -> list[str]:
    """The rows of an analyte or patient item."""
    found = []
    sheets = ((_LABS, "analyte", case.vocabulary.analytes), (("patient.csv",), "item", case.vocabulary.patient_items))
    for files, column, terms in sheets:
        wanted = terms.find(text)
        for typed in (typed for file in files for typed in case.rows.get(file, [])):
            name = typed.get(column) or ""
            term = terms.find(name)
            is_it = plain(name) == plain(text) if wanted is None else term is not None and term.name == wanted.name
            if is_it:
                found.append(typed.id)
    return found
