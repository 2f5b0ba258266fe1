"""Printed units of any source -> UCUM: every part of a unit is a known word, or the unit is refused.

The words are data (`unit_words.csv`), the same for every source. A unit is a numerator and what it is divided by; each
part is looked up by itself, so that `units/lb/hr` is understood and the `m2` of `U/m2/h` is never passed over.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from casetrace.values import units
from casetrace.vocabulary import load, plain_unit

_WORDS = Path(__file__).resolve().parent / "unit_words.csv"
_POWER_OF_TEN = re.compile(r"(?:x ?)?10(?:\^|\*|\*\*|e|E|exp)?(?P<power>[3-9]|1[0-2])")
_ANNOTATION = re.compile(r"(?P<unit>.*\S)\s*[({ ](?P<word>FEU|DDU)[)}]?", re.IGNORECASE)
_TIMES = ("h", "min", "d", "s")
_WEIGHTS = {"kg": Fraction(1), "[lb_av]": Fraction("0.45359237"), "g": Fraction(1, 1000)}


@dataclass(frozen=True)
class DosePart:
    """A printed unit of a dose: what is given, per hour where it is a rate, per kg where it depends on the weight."""

    amount: str
    per_hour: Fraction | None
    per_kg: Fraction | None
    is_understood: bool


def candidates(printed: str | None, own: Mapping[str, str | None], *, of_dose: bool) -> tuple[str, ...]:
    """The UCUM codes that a printed unit may stand for, the likeliest first; none where a part is not understood.

    Args:
        printed: The unit as the source writes it.
        own: The source's own prints -> UCUM, which go before all others; None refuses a print.
        of_dose: `U` is the international unit of a dose, and first the enzyme unit of a result.
    """
    if printed is None:
        return ()
    text = plain_unit(printed)
    if text in own:
        code = own[text]
        return (code,) if code else ()
    if found := load().units.ucum.get(text):
        return (found,)
    composed = _composed(text)
    if composed is not None:
        enzyme = composed.replace("[iU]", "U")
        return (composed,) if of_dose or enzyme == composed else (enzyme, composed)
    return (text,) if units.is_ucum(text) else ()


def _composed(text: str) -> str | None:
    """The UCUM code put together from the parts; None when a part is no known word."""
    note = ""
    if match := _ANNOTATION.fullmatch(text):
        text, note = match["unit"].rstrip(" {("), "{" + match["word"].upper() + "}"
    parts = re.sub(r"\s*/\s*|\s+per\s+", "/", text).split("/")
    found = [_part(part) if part else "" for part in parts]
    if any(code is None for code in found) or (len(found) == 1 and not found[0]):
        return None
    first, *rest = [code or "" for code in found]
    is_count = first.startswith("10*") or first == "1"
    if is_count and not rest:
        return None
    if is_count and not _is_volume(rest[0]):
        return None
    code = "/".join(("" if first == "1" else first, *rest)) + note
    return code if units.is_ucum(code) else None


def _part(text: str) -> str | None:
    """One part of a printed unit as UCUM."""
    if match := _POWER_OF_TEN.fullmatch(re.sub(r"\s*cells$", "", text)):
        return f"10*{match['power']}"
    exact, folded = _words()
    return exact.get(text) or folded.get(text.lower())


@cache
def _words() -> tuple[dict[str, str], dict[str, str]]:
    with _WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    exact = {row["word"]: row["ucum"] for row in rows}
    return exact, {row["word"].lower(): row["ucum"] for row in rows if row["any_case"] == "yes"}


def _is_volume(code: str) -> bool:
    return units.factor(code, "L") is not None


def split_dose(code: str) -> DosePart:
    """The parts of a dose unit in UCUM. What is neither an amount, a time nor a weight is not understood."""
    amount, *rest = code.split("/")
    times = [part for part in rest if part in _TIMES]
    weights = [part for part in rest if part in _WEIGHTS]
    understood = bool(amount) and len(times) <= 1 and len(weights) <= 1 and len(times) + len(weights) == len(rest)
    per_hour = units.factor("/" + times[0], "/h") if times else None
    per_kg = 1 / _WEIGHTS[weights[0]] if weights else None
    return DosePart(amount, per_hour, per_kg, understood)
