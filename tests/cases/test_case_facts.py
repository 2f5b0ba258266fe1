"""Chosen facts of the transcribed cases, typed here a second time, and the form of their rows."""

import re
from collections import Counter

import pytest
import yaml

from pipeline.vocabulary import load
from tests.cases.raw_rows import ALL, CASES, PCI, PSEUDO, TABLE, by_id, rows

COUNTS = {
    PSEUDO: {"patient": 3, "targets": 1, "labs": 3, "doses": 2, "events": 3, "findings": 7, "claims": 5},
    PCI: {"patient": 5, "targets": 1, "labs": 15, "doses": 6, "events": 5, "findings": 8, "claims": 5},
    TABLE: {"patient": 3, "targets": 0, "labs": 134, "doses": 10, "events": 7, "findings": 9, "claims": 4},
}


@pytest.mark.parametrize("case", ALL)
def test_row_counts(case: str) -> None:
    assert {table: len(rows(case, table)) for table in COUNTS[case]} == COUNTS[case]


def test_how_much_of_each_source_was_read() -> None:
    """A silent item is `not_read` where only a part was read and `not_reported` where all was."""
    read = {c: yaml.safe_load((CASES / c / "source.yaml").read_text(encoding="utf-8"))["read"] for c in ALL}
    assert read == {PSEUDO: "part", PCI: "full", TABLE: "full"}


def test_the_56000_units_are_one_total_over_the_24_hours_before_the_hold() -> None:
    dose = by_id(PSEUDO, "doses")["HEP-TOTAL"]
    assert (dose["kind"], dose["amount"], dose["unit"]) == ("total", "56000", "units")
    assert (dose["start"], dose["end"]) == ("@HOLD-24h", "+24h")
    assert by_id(PSEUDO, "events")["HOLD"]["when"] == "POD27"
    # 2 333 U/h is the same heparin once more: a claim, never a second dose.
    assert [row["amount"] for row in rows(PSEUDO, "doses") if row["amount"]] == ["56000"]
    claim = by_id(PSEUDO, "claims")["C-AVERAGE"]
    assert (claim["compute"], claim["of"], claim["value"]) == ("dose_rate", "HEP-TOTAL", "2333")
    assert round(int(dose["amount"]) / 24) == int(claim["value"])


def test_apparent_resistance_rests_on_words_a_bound_and_one_target() -> None:
    labs = by_id(PSEUDO, "labs")
    assert labs["APTT-SUB"]["value"] == "below target"
    assert labs["AXA-SUPRA"]["value"] == "above target"
    assert (labs["FVIII"]["value"], labs["FVIII"]["unit"], labs["FVIII"]["ref_low"]) == (">5.5", "IU/mL", "0.50")
    targets = [(t["analyte"], t["value"], t["start"]) for t in rows(PSEUDO, "targets")]
    assert targets == [("aPTT", "70..90.9", "POD22")]


def test_heparin_of_the_procedure_adds_up_without_counting_the_printed_total_twice() -> None:
    doses, claims = by_id(PCI, "doses"), by_id(PCI, "claims")
    before = [int(doses[row]["amount"]) for row in ("HEP1", "HEP2")]
    assert before == [8000, 8000]
    assert sum(before) == int(claims["C-16000"]["value"])
    # The remainder was derived from the total, so the total may not be tested with it.
    assert claims["C-16000"]["compute"] == "other"
    assert doses["HEP3"]["amount"] == "5000"
    assert not any(row["item"] == "body_weight" for row in rows(PCI, "patient"))


def test_steps_of_the_procedure_are_ordered_without_clock_times() -> None:
    steps = by_id(PCI, "doses") | by_id(PCI, "events") | by_id(PCI, "labs")
    sequence = ["HEP1", "PCI", "HEP2", "ACT248", "HEP3", "ACT364", "AT74"]
    orders = [int(steps[row]["order"]) for row in sequence]
    assert orders == sorted(set(orders))
    assert steps["AT-GAMMA"]["order"] == steps["HEP3"]["order"], "given together: not ordered"
    assert not any("T" in row.get("when", row.get("start", "")).split("@")[0] for row in steps.values())


def test_the_dated_table_is_complete_and_keeps_no_date() -> None:
    labs = rows(TABLE, "labs")
    days = list(dict.fromkeys(int(row["when"].removeprefix("LOS")) for row in labs))
    assert days == [1, 3, 6, 10, 12, 14, 20, 21, 22, 23, 24, 25, 27, 29, 37, 38, 57, 99]
    assert Counter(row["analyte"] for row in labs) == {
        "D-dimer": 16,
        "CRP": 17,
        "PCT": 10,
        "LDH": 14,
        "Ferritin": 17,
        "Fibrinogen": 14,
        "PT": 15,
        "INR": 15,
        "aPTT": 16,
    }
    cells = {(row["when"], row["analyte"]): row["value"] for row in labs}
    assert len(cells) == 134
    assert cells["LOS1", "D-dimer"] == "17710"
    assert (cells["LOS21", "PT"], cells["LOS21", "INR"]) == ("82.7", "7.0")
    assert cells["LOS21", "CRP"] == "501.9"
    assert min(float(row["value"]) for row in labs if row["analyte"] == "Fibrinogen") == 162
    assert {row["unit"] for row in labs if row["analyte"] == "aPTT"} == {""}


def test_doses_that_are_not_printed_stay_empty() -> None:
    amounts = {row["id"]: row["amount"] for row in rows(TABLE, "doses")}
    assert {row for row, amount in amounts.items() if amount} == {"TPA2"}
    infusion = by_id(TABLE, "doses")["TPA1"]
    assert (infusion["start"], infusion["end"]) == ("LOS11", "+24h")


def test_both_days_of_the_second_thrombus_are_kept_and_compared() -> None:
    findings = by_id(TABLE, "findings")
    assert (findings["RVT2-TEXT"]["when"], findings["RVT2-FIG"]["when"]) == ("LOS20", "LOS21")
    claim = by_id(TABLE, "claims")["C-RVT2"]
    assert (claim["compute"], claim["of"].split()) == ("agrees", ["RVT2-TEXT", "RVT2-FIG"])


# --- form ---------------------------------------------------------------------------------------

TABLES = ["patient", "targets", "labs", "doses", "events", "findings", "scores", "claims"]
TIME_COLUMNS = ["when", "start", "end", "from", "to"]


@pytest.mark.parametrize("case", ALL)
def test_every_row_has_a_place_and_every_id_is_used_once(case: str) -> None:
    typed = [(table, row) for table in TABLES for row in rows(case, table)]
    assert [(t, row) for t, row in typed if not row.get("evidence")] == []
    ids = Counter(row["id"] for _, row in typed if row.get("id"))
    assert [row_id for row_id, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("case", ALL)
def test_every_reference_names_a_row(case: str) -> None:
    typed = [row for table in TABLES for row in rows(case, table)]
    ids = {row["id"] for row in typed if row.get("id")}
    times = [row[c] for row in typed for c in TIME_COLUMNS if row.get(c)]
    named = {ref for time in times for ref in re.findall(r"@([A-Z0-9]+(?:-(?!\d+(?:h|d|w|mo|min)\b)[A-Z0-9]+)*)", time)}
    named |= {word for row in rows(case, "claims") for word in row["of"].split() if word.isupper() or word in ids}
    assert named
    assert named <= ids


@pytest.mark.parametrize("case", ALL)
def test_no_calendar_date_is_kept(case: str) -> None:
    months = "january|february|march|april|may|june|july|august|september|october|november|december"
    date = re.compile(rf"\b\d{{1,2}} (?:{months})\b|\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b", re.I)
    for path in sorted((CASES / case).iterdir()):
        assert date.findall(path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize(
    ("table", "column", "terms"),
    [
        ("labs", "analyte", "analytes"),
        ("targets", "analyte", "analytes"),
        ("doses", "drug", "drugs"),
        ("events", "event", "events"),
        ("findings", "finding", "findings"),
        ("patient", "item", "patient_items"),
    ],
)
def test_every_name_is_in_the_vocabulary(table: str, column: str, terms: str) -> None:
    typed = {row[column] for case in ALL for row in rows(case, table)}
    assert typed
    assert {name for name in typed if getattr(load(), terms).find(name) is None} == set()


def test_every_grade_is_allowed_for_its_finding() -> None:
    allowed = {finding.name: finding.grades for finding in load().findings.all()}
    typed = [row for case in ALL for row in rows(case, "findings") if row["grade"]]
    assert typed
    terms = {row["id"]: load().findings.find(row["finding"]) for row in typed}
    assert [row["id"] for row in typed if row["grade"] not in allowed[getattr(terms[row["id"]], "name", "")]] == []


def test_every_unit_is_in_the_vocabulary() -> None:
    columns = [(case, table) for case in ALL for table in ("patient", "targets", "labs", "doses")]
    typed = {row["unit"] for case, table in columns for row in rows(case, table) if row["unit"]}
    assert typed
    assert typed - set(load().units.ucum) == set()
