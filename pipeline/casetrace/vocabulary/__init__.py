"""The vocabulary: analytes, patient items, drugs, findings, events and printed units, as rows of CSV tables.

A name is matched without regard to case, spaces, hyphens and underscores. A name that is not in the vocabulary is
legal (nearly every case has terms of its own) unless it is so close to a known one that it must be a slip.
"""

import csv
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from casetrace.core.errors import InputError, Problem
from casetrace.core.paths import VOCABULARY
from casetrace.values.suggestions import alike, is_slip
from casetrace.vocabulary import own_terms


class Named(Protocol):
    """Anything with a vocabulary name."""

    @property
    def name(self) -> str:
        """The name that the canonical tables carry."""
        ...


T = TypeVar("T", bound=Named)


@dataclass(frozen=True)
class Term:
    """An event, or any other name without further attributes."""

    name: str


@dataclass(frozen=True)
class Quantity:
    """An analyte or patient item: its canonical unit, what converts to it, and what is plausible (in that unit)."""

    name: str
    unit: str | None
    conversions: Mapping[str, Fraction]
    unit_may_be_left_out: bool
    plausible_low: Decimal | None
    plausible_high: Decimal | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drug:
    """A drug: its class, the unit of its amounts, and the highest plausible rate."""

    name: str
    drug_class: str
    unit: str | None
    conversions: Mapping[str, Fraction]
    plausible_rate_high: tuple[Decimal, str] | None


@dataclass(frozen=True)
class Finding:
    """A finding that a person adjudicates, and the grades that it may have."""

    name: str
    grades: tuple[str, ...]


class Terms(Generic[T]):
    """Terms of one kind, found by their name or a synonym."""

    def __init__(self, rows: Iterable[tuple[str, int, T, list[str]]]) -> None:
        self._by_name: dict[str, T] = {}
        self._printed: dict[str, list[str]] = {}
        problems: list[Problem] = []
        for file, row, term, synonyms in rows:
            self._printed.setdefault(term.name, []).extend([term.name, *synonyms])
            for name in [term.name, *synonyms]:
                owner = self._by_name.setdefault(plain(name), term)
                if owner.name != term.name:
                    what = f"'{name}' already stands for '{owner.name}'"
                    problems.append(Problem(file, row, None, what, "each name and synonym once"))
        if problems:
            raise InputError(problems)

    def find(self, name: str) -> T | None:
        """The term of that name or synonym."""
        return self._by_name.get(plain(name))

    def printed(self) -> dict[str, list[str]]:
        """Each term with its name and synonyms as written in the vocabulary, capitals kept."""
        return {name: list(spelt) for name, spelt in self._printed.items()}

    def near(self, name: str) -> str | None:
        """The known term that the name is probably a slip of."""
        wanted = plain(name)
        for known, term in self._by_name.items():
            if is_slip(wanted, known):
                return term.name
        return None

    def alike(self, name: str) -> list[str]:
        """Up to three terms that share a word with the name."""
        found = [self._by_name[known].name for known in alike(plain(name), self._by_name)]
        return list(dict.fromkeys(found))[:3]

    def all(self) -> list[T]:
        """Every term once, in the order of the file."""
        return list({term.name: term for term in self._by_name.values()}.values())


@dataclass(frozen=True)
class Units:
    """Printed units -> UCUM; some prints are no unit and carry the reason."""

    ucum: Mapping[str, str]
    refused: Mapping[str, str]

    def near(self, printed: str) -> str | None:
        """The known print that is closest."""
        wanted = plain_unit(printed)
        # FEU and DDU are measures of their own: no suggestion adds or drops them.
        notes = [note for note in ("feu", "ddu") if note in wanted.lower()]
        known = [unit for unit in self.ucum if [n for n in ("feu", "ddu") if n in unit.lower()] == notes]
        near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.6)
        return near[0] if near else None

    def as_printed(self, code: str) -> str:
        """A UCUM code as it may be typed: U for [iU], the first print of the vocabulary."""
        return next((text for text, ucum in self.ucum.items() if ucum == code), code)


@dataclass(frozen=True)
class Vocabulary:
    """All vocabulary tables."""

    analytes: Terms[Quantity]
    patient_items: Terms[Quantity]
    drugs: Terms[Drug]
    findings: Terms[Finding]
    events: Terms[Term]
    units: Units


def plain(name: str) -> str:
    """A name without case, and with one space for spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", " ", name).strip().lower()


def plain_unit(printed: str) -> str:
    """A printed unit with plain letters: superscripts, the micro sign and the times sign spelt out. Case is kept."""
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found[0].translate(_SUPERSCRIPTS), printed)
    return re.sub(r"\s+", " ", text.replace("µ", "u").replace("μ", "u").replace("×", "x")).strip()


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def load(folder: Path | None = None) -> Vocabulary:
    """The vocabulary with the terms of the project on top (`casetrace.vocabulary.own_terms`), or that of a folder.

    Raises:
        InputError: when a name stands for two terms or a number cannot be read.
    """
    own = own_terms.folder_in_force() if folder is None else None
    stamps = (
        () if own is None else tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(own.iterdir()))
    )
    return _load(folder or VOCABULARY, own, stamps)


@cache
def _load(folder: Path, own: Path | None, stamps: tuple[tuple[str, int, int], ...]) -> Vocabulary:
    """``stamps`` says when the project's files were last changed, so that a change is read."""
    return Vocabulary(
        analytes=_terms(folder, own, "analytes.csv", lambda row: _quantity("analyte", row)),
        patient_items=_terms(folder, own, "patient_items.csv", lambda row: _quantity("item", row)),
        drugs=_terms(folder, own, "drugs.csv", _drug),
        findings=_terms(
            folder, own, "findings.csv", lambda r: Finding(r["finding"], tuple(_list(r["allowed_grades"])))
        ),
        events=_terms(folder, own, "events.csv", lambda row: Term(row["event"])),
        units=_units(folder, own),
    )


def _units(folder: Path, own: Path | None) -> Units:
    rows = [row for _, row in _rows(folder / "units.csv")]
    printed = {plain_unit(text): row for row in rows for text in _list(row["as_printed"])}
    problems: list[Problem] = []
    for number, row in own_terms.own_rows(own, "units.csv"):
        for text in map(plain_unit, _list(row["as_printed"])):
            if printed.setdefault(text, row)["ucum"] != row["ucum"]:
                problems.append(
                    Problem("vocabulary/units.csv", number, "as_printed", f"'{text}' is '{printed[text]['ucum']}'")
                )
    if problems:
        raise InputError(problems)
    return Units(
        ucum={text: row["ucum"] for text, row in printed.items() if row["ucum"]},
        refused={text: row["note"] for text, row in printed.items() if not row["ucum"]},
    )


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows with their number as a spreadsheet counts them."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(number, row) for number, row in enumerate(csv.DictReader(file, strict=True), start=2)]


def _terms(folder: Path, own: Path | None, name: str, build: Callable[[dict[str, str]], T]) -> Terms[T]:
    """The terms of one file, and the project's own on top of them."""
    found: list[tuple[str, int, T, list[str]]] = []
    problems: list[Problem] = []
    known: dict[str, T] = {}
    added = [(f"vocabulary/{name}", number, row) for number, row in own_terms.own_rows(own, name)]
    for file, number, row in [*((name, number, row) for number, row in _rows(folder / name)), *added]:
        synonyms = _list(row.get("synonyms_as_printed") or row.get("met_as") or "")
        ours = known.get(plain(row[own_terms.KEYS[name]])) if file != name else None
        if ours is not None and not own_terms.only_synonyms(row, own_terms.KEYS[name]):
            what = f"'{ours.name}' is a term already; a row of that name adds synonyms and nothing else"
            problems.append(Problem(file, number, None, what))
            continue
        try:
            term = ours or build(row)
            found.append((file, number, term, synonyms))
            known.setdefault(plain(term.name), term)
        except (ValueError, ArithmeticError) as error:
            problems.append(Problem(file, number, None, f"a number cannot be read: {error}"))
    if problems:
        raise InputError(problems)
    return Terms(found)


def _quantity(key: str, row: dict[str, str]) -> Quantity:
    return Quantity(
        name=row[key],
        unit=row["canonical_unit_ucum"] or None,
        conversions=_conversions(row["conversions"]),
        unit_may_be_left_out=row["unit_may_be_left_out"] == "yes",
        plausible_low=Decimal(row["plausible_low"]) if row["plausible_low"] else None,
        plausible_high=Decimal(row["plausible_high"]) if row["plausible_high"] else None,
        words=tuple(_list(row.get("allowed_words", ""))),
    )


def _drug(row: dict[str, str]) -> Drug:
    number, _, unit = row["plausible_rate_high"].partition(" ")
    return Drug(
        name=row["drug"],
        drug_class=row["class"],
        unit=row["canonical_unit_ucum"] or None,
        conversions=_conversions(row.get("conversions", "")),
        plausible_rate_high=(Decimal(number), unit) if number else None,
    )


def _conversions(text: str) -> dict[str, Fraction]:
    """`mg/dL:0.01; U/mL:100` -> factor to the canonical unit by UCUM code."""
    pairs = (part.rpartition(":") for part in _list(text))
    return {unit.strip(): Fraction(number.strip()) for unit, _, number in pairs}


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
