"""Tests between groups, made only where they are asked for, exact as far as that can be computed.

Numbers are tested by their ranks, words by Fisher's exact test, times to an event by the log-rank test. A test is
named with what it takes for granted; where none is made, the table says why.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from casetrace.cohort.characteristics import variables
from casetrace.cohort.differences import known_groups
from casetrace.cohort.group_tests import Made, fisher, kruskal_wallis, log_rank, mann_whitney
from casetrace.cohort.limits import Limits
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import Significance

Groups = Iterable[tuple[str, list[str]]]
Row = dict[str, Any]
Progress = Callable[[Sequence[Any]], Iterable[Any]]
_KEYS = ["section", "variable", "label", "kind"]
TIMES = "Times to an event"


@dataclass(frozen=True)
class _Samples:
    """What each group gives to a test, in the order of the groups."""

    tested: Sequence[pl.DataFrame]
    left_out: Sequence[int]
    uncertain: int


def significance(
    frame: pl.DataFrame,
    times: pl.DataFrame,
    groups: Groups,
    by: str,
    limits: Limits,
    patients: Mapping[str, frozenset[str]],
    progress: Progress = iter,
) -> pl.DataFrame:
    """The table `Significance`: a test of every variable and every curve between the groups.

    Args:
        frame: The table `Characteristics`.
        times: The table `TimesToEvent`.
        groups: Name and case ids of each group; cases of which the group is not known are in none.
        by: The variable that makes the groups; it is not tested.
        limits: How many known cases each group needs, and how many arrangements an exact test goes through.
        patients: Each case that shares its patient with others, and those.
        progress: Wraps the list of variables, for a progress bar.
    """
    named = known_groups(groups)
    rows = []
    for keys, part in progress(list(frame.group_by(_KEYS, maintain_order=True))):
        common = dict(zip(_KEYS, keys, strict=True)) | {"groups": [name for name, _ in named]}
        rows.append(common | _of_variable(part, named, _untestable(str(keys[1]), by), str(keys[3]), limits))
    for (curve, label), part in times.group_by(["curve", "label"], maintain_order=True):
        common = {"section": TIMES, "variable": curve, "label": label, "kind": "time"}
        rows.append(common | {"groups": [name for name, _ in named]} | _of_curve(part, named, limits))
    for row in rows:
        row["n_same_patient"] = _sharing(row.pop("case_ids"), patients)
    table = pl.DataFrame(_holm(rows), schema=dtypes(Significance), orient="row")
    return Significance.checked(table)


def same_patients(cases: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Each case of the table `cases` that is said to share its patient with others, and those, whichever says so."""
    found: dict[str, set[str]] = {}
    for case_id, others in cases.select("case_id", "same_patient_as").iter_rows():
        for other in others or []:
            found.setdefault(case_id, set()).add(other)
            found.setdefault(other, set()).add(case_id)
    return {case_id: frozenset(others) for case_id, others in found.items()}


def _sharing(case_ids: Sequence[str], patients: Mapping[str, frozenset[str]]) -> int:
    tested = set(case_ids)
    return sum(bool(patients.get(case_id, frozenset()) & tested) for case_id in tested)


def _untestable(variable: str, by: str) -> str | None:
    """Why no number of cases would make a test of the variable meaningful; None when it would."""
    if variable == by:
        return "it makes the groups"
    of_articles = {line.variable for line in variables() if line.source == "case"}
    return "a fact of the article, not of the patient" if variable in of_articles else None


def _of_variable(
    part: pl.DataFrame, named: Sequence[tuple[str, list[str]]], reason: str | None, kind: str, limits: Limits
) -> Row:
    members = [part.filter(pl.col("case_id").is_in(ids)) for _, ids in named]
    known = [group.filter(pl.col("state") == "known") for group in members]
    samples = _Samples(
        known,
        [int((group["state"] == "open").sum()) for group in members],
        sum(int(group["low"].ne_missing(group["high"]).sum()) for group in known) if kind == "number" else 0,
    )
    reason = reason or _too_few(samples, limits.test)
    column = "word" if kind == "choice" else "value"
    values = [group[column].to_list() for group in known]
    if reason is None and len({value for group in values for value in group}) == 1:
        reason = "all known cases are alike"
    if reason is not None:
        return _row(samples, None, reason)
    if kind != "number":
        return _row(samples, fisher(values, limits.arrangements), None)
    if len(values) == 2:
        return _row(samples, mann_whitney(values[0], values[1], limits.arrangements), None)
    return _row(samples, kruskal_wallis(values, limits.arrangements), None)


def _of_curve(part: pl.DataFrame, named: Sequence[tuple[str, list[str]]], limits: Limits) -> Row:
    members = [part.filter(pl.col("case_id").is_in(ids)) for _, ids in named]
    known = [group.filter(pl.col("is_event").is_not_null()) for group in members]
    uncertain = sum(int(group["days_low"].ne_missing(group["days_high"]).sum()) for group in known)
    samples = _Samples(known, [len(a) - len(b) for a, b in zip(members, known, strict=True)], uncertain)
    reason = _too_few(samples, limits.test)
    if reason is None and len(named) > 2:
        reason = "the log-rank test is made between two groups only"
    if reason is None and not any(group["is_event"].any() for group in known):
        reason = "the event came in no case"
    if reason is not None:
        return _row(samples, None, reason)
    first, second = (group.select("days", "is_event").rows() for group in known)
    made = log_rank(first, second)
    return _row(
        samples, made, None if made else "at no event were both groups still followed, or it came in all at once"
    )


def _too_few(samples: _Samples, least: int) -> str | None:
    if len(samples.tested) < 2:
        return "there is one group only"
    if min(group.height for group in samples.tested) < least:
        return f"fewer than {least} known cases in a group"
    return None


def _row(samples: _Samples, made: Made | None, reason: str | None) -> Row:
    return {
        "n_tested": [group.height for group in samples.tested],
        "n_left_out": list(samples.left_out),
        "n_uncertain": samples.uncertain,
        "case_ids": [case_id for group in samples.tested for case_id in group["case_id"]],
        "test": made and made.test,
        "statistic_name": made and made.statistic_name,
        "statistic": made and made.statistic,
        "p": made and made.p,
        "p_holm": None,
        "assumption": made and made.assumption,
        "reason": reason,
    }


def _holm(rows: Sequence[Row]) -> list[Row]:
    """The rows with p-values adjusted for their number.

    Source: Holm S, Scand J Stat 1979;6:65-70.
    """
    tested = sorted((row for row in rows if row["p"] is not None), key=lambda row: float(row["p"]))
    highest = 0.0
    for place, row in enumerate(tested):
        highest = max(highest, min(1.0, row["p"] * (len(tested) - place)))
        row["p_holm"] = highest
    return list(rows)
