"""The one reader of a report: everything that the processed tables hold about one case."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from casetrace.core import params as parameters
from casetrace.core.errors import NotFoundError
from casetrace.core.paths import Corpus
from casetrace.schemas import CANONICAL, RESULTS, SERIES
from casetrace.schemas.base import empty
from casetrace.schemas.reference_percentiles import Distribution, Placing
from casetrace.vocabulary import reasons
from casetrace.vocabulary.reasons import Reason

#: Canonical tables whose rows carry evidence, in the order of the appendix.
TABLES = ["patient", "targets", "labs", "doses", "events", "findings", "reported_scores", "claims"]


@dataclass(frozen=True)
class Metric:
    """One derived number of one case, in ``unit``; ``value`` is null when there is no best value."""

    name: str
    stratum: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str
    reason: str | None
    row_ids: tuple[str, ...] = field(default=())
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def key(self) -> str:
        """Stable name: the metric, and its stratum behind a point."""
        return f"{self.name}.{self.stratum}" if self.stratum else self.name

    @property
    def is_open(self) -> bool:
        """True when the source leaves the number, or the verdict, between two bounds."""
        return self.status != "no_data" and self.value is None and (self.low, self.high) != (None, None)


@dataclass(frozen=True)
class CaseData:
    """Everything of one case: canonical tables, metrics, series and the audit.

    ``tables`` holds the canonical tables by name, ``results`` the derived ones (``metrics``, ``audit``,
    ``trailing_24h``, ``terms``, ``score_items``); each is filtered to the case and typed even when empty.
    """

    case_id: str
    corpus: str
    tables: dict[str, pl.DataFrame]
    results: dict[str, pl.DataFrame]

    @cached_property
    def case(self) -> dict[str, Any]:
        """The row of `cases`."""
        return self.tables["cases"].row(0, named=True)

    @cached_property
    def source(self) -> dict[str, Any]:
        """The row of `sources`; without one, every field is null."""
        frame = self.tables["sources"]
        return frame.row(0, named=True) if frame.height else dict.fromkeys(frame.columns)

    @property
    def observed(self) -> tuple[int, int]:
        """First and last minute that the source covers [min since time zero]."""
        return self.case["observed_start_min"], self.case["observed_end_min"]

    @property
    def day_starts(self) -> str:
        """``midnight`` or ``hour_zero``."""
        return str(self.case["day_zero_starts"])

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """Metrics by their stable key, in order of key."""
        found: dict[str, Metric] = {}
        for row in self.results["metrics"].sort("metric", "stratum").iter_rows(named=True):
            metric = Metric(
                name=row["metric"],
                stratum=row["stratum"],
                value=row["value"],
                low=row["low"],
                high=row["high"],
                unit=row["unit"],
                status=row["status"],
                reason=row["reason"],
                row_ids=tuple(row["row_ids"] or ()),
                reasons=reasons.read(row["reasons"]),
            )
            found[metric.key] = metric
        return found

    def metric(self, name: str, stratum: str = "") -> Metric | None:
        """The metric, or None where the measure stage wrote no such row for the case."""
        return self.metrics.get(f"{name}.{stratum}" if stratum else name)

    def strata(self, name: str) -> list[Metric]:
        """Every stratum of a metric, in order of stratum."""
        return [m for m in self.metrics.values() if m.name == name]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of a canonical or derived table as dictionaries."""
        frame = self.tables[table] if table in self.tables else self.results[table]
        return list(frame.iter_rows(named=True))

    @cached_property
    def row_of(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Table and row of each row id; a dose that is repeated stands there with its first occurrence."""
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        for table in TABLES:
            for row in self.rows(table):
                found.setdefault(str(row["row_id"]), (table, row))
        return found

    @cached_property
    def occurrences(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Every dose by row id and occurrence."""
        return {(str(row["row_id"]), int(row["occurrence"])): row for row in self.rows("doses")}

    @cached_property
    def row_ids_by_length(self) -> list[str]:
        """Every row id, the longest first, so that a pattern of them finds the whole of each."""
        return sorted(self.row_of, key=lambda row_id: (-len(row_id), row_id))


def case_ids(corpus: Corpus) -> list[str]:
    """Ids of all cases in the processed tables, sorted.

    Raises:
        NotFoundError: when the corpus has no processed tables.

    """
    path = corpus.table("cases")
    if not path.exists():
        raise NotFoundError(f"corpus {corpus.name}: there are no processed tables yet; run `casetrace run` first")
    return pl.read_parquet(path, columns=["case_id"])["case_id"].sort().to_list()


def read_case(corpus: Corpus, case_id: str) -> CaseData:
    """Read one case from the processed tables of a corpus.

    Raises:
        NotFoundError: when the case, a table or the metrics are missing. Only the audit may be absent:
            a corpus without claims has none.

    """
    tables = {name: _rows_of(corpus.table(name), case_id) for name in CANONICAL}
    if tables["cases"].height == 0:
        raise NotFoundError(f"case {case_id}: not in the processed tables of corpus {corpus.name}")
    results = {"metrics": _rows_of(corpus.metrics / "metrics.parquet", case_id)}
    results |= {name: _rows_of(corpus.series / f"{name}.parquet", case_id) for name in SERIES}
    audit = corpus.metrics / "audit.parquet"
    results["audit"] = _rows_of(audit, case_id) if audit.exists() else empty(RESULTS["audit"])
    results |= _placing(corpus, case_id)
    return CaseData(case_id=case_id, corpus=corpus.name, tables=tables, results=results)


def _placing(corpus: Corpus, case_id: str) -> dict[str, pl.DataFrame]:
    """Where the case stands among others; both tables are empty where no comparison corpus is named."""
    named = parameters.load(corpus.project.params).comparison() if corpus.placing.is_dir() else ()
    folders = [folder for folder in map(corpus.placing_among, named) if folder.is_dir()]
    placing = [_rows_of(folder / "placing.parquet", case_id) for folder in folders]
    members = [pl.read_parquet(folder / "distribution.parquet") for folder in folders]
    return {
        "placing": pl.concat([empty(Placing), *placing]),
        "distribution": pl.concat([empty(Distribution), *members]),
    }


def _rows_of(file: Path, case_id: str) -> pl.DataFrame:
    if not file.exists():
        raise NotFoundError(
            f"{file.parent.name}/{file.name}: missing in the processed tables; run `casetrace run` first"
        )
    return pl.scan_parquet(file).filter(pl.col("case_id") == case_id).collect()
