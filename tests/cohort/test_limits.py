import pytest
from casetrace.cohort.limits import limits_of
from casetrace.core import params
from casetrace.core.errors import InputError

from tests.case_builder import ROOT

TEXT = (ROOT / "params.yaml").read_text(encoding="utf-8")


def limits(tmp_path, old, new):
    assert TEXT.count(old) == 1
    (tmp_path / "params.yaml").write_text(TEXT.replace(old, new), encoding="utf-8")
    return limits_of(params.load(tmp_path / "params.yaml"))


def test_each_limit_is_the_parameter_of_its_name(tmp_path):
    assert limits(tmp_path, "median_from_cases: {value: 5", "median_from_cases: {value: 6").median == 6
    assert limits(tmp_path, "quartiles_from_cases: {value: 8", "quartiles_from_cases: {value: 9").quartiles == 9
    assert limits(tmp_path, "percent_from_cases: {value: 10", "percent_from_cases: {value: 20").percent == 20
    assert limits(tmp_path, "curve_from_cases: {value: 3", "curve_from_cases: {value: 4").curve == 4
    assert limits(tmp_path, "difference_from_cases: {value: 5", "difference_from_cases: {value: 7").difference == 7
    assert limits(tmp_path, "test_from_cases: {value: 5", "test_from_cases: {value: 8").test == 8
    assert limits(tmp_path, "value: 99999, unit: arr", "value: 500, unit: arr").arrangements == 500


@pytest.mark.parametrize("value", ["5.5", "1", "0"])
def test_a_limit_is_a_whole_number_of_cases(tmp_path, value):
    message = rf"cohort.test_from_cases: '{value}' is no count of cases \(allowed: a whole number, 2 or larger\)"
    with pytest.raises(InputError, match=message):
        limits(tmp_path, "test_from_cases: {value: 5", f"test_from_cases: {{value: {value}")
