"""Anticoagulants other than heparin: which of them a corpus has, and what each is dosed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from casetrace import vocabulary

HEPARINS = ("unfractionated heparin", "anticoagulant LMWH")
#: Classes of the drugs that a course is told by.
ANTICOAGULANTS = "anticoagulant|thrombin inhibitor"
#: A vitamin K antagonist is given beside another anticoagulant and replaces none.
_BESIDE = "VKA"
#: The class whose rate is set by the aPTT; of other drugs a printed aPTT target says so.
_BY_APTT = "direct thrombin inhibitor"

Row = dict[str, Any]


@dataclass(frozen=True)
class Alternative:
    """An anticoagulant other than heparin.

    Attributes:
        drug: Its name in the vocabulary.
        rate_unit: What its infusion rates are given in; None for a drug that is not infused.
        dose_unit: What its single doses are given in; None for a drug that is given by rate.
        is_set_by_aptt: Whether the aPTT sets its dose.
    """

    drug: str
    rate_unit: str | None
    dose_unit: str | None
    is_set_by_aptt: bool

    @property
    def key(self) -> str:
        """The name as part of the name of a variable."""
        return self.drug.replace(" ", "_").replace("-", "_")


def alternatives(tables: Mapping[str, pl.DataFrame]) -> list[Alternative]:
    """The other anticoagulants that a case of the corpus received, in the order of the vocabulary.

    A drug is dosed in the unit of its plausible rate where the vocabulary gives one; else an infusion is given in its
    amount per hour and a single dose in its amount.

    Args:
        tables: Canonical tables.
    """
    doses, targets = tables["doses"].filter(is_alternative()), tables["targets"]
    given = set(doses["drug"])
    infused = set(doses.filter(pl.col("kind") == "infusion")["drug"])
    dosed = set(doses.filter(pl.col("kind").is_in(["bolus", "total"]))["drug"])
    by_aptt = set(targets.filter(pl.col("analyte") == "aptt")["anticoagulant"])
    found = []
    for drug in vocabulary.load().drugs.all():
        if drug.name not in given:
            continue
        rate = drug.plausible_rate_high[1] if drug.plausible_rate_high else None
        if rate is None and drug.name in infused and drug.unit:
            rate = f"{drug.unit}/h"
        is_dosed = drug.plausible_rate_high is None and drug.name in dosed
        is_set_by_aptt = drug.drug_class == _BY_APTT or drug.name in by_aptt
        found.append(Alternative(drug.name, rate, drug.unit if is_dosed else None, is_set_by_aptt))
    return found


def is_alternative() -> pl.Expr:
    """Whether a row of `doses` is one of an anticoagulant other than heparin."""
    kinds = pl.col("drug_class").fill_null("").str.contains(ANTICOAGULANTS)
    return kinds & (pl.col("drug") != HEPARINS[0]) & (pl.col("drug_class") != HEPARINS[1])


def first_alternatives(doses: pl.DataFrame) -> list[str]:
    """The drugs of which one was the first to replace heparin: several where the source leaves their order open.

    Args:
        doses: Rows of `doses` of one case.
    """
    return sorted(set(_first_doses(doses)["drug"]))


def switch(doses: pl.DataFrame) -> Row | None:
    """When the first anticoagulant that replaces heparin was started, whichever it was; None without one.

    Args:
        doses: Rows of `doses` of one case.

    Returns:
        ``start_earliest_min``, ``start_min`` and ``start_latest_min``; no best minute where one that may be the first
        has none.
    """
    first = _first_doses(doses)
    if first.height == 0:
        return None
    earliest, latest = first["start_earliest_min"].min(), first["start_latest_min"].min()
    best = None if first["start_min"].has_nulls() else first["start_min"].min()
    return {"start_earliest_min": earliest, "start_min": best, "start_latest_min": latest}


def _first_doses(doses: pl.DataFrame) -> pl.DataFrame:
    """The doses of replacing anticoagulants that none of the others surely precedes."""
    others = doses.filter(is_alternative() & ~pl.col("drug_class").str.contains(_BESIDE))
    soonest = others["start_latest_min"].min()
    early = others.filter((pl.col("start_earliest_min") <= pl.lit(soonest, pl.Int64)).fill_null(True))
    if early.height < 2:
        return early
    rows = early.to_dicts()
    follows = {row["row_id"]: row["start_not_before"] for row in doses.iter_rows(named=True)}
    is_first = [not any(_is_before(other, row, follows) for other in rows) for row in rows]
    return early.filter(pl.Series(is_first, dtype=pl.Boolean))


def _is_before(first: Row, second: Row, follows: Mapping[str, str | None]) -> bool:
    """Whether the source puts one of two doses before the other: by its steps, or by a reference to its row."""
    if first["order"] is not None and second["order"] is not None and first["order"] < second["order"]:
        return True
    seen: set[str] = {second["row_id"]}
    name = follows.get(second["row_id"])
    while name is not None and name not in seen:
        seen.add(name)
        row_id = name.removesuffix(".end")
        if row_id == first["row_id"]:
            return True
        name = follows.get(row_id)
    return False
