"""The tests themselves: the values of each group in, statistic and two-sided p out.

Ties and small groups are no obstacle: p is counted over the arrangements of the given values over the groups, over
all of them or, where they are too many, over a number drawn with a fixed seed, so that equal input gives equal p.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, isfinite, prod
from typing import Any

import numpy as np
from scipy import stats

#: Any number would do.
SEED = 20260101
#: Arrangements that are held in memory at once.
_BATCH = 5_000
_ARRANGED = "If the groups did not differ, each arrangement of these {} over them would be equally likely."


@dataclass(frozen=True)
class Made:
    """A test that was made: its name, its statistic (None where there is none), p, and what it takes for granted."""

    test: str
    statistic_name: str | None
    statistic: float | None
    p: float
    assumption: str


def mann_whitney(first: Sequence[float], second: Sequence[float], most: int) -> Made:
    """The Mann-Whitney test of two groups of numbers; p is twice the smaller tail.

    Args:
        first: Values of the first group, two or more.
        second: Values of the second group, two or more.
        most: Up to so many arrangements all are gone through where values are tied.
    """
    ranks = stats.rankdata([*first, *second])
    u = float(ranks[: len(first)].sum()) - len(first) * (len(first) + 1) / 2
    if len({*first, *second}) == len(ranks):
        p, how = float(stats.mannwhitneyu(first, second, method="exact").pvalue), "exact"
    else:
        groups = (ranks[: len(first)], ranks[len(first) :])
        p, how = _arranged(groups, lambda a, b, axis: a.sum(axis=axis), "two-sided", most)
    return Made(f"Mann-Whitney, {how}", "U of the first group", u, p, _ARRANGED.format("values"))


def kruskal_wallis(groups: Sequence[Sequence[float]], most: int) -> Made:
    """The Kruskal-Wallis test of three or more groups of numbers, with p from arrangements, not from chi-square."""
    ends = np.cumsum([len(group) for group in groups])[:-1]
    ranks = np.split(stats.rankdata([value for group in groups for value in group]), ends)

    def between(*parts: Any, axis: int) -> Any:
        # H rises with this sum and with nothing else that an arrangement changes.
        return sum(part.sum(axis=axis) ** 2 / part.shape[axis] for part in parts)

    p, how = _arranged(ranks, between, "greater", most)
    h = float(stats.kruskal(*groups).statistic)
    return Made(f"Kruskal-Wallis, {how}", "H", h, p, _ARRANGED.format("values"))


def _arranged(groups: Sequence[Any], statistic: Callable[..., Any], tail: str, most: int) -> tuple[float, str]:
    """P over arrangements of the ranks over the groups, and how many of them were gone through."""
    sizes = [len(group) for group in groups]
    count = _multinomial(sizes)
    found = stats.permutation_test(
        tuple(groups),
        statistic,
        permutation_type="independent",
        vectorized=True,
        n_resamples=most,
        batch=_BATCH,
        alternative=tail,
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue), "exact" if count <= most else f"{_spaced(most)} random arrangements"


def _spaced(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def fisher(groups: Sequence[Sequence[object]], most: int) -> Made:
    """Fisher's exact test of words, or of yes and no; p counts every table that is as likely as the given one or less.

    For two words in two groups the statistic is the odds ratio of the last word in the alphabet (yes, present), first
    to second group; larger tables have none.

    Source: Freeman GH, Halton JH, Biometrika 1951;38:141-149.
    """
    words = sorted({word for group in groups for word in group}, key=str, reverse=True)
    table = [[Counter(group)[word] for word in words] for group in groups]
    assumption = _ARRANGED.format("answers")
    if len(table) == len(words) == 2:
        found = stats.fisher_exact(table)
        ratio = float(found.statistic) if isfinite(found.statistic) else None
        named = {1.0: "yes", 0.0: "no"}.get(words[0], words[0])  # type: ignore[call-overload]
        return Made("Fisher, exact", f"odds ratio of {named}", ratio, float(found.pvalue), assumption)
    exact = exact_table_p(table, most)
    if exact is not None:
        return Made("Fisher-Freeman-Halton, exact", None, None, float(exact), assumption)
    drawn = stats.MonteCarloMethod(n_resamples=most, batch=_BATCH, rng=np.random.default_rng(SEED))
    p = float(stats.fisher_exact(table, method=drawn).pvalue)
    return Made(f"Fisher-Freeman-Halton, {_spaced(most)} random tables", None, None, p, assumption)


def exact_table_p(table: Sequence[Sequence[int]], most: int) -> Fraction | None:
    """The share of arrangements whose table is as likely as the given one or less; None where tables are too many.

    The tables with the same margins are built word by word. How likely one is follows from whole numbers alone, so
    that ties are ties.

    Args:
        table: Counts, a row for each group and a column for each word.
        most: Give up beyond so many different tables under way.
    """
    words = list(zip(*table, strict=True))
    sizes = tuple(sum(row) for row in table)
    tables = Counter({(sizes, 1): 1})
    for counts in words:
        longer: Counter[tuple[tuple[int, ...], int]] = Counter()
        for (left, ways), number in tables.items():
            for split in _splits(sum(counts), left):
                rest = tuple(a - b for a, b in zip(left, split, strict=True))
                longer[rest, ways * _multinomial(split)] += number
        if len(longer) > most:
            return None
        tables = longer
    given = prod(_multinomial(counts) for counts in words)
    return Fraction(sum(ways * n for (_, ways), n in tables.items() if ways <= given), _multinomial(sizes))


def _splits(count: int, room: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to spread so many cases over groups with so much room."""
    if len(room) == 1:
        if count <= room[0]:
            yield (count,)
        return
    for here in range(min(count, room[0]) + 1):
        for others in _splits(count - here, room[1:]):
            yield (here, *others)


def _multinomial(parts: Sequence[int]) -> int:
    return prod(comb(sum(parts[: i + 1]), part) for i, part in enumerate(parts))


def log_rank(first: Sequence[tuple[float, bool]], second: Sequence[tuple[float, bool]]) -> Made | None:
    """The log-rank test of two groups of times, each with whether the event came (or the case is censored).

    None where no event tells the groups apart: at each only one group was still followed, or it came in all at once.
    """
    samples = (
        stats.CensoredData(
            uncensored=[time for time, is_event in group if is_event],
            right=[time for time, is_event in group if not is_event],
        )
        for group in (first, second)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        found = stats.logrank(*samples)
    if not isfinite(found.statistic):
        return None
    assumption = (
        "Why a case is censored has nothing to do with its event; p comes from the normal curve, rough for few events."
    )
    return Made("Log-rank", "z of the first group", float(found.statistic), float(found.pvalue), assumption)
