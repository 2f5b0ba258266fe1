import polars as pl
import pytest
from casetrace.extract.case_folder import read_case
from casetrace.extract.duplicates import likely_duplicates

from tests.case_builder import SMALL_CASE, params, write_case

SOURCE = SMALL_CASE["source.yaml"]
PERSON = "item,value,unit\nage,41,a\nsex,female,\nbody_weight,80,kg\n"


def corpus(tmp_path, **cases):
    """Canonical tables of several small cases, each with its files replaced."""
    frames = [read_case(write_case(tmp_path, {**files}, name), params())[0] for name, files in cases.items()]
    return {name: pl.concat([frame[name] for frame in frames]) for name in frames[0]}


def warned(tables):
    return [problem.what for problem in likely_duplicates(tables)]


def source(**changes):
    return {"source.yaml": SOURCE + "".join(f"{key}: {value}\n" for key, value in changes.items())}


def test_the_same_article_is_named(tmp_path):
    text = SOURCE.replace("year: 2020", "year: 2020, doi: 10.1/x")
    other = {"source.yaml": text, "patient.csv": "item,value,unit\nage,70,a\n", "doses.csv": None, "targets.csv": None}
    assert warned(corpus(tmp_path, a={"source.yaml": text}, b=other)) == [
        "'b' may be the same patient: same doi 10.1/x"
    ]


@pytest.mark.parametrize(
    ("changes", "is_named"),
    [
        ({}, True),
        ({"patient.csv": PERSON.replace("41", "42")}, False),
        ({"patient.csv": PERSON.replace("female", "male")}, False),
        ({"patient.csv": PERSON.replace("80", "81")}, False),
        ({"patient.csv": PERSON.replace("80", "")}, False),  # no weight, and only one dose that can be compared
        ({"patient.csv": "item,value,unit\nage,41,a\n"}, False),  # an age alone says nothing, three results neither
    ],
)  # fmt: skip
def test_the_same_person_is_named_and_a_contradiction_clears(tmp_path, changes, is_named):
    tables = corpus(tmp_path, a={"patient.csv": PERSON}, b={"patient.csv": PERSON, **changes})
    assert bool(warned(tables)) is is_named


def test_age_and_sex_alone_are_not_enough(tmp_path):
    bare = {"patient.csv": "item,value,unit\nage,41,a\nsex,female,\n"}
    other = {"doses.csv": "drug,kind,amount,unit,start\nargatroban,infusion,9,ug/kg/min,D1\n", "targets.csv": None,
             "claims.csv": None, "labs.csv": "when,analyte,value,unit\nD1,platelets,9,10*9/L\n"}  # fmt: skip
    assert warned(corpus(tmp_path, a=bare, b={**bare, **other})) == []


def test_without_a_weight_equal_doses_are_enough(tmp_path):
    boluses = "drug,kind,amount,unit,start\nheparin,bolus,5000,U,D1\nargatroban,bolus,7,mg,D3\n"
    rest = {"doses.csv": boluses, "targets.csv": None, "labs.csv": None, "claims.csv": None}
    lighter = {"patient.csv": PERSON.replace("body_weight,80", "body_weight,")}
    (what,) = warned(corpus(tmp_path, a={"patient.csv": PERSON, **rest}, b={**lighter, **rest}))
    assert what == "'b' may be the same patient: same age (41), same sex (female), 2 equal doses"


def test_declared_patients_and_labelled_ones_are_not_named(tmp_path):
    person = {"patient.csv": PERSON}
    assert warned(corpus(tmp_path / "1", a={**person, **source(same_patient_as="[b]")}, b=person)) == []
    labelled = [{**person, **source(patient_label=f"patient {n}")} for n in (1, 2)]
    assert warned(corpus(tmp_path / "2", a=labelled[0], b=labelled[1])) == []


def test_only_pairs_of_one_case_when_asked(tmp_path):
    tables = corpus(tmp_path, a={"patient.csv": PERSON}, b={"patient.csv": PERSON}, c={"patient.csv": PERSON})
    assert len(likely_duplicates(tables)) == 3
    (first, second) = likely_duplicates(tables, about="b")
    assert {first.file, second.file} == {"b/source.yaml"}
    assert {first.what.split("'")[1], second.what.split("'")[1]} == {"a", "c"}


def test_extract_names_them_as_warnings_and_goes_on(tmp_path):
    from casetrace.core.paths import ProjectFolder
    from casetrace.extract.stage import extract

    corpus = ProjectFolder(tmp_path).corpus()
    for name in ("a", "b"):
        write_case(corpus.raw, {"patient.csv": PERSON}, name)
    result = extract(corpus, params())
    assert result.cases == 2
    assert [p.what.split(":")[0] for p in result.warnings if p.column == "same_patient_as"] == [
        "'b' may be the same patient"
    ]
