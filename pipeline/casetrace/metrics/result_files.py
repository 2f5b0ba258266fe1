"""The files of the metrics stage, written batch by batch, so that memory does not grow with the corpus.

A file depends on its rows alone, never on the batches in which they came.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from casetrace.core.growing_table import GrowingTable
from casetrace.schemas import RESULTS, SERIES
from casetrace.schemas.base import dtypes

#: Up to this many cases each has a JSON file; a larger corpus has none, for nobody compares runs file by file there.
CASES_WITH_JSON = 1000


class ResultFiles:
    """The files of one corpus, open: long results, series, the wide table and, for few cases, one JSON file per case.

    ``scratch`` is a folder for temporary files, which is removed at the end.
    """

    def __init__(self, folder: Path, by_case: Path | None, scratch: Path, close: ExitStack) -> None:
        self.scratch = scratch
        series = folder / "series"
        series.mkdir()
        self._tables = {
            name: GrowingTable((folder if name == "metrics" else series) / f"{name}.parquet", dtypes(RESULTS[name]))
            for name in ("metrics", *SERIES)
        }
        for table in self._tables.values():
            close.callback(table.close)
        self._close, self._by_case, self._wide, self._parts = (
            close,
            by_case,
            folder / "case_metrics.parquet",
            scratch / "wide",
        )
        self._parts.mkdir()
        self._columns: set[str] = set()
        self._n_parts = 0

    def append(self, results: Mapping[str, pl.DataFrame]) -> None:
        """The results of the next cases; cases come in the order of their ids."""
        for name, frame in results.items():
            self._tables[name].append(frame)
        part = wide(results["metrics"])
        part.write_parquet(self._parts / f"{self._n_parts:09d}.parquet")
        self._n_parts += 1
        self._columns |= set(part.columns) - {"case_id"}
        if self._by_case is not None:
            write_by_case(self._by_case, results["metrics"])

    def finish(self) -> None:
        """Write what waits, and the wide table, whose columns are known only now."""
        for table in self._tables.values():
            table.finish()
        columns = {name: pl.Float64() for name in sorted(self._columns)}
        table = GrowingTable(self._wide, {"case_id": pl.String(), **columns})
        self._close.callback(table.close)
        for path in sorted(self._parts.iterdir()):
            part = pl.read_parquet(path)
            lacking = [pl.lit(None, pl.Float64).alias(name) for name in columns if name not in part.columns]
            table.append(part.with_columns(lacking).select("case_id", *columns))
        table.finish()


@contextmanager
def result_files(folder: Path, by_case: Path | None) -> Iterator[ResultFiles]:
    """The files of a corpus, open for results; when the block ends they are finished.

    Args:
        folder: An empty folder for ``metrics.parquet``, ``case_metrics.parquet`` and ``series/*.parquet``.
        by_case: An empty folder for ``<case>.json``; None writes none.
    """
    with TemporaryDirectory(prefix=".metrics-parts-", dir=folder.parent) as scratch, ExitStack() as close:
        files = ResultFiles(folder, by_case, Path(scratch), close)
        yield files
        files.finish()


def wide(metrics: pl.DataFrame) -> pl.DataFrame:
    """One row per case, one column per metric (``metric`` or ``metric__stratum``) with its best value."""
    named = metrics.with_columns(
        pl.when(pl.col("stratum") == "")
        .then(pl.col("metric"))
        .otherwise(pl.col("metric") + "__" + pl.col("stratum"))
        .alias("column")
    )
    columns = sorted(named["column"].unique())
    if not columns:
        return metrics.select("case_id")
    table = named.pivot(on="column", on_columns=columns, index="case_id", values="value")
    return table.select("case_id", *columns).sort("case_id")


def write_by_case(folder: Path, metrics: pl.DataFrame) -> None:
    """One flat JSON per case, for comparison between runs."""
    for (case_id,), rows in metrics.group_by("case_id", maintain_order=True):
        values = {
            f"{metric}.{stratum}" if stratum else metric: value
            for metric, stratum, value in rows.select("metric", "stratum", "value").iter_rows()
        }
        text = json.dumps(dict(sorted(values.items())), indent=1, ensure_ascii=False, allow_nan=False)
        (folder / f"{case_id}.json").write_text(text + "\n", encoding="utf-8")
