"""The vocabulary tables agree with themselves and with UCUM; names are matched, slips are told from other things."""

import csv

import pytest
from casetrace import vocabulary
from casetrace.core.errors import InputError
from casetrace.core.paths import VOCABULARY
from casetrace.values import units

KNOWN = vocabulary.load()
QUANTITIES = [*KNOWN.analytes.all(), *KNOWN.patient_items.all()]


def table(name):
    with (VOCABULARY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes():
    """Every UCUM code that the vocabulary uses."""
    found = set(KNOWN.units.ucum.values())
    for term in [*QUANTITIES, *KNOWN.drugs.all()]:
        found |= {code for code in [term.unit, *term.conversions] if code}
    return sorted(found)


@pytest.mark.parametrize("code", codes())
def test_every_unit_is_one_that_conversion_knows(code):
    assert units.is_ucum(code)


def test_every_unit_is_valid_ucum_by_an_independent_parser():
    ucumvert = pytest.importorskip("ucumvert", reason="ucumvert is a development dependency")
    parser = ucumvert.get_ucum_parser()
    for code in codes():
        parser.parse(code)  # raises for anything that is not UCUM


@pytest.mark.parametrize("term", QUANTITIES, ids=lambda term: term.name)
def test_quantities_are_consistent(term):
    if term.plausible_low is not None and term.plausible_high is not None:
        assert term.plausible_low < term.plausible_high
    assert term.unit is not None or not term.conversions
    assert all(factor > 0 for factor in term.conversions.values())
    assert not (term.words and term.unit)


@pytest.mark.parametrize("term", QUANTITIES, ids=lambda term: term.name)
def test_a_conversion_in_the_vocabulary_never_contradicts_unit_arithmetic(term):
    """Where both say something (mg/dL to g/L) they say the same."""
    for code, factor in term.conversions.items():
        by_arithmetic = units.factor(code, term.unit)
        assert by_arithmetic is None or by_arithmetic == factor, code


@pytest.mark.parametrize("drug", KNOWN.drugs.all(), ids=lambda drug: drug.name)
def test_drugs_are_consistent(drug):
    assert drug.drug_class
    if drug.unit is not None:
        assert units.split_dose_unit(drug.unit) == units.DoseUnit(drug.unit, False, None)
    if drug.plausible_rate_high is not None:
        number, unit = drug.plausible_rate_high
        parts = units.split_dose_unit(unit)
        assert number > 0
        assert parts is not None
        assert parts.per_time is not None
        assert units.to_canonical(parts.amount, drug.unit, drug.conversions) is not None


def test_a_printed_unit_stands_for_one_code():
    seen = {}
    for row in table("units.csv"):
        for text in row["as_printed"].split(";"):
            printed = vocabulary.plain_unit(text)
            assert seen.setdefault(printed, row["ucum"]) == row["ucum"], printed


def test_prints_that_are_refused_say_why():
    assert KNOWN.units.refused
    assert all(KNOWN.units.refused.values())


@pytest.mark.parametrize("name", ["analytes.csv", "drugs.csv", "events.csv", "findings.csv", "patient_items.csv"])
def test_names_stand_once(name):
    rows = table(name)
    key = next(iter(rows[0]))
    names = [vocabulary.plain(row[key]) for row in rows]
    assert len(names) == len(set(names))
    assert all(names)


@pytest.mark.parametrize(
    ("terms", "typed", "name"),
    [
        ("analytes", "platelets", "platelets"),
        ("analytes", "PLT", "platelets"),
        ("analytes", "Platelet  Count", "platelets"),
        ("analytes", "factor-viii", "factor_viii"),
        ("analytes", "D-dimer FEU", "d_dimer_feu"),
        ("drugs", "Heparin", "unfractionated heparin"),
        ("drugs", "fresh-frozen plasma", "plasma"),
        ("events", "ECMO start", "ecmo_start"),
    ],
)
def test_names_are_matched_without_case_spaces_and_hyphens(terms, typed, name):
    assert getattr(KNOWN, terms).find(typed).name == name


@pytest.mark.parametrize(
    ("terms", "typed", "near"),
    [
        ("analytes", "platlets", "platelets"),
        ("analytes", "fibrinogn", "fibrinogen"),
        ("drugs", "argatrobam", "argatroban"),
        ("drugs", "unfractionated heparine", "unfractionated heparin"),
        ("findings", "venous trombosis", "venous thrombosis"),
        # another thing, not a slip
        ("analytes", "factor XIV", None),
        ("analytes", "sars_cov2_iga", None),
        ("analytes", "beta hydroxybutyrate", None),
        ("drugs", "zelutaban", None),
        ("analytes", "GGT", None),
    ],
)
def test_a_slip_is_told_from_another_thing(terms, typed, near):
    assert getattr(KNOWN, terms).find(typed) is None
    assert getattr(KNOWN, terms).near(typed) == near


@pytest.mark.parametrize(
    ("printed", "plain"), [("×10⁹/L", "x10^9/L"), ("µg/mL", "ug/mL"), ("μg/mL", "ug/mL"), (" g / L ", "g / L")]
)
def test_printed_units_in_plain_letters(printed, plain):
    assert vocabulary.plain_unit(printed) == plain


def test_a_synonym_of_two_terms_is_refused(tmp_path):
    for name in ("analytes", "drugs", "events", "findings", "patient_items", "units"):
        (tmp_path / f"{name}.csv").write_bytes((VOCABULARY / f"{name}.csv").read_bytes())
    with (tmp_path / "events.csv").open("a", encoding="utf-8") as file:
        file.write("ecmo_begin,ECMO start,\n")
    with pytest.raises(InputError, match="'ECMO start' already stands for 'ecmo_start'"):
        vocabulary.load(tmp_path)


def test_a_conversion_that_is_not_a_number_is_refused(tmp_path):
    for name in ("analytes", "drugs", "events", "findings", "patient_items", "units"):
        (tmp_path / f"{name}.csv").write_bytes((VOCABULARY / f"{name}.csv").read_bytes())
    text = (tmp_path / "analytes.csv").read_text(encoding="utf-8")
    (tmp_path / "analytes.csv").write_text(text.replace("g/dL:10,", "g/dL:ten,", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"analytes\.csv, row \d+: a number cannot be read"):
        vocabulary.load(tmp_path)
