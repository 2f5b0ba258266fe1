"""Summaries that follow the number of cases: few cases are listed, not summarised, and nothing is tested."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, median, quantiles, variance
from typing import Any

import polars as pl

from pipeline.schemas.base import dtypes
from pipeline.schemas.cohort import Differences, Missingness, Summary

#: Fewer known cases than this are listed one by one: a median of three is one of the three.
MEDIAN_FROM = 5
#: Quartiles of fewer are values of single patients.
QUARTILES_FROM = 8
#: One case in fewer than this moves a percentage by more than ten points.
PERCENT_FROM = 10
#: A curve of fewer would be the times of single patients.
CURVE_FROM = 3
#: Known cases that each group needs before a standardised difference says more than chance.
SMD_FROM = 5

Groups = Iterable[tuple[str, list[str]]]
_KEYS = ["section", "variable", "label", "kind"]


def summary(frame: pl.DataFrame, groups: Groups) -> pl.DataFrame:
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
                rows.append(common | {"word": word, "unit": _unit(part)} | _numbers(part, str(keys[3]), word))
    frame = pl.DataFrame([{key: row[key] for key in dtypes(Summary)} for row in rows], schema=dtypes(Summary))
    return Summary.checked(frame)


def _states(part: pl.DataFrame) -> dict[str, int]:
    counted = Counter(part["state"])
    return {f"n_{state}": counted[state] for state in ("known", "open", "missing", "not_applicable")}


def _unit(part: pl.DataFrame) -> str:
    return next((unit for unit in part["unit"] if unit), "")


def _numbers(part: pl.DataFrame, kind: str, word: str) -> dict[str, Any]:
    known = part.filter(pl.col("state") == "known")
    nothing = dict.fromkeys(("count", "percent", "median", "q1", "q3", "minimum", "maximum")) | {"listed": []}
    n = known.height
    if n == 0:
        return nothing
    if kind != "number":
        is_it = known["value"] == 1 if kind == "yes_no" else known["word"] == word
        count = int(is_it.sum())
        return nothing | {"count": count, "percent": 100 * count / n if n >= PERCENT_FROM else None}
    values = sorted(known["value"].to_list())
    if n < MEDIAN_FROM:
        return nothing | {"minimum": values[0], "maximum": values[-1], "listed": values}
    quarters = quantiles(values, n=4, method="inclusive") if n >= QUARTILES_FROM else [None, None, None]
    return nothing | {
        "median": median(values),
        "q1": quarters[0],
        "q3": quarters[2],
        "minimum": values[0],
        "maximum": values[-1],
    }


def differences(frame: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """The table `Differences` of exactly two groups; empty for any other number of groups."""
    named = [(name, ids) for name, ids in groups if not name.endswith(": not known")]
    rows: list[dict[str, Any]] = []
    if len(named) == 2:
        (first, left), (second, right) = named
        for (variable, kind), part in frame.group_by(["variable", "kind"], maintain_order=True):
            known = part.filter(pl.col("state") == "known")
            pair = [known.filter(pl.col("case_id").is_in(ids)) for ids in (left, right)]
            smd, reason = _smd([_as_numbers(one, str(kind)) for one in pair])
            rows.append({"variable": variable, "first": first, "second": second, "smd": smd, "reason": reason})
    return Differences.checked(pl.DataFrame(rows, schema=dtypes(Differences), orient="row"))


def _as_numbers(known: pl.DataFrame, kind: str) -> list[float] | None:
    """Values for a mean; None for a choice among more than two words."""
    if kind != "choice":
        return known["value"].to_list()
    words = sorted(set(known["word"]))
    return [float(word == words[0]) for word in known["word"]] if set(words) <= {"yes", "no"} else None


def _smd(pair: Sequence[list[float] | None]) -> tuple[float | None, str | None]:
    """Difference of the means over the root of the mean of both variances; none where n is small or nothing varies."""
    a, b = pair
    if a is None or b is None:
        return None, "a choice among several words"
    if min(len(a), len(b)) < SMD_FROM:
        return None, f"fewer than {SMD_FROM} known cases in a group"
    spread = (variance(a) + variance(b)) / 2
    if spread == 0:
        return None, "nothing varies within the groups"
    return (fmean(a) - fmean(b)) / spread**0.5, None


def missingness(frame: pl.DataFrame) -> pl.DataFrame:
    """The table `Missingness` of all cases."""
    rows = []
    for keys, part in frame.group_by(_KEYS, maintain_order=True):
        reasons = Counter(part.filter(pl.col("state") != "known")["reason"].fill_null("no reason given"))
        counted = [f"{count} × {reason}" for reason, count in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))]
        rows.append(dict(zip(_KEYS[:3], keys, strict=False)) | _states(part) | {"reasons": counted})
    return Missingness.checked(
        pl.DataFrame([{k: r[k] for k in dtypes(Missingness)} for r in rows], schema=dtypes(Missingness))
    )
