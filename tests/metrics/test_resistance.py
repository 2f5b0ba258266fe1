"""Criteria of heparin resistance by dose: thresholds hit exactly, printed signs, and the age group they are defined for."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.metrics.from_folder import metric_of
from tests.shared_inputs import metric
from tests.spec import Tables, case, check, files_of, measured, pick, together

RATES = ("resistance_mean_rate", "resistance_highest_rate", "resistance_mean_rate_icu", "resistance_highest_rate_icu")
Found = Mapping[tuple[str, str], dict[str, Any]]


def running(case_id: str, rate: str, weight: str = "", age: str = "") -> Tables:
    """A day of heparin at a rate per kg; weight and age as printed."""
    return case(
        case_id,
        weight=weight,
        doses=f"""
        id | kind     | amount                                | per_kg | start | end
        I1 | infusion | {Decimal(rate) * Decimal(weight or "100")} | {rate} | 0     | 1440
        """,
        patient=f"id | item | value\nAG | age | {age}" if age else "",
    )


def found(*cases: tuple[str, str, str]) -> list[Found]:
    """The criteria of each (rate, weight, age), measured together."""
    tables = together(*(running(f"c{i}", *one) for i, one in enumerate(cases)))
    results = measured(tables, *files_of(*RATES, "resistance_dose_24h"))
    names = (*RATES, "resistance_dose_24h")
    return [{(name, ""): pick(results, name, "", f"c{i}") for name in names} for i in range(len(cases))]


def verdicts(one: Found) -> list[float | None]:
    return [one[name, ""]["value"] for name in RATES]


def test_a_threshold_hit_exactly_is_answered_by_the_printed_sign() -> None:
    # "more than 20" is strict, "25 or more" is not.
    rates = ("20", "20.01", "24.97", "25")
    at = found(*((rate, weight, "40") for weight in ("100", "68.0388555", "33.3333333") for rate in rates))
    assert [verdicts(one) for one in at] == [[0, 0, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]] * 3


def test_no_reason_says_that_a_number_is_below_itself() -> None:
    rates = ("24.97", "24.9999", "25", "20.04", "19.96", "20")
    for rate, one in zip(rates, found(*((rate, "100", "40") for rate in rates)), strict=True):
        for name in RATES:
            reason = one[name, ""]["reason"]
            verdict, value = reason.split("; ")
            is_itself = verdict.split()[-1] == value.split()[-1]
            assert not is_itself or (("at or above" in verdict or "not above" in verdict) and rate in ("25", "20")), (
                reason
            )


def test_the_daily_dose_hit_exactly() -> None:
    amounts = ("35000", "35000.4")
    cases = (case(f"c{i}", doses=f"id | amount | start\nB1 | {a} | 60") for i, a in enumerate(amounts))
    results = measured(together(*cases), *files_of("resistance_dose_24h"))
    rows = [pick(results, "resistance_dose_24h", "", f"c{i}") for i in range(2)]
    assert [row["value"] for row in rows] == [0, 1]
    assert rows[1]["reason"].endswith("is above 35\u202f000; the lowest possible value is 35\u202f000.4")


def test_criteria_of_adults_do_not_apply_to_a_child() -> None:
    for one in found(*(("28", "40", age) for age in ("0.17", "6", "17.9", "0..17"))):
        for row in one.values():
            assert (row["status"], row["value"], row["low"], row["high"]) == ("not_applicable", None, None, None)
            assert "defined for adults" in row["reason"]
            assert "AG" in row["row_ids"]


def test_an_age_on_either_side_leaves_a_dose_per_kg_open_and_eighteen_is_an_adult() -> None:
    open_, adult = found(("28", "40", "16..20"), ("28", "40", "18"))
    row = open_["resistance_highest_rate", ""]
    assert (row["value"], row["low"], row["high"], row["status"]) == (None, 0, 1, "not_computable")
    assert "leaves open whether the patient is an adult" in row["reason"]
    assert verdicts(adult) == [1, 1, 1, 1]


def test_without_an_age_the_weight_decides_or_leaves_it_open() -> None:
    heavy, light, unknown, low_rate = found(("28", "13.4", ""), ("28", "13.3", ""), ("28", "", ""), ("18", "13.3", ""))
    assert verdicts(heavy) == [1, 1, 1, 1]
    assert verdicts(light) == [None] * 4
    assert verdicts(unknown) == [None] * 4
    assert "no age is printed" in unknown["resistance_highest_rate", ""]["reason"]
    # What is not met is met at no age.
    assert verdicts(low_rate) == [0, 0, 0, 0]


def test_without_heparin_no_criterion_speaks_of_the_age() -> None:
    check(
        case(patient="id | item | value\nAG | age | 0.5"),
        "metric | status | rows\nresistance_highest_rate | no_data |",
    )


def test_infant_of_the_made_up_inputs() -> None:
    for name in RATES:
        assert metric("infant", name)["status"] == "not_applicable"


def test_pounds_of_the_made_up_inputs() -> None:
    assert metric("threshold-rate-lb", "resistance_highest_rate_icu")["value"] == 1
    assert metric("threshold-rate-lb", "resistance_mean_rate_icu")["value"] == 1


@pytest.mark.parametrize(
    ("age", "status", "verdict"),
    [
        ("216,mo", "ok", 1),
        ("215,mo", "not_applicable", None),
        ("18,a", "ok", 1),
        (">17,a", "not_computable", None),
        ("30,wk", "not_applicable", None),
        ("3,d", "not_applicable", None),
    ],
)
def test_an_age_at_the_limit_in_any_unit(tmp_path: Path, age: str, status: str, verdict: int | None) -> None:
    doses = "id,drug,kind,route,purpose,amount,unit,start,end\nA,heparin,infusion,iv,therapeutic,25,U/kg/h,D0T00:00,D1T00:00\n"
    patient = f"item,value,unit,id\nage,{age},AGE\nbody_weight,70,kg,WT\n"
    at = metric_of(tmp_path, {"doses.csv": doses, "patient.csv": patient, "targets.csv": None})
    found = at("resistance_highest_rate")
    assert (found[0], found[3]) == (verdict, status)
