"""Where a case stands among the cases of another corpus: percentiles with their n, and the distribution behind them.

The comparison group is every case of the comparison corpus that received therapeutic intravenous heparin. Nothing is
recomputed: both sides are the results of the same metrics. In a corpus that is not public a case is placed between the
quantiles that are published, each told by a class of values, and by nothing else (docs/privacy.md): two cases, however
close, then tell no more of the members between them than the classes do.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import polars as pl

from casetrace import privacy
from casetrace.core.atomic import atomic_folder
from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.privacy import bins
from casetrace.privacy.disclosure import CellSize, CountRange, disclosed_count, patients_of
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import Table, dtypes
from casetrace.schemas.reference_percentiles import Distribution, Placing
from casetrace.schemas.stored import require_schema
from casetrace.values import display

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
class PercentileTables:
    """The two tables of a placing."""

    placing: pl.DataFrame
    distribution: pl.DataFrame


def place(corpus: Corpus, params: Params, among: str | None = None) -> list[str]:
    """The placing stage: published cases among each comparison corpus; imported ones are placed nowhere.

    A placing among a corpus that the parameters no longer name is removed.

    Args:
        corpus: A corpus with metrics.
        params: Name the comparison corpora.
        among: Only this one of them.

    Returns:
        A line for each comparison corpus.

    Raises:
        NotFoundError: the parameters do not name ``among``, or one of the corpora has no metrics yet.
    """
    named = params.comparison()
    if among is not None and among not in named:
        raise NotFoundError(f"params.yaml names no comparison corpus '{among}' (comparison.corpora)")
    for folder in corpus.placing.iterdir() if corpus.placing.is_dir() else ():
        if folder.is_dir() and folder.name not in named:
            shutil.rmtree(folder)
    if privacy.corpus_info(corpus) is not None:
        return []
    chosen = [name for name in named if name != corpus.name and among in (None, name)]
    return [_told(place_among(corpus, corpus.project.corpus(name)), name) for name in chosen]


def _told(placed: PercentileTables, name: str) -> str:
    return f"{placed.placing['case_id'].n_unique()} cases among those of {name}"


def place_among(corpus: Corpus, comparison: Corpus) -> PercentileTables:
    """Place every patient of a corpus, and write both tables to ``data/processed/<corpus>/placing/<comparison>/``.

    Raises:
        CasetraceError: a corpus compared with itself.
        NotFoundError: one of them has no metrics yet.
    """
    if comparison.name == corpus.name:
        raise CasetraceError(f"{corpus.name} cannot be compared with itself: name another corpus")
    cases = _read(comparison, comparison.table("cases"), CANONICAL["cases"])
    patients = patients_of(cases) if privacy.is_restricted(comparison) else None
    placed = compare(_metrics(corpus), _metrics(comparison), comparison.name, patients)
    with atomic_folder(corpus.placing_among(comparison.name)) as folder:
        placed.placing.write_parquet(folder / "placing.parquet", compression="zstd")
        placed.distribution.write_parquet(folder / "distribution.parquet", compression="zstd")
    return placed


def compare(
    own: pl.DataFrame, others: pl.DataFrame, name: str, patients: Mapping[str, str] | None = None
) -> PercentileTables:
    """Place the cases of one table of results among those of another.

    Args:
        own: Results of the cases that are placed.
        others: Results of the comparison corpus.
        name: Name of the comparison corpus.
        patients: Of a corpus that is not public, the patient of each case; nothing of a member is then shown.
    """
    treated = others.filter((pl.col("metric") == MEMBERSHIP) & (pl.max_horizontal("value", "low") > 0))[
        "case_id"
    ].unique()
    members = others.filter(pl.col("case_id").is_in(treated.implode()))
    rows: list[dict[str, object]] = []
    distribution: list[tuple[object, ...]] = []
    for metric, stratum in MEASURES:
        known = _known(_of(members, metric, stratum))
        classes = None if patients is None else _in_classes(known, patients)
        distribution += _values(known) if classes is None else _ends(classes, metric, stratum)
        for case in _of(own, metric, stratum).iter_rows(named=True):
            sizes = {} if classes else {"n": known.height, "n_without": treated.len() - known.height}
            placed = _placed(case, known) if classes is None else _between(case, classes, name)
            rows.append(_row(case, name) | sizes | (_no_value(case) or placed))
    placing = pl.DataFrame(rows, schema=dtypes(Placing)).sort("case_id", "metric", "stratum")
    columns = {column: dtype for column, dtype in dtypes(Distribution).items() if column != "comparison"}
    shown = pl.DataFrame(distribution, schema=columns, orient="row").select(pl.lit(name).alias("comparison"), pl.all())
    return PercentileTables(Placing.checked(placing), Distribution.checked(shown))


def _metrics(corpus: Corpus) -> pl.DataFrame:
    """The results of the patients: a case that its publisher calls fictional is never placed, and in no group."""
    results = _read(corpus, corpus.metrics / "metrics.parquet", RESULTS["metrics"])
    fictional = _read(corpus, corpus.table("cases"), CANONICAL["cases"]).filter("is_fictional")["case_id"]
    return results.filter(~pl.col("case_id").is_in(fictional.implode()))


def _read(corpus: Corpus, path: Path, model: type[Table]) -> pl.DataFrame:
    if not path.is_file():
        raise NotFoundError(f"corpus {corpus.name}: no metrics; run casetrace run {corpus.name} --stage metrics first")
    require_schema({path: model})
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


def _row(case: dict[str, object], name: str) -> dict[str, object]:
    """What is common to every row of the placing."""
    row: dict[str, object] = {key: case[key] for key in ("case_id", *_KEYS, "value", "low", "high", "unit")}
    row |= {"comparison": name, "group": GROUP, "reason": None, "reasons": []}
    return row | dict.fromkeys(("n", "n_without", "percentile", "percentile_low", "percentile_high"))


def _no_value(case: dict[str, object]) -> dict[str, object] | None:
    """The rest of the row of a case that cannot be placed; None for any other."""
    has_none = case["value"] is None and case["low"] is None and case["high"] is None
    if has_none or case["status"] in ("no_data", "not_applicable"):
        return {
            "status": "no_data",
            "reason": case["reason"] or "the case has no value",
            "reasons": case["reasons"],
        }
    return None


def _placed(case: dict[str, object], known: pl.DataFrame) -> dict[str, object]:
    """Where a case lies among members that may be shown."""
    if not known.height:
        return {"status": "no_data", "reason": "nobody in the comparison group has a value"}
    counts = _counts(case, known)
    shares = {key: None if count is None else 100 * count / known.height for key, count in counts.items()}
    if shares["percentile"] is None:
        what = "the case, or a member, is known by its bounds only"
        return shares | {"status": "not_computable", "reason": what}
    return shares | {"status": "ok"}


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


def _values(known: pl.DataFrame) -> list[tuple[object, ...]]:
    """Every member's value, or its bound."""
    bound = pl.col("value").is_null().alias("is_bound")
    rows = known.select("metric", "stratum", pl.coalesce("value", "low", "high").alias("value"), bound, "unit")
    ordered = rows.sort("value", "is_bound")
    return [(m, s, "case", None, value, is_bound, unit) for m, s, value, is_bound, unit in ordered.rows()]


@dataclass(frozen=True)
class _Classes:
    """What is published of the members of a corpus that is not public: how many they are, and where quantiles lie."""

    n: CountRange
    unit: str
    quantiles: tuple[tuple[int, float | None, float | None], ...]


def _in_classes(known: pl.DataFrame, patients: Mapping[str, str]) -> _Classes:
    """The quantiles of the members by classes of values, enough members in each; none when there is one class only."""
    persons = [patients[case_id] for case_id in known["case_id"]]

    def size(positions: Sequence[int]) -> CellSize:
        return CellSize(len(positions), len({persons[i] for i in positions}))

    unit = known["unit"][0] if known.height else ""
    values = known.select(pl.coalesce("value", "low", "high"))["value"].to_list()
    lows, highs = known["low"].fill_null(-inf).to_list(), known["high"].fill_null(inf).to_list()
    step = 1.0 if display.decimals_for(unit) == 0 else 0.0
    edges = bins.merged(bins.grid(values, smallest_step=step), values, lambda some: not size(some).is_small)
    shares = QUANTILES if edges else ()
    found = tuple((share, *bins.quantile_class(edges, lows, highs, share)) for share in shares)
    return _Classes(disclosed_count(size(range(known.height))), unit, found)


def _between(case: dict[str, Any], classes: _Classes, name: str) -> dict[str, object]:
    """The quantiles of a corpus that is not public between which the case surely lies."""
    if not classes.quantiles:
        what = f"{name} is not public, and too few of its members have a value for classes of values"
        return {"status": "withheld", "reason": what}
    low = case["low"] if case["low"] is not None else case["value"]
    high = case["high"] if case["high"] is not None else case["value"]
    below = [q for q, _, end in classes.quantiles if low is not None and end is not None and end <= low]
    above = [q for q, start, _ in classes.quantiles if high is not None and start is not None and start > high]
    what = f"{name} is not public: placed between published quantiles of {classes.n.low} to {classes.n.high} members"
    return {
        "status": "ok",
        "reason": what,
        "percentile_low": float(max(below, default=0)),
        "percentile_high": float(min(above, default=100)),
    }


def _ends(classes: _Classes, metric: str, stratum: str) -> list[tuple[object, ...]]:
    """Both ends of the classes that the quantiles lie in; a class without one of its ends is left out."""
    return [
        (metric, stratum, "quantile", float(share), end, False, classes.unit)
        for share, low, high in classes.quantiles
        if low is not None and high is not None
        for end in (low, high)
    ]
