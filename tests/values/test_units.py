"""Unit conversion: exact, and refused where it is not certain."""

from decimal import Decimal
from fractions import Fraction

import pint
import pytest
from casetrace import vocabulary
from casetrace.values import units


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("mg/dL", "g/L", Fraction(1, 100)),
        ("g/dL", "g/L", 10),
        ("ng/mL", "ug/L", 1),
        ("ug/mL", "mg/L", 1),
        ("10*3/uL", "10*9/L", 1),
        ("/uL", "10*9/L", Fraction(1, 1000)),
        ("10*3/mm3", "10*9/L", 1),
        ("ug/min", "mg/h", Fraction(3, 50)),
        ("/d", "/h", Fraction(1, 24)),
        ("[iU]/dL", "[iU]/mL", Fraction(1, 100)),
        ("m[iU]/mL", "[iU]/L", 1),
        ("ng/mL{FEU}", "ug/L{FEU}", 1),
        ("kg/m2", "g/cm2", Fraction(1, 10)),
        ("%", "%", 1),
    ],
)
def test_exact_factors(source, target, expected):
    assert units.factor(source, target) == expected


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("[iU]", "mg"),
        ("[iU]", "U"),
        ("U/mL", "[iU]/mL"),
        ("ng/mL", "ug/L{FEU}"),
        ("mg/dL", "mmol/L"),
        ("%", "1"),
        ("{unit}", "mL"),
        ("{ratio}", "s"),
        ("[arb'U]/mL", "[iU]/mL"),
        ("g", "g/L"),
        ("nonsense", "g"),
    ],
)
def test_what_is_not_certain_is_refused(source, target):
    assert units.factor(source, target) is None


@pytest.mark.parametrize("code", ["g/L", "10*9/L", "[iU]/kg/h", "mm[Hg]", "kg/m2", "{INR}", "ug/L{FEU}", "1", "/min"])
def test_known_codes(code):
    assert units.is_ucum(code)


@pytest.mark.parametrize("code", ["", "IU/mL", "mcg", "G/L", "x10^9/L", "units", "2", "g//L", "kk", "mg/"])
def test_unknown_codes(code):
    assert not units.is_ucum(code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("[iU]/kg/h", units.DoseUnit("[iU]", True, "h")),
        ("ug/kg/min", units.DoseUnit("ug", True, "min")),
        ("mg", units.DoseUnit("mg", False, None)),
        ("[iU]/d", units.DoseUnit("[iU]", False, "d")),
        ("{unit}", units.DoseUnit("{unit}", False, None)),
        ("mg/mL", None),
        ("mg/h/h", None),
        ("/h", None),
    ],
)
def test_dose_units_in_parts(code, expected):
    assert units.split_dose_unit(code) == expected


def test_a_rate_per_hour_is_exact():
    assert units.DoseUnit("ug", True, "min").per_hour == 60
    assert units.DoseUnit("[iU]", False, "d").per_hour == Fraction(1, 24)


@pytest.mark.parametrize(("by", "text"), [(Fraction(100), "100"), (Fraction(3, 50), "0.06"), (Fraction(1, 24), "1/24")])
def test_factors_as_a_person_writes_them(by, text):
    assert units.show_factor(by) == text


def test_converted_numbers_have_no_dust():
    assert units.convert(Decimal("0.63"), Fraction(100)) == 63
    assert float(units.convert(Decimal("9.6"), Fraction(909, 10))) == 872.64


def test_agrees_with_an_independent_library():
    """Every printed unit that is a mass, volume, time, amount of substance or count, against pint."""
    registry = pint.UnitRegistry(non_int_type=Fraction)
    names = {"g": "gram", "L": "liter", "mol": "mole", "s": "second", "min": "minute", "h": "hour", "d": "day"}
    prefixes = {"": "", "k": "kilo", "d": "deci", "m": "milli", "u": "micro", "n": "nano", "p": "pico"}
    spelt = {p + a: prefix + name for p, prefix in prefixes.items() for a, name in names.items()}
    spelt |= {"min": "minute", "d": "day", "10*9": "1000000000", "10*3": "1000"}
    codes = sorted(set(vocabulary.load().units.ucum.values()) | {"ng/dL", "pg/mL", "g/dL", "10*3/uL", "ug/min"})
    quantities = {}
    for code in codes:
        parts = code.split("/")
        if all(part in spelt for part in parts if part):
            # pint reads `/` as Python does, from left to right, as UCUM does.
            quantities[code] = registry.parse_expression("/".join(spelt.get(p, "1") for p in parts)) * Fraction(1)
    assert len(quantities) >= 20
    compared = 0
    for a, qa in quantities.items():
        for b, qb in quantities.items():
            ours = units.factor(a, b)
            if qa.dimensionality == qb.dimensionality:
                assert ours == Fraction(qa.to(qb.units).magnitude) / Fraction(qb.magnitude), (a, b)
                compared += 1
            else:
                assert ours is None, (a, b)
    assert compared > len(quantities)
