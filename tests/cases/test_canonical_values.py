"""The transcribed cases through the reader: no complaint, and chosen values in canonical units and study minutes."""

from functools import cache

import polars as pl
import pytest

from pipeline.params import load
from pipeline.sources.case_folder import read_case
from tests.cases.raw_rows import ALL, CASES, PCI, PSEUDO, ROOT, TABLE

DAY_MIN = 24 * 60


@cache
def table(case: str, name: str) -> pl.DataFrame:
    """One canonical table of a case."""
    return read_case(CASES / case, load(ROOT / "params.yaml"))[0][name]


def row(case: str, name: str, row_id: str) -> dict[str, object]:
    """One canonical row."""
    return table(case, name).row(by_predicate=pl.col("row_id") == row_id, named=True)


@pytest.mark.parametrize("case", ALL)
def test_the_case_is_read_without_error_or_warning(case: str) -> None:
    _, problems = read_case(CASES / case, load(ROOT / "params.yaml"))
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize(
    ("case", "row_id", "value", "low", "high", "unit"),
    [
        (PSEUDO, "FVIII", None, 550.0, None, "%"),
        (PSEUDO, "APTT-SUB", None, None, 70.0, "s"),
        (PSEUDO, "AXA-SUPRA", None, None, None, "[iU]/mL"),
        (PCI, "WBC", 10.9, 10.9, 10.9, "10*9/L"),
        (PCI, "CRP", 128.0, 128.0, 128.0, "mg/L"),
        (PCI, "PLT", None, None, None, "10*9/L"),
        (PCI, "ACT248", 248.0, 248.0, 248.0, "s"),
        (PCI, "AT74", 74.0, 74.0, 74.0, "%"),
        (TABLE, "FIBRINOGEN-25", 1.62, 1.62, 1.62, "g/L"),
        (TABLE, "INR-21", 7.0, 7.0, 7.0, "{INR}"),
        (TABLE, "DDIMER-1", 17710.0, 17710.0, 17710.0, "ug/L"),
        (TABLE, "APTT-37", 85.0, 85.0, 85.0, "s"),
    ],
)
def test_value(case: str, row_id: str, value: float | None, low: float | None, high: float | None, unit: str) -> None:
    found = row(case, "labs", row_id)
    assert (found["value"], found["value_low"], found["value_high"], found["unit"]) == (value, low, high, unit)


@pytest.mark.parametrize(
    ("case", "name", "row_id", "day"),
    [
        (PSEUDO, "events", "HOLD", 27),
        (PCI, "events", "PCI", 7),
        (PCI, "events", "IABP-END", 9),
        (PCI, "events", "DEATH", 44),
        (TABLE, "events", "ECMO", 23),
        (TABLE, "findings", "RVT2-FIG", 20),
        (TABLE, "labs", "DDIMER-99", 98),
    ],
)
def test_day(case: str, name: str, row_id: str, day: int) -> None:
    assert row(case, name, row_id)["day"] == day


def test_the_56000_units_keep_their_24_hours_wherever_the_hold_lies_on_day_27() -> None:
    dose = row(PSEUDO, "doses", "HEP-TOTAL")
    assert (dose["amount"], dose["unit"], dose["length_min"]) == (56000, "[iU]", DAY_MIN)
    assert (dose["start_earliest_min"], dose["end_latest_min"]) == (26 * DAY_MIN, 28 * DAY_MIN - 1)
    assert dose["start_boundary"] == row(PSEUDO, "doses", "HEP-EARLIER")["end_boundary"], "one instant"


def test_the_alteplase_infusion_keeps_its_length_at_an_open_position() -> None:
    dose = row(TABLE, "doses", "TPA1")
    assert (dose["amount"], dose["amount_status"], dose["length_min"]) == (None, "not_printed", DAY_MIN)
    assert (dose["start_earliest_min"], dose["start_latest_min"]) == (10 * DAY_MIN, 11 * DAY_MIN - 1)


def test_discharge_and_death_span_the_calendar_months_that_four_months_can_be() -> None:
    discharge, death = row(TABLE, "events", "DISCHARGE"), row(TABLE, "events", "DEATH")
    assert (discharge["time_earliest_min"], discharge["time_latest_min"]) == (112 * DAY_MIN, 125 * DAY_MIN - 1)
    assert (death["time_earliest_min"], death["time_latest_min"]) == (115 * DAY_MIN, 128 * DAY_MIN - 1)
