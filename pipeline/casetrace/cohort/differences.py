"""Standardised differences of two groups: of means, of shares, and of several shares at once.

They describe the cases at hand and do not depend on their number; nothing is tested.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, variance
from typing import Any

import numpy as np
import polars as pl

from casetrace.cohort.limits import Limits
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import Differences

Groups = Iterable[tuple[str, list[str]]]
NOT_KNOWN = ": not known"
METHODS = {"number": "means", "yes_no": "shares", "choice": "several shares"}


def known_groups(groups: Groups) -> list[tuple[str, list[str]]]:
    """The groups without the cases of which the group is not known."""
    return [(name, ids) for name, ids in groups if not name.endswith(NOT_KNOWN)]


def differences(frame: pl.DataFrame, groups: Groups, limits: Limits) -> pl.DataFrame:
    """The table `Differences` of exactly two groups; empty for any other number of groups.

    Args:
        frame: The table `Characteristics`.
        groups: Name and case ids of each group.
        limits: How many known cases each group needs.
    """
    named = known_groups(groups)
    rows: list[dict[str, Any]] = []
    if len(named) == 2:
        (first, left), (second, right) = named
        for (variable, kind), part in frame.group_by(["variable", "kind"], maintain_order=True):
            known = part.filter(pl.col("state") == "known")
            pair = [known.filter(pl.col("case_id").is_in(ids)) for ids in (left, right)]
            smd, reason = _standardised(pair, str(kind), limits.difference)
            rows.append(
                {
                    "variable": variable,
                    "first": first,
                    "second": second,
                    "n_first": pair[0].height,
                    "n_second": pair[1].height,
                    "method": METHODS[str(kind)],
                    "smd": smd,
                    "reason": reason,
                }
            )
    return Differences.checked(pl.DataFrame(rows, schema=dtypes(Differences), orient="row"))


def _standardised(pair: Sequence[pl.DataFrame], kind: str, least: int) -> tuple[float | None, str | None]:
    """The difference in the way that fits the kind of variable, or why there is none."""
    if min(part.height for part in pair) < least:
        return None, f"fewer than {least} known cases in a group"
    if kind == "choice":
        return of_words(*(part["word"].to_list() for part in pair))
    values = [part["value"].to_list() for part in pair]
    return of_means(*values) if kind == "number" else of_shares(*values)


def of_means(first: Sequence[float], second: Sequence[float]) -> tuple[float | None, str | None]:
    """Difference of the means, first minus second, over the root of the mean of both variances (n - 1)."""
    spread = (variance(first) + variance(second)) / 2
    if spread == 0:
        return None, "nothing varies within the groups"
    return (fmean(first) - fmean(second)) / spread**0.5, None


def of_shares(first: Sequence[float], second: Sequence[float]) -> tuple[float | None, str | None]:
    """Difference of the shares of yes, first minus second, over the root of the mean of both p(1 - p).

    Source: Austin PC, Stat Med 2009;28:3083-3107.
    """
    a, b = fmean(first), fmean(second)
    spread = (a * (1 - a) + b * (1 - b)) / 2
    if spread == 0:
        return None, "nothing varies within the groups"
    return (a - b) / spread**0.5, None


def of_words(first: Sequence[str], second: Sequence[str]) -> tuple[float | None, str | None]:
    """Distance of the shares of all words, weighted by their mean covariance; it has no sign.

    With two words it is the size of the difference of shares. Where no word occurs in both groups the covariance
    cannot be inverted and the distance has no bound: none is given.

    Source: Yang D, Dalton JE, SAS Global Forum 2012, paper 335-2012.
    """
    words = sorted({*first, *second})
    if len(words) == 1:
        return None, "nothing varies within the groups"
    if not {*first} & {*second}:
        return None, "no word in common"
    # The shares add up to 1: whichever word is left out, the distance is the same.
    shares = [np.array([Counter(part)[word] / len(part) for word in words[1:]]) for part in (first, second)]
    covariance = sum((np.diag(p) - np.outer(p, p)) / 2 for p in shares)
    apart = shares[0] - shares[1]
    return float(np.sqrt(apart @ np.linalg.solve(covariance, apart))), None
