"""One row per case and variable, taken from the canonical tables and the metrics as variables.csv says."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.schemas.base import dtypes
from pipeline.schemas.cohort import Characteristics

VARIABLES = Path(__file__).with_name("variables.csv")
HEPARINS = ("unfractionated heparin", "anticoagulant LMWH")
#: Classes of the drugs that a course is told by.
ANTICOAGULANTS = "anticoagulant|thrombin inhibitor"
#: Events after which the patient was alive, and the one that says the opposite.
_ALIVE = ("discharge", "follow_up_visit", "recovered")

#: Rates per kg are canonical in mg/kg/h; each drug is shown in the unit that it is dosed in: factor and unit.
_PER_KG = {"ug/kg/min": (1000 / 60, "ug/kg/min"), "mg/kg/h": (1.0, "mg/kg/h")}

Tables = Mapping[str, pl.DataFrame]
Row = dict[str, Any]


@dataclass(frozen=True)
class Variable:
    """One line of variables.csv: where the variable comes from."""

    variable: str
    section: str
    label: str
    kind: str
    source: str
    name: str
    stratum: str


def variables() -> list[Variable]:
    """Every variable of a cohort, in the order of the page."""
    with VARIABLES.open(encoding="utf-8", newline="") as file:
        return [Variable(**row) for row in csv.DictReader(file, strict=True)]


def characteristics(tables: Tables, metrics: pl.DataFrame) -> pl.DataFrame:
    """The table `Characteristics` of every case in ``tables``.

    Args:
        tables: Canonical tables.
        metrics: The long result table.
    """
    cases = [_Case(row, tables, metrics) for row in tables["cases"].sort("case_id").iter_rows(named=True)]
    rows = [case.row(variable) for variable in variables() for case in cases]
    return Characteristics.checked(pl.DataFrame(rows, schema=dtypes(Characteristics), orient="row"))


class _Case:
    """One case: finds the value of each variable."""

    def __init__(self, case: Row, tables: Tables, metrics: pl.DataFrame) -> None:
        self.case = case
        mine = pl.col("case_id") == case["case_id"]
        self.tables = {name: frame.filter(mine) for name, frame in tables.items()}
        self.metrics = {(m["metric"], m["stratum"]): m for m in metrics.filter(mine).iter_rows(named=True)}

    def row(self, variable: Variable) -> Row:
        find: Mapping[str, Callable[[Variable], Row]] = {
            "patient": self._patient,
            "metric": self._metric,
            "finding": self._finding,
            "case": self._of_case,
            "course": self._course,
            "rate": self._rate,
        }
        found = find[variable.source](variable)
        empty = {"value": None, "low": None, "high": None, "word": None, "unit": "", "reason": None}
        common = {
            "case_id": self.case["case_id"],
            "section": variable.section,
            "variable": variable.variable,
            "label": variable.label,
            "kind": variable.kind,
        }
        return {key: (common | empty | found)[key] for key in dtypes(Characteristics)}

    def _patient(self, variable: Variable) -> Row:
        rows = self.tables["patient"].filter(pl.col("item") == variable.name).to_dicts()
        if not rows:
            return _missing(self._silence())
        first = rows[0]
        if variable.kind == "choice":
            return _word(first["value_word"], self._silence())
        more = {r["value"] for r in rows}
        reason = f"first of {len(rows)} printed" if len(more) > 1 else None
        return _number(first, reason)

    def _metric(self, variable: Variable) -> Row:
        metric = self.metrics.get((variable.name, variable.stratum))
        if metric is None and variable.stratum in set(self.tables["doses"]["drug"]):
            return _missing(f"no such number under {variable.stratum}")
        if metric is None:
            return {"state": "not_applicable", "reason": f"no {variable.stratum or 'such data'} in the record"}
        if metric["status"] == "not_applicable":
            return {"state": "not_applicable", "reason": metric["reason"], "unit": metric["unit"]}
        return _number(metric, metric["reason"])

    def _rate(self, variable: Variable) -> Row:
        """The highest infusion rate per kg of a drug; a rate that is not printed as one number may be higher."""
        doses = self.tables["doses"].filter(pl.col("drug") == variable.name)
        if doses.height == 0:
            return {"state": "not_applicable", "reason": f"no {variable.name} in the record"}
        rates = doses.filter(pl.col("kind") == "infusion")
        known = rates.filter((pl.col("unit_per_kg") == "mg/kg/h") & pl.col("stat").is_null())
        known = known.filter(pl.col("amount_per_kg").is_not_null())
        if known.height == 0:
            return _missing("no rate per kg is printed, and none follows from a weight")
        factor, unit = _PER_KG[variable.stratum]
        low, value, high = (float(known[f"amount_per_kg{part}"].max()) * factor for part in ("_low", "", "_high"))  # type: ignore[arg-type]
        if known.height < rates.height:
            return _number(
                {"value": None, "low": low, "high": None, "unit": unit}, "other rates are not printed as one number"
            )
        return _number({"value": value, "low": low, "high": high, "unit": unit}, None)

    def _finding(self, variable: Variable) -> Row:
        """Present when any row says so; absent when one says so and none the opposite; silence is missing."""
        names = variable.name.split(";")
        stated = set(self.tables["findings"].filter(pl.col("finding").is_in(names))["status"])
        if "present" in stated:
            return _word("present", "")
        # The absence of one kind is not the absence of all: only the first, general name can deny.
        general = set(self.tables["findings"].filter(pl.col("finding") == names[0])["status"])
        return _word("absent" if "absent" in general else None, self._silence())

    def _of_case(self, variable: Variable) -> Row:
        return _word(self.case[variable.name], self._silence())

    def _course(self, variable: Variable) -> Row:
        events = set(self.tables["events"]["event"])
        if variable.name == "ecmo":
            return _word("yes" if events & {"ecmo_start", "ecmo_end", "decannulation"} else None, self._silence())
        if variable.name == "last_seen":
            seen = "died" if "death" in events else ("alive" if events & set(_ALIVE) else None)
            return _word(seen, self._silence())
        first = first_alternative(self.tables["doses"])
        return _word(None if first is None else first["drug"], "no other anticoagulant is told of")

    def _silence(self) -> str:
        return "the article does not tell" if self.case["read"] == "full" else "not told in the part that was read"


def first_alternative(doses: pl.DataFrame) -> Row | None:
    """The first dose of an anticoagulant other than heparin, by its earliest start; None without one."""
    kinds = pl.col("drug_class").fill_null("").str.contains(ANTICOAGULANTS)
    others = doses.filter(kinds & (pl.col("drug") != HEPARINS[0]) & (pl.col("drug_class") != HEPARINS[1]))
    ordered = others.sort("start_latest_min", "start_earliest_min", "row_id", nulls_last=True)
    return ordered.row(0, named=True) if ordered.height else None


def _number(row: Row, reason: str | None) -> Row:
    """A value is known; bounds without one are open; neither is missing."""
    low, high = row.get("low", row.get("value_low")), row.get("high", row.get("value_high"))
    numbers = {"value": row["value"], "low": low, "high": high, "unit": row["unit"] or ""}
    if row["value"] is not None:
        return numbers | {"state": "known", "reason": reason}
    if low is None and high is None:
        return numbers | {"state": "missing", "reason": reason or "no number is printed"}
    return numbers | {"state": "open", "reason": reason or "only bounds are printed"}


def _word(word: str | None, silence: str) -> Row:
    return _missing(silence) if word is None else {"state": "known", "word": word}


def _missing(reason: str) -> Row:
    return {"state": "missing", "reason": reason}


def groups_of(frame: pl.DataFrame, by: str) -> Iterator[tuple[str, list[str]]]:
    """The groups that a variable with few words makes: name and case ids; cases without it come last.

    Raises:
        KeyError: there is no such variable, or it is a number.
    """
    rows = frame.filter(pl.col("variable") == by)
    if rows.height == 0 or rows["kind"][0] == "number":
        raise KeyError(by)
    label = rows["label"][0]
    answers = {1.0: "yes", 0.0: "no"}
    named: dict[str, list[str]] = {}
    for row in rows.iter_rows(named=True):
        word = None if row["state"] != "known" else (row["word"] or answers[row["value"]])
        named.setdefault(f"{label}: {word}" if word else f"{label}: not known", []).append(row["case_id"])
    yield from sorted(named.items(), key=lambda group: (group[0].endswith(": not known"), group[0]))
