"""One row per case and variable, taken from the canonical tables and the metrics as variables.csv says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from casetrace.cohort.alternatives import HEPARINS, Alternative, alternatives, first_alternatives, first_unknown
from casetrace.cohort.courses import ECMO_EVENTS
from casetrace.cohort.highest import highest
from casetrace.cohort.variables import Variable, lines
from casetrace.schemas.base import dtypes, empty
from casetrace.schemas.cohort import Characteristics

#: The tables that variables are taken from, beside `cases`.
_READ = ("patient", "doses", "events", "findings")
#: Cases whose rows are held as Python objects at the same time.
_BATCH_CASES = 1000
#: Events after which the patient was alive, and the one that says the opposite.
_ALIVE = ("discharge", "follow_up_visit", "recovered")

Tables = Mapping[str, pl.DataFrame]
Row = dict[str, Any]


def variables(others: Sequence[Alternative] = ()) -> list[Variable]:
    """Every variable of a cohort, in the order of the page.

    Args:
        others: The anticoagulants other than heparin that the corpus has; a line of variables.csv with ``{key}`` stands
            for a variable of each that it fits.
    """
    found: list[Variable] = []
    for line in lines():
        found += [_of_drug(line, drug) for drug in others if _fits(line, drug)] if "{key}" in line.variable else [line]
    return found


def _fits(line: Variable, drug: Alternative) -> bool:
    fits = {"rate": drug.rate_unit is not None, "dose": drug.dose_unit is not None, "metric": drug.is_set_by_aptt}
    return fits[line.source]


def _of_drug(line: Variable, drug: Alternative) -> Variable:
    words = {"drug": drug.drug, "key": drug.key, "rate_unit": drug.rate_unit, "dose_unit": drug.dose_unit}
    return Variable(**{name: text.format(**words) for name, text in asdict(line).items()})


def characteristics(tables: Tables, metrics: pl.DataFrame) -> pl.DataFrame:
    """The table `Characteristics` of every case in ``tables``.

    Args:
        tables: Canonical tables.
        metrics: The long result table.
    """
    named = variables(alternatives(tables))
    wanted = {v.name for v in named if v.source == "metric"}
    measured = metrics.filter(pl.col("metric").is_in(wanted)).drop("row_ids", strict=False)
    found = [empty(Characteristics)]
    for some in tables["cases"].sort("case_id").iter_slices(_BATCH_CASES):
        # Each table is parted once a batch: a filter for every case would read every row once for every case.
        mine = pl.col("case_id").is_in(some["case_id"].implode())
        parts = {name: _by_case(tables[name].filter(mine)) for name in _READ}
        results = _by_case(measured.filter(mine))
        cases = [
            _Case(
                row,
                {name: part.get(row["case_id"], tables[name].clear()) for name, part in parts.items()},
                results.get(row["case_id"], metrics.clear()),
            )
            for row in some.iter_rows(named=True)
        ]
        rows = [case.row(variable) for case in cases for variable in named]
        found.append(pl.DataFrame(rows, schema=dtypes(Characteristics), orient="row"))
    place = {v.variable: number for number, v in enumerate(named)}
    ordered = pl.concat(found).sort(pl.col("variable").replace_strict(place, return_dtype=pl.Int32), "case_id")
    return Characteristics.checked(ordered)


def _by_case(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows of each case that has any."""
    return {str(key[0]): part for key, part in frame.partition_by("case_id", as_dict=True).items()}


class _Case:
    """One case, with its rows only: finds the value of each variable."""

    def __init__(self, case: Row, tables: Tables, metrics: pl.DataFrame) -> None:
        self.case = case
        self.tables = tables
        self.metrics = {(m["metric"], m["stratum"]): m for m in metrics.iter_rows(named=True)}

    def row(self, variable: Variable) -> Row:
        find: Mapping[str, Callable[[Variable], Row]] = {
            "patient": self._patient,
            "metric": self._metric,
            "finding": self._finding,
            "case": self._of_case,
            "course": self._course,
            "rate": self._highest,
            "dose": self._highest,
        }
        found = find[variable.source](variable)
        nothing: Row = {
            "value": None,
            "low": None,
            "high": None,
            "word": None,
            "unit": "",
            "reason": None,
            "reasons": [],
        }
        common = {
            "case_id": self.case["case_id"],
            "section": variable.section,
            "variable": variable.variable,
            "label": variable.label,
            "kind": variable.kind,
        }
        return {key: (common | nothing | found)[key] for key in dtypes(Characteristics)}

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
            drug = "heparin" if variable.stratum == HEPARINS[0] else variable.stratum
            return _missing(f"no such result under {drug}")
        if metric is None:
            return {"state": "not_applicable", "reason": f"no {variable.stratum or 'such data'} in the record"}
        if metric["status"] == "not_applicable":
            coded = {"reason": metric["reason"], "reasons": metric["reasons"]}
            return {"state": "not_applicable", "unit": metric["unit"]} | coded
        return _number(metric, metric["reason"]) | {"reasons": metric["reasons"]}

    def _highest(self, variable: Variable) -> Row:
        """The highest infusion rate, or single dose, of a drug; of a longer record only what lies within the case."""
        seen, span = (pl.lit(self.case[f"{name}_min"], pl.Int64) for name in ("observed_start", "span_start"))
        within = (pl.coalesce("start_earliest_min", seen) >= span).fill_null(True)
        doses = self.tables["doses"].filter((pl.col("drug") == variable.name) & within)
        if doses.height == 0:
            return {"state": "not_applicable", "reason": f"no {variable.name} in the record"}
        found = highest(doses.to_dicts(), variable.source, variable.stratum)
        if found is None:
            what = {"rate": "infusion", "dose": "single dose"}[variable.source]
            return {"state": "not_applicable", "reason": f"no {what} of {variable.name} in the record"}
        return _number(found, found["reason"])

    def _finding(self, variable: Variable) -> Row:
        """Present when any row says so; absent when one says so and none the opposite; silence is missing."""
        if not self.tables["findings"].height:
            return _missing(self._silence())
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
            return _word("yes" if events & {*ECMO_EVENTS, "decannulation"} else None, self._silence())
        if variable.name == "last_seen":
            seen = "died" if "death" in events else ("alive" if events & set(_ALIVE) else None)
            return _word(seen, self._silence())
        return self._first_alternative()

    def _first_alternative(self) -> Row:
        doses = self.tables["doses"]
        if not doses.height:
            return _missing("no anticoagulant that replaces heparin is reported")
        first, unknown = first_alternatives(doses), first_unknown(doses)
        if unknown:
            known = (
                f"; first of the known ones: {', '.join(sorted({*first} - {*unknown}))}"
                if {*first} - {*unknown}
                else ""
            )
            return _missing(f"whether {', '.join(unknown)} is an anticoagulant is not known to the vocabulary{known}")
        if len(first) > 1:
            return _missing(f"which came first is not certain: {', '.join(first)}")
        return _word(first[0] if first else None, "no anticoagulant that replaces heparin is reported")

    def _silence(self) -> str:
        return "the article does not tell" if self.case["read"] == "full" else "not told in the part that was read"


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
