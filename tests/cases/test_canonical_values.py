"""The transcribed cases through the reader: no complaint, and chosen values in canonical units and study minutes."""

from functools import cache

import polars as pl
import pytest
from casetrace.core.params import load
from casetrace.extract.case_folder import read_case

from tests.cases import known
from tests.cases.raw_rows import CASES, ROOT

DAY_MIN = 24 * 60


@cache
def table(case: str, name: str) -> pl.DataFrame:
    """One canonical table of a case."""
    return read_case(CASES / case, load(ROOT / "params.yaml"))[0][name]


def row(case: str, name: str, row_id: str) -> dict[str, object]:
    """One canonical row."""
    return table(case, name).row(by_predicate=pl.col("row_id") == row_id, named=True)


#: A D-dimer whose printed unit cannot be right and whose right one is not known.
WARNINGS = {
    known.DOG_BITE: [
        f"{known.DOG_BITE}/labs.csv, row 22, column value: '>128' is outside the plausible range of d_dimer "
        "(usually 0 to 200000 ug/L)"
    ]
}


@pytest.mark.parametrize("case", known.ALL)
def test_the_case_is_read_without_error_or_unknown_warning(case: str) -> None:
    _, problems = read_case(CASES / case, load(ROOT / "params.yaml"))
    assert [str(problem) for problem in problems] == WARNINGS.get(case, [])


@pytest.mark.parametrize(
    ("case", "row_id", "value", "low", "high", "unit"),
    [
        (known.PSEUDO, "FVIII", None, 550.0, None, "%"),
        (known.PSEUDO, "APTT-SUB", None, None, 70.0, "s"),
        (known.PSEUDO, "AXA-SUPRA", None, None, None, "[iU]/mL"),
        (known.PCI, "WBC", 10.9, 10.9, 10.9, "10*9/L"),
        (known.PCI, "CRP", 128.0, 128.0, 128.0, "mg/L"),
        (known.PCI, "PLT", None, None, None, "10*9/L"),
        (known.PCI, "ACT248", 248.0, 248.0, 248.0, "s"),
        (known.PCI, "AT74", 74.0, 74.0, 74.0, "%"),
        (known.TABLE, "T25.fibrinogen", 1.62, 1.62, 1.62, "g/L"),
        (known.TABLE, "T21.inr", 7.0, 7.0, 7.0, "{INR}"),
        (known.TABLE, "T1.d_dimer", 17710.0, 17710.0, 17710.0, "ug/L"),
        (known.TABLE, "T37.aptt", 85.0, 85.0, 85.0, "s"),
        (known.ACP, "PLT96", 96.0, 96.0, 96.0, "10*9/L"),
        (known.HIGH_DOSE, "PLT12", 12.0, 12.0, 12.0, "10*9/L"),
        (known.GREEN, "PLT113", 113.0, 113.0, 113.0, "10*9/L"),
        (known.DELRUE, "HIPA", 74.0, 74.0, 74.0, "{index}"),
        (known.FONDA, "PLT-DROP", None, 50.0, None, "%"),
        (known.RIVA, "DDIMER8500", 8500.0, 8500.0, 8500.0, "ug/L{FEU}"),
        (known.OGAWA, "DDIMER3", 13721.0, 13721.0, 13721.0, "ug/L"),
        (known.PAROTID, "HB", 93.0, 93.0, 93.0, "g/L"),
        (known.PAROTID, "ALB", None, None, 10.0, "g/L"),
        (known.POSTPARTUM, "T3.hemoglobin", 38.0, 38.0, 38.0, "g/L"),
        (known.POSTPARTUM, "T1.leukocytes", 10.26, 10.26, 10.26, "10*9/L"),
        (known.POSTPARTUM, "T9.albumin", 33.2, 33.2, 33.2, "g/L"),
        (known.POSTPARTUM, "T9.d_dimer", 14050.0, 14050.0, 14050.0, "ug/L"),
        (known.DOG_BITE, "TROP1", 262.0, 262.0, 262.0, "ng/L"),
        (known.DOG_BITE, "TROP2", 119000.0, 119000.0, 119000.0, "ng/L"),
    ],
)
def test_value(case: str, row_id: str, value: float | None, low: float | None, high: float | None, unit: str) -> None:
    found = row(case, "labs", row_id)
    assert (found["value"], found["value_low"], found["value_high"], found["unit"]) == (value, low, high, unit)


@pytest.mark.parametrize(
    ("case", "name", "row_id", "day"),
    [
        (known.PSEUDO, "events", "HOLD", 27),
        (known.PCI, "events", "PCI", 7),
        (known.PCI, "events", "IABP-END", 9),
        (known.PCI, "events", "DEATH", 44),
        (known.TABLE, "events", "ECMO", 23),
        (known.TABLE, "findings", "RVT2-FIG", 20),
        (known.TABLE, "labs", "T99.d_dimer", 98),
    ],
)
def test_day(case: str, name: str, row_id: str, day: int) -> None:
    assert row(case, name, row_id)["day"] == day


@pytest.mark.parametrize(
    ("case", "row_id", "low", "high"),
    [
        (known.BOY, "BILI", None, 25.656),
        (known.BOY, "ALT", None, 23.0),
        (known.PSEUDO, "FVIII", 50.0, None),
        (known.TABLE, "T1.ldh", 100.0, 210.0),
    ],
)
def test_reference_range(case: str, row_id: str, low: float | None, high: float | None) -> None:
    found = row(case, "labs", row_id)
    assert (found["ref_low"], found["ref_high"]) == (low, high)


def test_creatinine_under_a_wrong_unit_is_read_by_the_curators_reading() -> None:
    found = row(known.POSTPARTUM, "labs", "T3.creatinine")
    assert (found["value"], found["unit"], found["unit_reported"]) == (pytest.approx(348.296), "umol/L", "U/L")
    assert found["conversion"] == "read as 3.94 mg/dL; mg/dL to umol/L: x 88.4"
    assert (found["raw_file"], found["raw_row"], found["evidence"]) == ("labs_wide.csv", 6, "Table 1, day 3; column SC")


@pytest.mark.parametrize(
    ("case", "row_id", "occurrences", "low", "high"),
    [
        (known.DELRUE, "ENOX", 10, 30.0, 30.0),  # twice a day for five days
        (known.POSTPARTUM, "PLASMA", 4, 200.0, 200.0),
        (known.DELRUE, "UFH", 1, 20000.0, 260000.0),
        (known.CPB, "ARG-LOAD", 1, None, None),  # per kg, and no weight is printed
    ],
)
def test_doses(case: str, row_id: str, occurrences: int, low: float | None, high: float | None) -> None:
    given = table(case, "doses").filter(pl.col("row_id") == row_id).sort("occurrence")
    assert given["occurrence"].to_list() == list(range(1, occurrences + 1))
    assert {(float(a) if a is not None else None) for a in given["amount_low"]} == {low}
    assert {(float(a) if a is not None else None) for a in given["amount_high"]} == {high}


def test_low_molecular_weight_heparin_began_eight_days_before_day_28() -> None:
    dose = table(known.PAROTID, "doses").row(by_predicate=pl.col("row_id") == "LMWH", named=True)
    assert (dose["start_day"], dose["start_anchor"]) == (19, "PLT15")


def test_the_56000_units_keep_their_24_hours_wherever_the_hold_lies_on_day_27() -> None:
    dose = row(known.PSEUDO, "doses", "HEP-TOTAL")
    assert (dose["amount"], dose["unit"], dose["length_min"]) == (56000, "[iU]", DAY_MIN)
    assert (dose["start_earliest_min"], dose["end_latest_min"]) == (26 * DAY_MIN, 28 * DAY_MIN - 1)
    assert dose["start_boundary"] == row(known.PSEUDO, "doses", "HEP-EARLIER")["end_boundary"], "one instant"


def test_the_alteplase_infusion_keeps_its_length_at_an_open_position() -> None:
    dose = row(known.TABLE, "doses", "TPA1")
    assert (dose["amount"], dose["amount_status"], dose["length_min"]) == (None, "not_printed", DAY_MIN)
    assert (dose["start_earliest_min"], dose["start_latest_min"]) == (10 * DAY_MIN, 11 * DAY_MIN - 1)


def test_discharge_and_death_span_the_calendar_months_that_four_months_can_be() -> None:
    discharge, death = row(known.TABLE, "events", "DISCHARGE"), row(known.TABLE, "events", "DEATH")
    assert (discharge["time_earliest_min"], discharge["time_latest_min"]) == (112 * DAY_MIN, 125 * DAY_MIN - 1)
    assert (death["time_earliest_min"], death["time_latest_min"]) == (115 * DAY_MIN, 128 * DAY_MIN - 1)
