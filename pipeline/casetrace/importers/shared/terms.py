"""Terms of a source -> vocabulary terms: by code where the source writes codes, else by name."""

import csv
from functools import cache
from typing import TypeVar

from casetrace.core.paths import VOCABULARY
from casetrace.vocabulary import Drug, Named, Quantity, Terms, load, plain

T = TypeVar("T", bound=Named)
#: Prefixes that sources write before a code.
_SYSTEMS = {"loinc": "loinc", "rxnorm": "rxnorm_ingredient", "atc": "atc"}


def find_analyte(term: str) -> Quantity | None:
    """The analyte of a LOINC code (`777-3`, `LOINC:777-3`) or of a name."""
    return _find(term, load().analytes, _codes("analytes", "analyte", "loinc"))


def find_patient_item(term: str) -> Quantity | None:
    """The patient item of a LOINC code or of a name."""
    return _find(term, load().patient_items, _codes("patient_items", "item", "loinc"))


def find_drug(term: str) -> Drug | None:
    """The drug of an RxNorm ingredient (`5224`) or ATC code (`B01AB01`), or of a name."""
    return _find(term, load().drugs, _codes("drugs", "drug", "rxnorm_ingredient", "atc"))


def _find(term: str, terms: Terms[T], codes: dict[str, str]) -> T | None:
    found = terms.find(term)
    if found is not None:
        return found
    system, _, code = term.strip().rpartition(":")
    if system and system.strip().lower() not in _SYSTEMS:
        return None
    name = codes.get(code.strip().upper())
    return terms.find(name) if name else None


@cache
def _codes(table: str, key: str, *columns: str) -> dict[str, str]:
    """Code -> name. A code that stands for two terms tells neither."""
    found: dict[str, set[str]] = {}
    with (VOCABULARY / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            for column in columns:
                for code in (row[column] or "").split(";"):
                    if code.strip():
                        found.setdefault(code.strip().upper(), set()).add(row[key])
    return {code: names.pop() for code, names in found.items() if len(names) == 1}


def nearest(term: str, terms: Terms[T]) -> str | None:
    """The known term whose name is nearest to a name that is not known; None when none is near."""
    near = terms.near(term)
    if near is not None:
        return near
    alike = terms.alike(term)
    if alike:
        return alike[0]
    beginning = plain(term)
    starts = [name for name, spelt in terms.printed().items() if any(plain(s).startswith(beginning) for s in spelt)]
    return starts[0] if len(beginning) >= 4 and starts else None
