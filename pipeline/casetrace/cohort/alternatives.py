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
    by_aptt = set(targets.filter(pl.col("analyte") == "aptt", pl.col("role") == "aim")["anticoagulant"])
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

    A drug that the vocabulary does not know is one of them where it may have been the first; see `first_unknown`.

    Args:
        doses: Rows of `doses` of one case.
    """
    return sorted({*_first_doses(doses)["drug"], *_unknown_doses(doses)["drug"]})


def first_unknown(doses: pl.DataFrame) -> list[str]:
    """The drugs among `first_alternatives` of which nothing says whether they are anticoagulants.

    Args:
        doses: Rows of `doses` of one case.
    """
    return sorted(set(_unknown_doses(doses)["drug"]))


def switch(doses: pl.DataFrame) -> Row | None:
    """When the first anticoagulant that replaces heparin was started, whichever it was; None without one.

    Args:
        doses: Rows of `doses` of one case.

    Returns:
        ``start_earliest_min``, ``start_min`` and ``start_latest_min``; no best minute where one that may be the first
        has none. All three are null where the only one is a drug of which nothing says whether it is an anticoagulant.
    """
    first, unknown = _first_doses(doses), _unknown_doses(doses)
    if first.height == 0:
        return dict.fromkeys(("start_earliest_min", "start_min", "start_latest_min")) if unknown.height else None
    possible = pl.concat([first, unknown])
    earliest, latest = possible["start_earliest_min"].min(), first["start_latest_min"].min()
    best = None if unknown.height or first["start_min"].has_nulls() else first["start_min"].min()
    return {"start_earliest_min": earliest, "start_min": best, "start_latest_min": latest}


def _after_heparin(doses: pl.DataFrame) -> pl.DataFrame:
    """The doses that may replace heparin: none for a circuit or a flush, none that surely precedes all heparin."""
    heparin = doses.filter((pl.col("drug") == HEPARINS[0]) | (pl.col("drug_class") == HEPARINS[1]).fill_null(False))
    begun = pl.lit(None if heparin["start_earliest_min"].has_nulls() else heparin["start_earliest_min"].min(), pl.Int64)
    is_earlier = (pl.col("start_latest_min") < begun).fill_null(False)
    return doses.filter(~pl.col("purpose").fill_null("").is_in(["circuit", "flush"]) & ~is_earlier)


def _first_doses(doses: pl.DataFrame) -> pl.DataFrame:
    """The doses of replacing anticoagulants that none of the others surely precedes."""
    known = is_alternative() & ~pl.col("drug_class").str.contains(_BESIDE)
    return _unpreceded(_after_heparin(doses).filter(known), doses)


def _unknown_doses(doses: pl.DataFrame) -> pl.DataFrame:
    """The doses of drugs that the vocabulary does not know and that may have come before every known one."""
    known = _first_doses(doses).to_dicts()
    starts = [row["start_latest_min"] for row in known if row["start_latest_min"] is not None]
    rows = _after_heparin(doses).filter(~pl.col("is_coded") & (pl.col("kind") != "transfusion"))
    early = rows.filter((pl.col("start_earliest_min") <= pl.lit(min(starts, default=None), pl.Int64)).fill_null(True))
    follows = _stated_starts(doses)
    may_be_first = [not any(_is_before(other, row, follows) for other in known) for row in early.to_dicts()]
    return early.filter(pl.Series(may_be_first, dtype=pl.Boolean))


def _unpreceded(others: pl.DataFrame, doses: pl.DataFrame) -> pl.DataFrame:
    """The doses that no other of them surely precedes."""
    soonest = others["start_latest_min"].min()
    early = others.filter((pl.col("start_earliest_min") <= pl.lit(soonest, pl.Int64)).fill_null(True))
    if early.height < 2:
        return early
    rows, follows = early.to_dicts(), _stated_starts(doses)
    is_first = [not any(_is_before(other, row, follows) for other in rows) for row in rows]
    return early.filter(pl.Series(is_first, dtype=pl.Boolean))


def _stated_starts(doses: pl.DataFrame) -> dict[str, str | None]:
    """Row -> the row that its start does not precede."""
    return dict(doses.select("row_id", "start_not_before").iter_rows())


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
