"""Where a case stands among the cases of another corpus: percentiles with their n, and the distribution behind them.

The comparison group is every case of the comparison corpus that received therapeutic intravenous heparin. Nothing is
recomputed: both sides are the results of the same metrics.
"""

from dataclasses import dataclass

import polars as pl

from pipeline import privacy
from pipeline.errors import CasetraceError, NotFoundError
from pipeline.paths import Corpus
from pipeline.schemas.base import dtypes
from pipeline.schemas.placing import Distribution, Placing

GROUP = "cases with therapeutic intravenous heparin"
MEMBERSHIP = "iv_ufh_total"
#: What a case is placed by: metric and stratum.
MEASURES = (
    ("iv_ufh_max_24h", ""),
    ("iv_ufh_max_24h_mean_rate_per_kg", ""),
    ("platelets_nadir", ""),
    ("platelets_fall_pct", "before_heparin"),
    ("aptt_max", "unfractionated heparin"),
)
QUANTILES = (10, 25, 50, 75, 90)
_KEYS = ("metric", "stratum")


@dataclass(frozen=True)
class Placed:
    """The two tables of a placing."""

    placing: pl.DataFrame
    distribution: pl.DataFrame


def place_in_cohort(corpus: Corpus, comparison: Corpus) -> Placed:
    """Place every case of a corpus, and write ``placing.parquet`` and ``distribution.parquet`` beside its metrics.

    Raises:
        CasetraceError: a corpus compared with itself.
        NotFoundError: one of them has no metrics yet.
    """
    if comparison.name == corpus.name:
        raise CasetraceError(f"{corpus.name} cannot be compared with itself: name another corpus")
    placed = compare(
        _metrics(corpus), _metrics(comparison), comparison.name, restricted=privacy.is_restricted(comparison)
    )
    placed.placing.write_parquet(corpus.metrics / "placing.parquet", compression="zstd")
    placed.distribution.write_parquet(corpus.metrics / "distribution.parquet", compression="zstd")
    return placed


def compare(own: pl.DataFrame, others: pl.DataFrame, name: str, *, restricted: bool) -> Placed:
    """Place the cases of one table of results among those of another.

    Args:
        own: Results of the cases that are placed.
        others: Results of the comparison corpus.
        name: Name of the comparison corpus.
        restricted: Whether the comparison corpus is not public, so that small counts are withheld.
    """
    treated = others.filter((pl.col("metric") == MEMBERSHIP) & (pl.max_horizontal("value", "low") > 0))[
        "case_id"
    ].unique()
    members = others.filter(pl.col("case_id").is_in(treated.implode()))
    rows = []
    for metric, stratum in MEASURES:
        known = _known(_of(members, metric, stratum))
        for case in _of(own, metric, stratum).iter_rows(named=True):
            rows.append(_placed(case, known, treated.len(), name, restricted=restricted))
    placing = pl.DataFrame(rows, schema=dtypes(Placing)).sort("case_id", "metric", "stratum")
    return Placed(Placing.checked(placing), _distribution(members, restricted=restricted))


def _metrics(corpus: Corpus) -> pl.DataFrame:
    path = corpus.metrics / "metrics.parquet"
    if not path.is_file():
        raise NotFoundError(f"corpus {corpus.name}: no metrics; run casetrace run {corpus.name} --stage metrics first")
    return pl.read_parquet(path)


def _of(metrics: pl.DataFrame, metric: str, stratum: str) -> pl.DataFrame:
    return metrics.filter((pl.col("metric") == metric) & (pl.col("stratum") == stratum))


def _known(members: pl.DataFrame) -> pl.DataFrame:
    """Members with a value, or with a bound that says something; a value is its own bounds where it has none."""
    usable = members.filter(
        pl.col("status").is_in(["ok", "not_computable"])
        & (pl.col("value").is_not_null() | (pl.col("low") > 0) | pl.col("high").is_not_null())
    )
    return usable.with_columns(pl.col("low").fill_null(pl.col("value")), pl.col("high").fill_null(pl.col("value")))


def _placed(
    case: dict[str, object], known: pl.DataFrame, size: int, name: str, *, restricted: bool
) -> dict[str, object]:
    """One row of the placing."""
    row: dict[str, object] = {key: case[key] for key in ("case_id", *_KEYS, "value", "low", "high", "unit")}
    row |= {"comparison": name, "group": GROUP, "n": known.height, "n_without": size - known.height, "reason": None}
    row |= dict.fromkeys(("percentile", "percentile_low", "percentile_high"))
    if case["status"] in ("no_data", "not_applicable") or (
        case["value"] is None and case["low"] is None and case["high"] is None
    ):
        return (
            row | {"status": "no_data", "reason": case["reason"] or "the case has no value"} | _sizes(row, restricted)
        )
    if not known.height:
        return (
            row
            | {"status": "no_data", "reason": "nobody in the comparison group has a value"}
            | _sizes(row, restricted)
        )
    counts = _counts(case, known)
    if restricted and not _may_be_shown(counts, known.height, size):
        what = f"fewer than {privacy.SMALLEST_CELL} members of a corpus that is not public on one side"
        return row | {"status": "withheld", "reason": what, "n": None, "n_without": None}
    shares = {key: None if count is None else 100 * count / known.height for key, count in counts.items()}
    if shares["percentile"] is None:
        what = "the case, or a member, is known by its bounds only"
        return row | shares | {"status": "not_computable", "reason": what} | _sizes(row, restricted)
    return row | shares | {"status": "ok"} | _sizes(row, restricted)


def _counts(case: dict[str, object], known: pl.DataFrame) -> dict[str, float | None]:
    """How many members lie below: surely, at most, and best with ties by half; no best where one cannot be compared."""
    low = case["low"] if case["low"] is not None else case["value"]
    high = case["high"] if case["high"] is not None else case["value"]
    surely = int((known["high"] < low).sum()) if low is not None else 0
    above = int((known["low"] > high).sum()) if high is not None else 0
    best: float | None = None
    if (value := case["value"]) is not None:
        below = (known["value"] < value).fill_null(False) | (known["high"] < value).fill_null(False)
        over = (known["value"] > value).fill_null(False) | (known["low"] > value).fill_null(False)
        ties = (known["value"] == value).fill_null(False)
        if (below | over | ties).all():
            best = int(below.sum()) + int(ties.sum()) / 2
    return {"percentile": best, "percentile_low": float(surely), "percentile_high": float(known.height - above)}


def _may_be_shown(counts: dict[str, float | None], n: int, size: int) -> bool:
    """Whether every count that follows from the shares, and its rest, is 0 or large enough."""
    found = [count for count in counts.values() if count is not None]
    parts = [*found, *(n - count for count in found), size - n, n]
    return all(part == 0 or part >= privacy.SMALLEST_CELL for part in parts)


def _sizes(row: dict[str, object], restricted: bool) -> dict[str, object]:
    """The sizes, unless one of them is a small count of a corpus that is not public."""
    sizes = {key: row[key] for key in ("n", "n_without")}
    small = any(isinstance(count, int) and 0 < count < privacy.SMALLEST_CELL for count in sizes.values())
    return dict.fromkeys(sizes) if restricted and small else sizes


def _distribution(members: pl.DataFrame, *, restricted: bool) -> pl.DataFrame:
    """Every member's value; of a corpus that is not public only quantiles with enough members on both sides."""
    rows: list[tuple[object, ...]] = []
    for metric, stratum in MEASURES:
        known = _known(_of(members, metric, stratum))
        values = [(v if v is not None else low if low is not None else high, v is None, unit)
                  for v, low, high, unit in known.select("value", "low", "high", "unit").iter_rows()]  # fmt: skip
        if not restricted:
            rows += [(metric, stratum, "case", None, value, bound, unit) for value, bound, unit in sorted(values)]
            continue
        for share in QUANTILES:
            if values and min(share, 100 - share) * len(values) / 100 >= privacy.SMALLEST_CELL:
                value, bound, unit = sorted(values)[int(len(values) * share / 100)]
                rows.append((metric, stratum, "quantile", float(share), value, bound, unit))
    return Distribution.checked(pl.DataFrame(rows, schema=dtypes(Distribution), orient="row"))
