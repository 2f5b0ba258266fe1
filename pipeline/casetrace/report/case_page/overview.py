"""The top of a report: what it is, who and what in five lines, key numbers, verdicts in short."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from casetrace.report.case_data import CaseData, Metric
from casetrace.report.case_page import audit_view
from casetrace.report.render.block import Block, fill
from casetrace.report.text import metric_text, names, reason_clauses, row_text
from casetrace.report.text.evidence import Evidence
from casetrace.report.text.row_text import reported_value
from casetrace.values import display

STATUS_TEXT = {"draft": "Draft: not yet checked by a second reader", "checked": "Checked by a second reader"}
READ_TEXT = {
    "full": "The full text was read",
    "part": "Only part of the text was read; what is silent here may stand there",
    "abstract": "Only the abstract was read; what is silent here may stand in the text",
}
FICTIONAL = "The publisher calls this case fictional: it describes no patient and is left out of every comparison."

#: Patient items that describe the patient in one line, in this order.
PERSON = ["age", "sex", "body_weight", "body_height", "heparin_exposure_100d"]
OUTCOMES = [
    "death",
    "recovered",
    "discharge",
    "icu_discharge",
    "ecmo_end",
    "vv_ecmo_end",
    "va_ecmo_end",
    "follow_up_visit",
]

#: Metrics on the cards, with the stratum where one is meant; the first line a clinician looks for.
CARDS = [
    ("iv_ufh_max_24h", ""),
    ("iv_ufh_total", ""),
    ("iv_ufh_max_24h_mean_rate_per_kg", ""),
    ("iv_ufh_highest_rate_per_kg", ""),
    ("platelets_nadir", ""),
    ("platelets_fall_pct", "before_heparin"),
    ("aptt_max", "unfractionated heparin"),
    ("antithrombin_lowest", ""),
    ("four_ts_total", ""),
]
#: Cards that stand there even when nothing is printed, for that is what a reader looks for first.
ALWAYS = ("iv_ufh_max_24h", "iv_ufh_total", "four_ts_total")
#: Reasons that a card tells; the tables below it have more.
CLAUSES = 3
#: The reason that the count of dosing entries without an amount already tells.
WITHOUT_AMOUNT = "amount_not_printed"


@dataclass(frozen=True)
class Card:
    """A key number: label, the number, its bounds, and one line about it."""

    label: str
    number: Markup
    bounds: str
    line: Markup
    is_absent: bool


def title(case: CaseData) -> Block:
    """Title, citation, licence, status, how much of the source was read, and whether the case is fictional."""
    return Block(
        "title",
        fill(
            "title",
            case=case.case,
            citation=citation(case.source),
            source=case.source,
            status=STATUS_TEXT[str(case.case["status"])],
            read=READ_TEXT[str(case.case["read"])],
            fictional=FICTIONAL if case.case["is_fictional"] else "",
        ),
    )


def citation(source: dict[str, Any]) -> str:
    """Authors. Title. Journal year;volume(issue):pages: whatever of it is known."""
    authors = ", ".join(source["authors"] or [])
    place = ";".join(str(p) for p in (source["year"], _volume(source)) if p)
    journal = " ".join(p for p in (source["journal"] or "", place) if p)
    pages = f":{source['pages']}" if source["pages"] else ""
    return ". ".join(p for p in (authors, source["article_title"] or "", journal + pages) if p)


def _volume(source: dict[str, Any]) -> str:
    issue = f"({source['issue']})" if source["issue"] else ""
    return f"{source['volume'] or ''}{issue}"


def summary_lines(case: CaseData, evidence: Evidence) -> Block:
    """Patient, findings, anticoagulants, course covered, outcome; each says so when nothing is reported."""
    lines = [
        ("Patient", _person(case, evidence)),
        ("Findings", _present(case, evidence)),
        ("Drugs", _drugs(case, evidence)),
        (
            "Covered",
            Markup("within {}; time zero is {}").format(
                display.period(*case.observed, case.day_starts), case.case["time_zero"]
            ),
        ),
        ("Outcome", _outcome(case, evidence)),
    ]
    return Block("who and what", fill("summary_lines", lines=[(n, t or Markup("not reported")) for n, t in lines]))


def _joined(parts: list[Markup]) -> Markup:
    return Markup("; ").join(parts)


def _person(case: CaseData, evidence: Evidence) -> Markup:
    rows = {r["item"]: r for r in case.rows("patient")}
    found = [rows[item] for item in PERSON if item in rows]
    return _joined([_with_label(evidence, r) for r in found])


def _with_label(evidence: Evidence, row: dict[str, Any]) -> Markup:
    label = names.term(row["item"])
    if row["value_word"] in ("yes", "no"):
        return evidence.value(f"no {label}" if row["value_word"] == "no" else label, [row["row_id"]])
    return Markup("{} {}").format(label, evidence.value(reported_value("patient", row), [row["row_id"]]))


def _present(case: CaseData, evidence: Evidence) -> Markup:
    present = [r for r in case.rows("findings") if r["status"] == "present" and r["site"] != "history"]
    said: dict[str, list[str]] = {}
    for row in present:
        grade = f" ({row['grade']})" if row["grade"] else ""
        said.setdefault(f"{row['finding']}{grade}", []).append(str(row["row_id"]))
    return _joined([evidence.value(text, ids) for text, ids in said.items()])


def _drugs(case: CaseData, evidence: Evidence) -> Markup:
    by_drug: dict[str, list[dict[str, Any]]] = {}
    for row in case.rows("doses"):
        by_drug.setdefault(row["drug"], []).append(row)
    parts = []
    for drug, rows in by_drug.items():
        since = _since(rows)
        parts.append(evidence.value(f"{drug}{since}", list(dict.fromkeys(r["row_id"] for r in rows))))
    return _joined(parts)


def _since(rows: list[dict[str, Any]]) -> str:
    """`` from day 4`` where no dose of the drug can lie before that day."""
    days = [r["start_day"] for r in rows if r["start_day"] is not None]
    known = [r["start_earliest_min"] for r in rows if r["start_earliest_min"] is not None]
    if not days or len(known) < len(rows) or min(known) < min(days) * display.MINUTES_PER_DAY:
        return ""
    return f" from {display.day_text(min(days))}"


def _outcome(case: CaseData, evidence: Evidence) -> Markup:
    found = [r for r in case.rows("events") if r["event"] in OUTCOMES]
    found.sort(key=lambda r: (r["time_earliest_min"] is None, r["time_earliest_min"], OUTCOMES.index(r["event"])))
    parts = []
    for r in found:
        parts.append(evidence.value(f"{names.term(r['event'])}{_at(case, r)}", [r["row_id"]]))
    return _joined(parts)


def _at(case: CaseData, row: dict[str, Any]) -> str:
    """``, day 19``; an event that lies somewhere in a span is said to lie between its ends, for it does not last."""
    said = row_text.time(case, row)
    if row["time_form"] == "unknown" or row["time_earliest_min"] is None or said == "time not given":
        return ""
    first, is_span, last = said.partition(" to ")
    return f", between {first} and {last}" if is_span else f", {said}"


def cards(case: CaseData, evidence: Evidence) -> Block:
    """Key numbers with bounds; what cannot be computed, and what the case has no data for, is named below."""
    found = [m for m in (case.metric(n, s) for n, s in CARDS) if m is not None]
    measured = [m for m in found if m.status not in ("no_data", "not_applicable")]
    shown = [m for m in measured if metric_text.has_value(m, case) or m.name in ALWAYS]
    notes = [
        ("Not computable from what is printed", [m for m in measured if m not in shown]),
        ("Without data in this case", [m for m in found if m not in measured]),
    ]
    return Block(
        "key numbers",
        fill(
            "cards",
            cards=[_card(m, case, evidence) for m in shown],
            notes=[(head, [evidence.metric(m, metric_text.label(m)) for m in rest]) for head, rest in notes if rest],
        ),
    )


def _card(metric: Metric, case: CaseData, evidence: Evidence) -> Card:
    value, range_ = metric_text.best(metric, case), metric_text.bounds(metric, case)
    number = value or range_ or metric_text.nothing_known(metric, case)
    return Card(
        label=metric_text.label(metric),
        number=evidence.metric(metric, number),
        bounds=range_ if value else "",
        line=_about(metric, case, evidence),
        is_absent=not value and not range_,
    )


def _about(metric: Metric, case: CaseData, evidence: Evidence) -> Markup:
    """When the number holds, how many doses it lacks, and what leaves it open."""
    if metric.name == "four_ts_total":
        return escape(_undecided(case))
    without, doses = metric_text.doses_without_amount(metric, case)
    if not without or metric.value is not None:
        said = [escape(_where(metric, case)), evidence.prose(metric.reasons, metric.reason, CLAUSES)]
        return Markup("; ").join(part for part in said if part)
    several = f"{without} of {doses} dosing entries without an amount"
    lacking = "the only dosing entry has no amount" if doses == 1 else several
    others = [r for r in metric.reasons if r.code != WITHOUT_AMOUNT]
    clauses = None if metric.reasons else reason_clauses.without(metric.reason, "the amount of ")
    rest = Markup("") if without == doses else evidence.prose(others, clauses, CLAUSES)
    return Markup("; ").join(part for part in (escape(lacking), rest) if part)


def _undecided(case: CaseData) -> str:
    """The items of the 4Ts that stay open, with the points that each may have."""
    rows = [r for r in case.rows("score_items") if (r["score"], r["reading"]) == ("4ts", "data")]
    undecided = sorted((r for r in rows if r["low"] != r["high"]), key=lambda r: int(r["position"]))
    if not undecided:
        return ""
    items = [f"{names.term(str(r['item']))} {display.span(r['low'], r['high'])}" for r in undecided]
    head = "no item is decided" if len(undecided) == len(rows) else f"{len(undecided)} of {len(rows)} items undecided"
    return f"{head}: {', '.join(items)}"


def _where(metric: Metric, case: CaseData) -> str:
    """When the number holds, from the metrics that say so."""
    if metric.name == "iv_ufh_max_24h":
        ends = [case.metric(f"iv_ufh_max_24h_window_{end}") for end in ("start", "end")]
        told = [metric_text.best(m, case) for m in ends if m is not None and m.value is not None]
        return f"from {told[0]} to {told[1]}" if len(told) == len(ends) else ""
    day = case.metric("platelets_nadir_day") if metric.name == "platelets_nadir" else None
    return f"on {display.day_text(int(day.value))}" if day is not None and day.value is not None else ""


def verdicts(case: CaseData, evidence: Evidence) -> Block:
    """How many claims the printed numbers bear out, and those that they do not, one line each."""
    return Block(
        "verdicts", fill("verdicts", counts=audit_view.counts(case), first=audit_view.to_look_at(case, evidence))
    )
