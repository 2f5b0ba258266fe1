"""The form of the transcribed rows: places, ids, references, names, units and grades."""

import re
from collections import Counter

import pytest
from casetrace.vocabulary import load

from tests.cases import known
from tests.cases.raw_rows import CASES, labs, rows, wide_labs
from tests.cases.sheet_labs import analyte

TABLES = ["patient", "targets", "labs", "doses", "events", "findings", "scores", "claims", "checks"]
TIME_COLUMNS = ["when", "start", "end", "from", "to"]


@pytest.mark.parametrize("case", known.ALL)
def test_every_row_has_a_place_and_every_id_is_used_once(case: str) -> None:
    typed = [(table, row) for table in TABLES for row in rows(case, table)]
    assert [(t, row) for t, row in typed if not row.get("evidence")] == []
    ids = Counter(row["id"] for _, row in typed if row.get("id"))
    assert [row_id for row_id, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("case", known.ALL)
def test_every_reference_names_a_row(case: str) -> None:
    typed = [row for table in TABLES for row in rows(case, table)]
    ids = {row["id"] for row in typed if row.get("id")}
    ids |= {f"{row['id'].split()[0]}.{analyte(row['analyte'], row['unit'])}" for row in wide_labs(case)}
    times = [row[c] for row in typed for c in TIME_COLUMNS if row.get(c)]
    named = {ref for time in times for ref in re.findall(r"@([A-Z0-9]+(?:-(?!\d+(?:h|d|w|mo|min)\b)[A-Z0-9]+)*)", time)}
    named |= {
        word
        for sheet in ("claims", "checks")
        for row in rows(case, sheet)
        for word in (row.get("of") or "").split()
        if word.isupper() or word in ids
    }
    assert named
    assert named <= ids


@pytest.mark.parametrize("case", known.ALL)
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
    typed = {row[column] for case in known.ALL for row in (labs(case) if table == "labs" else rows(case, table))}
    assert typed
    assert {name for name in typed if getattr(load(), terms).find(name) is None} == set()


def test_every_grade_is_allowed_for_its_finding() -> None:
    allowed = {finding.name: finding.grades for finding in load().findings.all()}
    typed = [row for case in known.ALL for row in rows(case, "findings") if row["grade"]]
    assert typed
    terms = {row["id"]: load().findings.find(row["finding"]) for row in typed}
    assert [row["id"] for row in typed if row["grade"] not in allowed[getattr(terms[row["id"]], "name", "")]] == []


def test_every_unit_is_in_the_vocabulary() -> None:
    columns = [(case, table) for case in known.ALL for table in ("patient", "targets", "doses")]
    typed = {row["unit"] for case, table in columns for row in rows(case, table) if row["unit"]}
    typed |= {row["unit"] for case in known.ALL for row in labs(case) if row.get("unit")}
    assert typed
    assert typed - set(load().units.ucum) == set()
