"""Doses that would count twice: overlapping rates, a total beside what it holds, and how two pumps are typed."""

from pathlib import Path

import pytest
from casetrace.core.errors import InputError

from tests.case_builder import read, rows, sheet, tables
from tests.shared_inputs import results

WITHOUT = {"labs.csv": None, "claims.csv": None, "targets.csv": None}
HEAD = "id | drug | kind | route | purpose | amount | unit | start | end | concurrent_with\n"


def problems(folder: Path, doses: str, **files: str) -> list[str]:
    """The errors of a small case with these doses."""
    _, found = read(folder, WITHOUT | {"doses.csv": sheet(HEAD + doses)} | files)
    return [str(problem) for problem in found if problem.severity == "error"]


def test_a_total_beside_the_doses_that_it_holds_is_an_error(tmp_path):
    found = problems(
        tmp_path,
        """T | heparin | total    | iv | therapeutic | 40000 | U   | D1T00:00 | D2T00:00 |
           A | heparin | bolus    | iv | therapeutic | 5000  | U   | D1T01:00 |          |
           B | heparin | infusion | iv | therapeutic | 1000  | U/h | D1T02:00 | D1T22:00 |""",
    )
    assert len(found) == 2
    assert found[0].startswith(
        "small-case/doses.csv, row 2, column amount: 'A' (row 3) of unfractionated heparin lies within its span"
    )
    assert "named in `gave` of its claim" in found[0]


@pytest.mark.parametrize(
    "doses",
    [
        # Another order, another drug, a span to the day, a repeated dose, a route that is not printed.
        "A | heparin | bolus | iv | | 5000 | U | D1T01:00 | |\nT | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |",
        "T | argatroban | total | iv | | 40 | mg | D1 | D3 |\nA | argatroban | bolus | iv | | 5 | mg | D2 | |",
        "T | heparin | total | | | 40000 | U | D1 | D3 |\nA | heparin | bolus | iv | therapeutic | 5000 | U | D2 | |",
        "T | enoxaparin | total | sc | | 400 | mg | D1 | D5 |\nA | enoxaparin | dose | sc | | 80 | mg | D2 | |",
        "T | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |\nA | heparin | infusion | iv | | 1000 | U/h | D1T12:00 | D3T00:00 |",
        "T | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |\nS | heparin | total | iv | | 9000 | U | D1T06:00 | D1T18:00 |",
    ],
)  # fmt: skip
def test_the_kinds_of_double_counting(tmp_path, doses):
    assert len(problems(tmp_path, doses)) == 1


@pytest.mark.parametrize(
    "doses",
    [
        # Before and after; another route; another purpose; without an amount; nothing given; stated to be given besides.
        "T | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |\nA | heparin | infusion | iv | | 1000 | U/h | D2T00:00 | D3T00:00 |",
        "T | heparin | total | iv | | 40000 | U | D1 | D2 |\nA | heparin | infusion | iv | | 1000 | U/h | D2 | D3 |",
        "T | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |\nA | heparin | dose | sc | | 5000 | U | D1T06:00 | |",
        "T | heparin | total | iv | therapeutic | 40000 | U | D1T00:00 | D2T00:00 |\nA | heparin | bolus | iv | flush | 500 | U | D1T06:00 | |",
        "T | heparin | total | iv | | | | D1T00:00 | D2T00:00 |\nA | heparin | bolus | iv | | 5000 | U | D1T06:00 | |",
        "T | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |\nA | heparin | infusion | iv | | 0 | U/h | D1T06:00 | D1T08:00 |",
        "T | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |\nA | heparin | bolus | iv | | 5000 | U | D1T06:00 | | T",
    ],
)  # fmt: skip
def test_what_is_counted_once(tmp_path, doses):
    assert problems(tmp_path, doses) == []


def test_a_dose_that_may_lie_within_the_span_is_worth_a_look(tmp_path):
    doses = "T | heparin | total | iv | | 40000 | U | D1 | D2 |\nA | heparin | bolus | iv | | 5000 | U | D1 | |"
    _, found = read(tmp_path, WITHOUT | {"doses.csv": sheet(HEAD + doses)})
    assert [(problem.severity, problem.row) for problem in found] == [("warning", 2)]
    assert "may lie within its span" in str(found[0])


@pytest.mark.parametrize(
    ("doses", "groups"),
    [
        ("T | heparin | total | iv | | 40000 | U | D1 | D2 |\nA | heparin | bolus | iv | | 5000 | U | D1 | |", ["A", "A"]),
        ("T | heparin | total | iv | | 40000 | U | | |\nA | heparin | bolus | iv | | 5000 | U | D3 | |", ["A", "A"]),
        ("T | heparin | total | iv | | 40000 | U | D1 | D1 |\nA | heparin | bolus | iv | | 5000 | U | D1 | |", ["A", "A"]),
        ("T | heparin | total | iv | | 40000 | U | D1T00:00 | D2T00:00 |\nA | heparin | bolus | iv | | 5000 | U | D2T00:00 | |", [None, None]),
        ("T | heparin | total | iv | | 40000 | U | D1 | D2 |\nA | heparin | bolus | iv | | 5000 | U | @T.end/.. | |", [None, None]),
        ("T | heparin | total | iv | | 40000 | U | D1 | D2 |\nA | heparin | bolus | iv | | 5000 | U | D1 | | T", [None, None]),
        ("T | heparin | total | iv | | 40000 | U | D1 | D2 |\nA | heparin | bolus | sc | | 5000 | U | D1 | |", [None, None]),
        ("T | enoxaparin | total | sc | | 80 | mg | D1 | D2 |\nA | enoxaparin | dose | sc | | 40 | mg | D1T12:00 | |", ["A", "A"]),
    ],
)  # fmt: skip
def test_doses_that_a_total_may_hold_are_one_group(tmp_path, doses, groups):
    found = tables(tmp_path, WITHOUT | {"doses.csv": sheet(HEAD + doses)})["doses"]
    assert [group for _, group in sorted(rows(found, "row_id", "total_group"), reverse=True)] == groups


def test_the_remainder_of_a_printed_total_is_named_by_its_claim(tmp_path):
    doses = """T | heparin | total | iv | therapeutic | 40000 | U | D1T00:00 | D2T00:00 |
               A | heparin | bolus | iv | therapeutic | 5000  | U | D1T01:00 |          |"""
    claims = "id,claim,compute,of,comparator,value,unit,gave\nC1,in all,dose_total,T A,=,45000,U,T\n"
    assert problems(tmp_path, doses, **{"claims.csv": claims}) == []


def test_two_pumps_are_named_and_both_count(tmp_path):
    doses = """A | heparin | infusion | iv | therapeutic | 1000 | U/h | D1T00:00 | D2T00:00 |{}
               B | heparin | infusion | iv | therapeutic | 500  | U/h | D1T06:00 | D1T18:00 |{}"""
    (message,) = problems(tmp_path / "not_named", doses.format("", ""))
    assert "row 3, column start: this infusion and 'A' (row 2) of unfractionated heparin surely overlap" in message
    assert "concurrent_with" in message
    assert problems(tmp_path / "first", doses.format("B", "")) == []
    assert problems(tmp_path / "second", doses.format("", "A")) == []


def test_concurrent_with_names_another_dose(tmp_path):
    (message,) = problems(tmp_path, "A1 | heparin | bolus | iv | | 1000 | U | D1T00:00 | | A2")
    assert "no other row of doses.csv has the id 'A2'" in message


def test_a_rate_without_an_end_is_not_closed_by_the_other_pump(tmp_path):
    doses = """A | heparin | infusion | iv | therapeutic | 1000 | U/h | D1T00:00 |          | B
               B | heparin | infusion | iv | therapeutic | 500  | U/h | D1T06:00 | D1T18:00 |"""
    found = tables(tmp_path, WITHOUT | {"doses.csv": sheet(HEAD + doses)})["doses"]
    assert rows(found, "row_id", "end_latest_min")[0] == ("A", 26 * 1440 - 1)


def test_the_made_up_total_is_refused() -> None:
    with pytest.raises(InputError):
        results("total-holds-doses")


def test_a_bolus_or_an_infusion_without_a_route_is_read_as_intravenous(tmp_path):
    doses = """A | heparin    | bolus    |    | therapeutic | 5000 | U         | D1T00:00 |          |
               B | argatroban | infusion |    |             | 1    | mcg/kg/min| D2T00:00 | D3T00:00 |
               C | heparin    | dose     |    |             | 5000 | U         | D4T00:00 |          |
               D | heparin    | total    |    |             | 5000 | U         | D5T00:00 | D6T00:00 |
               E | enoxaparin | bolus    |    |             | 80   | mg        | D7T00:00 |          |
               F | warfarin   | bolus    |    |             | 5    | mg        | D8T00:00 |          |
               G | heparin    | infusion | circuit |        | 100  | U/h       | D9T00:00 | D9T06:00 |
               H | heparin    | bolus    | iv |             | 100  | U         | D9T08:00 |          |"""
    found = tables(tmp_path, WITHOUT | {"doses.csv": sheet(HEAD + doses)})["doses"]
    assert rows(found, "row_id", "route", "assumption") == [
        ("A", "iv", "route iv: a bolus is given into a vein"),
        ("B", "iv", "route iv: an infusion runs into a vein"),
        ("C", None, None),
        ("D", None, None),
        ("E", None, None),
        ("F", None, None),
        ("G", "circuit", None),
        ("H", "iv", None),
    ]
