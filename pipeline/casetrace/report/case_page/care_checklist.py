"""What a case does not report, after the CARE guidelines (Riley DS et al., J Clin Epidemiol 2017;89:218-235).

Only what the case folder can hold is looked for. A silent item is `not reported` when the full text was read, and
`not read` otherwise; items that are prose (discussion, perspective, consent) are not judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.case_page.overview import OUTCOMES
from casetrace.report.render.tables import Column, Table, single
from casetrace.report.text import names
from casetrace.report.text.evidence import Evidence

Row = dict[str, Any]
SIGNS = {"reported": "●", "in part": "◐", "not reported": "○", "not read": "?"}
#: Rows of a gap that are named.
NAMED = 6
#: What is looked for in item 5a.
PERSON = ["age", "sex", "body_weight", "body_height"]


@dataclass(frozen=True)
class Check:
    """One CARE item: its number, what is looked for, which rows speak of it, and which of those are incomplete."""

    number: str
    item: str
    sought: str
    rows: Sequence[Row]
    lacking: Sequence[Row]
    lack: str = ""


def table(case: CaseData, evidence: Evidence) -> Table:
    """Table 14: CARE items that a case folder can hold, with what is missing in each."""
    silent = "not reported" if case.case["read"] == "full" else "not read"
    return Table(
        id="table-care",
        number=14,
        caption="What the article reports and what it does not, after the CARE guidelines.",
        columns=[
            Column("CARE item"), Column("What is looked for"), Column("Found"),
            Column("What is missing", is_prose=True), Column("Rows"),
        ],
        groups=single([_row(evidence, check, silent) for check in _checks(case)]),
        notes=["Prose (keywords, abstract, reasoning, discussion, the patient's perspective, consent) is not judged."],
    )  # fmt: skip


def _row(evidence: Evidence, check: Check, silent: str) -> list[Markup | str]:
    word = silent if not check.rows else "in part" if check.lacking else "reported"
    rows, lacking = (list(dict.fromkeys(str(r["row_id"]) for r in found)) for found in (check.rows, check.lacking))
    missing = f"{check.lack}: {len(lacking)} of {len(rows)} rows" if lacking else ""
    ids = lacking or rows
    return [f"{check.number} {check.item}", check.sought, f"{SIGNS[word]} {word}", missing, evidence.some(ids, NAMED)]


def _checks(case: CaseData) -> list[Check]:
    patient = {str(r["item"]): r for r in case.rows("patient")}
    labs, doses, events = case.rows("labs"), case.rows("doses"), case.rows("events")
    findings = [r for r in case.rows("findings") if r["status"] in ("present", "absent")]
    infusions = [r for r in doses if r["kind"] == "infusion"]
    outcomes = [r for r in events if r["event"] in OUTCOMES]
    timed = [*labs, *doses, *events]
    return [
        *[_patient(patient, item) for item in PERSON],
        Check("5c", "Medical history", "history and earlier exposure", _history(case), []),
        Check("6", "Clinical findings", "findings present or absent", findings, []),
        Check("7", "Timeline", "a time to the minute for each result, dose and event", timed,
              _without(timed, _is_to_the_minute), "time less certain than the minute"),
        Check("8a", "Diagnostic assessment", "a number for each result", labs,
              _without(labs, _has_number), "no number printed"),
        Check("8a", "Diagnostic assessment", "a reference range for each result", labs,
              _without(labs, _has_range), "no reference range"),
        Check("9a", "Therapeutic intervention", "drugs and blood products", doses, []),
        Check("9b", "Dose", "an amount for each dose", doses,
              _without(doses, lambda r: r["amount_status"] == "known"), "amount not known"),
        Check("9b", "Route", "a route for each dose", doses,
              _without(doses, lambda r: bool(r["route"]) and not r["assumption"]), "no route"),
        Check("9b", "Duration", "an end for each infusion", infusions,
              _without(infusions, _has_end), "no end"),
        Check("10a", "Outcome", f"one of: {', '.join(names.term(o) for o in OUTCOMES)}", outcomes, []),
    ]  # fmt: skip


def _patient(rows: dict[str, Row], item: str) -> Check:
    found = [rows[item]] if item in rows and rows[item]["value_reported"] is not None else []
    return Check("5a", "Patient", names.term(item), found, [])


def _history(case: CaseData) -> list[Row]:
    exposure = [r for r in case.rows("patient") if str(r["item"]).startswith("heparin_exposure")]
    return exposure + [r for r in case.rows("findings") if r["site"] == "history"]


def _without(rows: Sequence[Row], has: Callable[[Row], bool]) -> list[Row]:
    return [r for r in rows if not has(r)]


def _is_to_the_minute(row: Row) -> bool:
    name = "time" if "time_earliest_min" in row else "start"
    early, late = row[f"{name}_earliest_min"], row[f"{name}_latest_min"]
    return early is not None and early == late


def _has_number(row: Row) -> bool:
    return any(sign.isdigit() for sign in str(row["value_reported"] or ""))


def _has_end(row: Row) -> bool:
    return bool(row["end_reported"]) and row["end_form"] not in ("open", "unknown")


def _has_range(row: Row) -> bool:
    return row["ref_low_reported"] is not None or row["ref_high_reported"] is not None
