"""The metrics stage as a whole: results, and the audit of claims.

What was found for a case is kept while its key (`casetrace.core.fingerprints`) is the same: a case that is added costs
its own work only. A corpus of more than one batch is measured as a whole: its keys would cost more than they save.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casetrace.audit import audit
from casetrace.core.batches import Progress
from casetrace.core.cached_cases import Entry, record, unchanged_cases
from casetrace.core.fingerprints import keys_of_rows
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.metrics.run import MetricsResult, batches, compute_metrics, read_tables
from casetrace.schemas import SERIES


@dataclass(frozen=True)
class StageResult:
    """What was done: the results, how many cases kept theirs, and the claims tested."""

    measured: MetricsResult
    up_to_date: int
    claims: int

    def summary(self) -> str:
        """For the command line."""
        done = f"{self.measured.cases - self.up_to_date} measured, {self.up_to_date} up to date"
        return f"{self.measured.summary()} ({done}), {self.claims} claims tested"


def run_metrics_stage(corpus: Corpus, params: Params, progress: Progress = iter) -> StageResult:
    """Measure and audit the cases of a corpus; equal tables give equal bytes, whatever was kept.

    Args:
        corpus: A corpus with canonical tables.
        params: Parameters of the metrics.
        progress: Wraps the list of batches, for a progress bar.

    Raises:
        NotFoundError: the tables have not been written.
    """
    manifest = corpus.manifests / "metrics.json"
    parts = batches(corpus)
    keys = _keys(corpus, parts)
    stay = list(unchanged_cases(manifest, keys, [corpus.metrics, corpus.case_metrics]))
    chosen = pl.col("case_id").is_in(stay)
    earlier = {name: pl.read_parquet(path).filter(chosen) for name, path in _files(corpus).items()} if stay else {}
    verdicts = earlier.pop("audit", None)
    measured = compute_metrics(corpus, params, progress, earlier)
    claims = audit(corpus, params, verdicts)
    if keys:
        record(manifest, {case: Entry(key) for case, key in keys.items()}, [corpus.metrics, corpus.case_metrics])
    return StageResult(measured, len(stay), claims.height)


def _keys(corpus: Corpus, parts: Sequence[Sequence[str]]) -> dict[str, str]:
    """The key of every case of a corpus of one batch; none of a larger one."""
    return keys_of_rows("metrics", corpus.project, read_tables(corpus, parts[0]), parts[0]) if len(parts) == 1 else {}


def _files(corpus: Corpus) -> dict[str, Path]:
    series = {name: corpus.series / f"{name}.parquet" for name in SERIES}
    return {"metrics": corpus.metrics / "metrics.parquet", "audit": corpus.metrics / "audit.parquet", **series}
