"""UCUM codes and exact conversion between them; a conversion that is not certain is refused, never guessed.

Factors are fractions, so that 1 ug/kg/min is 0.06 mg/kg/h and not 0.060000000000000005. International units, arbitrary
units and annotations ({FEU}, {ratio}) are measures of their own: nothing turns them into a mass.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache

_PREFIXES = {
    "k": Fraction(1000),
    "d": Fraction(1, 10),
    "c": Fraction(1, 100),
    "m": Fraction(1, 10**3),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
    "f": Fraction(1, 10**15),
}
#: UCUM code -> size in the base measure and the base measure with its power.
_ATOMS: dict[str, tuple[Fraction, str, int]] = {
    "g": (Fraction(1), "mass", 1),
    "m": (Fraction(1), "length", 1),
    "L": (Fraction(1, 1000), "length", 3),
    "l": (Fraction(1, 1000), "length", 3),
    "s": (Fraction(1), "time", 1),
    "min": (Fraction(60), "time", 1),
    "h": (Fraction(3600), "time", 1),
    "d": (Fraction(86400), "time", 1),
    "mol": (Fraction(1), "substance", 1),
    "eq": (Fraction(1), "equivalents", 1),
    "Pa": (Fraction(1), "pressure", 1),
    "U": (Fraction(1), "enzyme units", 1),
    "[iU]": (Fraction(1), "international units", 1),
    "[arb'U]": (Fraction(1), "arbitrary units", 1),
    "1": (Fraction(1), "", 0),
}
#: Codes that take no prefix and are measures of their own.
_ALONE = {"%", "Cel", "mm[Hg]", "[lb_av]", "[in_i]", "[pH]", "a", "mo", "wk", "osm"}
_PART = re.compile(r"(?P<code>[^{}]*?)(?P<power>-?\d+)?(?P<note>\{[^{}]*\})?")
_ROUNDING_DIGITS = 34


@dataclass(frozen=True)
class Measure:
    """Size of a unit and what it measures, as powers of base measures."""

    scale: Fraction
    powers: frozenset[tuple[str, int]]


@cache
def measure(ucum: str) -> Measure | None:
    """What a UCUM code measures; None when it is not a code that this module knows."""
    scale = Fraction(1)
    powers: dict[str, int] = {}
    sign = 1
    for token in re.split(r"([/.](?![^{}]*\}))", ucum):
        if token in ("/", "."):
            sign = -1 if token == "/" else 1
            continue
        if token == "" and ucum.startswith("/"):
            continue
        part = _part(token)
        if part is None:
            return None
        scale *= part[0] ** sign
        for base, power in part[1].items():
            powers[base] = powers.get(base, 0) + sign * power
    return Measure(scale, frozenset((base, power) for base, power in powers.items() if power))


def is_ucum(code: str) -> bool:
    """Whether the text is a UCUM code that this module knows."""
    return bool(code) and measure(code) is not None


def factor(source: str, target: str) -> Fraction | None:
    """What one `source` is in `target`; None when they do not measure the same thing."""
    if source == target:
        return Fraction(1)
    have, want = measure(source), measure(target)
    if have is None or want is None or have.powers != want.powers:
        return None
    return have.scale / want.scale


def to_canonical(code: str, unit: str | None, conversions: Mapping[str, Fraction]) -> Fraction | None:
    """What one `code` is in the canonical unit of an analyte or drug; None when nothing says so.

    Args:
        code: UCUM code of the printed unit.
        unit: Canonical unit of the analyte or drug.
        conversions: Its own factors to that unit, by UCUM code.
    """
    if unit is None:
        return None
    direct = conversions.get(code) or factor(code, unit)
    if direct is not None:
        return direct
    for known, by in conversions.items():
        step = factor(code, known)
        if step is not None:
            return step * by
    return None


def convert(value: Decimal, by: Fraction) -> Decimal:
    """The value times an exact factor, with no more digits than decimals carry."""
    with localcontext() as context:
        context.prec = _ROUNDING_DIGITS
        return value * Decimal(by.numerator) / Decimal(by.denominator)


def show_factor(by: Fraction) -> str:
    """A factor as a person would write it: 100, 0.06, 1/24."""
    exact = convert(Decimal(1), by)
    return f"{exact.normalize():f}" if Fraction(exact) == by else f"{by.numerator}/{by.denominator}"


@dataclass(frozen=True)
class DoseUnit:
    """The parts of a dose unit: [iU]/kg/h is the amount [iU], per kg, per hour."""

    amount: str
    per_kg: bool
    per_time: str | None

    @property
    def per_hour(self) -> Fraction:
        """What one of it is per hour (1 for an amount that is not a rate)."""
        if self.per_time is None:
            return Fraction(1)
        found = factor("/" + self.per_time, "/h")
        assert found is not None, self.per_time  # `split_dose_unit` admits only units of time
        return found


def split_dose_unit(ucum: str) -> DoseUnit | None:
    """The parts of a dose unit; None when it is not an amount, per kg or per time."""
    amount, *rest = ucum.split("/")
    times = [part for part in rest if part in ("h", "min", "d")]
    weights = [part for part in rest if part == "kg"]
    if not amount or len(times) > 1 or len(weights) > 1 or len(times) + len(weights) != len(rest):
        return None
    return DoseUnit(amount, bool(weights), times[0] if times else None)


def _part(token: str) -> tuple[Fraction, dict[str, int]] | None:
    """Scale and powers of one part of a unit: `10*9`, `mL`, `m2`, `ug`, `L{FEU}`, `{ratio}`."""
    if match := re.fullmatch(r"10\*(-?\d+)", token):
        return Fraction(10) ** int(match[1]), {}
    match = _PART.fullmatch(token)
    if match is None or not (match["code"] or match["note"] or match["power"]):
        return None
    powers: dict[str, int] = {match["note"]: 1} if match["note"] else {}
    code, power = match["code"], int(match["power"] or 1)
    if not code:
        # `1` and a bare annotation are numbers; any other digit is not a unit.
        return (Fraction(1), powers) if match["power"] in (None, "1") else None
    if code in _ALONE:
        return Fraction(1), powers | {code: power}
    found = _atom(code)
    if found is None:
        return None
    size, base, exponent = found
    return size**power, powers | ({base: exponent * power} if base else {})


def _atom(code: str) -> tuple[Fraction, str, int] | None:
    """Size, base measure and its power of a code with or without a prefix."""
    if code in _ATOMS:
        return _ATOMS[code]
    prefix, rest = _PREFIXES.get(code[0]), _ATOMS.get(code[1:])
    if prefix is None or rest is None or code[1:] == "1":
        return None
    return prefix * rest[0], rest[1], rest[2]
