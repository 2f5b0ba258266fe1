"""Tables of what the source reports: patient, laboratory results, doses. Values stand as typed."""

from typing import Any

from markupsafe import Markup, escape

from casetrace.report.case_data import CaseData
from casetrace.report.render.tables import Column, Group, Table
from casetrace.report.text import names, row_text
from casetrace.report.text.evidence import Evidence
from casetrace.report.text.row_text import reported_value
from casetrace.values import display

Row = dict[str, Any]


def patient(case: CaseData, evidence: Evidence) -> Table:
    """Table 1: items of the patient, and what a person found, each as reported."""
    items = [
        [
            names.heading(names.term(r["item"])),
            _value(evidence, "patient", r),
            row_text.time(case, r),
            r["evidence"] or "",
            _note(r),
        ]
        for r in case.rows("patient")
    ]
    found = [
        [
            names.heading(_finding(r)),
            _value(evidence, "findings", r),
            row_text.time(case, r),
            r["evidence"] or "",
            _note(r),
        ]
        for r in case.rows("findings")
    ]
    return Table(
        id="table-patient",
        number=1,
        caption="The patient, and findings as the authors or the curator state them.",
        columns=[Column("Item"), Column("As reported"), Column("Time"), Column("Place in the source"), Column("Note")],
        groups=[Group("Patient" if found else "", items), Group("Findings", found)],
        empty="Nothing is reported about the patient.",
    )


def laboratory(case: CaseData, evidence: Evidence) -> Table:
    """Table 2: laboratory results by analyte and time."""
    by_analyte: dict[str, list[Row]] = {}
    for row in case.rows("labs"):
        by_analyte.setdefault(row["analyte"], []).append(row)
    groups = []
    for code in sorted(by_analyte, key=lambda a: (-len(by_analyte[a]), a)):
        rows = sorted(by_analyte[code], key=_chronological)
        cells = [
            [
                row_text.time(case, r),
                _value(evidence, "labs", r),
                _converted(evidence, r),
                _reference(r),
                r["evidence"] or "",
                _note(r),
            ]
            for r in rows
        ]
        groups.append(Group(names.heading(names.term(code)), cells))
    return Table(
        id="table-laboratory",
        number=2,
        caption="Laboratory results, by analyte and time.",
        columns=[
            Column("Time"), Column("As reported"), Column("Converted"), Column("Reference range", "unit as reported"),
            Column("Place in the source"), Column("Note"),
        ],
        groups=groups,
        notes=_lab_notes(case, evidence),
        empty="No laboratory result is reported.",
    )  # fmt: skip


def dosing(case: CaseData, evidence: Evidence) -> Table:
    """Table 3: doses, infusion rates and transfusions by drug and start; a repeated dose is one row."""
    by_drug: dict[str, list[Row]] = {}
    for row in case.rows("doses"):
        by_drug.setdefault(row["drug"], []).append(row)
    groups = []
    for drug, rows in by_drug.items():
        rows.sort(key=lambda r: (_known(r["start_earliest_min"]), r["order"] or 0, r["row_id"], r["occurrence"]))
        cells = [
            [
                row_text.time(case, r[0], "start"), _end(case, r), _kind(r), _value(evidence, "doses", r[0]),
                _canonical_dose(evidence, r[0]), _way(r[0]), r[0]["evidence"] or "", _note(r[0]),
            ]
            for r in _entries(rows)
        ]  # fmt: skip
        groups.append(Group(names.heading(drug), cells))
    return Table(
        id="table-dosing",
        number=3,
        caption="Doses, infusion rates and transfusions, by drug and time.",
        columns=[
            Column("Start"), Column("End"), Column("Kind"), Column("As reported"), Column("Converted"),
            Column("Route and purpose"), Column("Place in the source"), Column("Note"),
        ],
        groups=groups,
        empty="No dose is reported.",
    )  # fmt: skip


def _value(evidence: Evidence, table: str, row: Row) -> Markup:
    return evidence.value(reported_value(table, row), [row["row_id"]])


def _note(row: Row) -> str:
    parts = [f"read as {row['read_as']}" if row.get("read_as") else "", row.get("method") or "", row["note"] or ""]
    if row.get("is_implausible"):
        parts.append("outside the plausible range")
    if row.get("same_as"):
        parts.append(f"the same finding as in row {row['same_as']}; it counts once")
    return "; ".join(p for p in parts if p)


def _finding(row: Row) -> str:
    by = "" if row["by"] == "authors" else " (curator)"
    return (f"{row['finding']}, {row['site']}" if row["site"] else str(row["finding"])) + by


def _entries(rows: list[Row]) -> list[list[Row]]:
    """The occurrences of each dosing entry together, in the order of their first ones."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["row_id"], []).append(row)
    return [sorted(entry, key=lambda r: int(r["occurrence"])) for entry in found.values()]


def _kind(entry: list[Row]) -> str:
    """The kind, and how often a repeated dose was given: beyond the sure ones up to the last that is possible."""
    word = row_text.kind(entry[0])
    if len(entry) == 1:
        return word
    sure = _surely_given(entry)
    return f"{word}, {len(entry) if sure == len(entry) else f'{sure} to {len(entry)}'} times"


def _surely_given(entry: list[Row]) -> int:
    """How many occurrences were given for certain: a later one that may not have been has a lowest amount of 0."""
    return sum(r["occurrence"] == 1 or (r["amount_low"] or 0) > 0 for r in entry)


def _end(case: CaseData, entry: list[Row]) -> str:
    row = entry[-1]
    if len(entry) > 1 and _surely_given(entry) < len(entry):
        return "last dose not certain"
    if len(entry) > 1:
        return f"last: {row_text.time(case, row, 'start')}"
    if row["kind"] == "bolus":
        return "single dose"
    if row["kind"] == "transfusion" and row["end_reported"] is None:
        return "end not given"
    if row["end_form"] == "open" and row["end_reported"] is None:
        return "end not given"
    return row_text.time(case, row, "end")


def _chronological(row: Row) -> tuple[int, int, int, str]:
    unknown = row["time_form"] == "unknown"
    middle = _known(row["time_earliest_min"]) + _known(row["time_latest_min"])
    return (int(unknown), middle, row["order"] or 0, str(row["row_id"]))


def _known(minute: int | None) -> int:
    return 10**12 if minute is None else minute


def _converted(evidence: Evidence, row: Row) -> Markup | str:
    """The canonical value where it differs from the print in more than the spelling of the unit."""
    if row["value"] is None or row["unit"] is None or row["conversion"] is None:
        return ""
    text = display.exact(row["value"])
    if text == display.reported(row["value_reported"]) and row["unit_reported"] is None:
        return ""
    same = display.unit_text(row["unit"]) == display.unit_text(row["unit_reported"])
    if same and text == display.reported(row["value_reported"]):
        return ""
    return evidence.value(display.quantity(text, display.unit_text(row["unit"], row["analyte"])), [row["row_id"]])


def _reference(row: Row) -> str:
    low, high = row["ref_low_reported"], row["ref_high_reported"]
    if low and high:
        return f"{display.reported(low)} to {display.reported(high)}"
    if high:
        return f"up to {display.reported(high)}"
    return f"from {display.reported(low)}" if low else ""


def _canonical_dose(evidence: Evidence, row: Row) -> Markup | str:
    """The amount or rate in the unit that totals are added up in, where it was converted."""
    if row["amount_status"] != "known":
        return f"not known: {row_text.AMOUNT_LACKS[row['amount_status']]}"
    if row["amount"] is None or row["conversion"] is None:
        return ""
    unit = display.unit_text(row["unit"], row["drug"])
    return evidence.value(display.quantity(display.exact(row["amount"]), unit), [row["row_id"]])


def _way(row: Row) -> str:
    route = f"{row['route']} (not printed)" if row["assumption"] else row["route"]
    return ", ".join(dict.fromkeys(p for p in (route, row["purpose"]) if p)) or "not stated"


def _lab_notes(case: CaseData, evidence: Evidence) -> list[Markup | str]:
    read = [r["row_id"] for r in case.rows("labs") if r["read_as"]]
    if not read:
        return []
    return [escape("The curator's reading stands in for the print in: ") + evidence.named(read) + "."]
