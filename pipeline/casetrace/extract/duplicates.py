"""Cases that may tell of one patient: the same article, or the same person with the same doses or results.

A likeness is a reason to look, never a proof; it is a warning. Where `same_patient_as` says so already, nothing is
said again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from casetrace.core.errors import Problem

#: Numbers that must agree before likeness of doses or of results counts.
_DOSES, _RESULTS = 2, 4
#: And the share of the case with fewer of them that they must make up.
_SHARE = 0.6

Item = tuple[str | None, ...]


@dataclass(frozen=True)
class _Person:
    case_id: str
    label: str | None
    declared: frozenset[str]
    publication: Mapping[str, str]
    items: Mapping[str, Item]
    doses: frozenset[Item]
    results: frozenset[Item]


def likely_duplicates(tables: Mapping[str, pl.DataFrame], about: str | None = None) -> list[Problem]:
    """One warning for each pair of cases that are likely to be of one patient.

    Args:
        tables: Canonical tables of a corpus.
        about: Only pairs with this case.
    """
    people = _people(tables)
    found = []
    for a, b in combinations(people, 2):
        if about is not None and about not in (a.case_id, b.case_id):
            continue
        if b.case_id in a.declared or a.case_id in b.declared:
            continue
        if why := _why(a, b):
            here, other = (b, a) if about == b.case_id else (a, b)
            what = f"'{other.case_id}' may be the same patient: {', '.join(why)}"
            found.append(
                Problem(
                    f"{here.case_id}/source.yaml",
                    None,
                    "same_patient_as",
                    what,
                    "if it is, name it in same_patient_as; for patients of one article, give each a patient_label",
                    severity="warning",
                )
            )
    return found


def _why(a: _Person, b: _Person) -> list[str]:
    """What the two have in common when that is enough to say so; empty otherwise."""
    if a.label is not None and b.label is not None and a.label != b.label:
        return []
    shared = [
        key
        for key in ("doi", "pmid", "pmcid")
        if a.publication.get(key) and a.publication[key] == b.publication.get(key)
    ]
    if shared:
        return [f"same {key} {a.publication[key]}" for key in shared]
    both = [item for item in ("age", "sex", "body_weight") if item in a.items and item in b.items]
    if any(a.items[item] != b.items[item] for item in both):
        return []
    alike = [f"same {item.replace('_', ' ')} ({a.items[item][0]})" for item in both]
    doses, results = _overlap(a.doses, b.doses, _DOSES), _overlap(a.results, b.results, _RESULTS)
    alike += [f"{doses} equal doses"] if doses else []
    alike += [f"{results} equal results"] if results else []
    is_person = {"age", "sex"} <= set(both) and (len(both) == 3 or doses or results)
    return alike if is_person or (doses and results) else []


def _overlap(a: frozenset[Item], b: frozenset[Item], at_least: int) -> int:
    common, smaller = len(a & b), min(len(a), len(b))
    return common if common >= at_least and common >= _SHARE * smaller else 0


def _people(tables: Mapping[str, pl.DataFrame]) -> list[_Person]:
    told = tables["patient"].filter(pl.col("is_coded") & pl.any_horizontal(pl.col("value", "value_word").is_not_null()))
    items = _grouped(told, ["item", "value", "value_word"])
    # A rate per kg of a patient without a weight has no absolute amount.
    amounts = (
        tables["doses"].with_columns(given=pl.coalesce("amount", "amount_per_kg")).filter(pl.col("given").is_not_null())
    )
    doses = _grouped(amounts, ["drug", "kind", "given"])
    results = _grouped(tables["labs"].filter(pl.col("value").is_not_null()), ["analyte", "value", "unit"])
    sources = {row["case_id"]: row for row in tables["sources"].iter_rows(named=True)}
    return [
        _Person(
            case_id=case["case_id"],
            label=case["patient_label"],
            declared=frozenset(case["same_patient_as"]),
            publication={key: sources[case["case_id"]][key] for key in ("doi", "pmid", "pmcid")},
            items={str(item): (_said(value, word),) for item, value, word in items.get(case["case_id"], [])},
            doses=frozenset(tuple(map(str, row)) for row in doses.get(case["case_id"], [])),
            results=frozenset(tuple(map(str, row)) for row in results.get(case["case_id"], [])),
        )
        for case in tables["cases"].iter_rows(named=True)
    ]


def _said(value: object, word: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(word)


def _grouped(frame: pl.DataFrame, columns: list[str]) -> dict[str, list[Iterable[object]]]:
    grouped: dict[str, list[Iterable[object]]] = {}
    for case_id, *rest in frame.select("case_id", *columns).iter_rows():
        grouped.setdefault(case_id, []).append(rest)
    return grouped
