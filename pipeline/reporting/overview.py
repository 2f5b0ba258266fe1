"""The top of a report: what it is, who and what in five lines, key numbers, verdicts in short."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline import display
from pipeline.reporting import audit_view, metric_text, names
from pipeline.reporting.block import Block, fill
from pipeline.reporting.case_data import CaseData, Metric
from pipeline.reporting.evidence import Evidence, reported_value

STATUS_TEXT = {"draft": "Draft: not yet checked by a second reader", "checked": "Checked by a second reader"}
READ_TEXT = {
    "full": "The full text was read",
    "part": "Only part of the text was read; what is silent here may stand there",
    "abstract": "Only the abstract was read; what is silent here may stand in the text",
}

#: Patient items that describe the patient in one line, in this order.
PERSON = ["age", "sex", "body_weight", "body_height", "heparin_exposure_100d"]
OUTCOMES = ["death", "recovered", "discharge", "icu_discharge", "ecmo_end", "follow_up_visit"]

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


@dataclass(frozen=True)
class Card:
    """A key number: label, the number, its bounds, and one line about it."""

    label: str
    number: Markup
    bounds: str
    line: str
    is_absent: bool


def title(case: CaseData) -> Block:
    """Title, citation, licence, status, and how much of the source was read."""
    return Block(
        "title",
        fill(
            "title",
            case=case.case,
            citation=citation(case.source),
            source=case.source,
            status=STATUS_TEXT[str(case.case["status"])],
            read=READ_TEXT[str(case.case["read"])],
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


def five_lines(case: CaseData, evidence: Evidence) -> Block:
    """Patient, findings, anticoagulants, course covered, outcome; each says so when nothing is reported."""
    lines = [
        ("Patient", _person(case, evidence)),
        ("Findings", _present(case, evidence)),
        ("Drugs", _drugs(case, evidence)),
        (
            "Covered",
            Markup(display.period(*case.observed, case.day_starts)) + f"; time zero is {case.case['time_zero']}",
        ),
        ("Outcome", _outcome(case, evidence)),
    ]
    return Block("who and what", fill("five_lines", lines=[(n, t or Markup("not reported")) for n, t in lines]))


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
    texts = dict.fromkeys(str(r["finding"]) for r in present)
    return _joined([evidence.value(t, [r["row_id"] for r in present if r["finding"] == t]) for t in texts])


def _drugs(case: CaseData, evidence: Evidence) -> Markup:
    by_drug: dict[str, list[dict[str, Any]]] = {}
    for row in case.rows("doses"):
        by_drug.setdefault(row["drug"], []).append(row)
    parts = []
    for drug, rows in by_drug.items():
        days = [r["start_day"] for r in rows if r["start_day"] is not None]
        since = f" from {display.day_text(min(days))}" if len(days) == len(rows) else ""
        parts.append(evidence.value(f"{drug}{since}", list(dict.fromkeys(r["row_id"] for r in rows))))
    return _joined(parts)


def _outcome(case: CaseData, evidence: Evidence) -> Markup:
    found = [r for r in case.rows("events") if r["event"] in OUTCOMES]
    found.sort(key=lambda r: (r["time_earliest_min"] is None, r["time_earliest_min"], OUTCOMES.index(r["event"])))
    parts = []
    for r in found:
        known = r["time_earliest_min"] is not None and r["time_form"] != "unknown"
        bounds = (r["time_earliest_min"], r["time_latest_min"])
        at = (
            f", {display.when(r['time_form'], r['time_min'], *bounds, case.day_starts, case.observed)}" if known else ""
        )
        parts.append(evidence.value(f"{names.term(r['event'])}{at}", [r["row_id"]]))
    return _joined(parts)


def cards(case: CaseData, evidence: Evidence) -> Block:
    """Key numbers with bounds; what the case has no data for is named in one line."""
    metrics = [m for m in (case.metric(n, s) for n, s in CARDS) if m is not None]
    shown = [_card(m, case, evidence) for m in metrics if m.status not in ("no_data", "not_applicable")]
    absent = [metric_text.label(m) for m in metrics if m.status in ("no_data", "not_applicable")]
    return Block("key numbers", fill("cards", cards=shown, absent=absent))


def _card(metric: Metric, case: CaseData, evidence: Evidence) -> Card:
    value, range_ = metric_text.best(metric, case), metric_text.bounds(metric, case)
    is_absent = not value and not range_
    number = value or range_ or "not computable"
    return Card(
        label=metric_text.label(metric),
        number=evidence.metric(metric, number),
        bounds=range_ if value else "",
        line="; ".join(p for p in (_where(metric, case), metric_text.short_reason(metric, 3)) if p),
        is_absent=is_absent,
    )


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
