"""params.yaml: every key declared, with its unit and source."""

import pytest
from casetrace.core import params
from casetrace.core.errors import InputError, NotFoundError

from tests.case_builder import ROOT

TEXT = (ROOT / "params.yaml").read_text(encoding="utf-8")


def load(tmp_path, text):
    (tmp_path / "params.yaml").write_text(text, encoding="utf-8")
    return params.load(tmp_path / "params.yaml")


def test_the_project_file_is_complete():
    found = params.load(ROOT / "params.yaml")
    assert found.value("heparin.resistance_dose_24h_u") == 35000
    assert found.value("report.engine") in params.CHOICES["report.engine"]
    assert {entry.name for entry in found.entries()} == {*params.UNITS, *params.CHOICES}
    assert found.comparison() == ()
    assert all(entry.source and entry.unit for entry in found.entries() if entry.name in params.UNITS)


def test_names_for_sql_are_the_last_parts_and_unique():
    found = params.load(ROOT / "params.yaml").for_sql()
    assert found["resistance_dose_24h_u"] == 35000
    assert len(found) == len(params.UNITS) + len(params.CHOICES)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 35000", "value: 35 000", "key heparin.resistance_dose_24h_u: '35 000' is not a number"),
        ("value: 35000", "value: .nan", "'nan' is not a number"),
        ("value: 35000", "value: true", "'True' is not a number"),
        ("value: 35000", "value: -1", "'-1' is not a number (allowed: a number, 0 or larger)"),
        ('unit: "[iU]",', 'unit: "mg",', "the unit 'mg' is not the unit of this parameter (allowed: [iU])"),
        ("resistance_dose_24h_u:", "resistance_dose:", "key heparin.resistance_dose: no parameter of this name"),
        (
            "resistance_dose_24h_u:",
            "resistance_dose:",
            "key heparin.resistance_dose_24h_u: the parameter is missing",
        ),
        ("engine: pandoc", "engine: word", "'word' is no choice (allowed: pandoc, quarto)"),
        ("heparin:", "heparin: 5\nheparin2:", "key heparin: the section holds no parameters"),
        ("time:", "time:\ntime:", "the key 'time' stands twice"),
        ("{value: 30, unit: min,", "{value: 30,", "the entry is not complete"),
    ],
)
def test_faults_are_named(tmp_path, old, new, message):
    assert old in TEXT
    with pytest.raises(InputError) as refused:
        load(tmp_path, TEXT.replace(old, new, 1))
    assert message in str(refused.value)


def test_all_faults_at_once(tmp_path):
    with pytest.raises(InputError) as refused:
        load(tmp_path, TEXT.replace("value: 35000", "value: x").replace("engine: pandoc", "engine: word"))
    assert len(refused.value.problems) == 2


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(NotFoundError, match="no parameter file"):
        params.load(tmp_path / "params.yaml")


def test_unknown_name():
    with pytest.raises(NotFoundError, match=r"no parameter 'heparin\.nothing'"):
        params.load(ROOT / "params.yaml").value("heparin.nothing")


def test_a_stage_that_is_given_some_sections_cannot_read_another():
    some = params.load(ROOT / "params.yaml").only(["time", "values"])
    assert some.number("time.approximate_time_min") == 30
    with pytest.raises(NotFoundError, match="no parameter 'heparin"):
        some.number("heparin.resistance_dose_24h_u")
