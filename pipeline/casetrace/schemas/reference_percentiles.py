"""Where a case stands among the cases of a comparison corpus."""

import polars as pl

from casetrace.schemas.base import ReasonList, Table, column

STATUS = ["ok", "no_data", "not_computable", "withheld"]
KINDS = ["case", "quantile"]


class Placing(Table):
    """Grain: one row per case, measure and comparison corpus: its value and its percentile in the comparison group."""

    case_id: str = column("Case that is placed")
    metric: str = column("Metric")
    stratum: str = column("Stratum of the metric; empty when it is not split")
    comparison: str = column("Comparison corpus; never the case's own")
    group: str = column("Who is in the comparison group, in words")
    value: float = column("Value of the case", "unit", nullable=True)
    low: float = column("Lowest value that its source allows", "unit", nullable=True)
    high: float = column("Highest value that its source allows", "unit", nullable=True)
    unit: str = column("Unit (UCUM)")
    n: pl.Int32 = column("Members of the group with a value or a bound", nullable=True)
    n_without: pl.Int32 = column("Members of the group without either, who are left out", nullable=True)
    percentile: float = column("Share of members below the case, ties by half", "%", nullable=True)
    percentile_low: float = column("Share of members surely below", "%", nullable=True)
    percentile_high: float = column("Share of members not surely above", "%", nullable=True)
    status: str = column("ok, no_data, not_computable or withheld", isin=STATUS)
    reason: str = column("Why there is no percentile", nullable=True)
    reasons: ReasonList = column("Of a case without a value the same as codes with rows and numbers")

    class Config:
        unique = ["case_id", "metric", "stratum", "comparison"]


class Distribution(Table):
    """Grain: one row per comparison corpus, measure and member of the group, or, of a corpus that is not public, per quantile."""

    comparison: str = column("Comparison corpus")
    metric: str = column("Metric")
    stratum: str = column("Stratum of the metric")
    kind: str = column("case (one member) or quantile", isin=KINDS)
    share_pct: float = column("Share of members below, for a quantile", "%", nullable=True)
    value: float = column("Value; for a one-sided one its bound", "unit")
    is_bound: bool = column("True when the value is a bound: the member lies at or beyond it")
    unit: str = column("Unit (UCUM)")
