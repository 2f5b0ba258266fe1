"""The shapes of everything that is derived: one long result table, and series with tables of their own."""

import polars as pl

from casetrace.schemas.base import ReasonList, StringList, Table, column
from casetrace.schemas.canonical import ADJUDICATORS

STATUS = ["ok", "no_data", "not_computable", "not_applicable"]
BOUNDS = ["low", "best", "high"]
TURNS = ["decides it", "narrows it", "can turn it only together with others", "cannot turn it"]
VERDICTS = [
    "reproduced",
    "possible",
    "not shown by the printed numbers",
    "contradicted by the printed numbers",
    "two places differ",
    "not computable",
    "nothing to test against",
]
#: What a contradiction, or a difference between two places, changes; what matters most stands first.
CONSEQUENCES = ["turns a criterion or a score", "changes no criterion", "within rounding or assay variation"]


class Metrics(Table):
    """Grain: one row per case, metric and stratum. The one shape of every derived number.

    Yes/no metrics are 1 and 0 with unit ``{yes_no}``; an open verdict has low 0, high 1 and no best value.
    `low` null with status ok means that nothing bounds the number from below (and the same for `high`).
    """

    case_id: str = column("Case")
    metric: str = column("Metric, named in the metric catalogue")
    stratum: str = column("What the metric is split by (a drug, a day, a baseline); empty when it is not split")
    value: float = column("Best value; null when there is none", "unit", nullable=True)
    low: float = column("Lowest value that the source allows", "unit", nullable=True)
    high: float = column("Highest value that the source allows", "unit", nullable=True)
    unit: str = column("Unit (UCUM)")
    status: str = column("ok, no_data, not_computable or not_applicable", isin=STATUS)
    reason: str = column("Why there is no value, or what the bounds leave open", nullable=True)
    reasons: ReasonList = column(
        "The same as codes with rows and numbers; their sentences are in vocabulary/reasons.csv"
    )
    row_ids: StringList = column("Rows that the number comes from")

    class Config:
        unique = ["case_id", "metric", "stratum"]

    @classmethod
    def ordered_bounds(cls, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows that break low <= value <= high; empty when the law holds."""
        return frame.filter(
            (pl.col("low") > pl.col("value")) | (pl.col("value") > pl.col("high")) | (pl.col("low") > pl.col("high"))
        )


class Trailing24h(Table):
    """Grain: one row per case, substance, bound and breakpoint of the trailing 24-hour dose.

    Between two breakpoints the amount is linear from `after` of the first to `before` of the second.
    """

    case_id: str = column("Case")
    substance: str = column("iv_ufh")
    bound: str = column("low, best or high", isin=BOUNDS)
    time_min: pl.Int64 = column("Breakpoint", "min")
    before: float = column("Amount in the 24 h before the breakpoint, before anything happens at it", "unit")
    after: float = column("Amount in (t - 24 h, t], after everything that happens at the breakpoint", "unit")
    unit: str = column("Unit (UCUM)")


class Terms(Table):
    """Grain: one row per case, metric, stratum, bound and dose row: what each dose adds to a sum.

    For each metric and bound the terms add up to the value (or bound) of the metric.
    """

    case_id: str = column("Case")
    metric: str = column("Metric that the term belongs to")
    stratum: str = column("Stratum of that metric")
    bound: str = column("low, best or high", isin=BOUNDS)
    row_id: str = column("Dose row")
    occurrence: pl.Int32 = column("Occurrence of a repeated dose")
    kind: str = column("bolus, infusion or total")
    amount: float = column("What the dose adds", "unit")
    unit: str = column("Unit (UCUM)")
    from_min: pl.Int64 = column("Start of the part that counts", "min", nullable=True)
    until_min: pl.Int64 = column("End of the part that counts", "min", nullable=True)
    rate: float = column("Rate per hour for an infusion", "unit/h", nullable=True)


class ScoreItems(Table):
    """Grain: one row per case, score, reading and item: points as an interval with rows and reason."""

    case_id: str = column("Case")
    score: str = column("Score (4ts, hep, isth_dic_2001, isth_dic_2025, sic)")
    reading: str = column("Which reading of the source: data, printed_points, printed_labels, or a named variant")
    item: str = column("Item of the score")
    position: pl.Int32 = column("Order of the item within the score")
    basis: str = column("Whether the item follows from data or is adjudicated by a person", isin=["data-derived", "adjudicated", "printed"])  # fmt: skip
    low: float = column("Fewest points", "points", nullable=True)
    high: float = column("Most points", "points", nullable=True)
    status: str = column("ok, no_data, not_computable or not_applicable", isin=STATUS)
    reason: str = column("What decides the points, or what is missing")
    reasons: ReasonList = column("The same as codes with rows and numbers")
    row_ids: StringList = column("Rows that decide the item")


class ScoreTurns(Table):
    """Grain: one row per case, score, reading and undecided item: what the item could turn.

    `now` names every band that the total may lie in; `with_fewest` and `with_most` those that stay possible when the
    item has its fewest or most points and the other items keep their intervals.
    """

    case_id: str = column("Case")
    score: str = column("Score (4ts, hep, isth_dic_2001, isth_dic_2025, sic)")
    reading: str = column("Which reading of the source: data, or a named variant of it")
    item: str = column("Item of the score that is not decided")
    position: pl.Int32 = column("Order of the item within the score")
    low: float = column("Fewest points of the item", "points")
    high: float = column("Most points of the item", "points")
    total_low: float = column("Lowest total that is possible now", "points")
    total_high: float = column("Highest total that is possible now", "points")
    now: str = column("Bands of the score that are possible now")
    with_fewest: str = column("Bands that stay possible with the fewest points of the item")
    with_most: str = column("Bands that stay possible with the most points of the item")
    effect: str = column("Whether the item alone decides the band", isin=TURNS)
    reason: str = column("What is missing")
    reasons: ReasonList = column("The same as codes with rows and numbers")
    row_ids: StringList = column("Rows that speak of the item")


class PlateletEpisodes(Table):
    """Grain: one row per case and episode of a platelet fall, in order of onset.

    An episode runs from a peak to its nadir and ends when a count is back at 70 % of the peak. One that times or values
    leave open is not certain; a peak without a row is the level at the first heparin, near which no count is printed.
    """

    case_id: str = column("Case")
    episode: pl.Int32 = column("Number of the episode within the case")
    peak_row: str = column("Row of the peak; null where no count is printed near the first heparin", nullable=True)
    peak: float = column("Count at the peak", "10*9/L", nullable=True)
    peak_low: float = column("Lowest that the peak may be", "10*9/L")
    peak_high: float = column("Highest that the peak may be", "10*9/L", nullable=True)
    peak_earliest_min: pl.Int64 = column("Earliest time of the peak", "min")
    peak_latest_min: pl.Int64 = column("Latest time of the peak", "min")
    onset_earliest_min: pl.Int64 = column("Onset: earliest time of the last count within 30 % of the peak", "min")
    onset_latest_min: pl.Int64 = column("Onset: latest time of the first count below it", "min")
    nadir: float = column("Lowest count of the episode", "10*9/L", nullable=True)
    nadir_low: float = column("Lowest that the nadir may be", "10*9/L")
    nadir_high: float = column("Highest that the nadir may be", "10*9/L", nullable=True)
    nadir_earliest_min: pl.Int64 = column("Earliest time of the nadir", "min")
    nadir_latest_min: pl.Int64 = column("Latest time of the nadir", "min")
    fall_pct: float = column("Fall from the peak to the nadir", "%", nullable=True)
    fall_low_pct: float = column("Smallest fall that the source allows", "%")
    fall_high_pct: float = column("Largest fall that the source allows", "%")
    recovered: str = column("Whether a count is back at 70 % of the peak", isin=["yes", "no", "open"])
    recovery_earliest_min: pl.Int64 = column("Earliest time of that count", "min", nullable=True)
    recovery_latest_min: pl.Int64 = column("Latest time of that count", "min", nullable=True)
    is_certain: bool = column("Whether the source leaves no doubt of the episode")
    scored: str = column("Whether it is the fall that the scores use", isin=["yes", "possible", "no"])
    reason: str = column("Why it is, may be or is not the scored one")
    reasons: ReasonList = column("The same as codes with rows and numbers")
    row_ids: StringList = column("Rows of the peak, the onset, the nadir and the recovery")

    class Config:
        unique = ["case_id", "episode"]


class Audit(Table):
    """Grain: one row per claim: what is stated, what the printed numbers give, and the verdict."""

    case_id: str = column("Case")
    claim_id: str = column("Row id of the claim")
    by: str = column("Whose statement it is: of the authors, or of the curator (checks.csv)", isin=ADJUDICATORS)
    claim: str = column("The claim in our own words")
    evidence: str = column("Place of the claim in the source", nullable=True)
    stated: str = column("Stated value with comparator and unit, as typed", nullable=True)
    value: float = column("What the printed numbers give, best", "unit", nullable=True)
    low: float = column("Lowest that the printed numbers allow", "unit", nullable=True)
    high: float = column("Highest that the printed numbers allow", "unit", nullable=True)
    unit: str = column("Unit", nullable=True)
    given: str = column("The same in words, in the unit of the statement", nullable=True)
    verdict: str = column("Verdict of the audit", isin=VERDICTS)
    consequence: str = column("What a contradiction or a difference changes", nullable=True, isin=CONSEQUENCES)
    margin: float = column("Distance from the stated value to the nearest possible one", "unit", nullable=True)
    explanation: str = column("What follows from which numbers")
    reasons: ReasonList = column(
        "Why there is nothing to test, or nothing to test against, as codes where it has codes"
    )
    row_ids: StringList = column("Rows that the test used; never the claim itself")


SERIES: dict[str, type[Table]] = {
    "trailing_24h": Trailing24h,
    "terms": Terms,
    "score_items": ScoreItems,
    "score_sensitivity": ScoreTurns,
    "platelet_episodes": PlateletEpisodes,
}
RESULTS: dict[str, type[Table]] = {"metrics": Metrics, "audit": Audit, **SERIES}
