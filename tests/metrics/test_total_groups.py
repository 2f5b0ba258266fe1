"""A printed total that may hold other doses: what they gave together is open."""

import pytest

from tests.case_builder import sheet
from tests.metrics.from_folder import metric_of

HEAD = "id | drug | kind | route | purpose | amount | unit | every | start | end\n"
TOTAL = "T | heparin | total | iv | therapeutic | 40000 | U | | {} | {}\n"


def of_doses(tmp_path, doses):
    return metric_of(tmp_path, {"doses.csv": sheet(HEAD + doses), "claims.csv": None, "targets.csv": None})


@pytest.mark.parametrize(
    ("span", "other", "low", "high"),
    [
        (("D0", "D1"), "B | heparin | bolus | iv | therapeutic | 5000 | U | | D0T12:00 |", 40000, 45000),
        (("D0", "D1"), "B | heparin | bolus | iv | therapeutic | 50000 | U | | D0T12:00 |", 50000, 90000),
        (("D0", "D1"), "B | heparin | bolus | iv | therapeutic | 625 | U/kg | | D0T12:00 |", 50000, 90000),
        (("D0", "D1"), "B | heparin | infusion | iv | therapeutic | 1000 | U/h | | D0T10:00 | D0T20:00", 40000, 50000),
        (("D0", "D3"), "B | heparin | bolus | iv | therapeutic | 25000 | U | 1d | D0T20:00 | D2T20:00", 50000, 90000),
        (("", ""), "B | heparin | bolus | iv | therapeutic | 5000 | U | | D0T12:00 |", 40000, 45000),
        (("D0T00:00", "D1T00:00"), "B | heparin | bolus | iv | therapeutic | 5000 | U | | |", 40000, 45000),
        (("D0T00:00", "D1T00:00"), "B | heparin | bolus | iv | therapeutic | 5000 | U | | D1T00:10~ |", 40000, 45000),
        (("D0", "D0"), "B | heparin | bolus | iv | therapeutic | 5000 | U | | D0 |", 40000, 45000),
    ],
)
def test_the_larger_side_is_sure_and_both_are_the_most(tmp_path, span, other, low, high):
    found = of_doses(tmp_path, TOTAL.format(*span) + other)
    assert found("iv_ufh_total") == (None, low, high, "not_computable")
    assert found("iv_ufh_max_24h")[0] is None
    assert found("iv_ufh_max_24h")[2] <= high


def test_a_dose_after_the_total_is_added(tmp_path):
    after = "B | heparin | bolus | iv | therapeutic | 5000 | U | | D1T00:00 |"
    assert of_doses(tmp_path, TOTAL.format("D0T00:00", "D1T00:00") + after)("iv_ufh_total") == (
        45000,
        45000,
        45000,
        "ok",
    )


def test_the_rate_and_the_start_of_a_dose_that_a_total_may_hold_stay(tmp_path):
    held = "B | heparin | infusion | iv | therapeutic | 1000 | U/h | | D0T10:00 | D0T20:00"
    found = of_doses(tmp_path, TOTAL.format("D0T18:00/D1T06:00", "D2") + held)
    assert found("iv_ufh_highest_rate")[1] == 1000
    assert found("iv_ufh_first_start")[1:3] == (600, 600)


def test_another_drug_and_its_occurrences(tmp_path):
    doses = """T | enoxaparin | total | sc | therapeutic | 80 | mg |    | D0 | D1
               B | enoxaparin | dose  | sc | therapeutic | 40 | mg | 1d | D1 | D4"""
    # The doses of days 2 and 3 lie after the total.
    assert of_doses(tmp_path, doses)("drug_total", "enoxaparin")[:3] == (None, 160, 200)
