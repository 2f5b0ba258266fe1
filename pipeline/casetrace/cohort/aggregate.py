"""A corpus in aggregate: counts of classes and quantiles of each variable, and nothing that tells of one case.

Of a corpus that is not public every count is protected (`casetrace.privacy.disclosure`), numbers are told by classes of
at least eleven cases and patients, and a quantile by the class that it lies in. Everything that is published of a
variable follows from one partition of the cases, so that no two numbers of it can be played against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Any

import polars as pl

from casetrace.cohort.characteristics import variables
from casetrace.privacy import bins
from casetrace.privacy.disclosure import CellSize, CountRange, disclosed_count, exactly, patients_of, suppress
from casetrace.schemas.aggregate import AGGREGATE
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import KNOWN
from casetrace.values import display

Row = dict[str, Any]
Groups = Sequence[tuple[str, list[str]]]

#: Quantiles by the class that they lie in, and exact ones with the smallest and largest value.
_PROTECTED_PCT, _EXACT_PCT = (10, 25, 50, 75, 90), (0, 25, 50, 75, 100)
#: A variable that tells of articles, not of cases; every case of a database is read in full.
_OF_ARTICLES = "read"
_COMMON = ["section", "variable", "label", "kind"]


@dataclass(frozen=True)
class Cell:
    """One class of the known values of a variable, with the positions of its cases in the group."""

    members: Sequence[int]
    word: str = ""
    is_pooled: bool = False
    ends: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True)
class Members:
    """The cases of a group, in order, and the patient of each."""

    group: str
    patients: Sequence[str]
    is_protected: bool

    def size(self, positions: Sequence[int]) -> CellSize:
        """How many cases and patients the members with these positions are."""
        return CellSize(len(positions), len({self.patients[i] for i in positions}))

    def is_enough(self, positions: Sequence[int]) -> bool:
        """Whether they are enough to be a class of their own."""
        return not self.size(positions).is_small if self.is_protected else bool(positions)

    @property
    def everyone(self) -> CellSize:
        """All of them."""
        return self.size(range(len(self.patients)))


def aggregate(found: pl.DataFrame, cases: pl.DataFrame, groups: Groups, *, protect: bool) -> dict[str, pl.DataFrame]:
    """The tables `Sizes`, `Known`, `Counts` and `Quantiles`.

    Args:
        found: The table `Characteristics`.
        cases: The table `Cases`; `same_patient_as` says which cases are of one patient.
        groups: Groups of cases by name; of a protected corpus only the group of all may be asked for.
        protect: Whether the corpus is not public.

    Raises:
        ValueError: groups of a protected corpus; their tables could be subtracted from each other.
    """
    if protect and len(groups) != 1:
        raise ValueError("a corpus that is not public is told as a whole only")
    patients = patients_of(cases)
    rows: dict[str, list[Row]] = {name: [] for name in AGGREGATE}
    for group, case_ids in groups:
        ordered = sorted(case_ids)
        members = Members(group, [patients[case_id] for case_id in ordered], protect)
        rows["sizes"].append(_size(members))
        if protect and members.everyone.is_small:
            continue
        for common, values in _variables(found, ordered):
            if protect and _is_telling(common, values, members):
                continue
            cells, edges = _cells(values, common, members)
            state, classes = _counts(common, values, cells, members)
            rows["known"].append(state)
            rows["counts"] += classes
            rows["quantiles"] += _quantiles(common, _numbers(values), edges, members)
    return {
        name: model.checked(
            pl.DataFrame([{k: r[k] for k in dtypes(model)} for r in rows[name]], schema=dtypes(model), orient="row")
        )
        for name, model in AGGREGATE.items()
    }


def _numbers(rows: Sequence[Row]) -> list[float]:
    return [row["value"] for row in rows if row["state"] == "known"]


def _is_telling(common: Row, rows: Sequence[Row], members: Members) -> bool:
    """Whether a variable is there because of a few cases only, such as the dose of a drug that hardly anybody got."""
    applies = [i for i, row in enumerate(rows) if row["state"] != "not_applicable"]
    return common["variable"] not in {v.variable for v in variables()} and not members.is_enough(applies)


def _variables(found: pl.DataFrame, case_ids: Sequence[str]) -> list[tuple[Row, list[Row]]]:
    """What is common to a variable, and its row for each case in the order of ``case_ids``."""
    chosen = found.filter(pl.col("case_id").is_in(case_ids) & (pl.col("variable") != _OF_ARTICLES))
    variables = []
    for keys, part in chosen.group_by(_COMMON, maintain_order=True):
        unit = next((unit for unit in part["unit"] if unit), "")
        value = pl.col("value")
        if unit == "min":  # read in hours, so that the edges of the classes are round hours
            value, unit = value / display.MINUTES_PER_HOUR, "h"
        rows = part.sort("case_id").select("state", value, "word").to_dicts()
        variables.append((dict(zip(_COMMON, keys, strict=True)) | {"unit": unit}, rows))
    return variables


def _cells(rows: Sequence[Row], common: Row, members: Members) -> tuple[list[Cell], bins.Edges]:
    """The classes of a variable, which part its known cases, and the edges between those of a number."""
    known = [i for i, row in enumerate(rows) if row["state"] == "known"]
    edges: bins.Edges = []
    if common["kind"] == "number":
        edges = _edges([rows[i]["value"] for i in known], known, common, members)
        inside: list[list[int]] = [[] for _ in range(len(edges) + 1)]
        for i in known:
            inside[bins.place(edges, rows[i]["value"])].append(i)
        cells = [Cell(some, ends=bins.class_ends(edges, n)) for n, some in enumerate(inside)]
    elif common["kind"] == "yes_no":
        cells = [Cell([i for i in known if rows[i]["value"] == is_it], word)
                 for word, is_it in (("yes", 1), ("no", 0))]  # fmt: skip
    else:
        cells = _words(rows, known, members)
    return cells, edges


def _edges(values: Sequence[float], known: Sequence[int], common: Row, members: Members) -> bins.Edges:
    step = 1.0 if display.decimals_for(common["unit"]) == 0 else 0.0
    last = bins.LAST_AGE_EDGE if common["variable"] == "age" else None
    edges = bins.grid(values, smallest_step=step, last=last)
    if not members.is_protected:
        return edges
    return bins.merged(edges, values, lambda positions: members.is_enough([known[p] for p in positions]))


def _words(rows: Sequence[Row], known: Sequence[int], members: Members) -> list[Cell]:
    """One class for each word, most frequent first; words with too few cases are one class, present or not."""
    by_word: dict[str, list[int]] = {}
    for i in known:
        by_word.setdefault(rows[i]["word"], []).append(i)
    ordered = sorted(by_word.items(), key=lambda item: (-len(item[1]), item[0]))
    large = [Cell(some, word) for word, some in ordered if members.is_enough(some)]
    if not members.is_protected:
        return large
    rest = sorted(i for _, some in ordered if not members.is_enough(some) for i in some)
    return [*large, Cell(rest, is_pooled=True)]


def _counts(common: Row, rows: Sequence[Row], cells: Sequence[Cell], members: Members) -> tuple[Row, list[Row]]:
    """What is told of the states of a variable, and of its classes."""
    states = [members.size([i for i, row in enumerate(rows) if row["state"] == state]) for state in KNOWN]
    sizes = [members.size(cell.members) for cell in cells]
    if members.is_protected:
        outer, inner = suppress(members.everyone, states, sizes)
    else:
        outer, inner = ([exactly(size) for size in some] for some in (states, sizes))
    row = common | {"group": members.group}
    for state, n in zip(KNOWN, outer, strict=True):
        row |= _bounds(state, n)
    classes = [
        common
        | {"group": members.group, "word": cell.word, "is_pooled": cell.is_pooled}
        | {"from_value": cell.ends[0], "below_value": cell.ends[1], "n_low": n.low, "n_high": n.high}
        for cell, n in zip(cells, inner, strict=True)
    ]
    return row, classes


def _quantiles(common: Row, values: Sequence[float], edges: bins.Edges, members: Members) -> list[Row]:
    if common["kind"] != "number" or not values:
        return []
    row = {key: common[key] for key in ("variable", "label", "unit")} | {"group": members.group}
    if not members.is_protected:
        return [
            row | {"share_pct": float(p), "low": v, "high": v} for p, v in zip(_EXACT_PCT, _five(values), strict=True)
        ]
    # Without an edge there is one class, and nothing to tell of what lies in it.
    classes = {p: bins.quantile_class(edges, values, values, p) for p in _PROTECTED_PCT} if edges else {}
    return [row | {"share_pct": float(p), "low": low, "high": high} for p, (low, high) in classes.items()]


def _five(values: Sequence[float]) -> list[float]:
    """Smallest, quartiles (linear interpolation, type 7) and largest."""
    if len(values) == 1:
        return [values[0]] * 5
    first, _, third = quantiles(values, n=4, method="inclusive")
    return [min(values), first, median(values), third, max(values)]


def _size(members: Members) -> Row:
    everyone = members.everyone
    persons = replace(everyone, cases=everyone.patients)
    cases, patients = ((disclosed_count(s) if members.is_protected else exactly(s)) for s in (everyone, persons))
    row = {"group": members.group, "is_protected": members.is_protected}
    return row | _bounds("cases", cases) | _bounds("patients", patients)


def _bounds(what: str, n: CountRange) -> Row:
    return {f"{what}_low": n.low, f"{what}_high": n.high}
