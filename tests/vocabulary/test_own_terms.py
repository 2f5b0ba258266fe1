"""A project's own terms are read on top of ours, and a mistake in them is named."""

import pytest
from casetrace import vocabulary
from casetrace.cohort import variables
from casetrace.core.errors import InputError
from casetrace.vocabulary import own_terms


@pytest.fixture
def own(tmp_path):
    """Writes files of one's own and has them count; afterwards ours stand alone again."""

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        own_terms.read_on_top(tmp_path)
        return vocabulary.load()

    yield write
    own_terms.read_on_top(None)


def test_terms_of_every_kind_are_added(own):
    found = own(
        drugs="drug,class,canonical_unit_ucum,plausible_rate_high\nherbimab,anticoagulant,mg,5 mg/h\n",
        analytes="analyte,canonical_unit_ucum,conversions,unit_may_be_left_out\nherbimab_level,ng/mL,ug/mL:1000,no\n",
        events="event,synonyms_as_printed\npump_exchange,new pump;pump change\n",
        findings="finding,allowed_grades\nlivedo,mild; severe\n",
        units="as_printed,ucum\nng per mL,ng/mL\n",
    )
    assert found.drugs.find("Herbimab").plausible_rate_high[1] == "mg/h"
    assert found.analytes.find("herbimab level").conversions["ug/mL"] == 1000
    assert found.events.find("pump change").name == "pump_exchange"
    assert found.findings.find("livedo").grades == ("mild", "severe")
    assert found.units.ucum["ng per mL"] == "ng/mL"
    assert found.drugs.find("heparin").name == "unfractionated heparin"


def test_a_row_of_a_known_name_adds_synonyms_and_leaves_the_term_as_it_is(own):
    ours = vocabulary.load().analytes.find("platelets")
    found = own(analytes="analyte,synonyms_as_printed\nplatelets,Thrombozyten\n")
    assert found.analytes.find("thrombozyten") == ours
    assert found.analytes.find("platelets") == ours
    assert [a.name for a in found.analytes.all()].count("platelets") == 1


def test_without_a_project_ours_stand_alone(own):
    own(drugs="drug\nherbimab\n")
    own_terms.read_on_top(None)
    assert vocabulary.load().drugs.find("herbimab") is None


def test_a_change_of_the_file_is_read(own):
    own(events="event\npump_exchange\n")
    assert own(events="event\npump_exchange\nsecond_exchange\n").events.find("second exchange") is not None


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"drugs": "drug,class\nargatroban,antiplatelet\n"},
            "vocabulary/drugs.csv, row 2: 'argatroban' is a term already",
        ),
        (
            {"events": "event,synonyms_as_printed\npump_exchange,ECMO start\n"},
            "vocabulary/events.csv, row 2: 'ECMO start' already stands for 'ecmo_start'",
        ),
        ({"drug": "drug\nherbimab\n"}, "vocabulary/drug.csv: no such file is read (allowed: analytes.csv"),
        ({"drugs": "drug,colour\nherbimab,red\n"}, "vocabulary/drugs.csv, row 1, column colour: no such column"),
        ({"drugs": "class\nanticoagulant\n"}, "vocabulary/drugs.csv, row 1, column drug: the column is missing"),
        ({"drugs": "drug,class\nherbimab,anticoagulant,more\n"}, "row 2: the row has more cells than the heading"),
        ({"drugs": "drug,class\n,anticoagulant\n"}, "vocabulary/drugs.csv, row 2, column drug: the cell is empty"),
        (
            {"analytes": "analyte,plausible_low\nherbimab_level,low\n"},
            "vocabulary/analytes.csv, row 2: a number cannot",
        ),
        (
            {"units": "as_printed,ucum\nmg/dL,g/L\n"},
            "vocabulary/units.csv, row 2, column as_printed: 'mg/dL' is 'mg/dL'",
        ),
        ({"drugs": 'drug\n"herbimab\n'}, "vocabulary/drugs.csv: the file cannot be read as CSV"),
    ],
)
def test_a_mistake_is_named(own, files, said):
    with pytest.raises(InputError) as error:
        own(**files)
    assert said in str(error.value)


def test_variables_of_one_s_own_follow_ours(own):
    heading = "variable,section,label,kind,source,name,stratum\n"
    ours = len(variables.lines())
    own(cohort_variables=f"{heading}livedo,Course,Livedo,choice,finding,livedo,\n")
    assert [line.variable for line in variables.lines()][ours:] == ["livedo"]
    own(cohort_variables=f"{heading}age,Course,Age,date,case,age,\n")
    with pytest.raises(InputError) as error:
        variables.lines()
    assert [problem.column for problem in error.value.problems] == ["kind", "source", "variable"]
