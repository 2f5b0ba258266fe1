"""The tables of a corpus in aggregate: no row of them tells of one case."""

import polars as pl

from casetrace.schemas.base import Table, column
from casetrace.schemas.cohort import KINDS


class Sizes(Table):
    """Grain: one row per group of cases: how many cases, and how many patients, it has."""

    group: str = column("Group of cases; `all` without a grouping")
    cases_low: pl.Int64 = column("Cases: at least")
    cases_high: pl.Int64 = column("Cases: at most; equal to the other bound in a public corpus", nullable=True)
    patients_low: pl.Int64 = column("Patients: at least")
    patients_high: pl.Int64 = column("Patients: at most", nullable=True)
    is_protected: bool = column("True for a corpus that is not public: counts are told as classes")


class Known(Table):
    """Grain: one row per group and variable: of how many cases it is known. The four states part the cases."""

    group: str = column("Group of cases; `all` without a grouping")
    section: str = column("Part of the cohort table")
    variable: str = column("Variable")
    label: str = column("Variable in words")
    kind: str = column("number, yes_no or choice", isin=KINDS)
    unit: str = column("Unit (UCUM); empty for a choice")
    known_low: pl.Int64 = column("Cases with a value: at least")
    known_high: pl.Int64 = column("Cases with a value: at most; null when nothing is told", nullable=True)
    open_low: pl.Int64 = column("Cases with bounds only: at least")
    open_high: pl.Int64 = column("Cases with bounds only: at most", nullable=True)
    missing_low: pl.Int64 = column("Cases about which the source does not tell: at least")
    missing_high: pl.Int64 = column("Cases about which the source does not tell: at most", nullable=True)
    not_applicable_low: pl.Int64 = column("Cases to which the variable does not apply: at least")
    not_applicable_high: pl.Int64 = column("Cases to which the variable does not apply: at most", nullable=True)


class Counts(Table):
    """Grain: one row per group, variable and class of its values; the classes of a variable part its known cases."""

    group: str = column("Group of cases; `all` without a grouping")
    variable: str = column("Variable")
    label: str = column("Variable in words")
    kind: str = column("number, yes_no or choice", isin=KINDS)
    unit: str = column("Unit (UCUM); empty for a choice")
    word: str = column("Word of the class: of a choice, or yes or no; empty for a class of numbers")
    is_pooled: bool = column("True for the class of every word that has too few cases for a class of its own")
    from_value: float = column("Smallest value of the class; null when it has no lower end", "unit", nullable=True)
    below_value: float = column("Values of the class lie below this; null when it has no upper end", "unit", nullable=True)  # fmt: skip
    n_low: pl.Int64 = column("Cases in the class: at least")
    n_high: pl.Int64 = column("Cases in the class: at most; null when nothing is told", nullable=True)


class Quantiles(Table):
    """Grain: one row per group, variable and share: where the value lies that this share of the known does not exceed."""

    group: str = column("Group of cases")
    variable: str = column("Variable")
    label: str = column("Variable in words")
    unit: str = column("Unit (UCUM)")
    share_pct: float = column("Share of the known cases at or below", "%")
    low: float = column("The value is at least this; null when that is not told", "unit", nullable=True)
    high: float = column("The value is below this, or this in a public corpus; null when that is not told", "unit", nullable=True)  # fmt: skip


AGGREGATE: dict[str, type[Table]] = {"sizes": Sizes, "known": Known, "counts": Counts, "quantiles": Quantiles}
