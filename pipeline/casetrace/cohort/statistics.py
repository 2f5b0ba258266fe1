"""Summaries that follow the number of cases: few cases are listed, not summarised."""

from collections import Counter
from collections.abc import Iterable
from statistics import median, quantiles
from typing import Any

import polars as pl

from casetrace.cohort.limits import Limits
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import Missingness, Summary
from casetrace.vocabulary import reasons

Groups = Iterable[tuple[str, list[str]]]
_KEYS = ["section", "variable", "label", "kind"]


def summary(frame: pl.DataFrame, groups: Groups, limits: Limits) -> pl.DataFrame:
    """The table `Summary`: every variable in every group.

    Quartiles are those of the linear interpolation between order statistics (type 7). Cases with bounds only are
    counted and are in no median.
    """
    rows: list[dict[str, Any]] = []
    for group, case_ids in groups:
        members = frame.filter(pl.col("case_id").is_in(case_ids))
        for keys, part in members.group_by(_KEYS, maintain_order=True):
            words = sorted(set(frame.filter(pl.col("variable") == keys[1])["word"].drop_nulls()))
            common = {"group": group, **dict(zip(_KEYS, keys, strict=True)), **_states(part)}
            for word in words if keys[3] == "choice" and words else [""]:
                rows.append(common | {"word": word, "unit": _unit(part)} | _numbers(part, str(keys[3]), word, limits))
    frame = pl.DataFrame([{key: row[key] for key in dtypes(Summary)} for row in rows], schema=dtypes(Summary))
    return Summary.checked(frame)


def _states(part: pl.DataFrame) -> dict[str, int]:
    counted = Counter(part["state"])
    return {f"n_{state}": counted[state] for state in ("known", "open", "missing", "not_applicable")}


def _unit(part: pl.DataFrame) -> str:
    return next((unit for unit in part["unit"] if unit), "")


def _numbers(part: pl.DataFrame, kind: str, word: str, limits: Limits) -> dict[str, Any]:
    known = part.filter(pl.col("state") == "known")
    nothing = dict.fromkeys(("count", "percent", "median", "q1", "q3", "minimum", "maximum")) | {"listed": []}
    n = known.height
    if n == 0:
        return nothing
    if kind != "number":
        is_it = known["value"] == 1 if kind == "yes_no" else known["word"] == word
        count = int(is_it.sum())
        return nothing | {"count": count, "percent": 100 * count / n if n >= limits.percent else None}
    values = sorted(known["value"].to_list())
    if n < limits.median:
        return nothing | {"minimum": values[0], "maximum": values[-1], "listed": values}
    quarters = quantiles(values, n=4, method="inclusive") if n >= limits.quartiles else [None, None, None]
    return nothing | {
        "median": median(values),
        "q1": quarters[0],
        "q3": quarters[2],
        "minimum": values[0],
        "maximum": values[-1],
    }


def _reasons(text: str | None, coded: list[dict[str, Any]]) -> set[str]:
    """The reasons of one case without its rows, so that they can be counted; notes where it has no other."""
    found = reasons.read(coded)
    weighty = [reason for reason in found if reason.severity != "note"]
    return {reason.in_general for reason in weighty or found} or {text or "no reason given"}


def missingness(frame: pl.DataFrame) -> pl.DataFrame:
    """The table `Missingness` of all cases."""
    rows = []
    for keys, part in frame.group_by(_KEYS, maintain_order=True):
        unknown = part.filter(pl.col("state") != "known").select("reason", "reasons")
        found = Counter(text for row in unknown.iter_rows() for text in _reasons(*row))
        counted = [f"{count} × {reason}" for reason, count in sorted(found.items(), key=lambda r: (-r[1], r[0]))]
        rows.append(dict(zip(_KEYS[:3], keys, strict=False)) | _states(part) | {"reasons": counted})
    return Missingness.checked(
        pl.DataFrame([{k: r[k] for k in dtypes(Missingness)} for r in rows], schema=dtypes(Missingness))
    )
