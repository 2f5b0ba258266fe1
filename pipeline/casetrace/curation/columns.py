"""What each column of a case's sheets is for, in one sentence, and the words that it may hold.

The names of the columns are declared in `casetrace.extract.raw_tables`; a test holds this text against them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from casetrace import vocabulary
from casetrace.extract.doses import TYPED_KINDS
from casetrace.extract.raw_tables import Form
from casetrace.schemas.canonical import ADJUDICATORS, COMPARATORS, FINDING_STATUS, PURPOSES, ROUTES, STATS
from casetrace.schemas.claim_tests import COMPUTE
from casetrace.vocabulary import Vocabulary

PURPOSE: Mapping[str, str] = {
    "patient": "One row for each thing known of the patient: age, sex, weight, height, earlier heparin, diagnoses.",
    "targets": "One row for each target range, for example an aPTT of 45 to 90 s, with the time it was in force.",
    "labs": "One row for each laboratory result, also for results given in words.",
    "labs_wide": "A table of results by time: one row for each time, one column `analyte [unit]` for each analyte.",
    "doses": "One row for each dose, infusion rate, printed total or transfusion.",
    "events": "One row for each event that other times rest on: surgery, ECMO, a clot, discharge.",
    "findings": "One row for each finding that a person judges (thrombosis, bleeding), present or absent.",
    "scores": "One row for each item and total of a score as the article prints it.",
    "claims": "One row for each statement that the authors make and that can be held against the printed numbers.",
    "checks": "One row for each figure that you work out yourself from the printed ones; the same form as claims.",
}

#: How the columns of an open sheet are headed.
OPEN_HEADING = (
    "From here on a column for each analyte, headed with its name and unit as printed: platelets [10^9/L]; INR where "
    "no unit is printed. An empty cell is no result. Above the results a row with reference, read_as, method or note "
    "in `when` says something of each whole column (reference: 150..400)."
)

_COMMON: Mapping[str, str] = {
    "id": "A name for the row, a letter first (PLT13); other rows refer to it as @PLT13. Needed only for that.",
    "when": "The time: D4T03:15, D5 (some time that day), D4/D6 (in between), @ID+2h. Empty: not told.",
    "order": "1, 2, 3: the step, where the article orders rows within the smallest time that it prints.",
    "value": "As printed: 13, <5, 60..70, ~40, normal, positive. Empty: given, but the number is not printed.",
    "unit": "As printed.",
    "stat": "What the number is when it is not one measurement.",
    "read_as": "Your reading where the print cannot be used (9.3 g/dL); the other cells stay as printed.",
    "evidence": "The place in the article: Table 1; Case, par. 3.",
    "note": "Anything a reader of the table should know, in your own words.",
    "start": "When it began, in the same forms as a time (D4T03:15, D5, @ID).",
    "end": "When it ended: a time, or a length (+12h). Empty: not told.",
    "by": "Who judged: the authors (when left empty) or the curator.",
}

_OF_SHEET: Mapping[tuple[str, str], str] = {
    ("patient", "item"): "What is known: age, sex, body weight, a diagnosis; heparin exposure takes yes or no.",
    ("targets", "analyte"): "What the target is for: aPTT, anti-Xa UFH, ACT ...",
    ("targets", "anticoagulant"): "The drug that the target was set for, where the article says so.",
    (
        "targets",
        "role",
    ): "Empty or aim: set for this patient. cited: a usual range or definition that the article quotes.",
    ("targets", "value"): "The range: 45..90, or one side: >75.",
    ("labs", "analyte"): "The name as printed or its vocabulary name.",
    ("labs", "ref_low"): "Lower end of the printed reference range.",
    ("labs", "ref_high"): "Upper end of the printed reference range.",
    ("labs", "method"): "Assay or reagent, where printed.",
    ("doses", "drug"): "The name as printed or its vocabulary name.",
    (
        "doses",
        "kind",
    ): "bolus; dose (an injection or a tablet); infusion (the amount is a rate); total (over a span); transfusion.",
    (
        "doses",
        "route",
    ): "Leave empty where the article does not tell; a bolus or an infusion is read as iv.",
    ("doses", "purpose"): "Leave empty where the article does not tell.",
    ("doses", "amount"): "As printed: 5000; for an infusion the rate. Empty: given, but not printed.",
    (
        "doses",
        "concurrent_with",
    ): "The id of a dose of the same drug that ran at the same time (two pumps).",
    ("doses", "every"): "8h or 1d: repeats the dose from start to end.",
    ("events", "event"): "What happened, as a vocabulary name or in your own words.",
    ("findings", "finding"): "What was judged, as a vocabulary name or in your own words.",
    ("findings", "status"): "present, absent, not_reported (the article is silent) or not_read (you read only a part).",
    ("findings", "grade"): "new, progressive, suspected, major ... where the vocabulary has grades.",
    ("findings", "site"): "Where in the body.",
    ("findings", "same_as"): "The id of the row that tells the same finding in another place; it counts once.",
    ("scores", "score"): "4ts, hep, isth_dic, sic ...",
    ("scores", "item"): "The item of the score, or `total`.",
    ("scores", "points"): "The points as printed.",
    ("scores", "label"): "The words as printed beside the points (low, > 50 % fall).",
    ("claims", "value"): "The number that the authors state.",
    ("checks", "value"): "The number that you worked out.",
}

#: Columns of claims and checks, which have one form.
_OF_CLAIMS: Mapping[str, str] = {
    "id": "A name for the row, a letter first.",
    "claim": "The statement in your own words.",
    "compute": "How it can be recomputed; `other` when it cannot.",
    "of": "What it is about: an analyte, a drug, a score, or row ids.",
    "from": "The row or time where it begins.",
    "to": "The row or time where it ends.",
    "window": "24h: the largest over any such window.",
    "per": "h, kg, or dose rows: what it is divided by.",
    "comparator": "Left empty: equal.",
    "gave": "Ids of rows that you typed from this very statement: they cannot test it.",
    "complete": "yes where the article says that what it prints is all there is. Left empty: it prints a selection.",
}

_FIXED: Mapping[str, list[str]] = {
    "kind": TYPED_KINDS,
    "route": ROUTES,
    "purpose": PURPOSES,
    "stat": STATS,
    "status": FINDING_STATUS,
    "by": ADJUDICATORS,
    "compute": COMPUTE,
    "comparator": COMPARATORS,
    "complete": ["yes"],
}

_TERMS: Mapping[str, Callable[[Vocabulary], vocabulary.Terms[Any]]] = {
    "item": lambda v: v.patient_items,
    "analyte": lambda v: v.analytes,
    "drug": lambda v: v.drugs,
    "anticoagulant": lambda v: v.drugs,
    "finding": lambda v: v.findings,
    "event": lambda v: v.events,
}


#: The order in which a row is typed: what it is, when, how much, where it stands.
_TYPED = (
    "id", "score", "item", "drug", "kind", "route", "purpose", "event", "finding", "claim", "compute", "of", "from",
    "to", "window", "per", "comparator", "when", "analyte", "anticoagulant", "status", "grade", "site", "amount",
    "value", "unit", "points", "label", "stat", "every", "start", "end", "order", "concurrent_with", "ref_low",
    "ref_high", "method", "gave", "complete", "by", "same_as", "read_as", "evidence", "note",
)  # fmt: skip


def in_typing_order(form: Form) -> list[str]:
    """The columns of a sheet as a new case has them; a table by time begins with its time.

    A column without a place of its own stands before the places in the article.
    """
    if form.is_open:
        return list(form.columns)
    return sorted(form.columns, key=lambda column: _TYPED.index(column if column in _TYPED else "read_as"))


def explain(sheet: str, column: str) -> str:
    """One sentence on what the column is for.

    Raises:
        KeyError: the column has no explanation.
    """
    of_claims = _OF_CLAIMS.get(column) if sheet in ("claims", "checks") else None
    return _OF_SHEET.get((sheet, column)) or of_claims or _COMMON[column]


def choices(sheet: str, column: str) -> list[str]:
    """The only words that the column may hold; empty for a free column."""
    return [] if sheet == "scores" and column == "item" else list(_FIXED.get(column, []))


def terms(sheet: str, column: str) -> list[str]:
    """The vocabulary names that the column may hold beside free names; empty for other columns.

    With spaces in place of underscores, which are found just as well: LibreOffice opens the name anti_xa_ufh of a
    workbook as two lines, for it takes `_xa_` for a character's number.
    """
    if column not in _TERMS or (sheet == "scores" and column == "item"):
        return []
    return sorted(term.name.replace("_", " ") for term in _TERMS[column](vocabulary.load()).all())
