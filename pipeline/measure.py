"""The metrics stage: canonical tables in, one long table of results and their series out.

Every number is computed by a SQL file in `pipeline/metrics`. A file sees only the tables that its header reads.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl

from pipeline.errors import CasetraceError, NotFoundError
from pipeline.metric_catalogue import MACROS, METRIC_ROWS, SERIES_PREFIX, SqlFile, needed_files, sql_files
from pipeline.paths import VOCABULARY, Corpus
from pipeline.replacing import replaced
from pipeline.schemas import CANONICAL, RESULTS, SERIES
from pipeline.schemas.base import dtypes, empty

#: Tables beside the canonical ones that metric files may read.
LABELS = "score_labels"
#: Cases measured at once.
BATCH_CASES = 500


class SqlParams(Protocol):
    """Anything that can name its values for SQL; `pipeline.params.Params` is one."""

    def for_sql(self) -> Mapping[str, Any]:
        """Name of each parameter (its last part) -> value."""
        ...


@dataclass(frozen=True)
class MeasureResult:
    """How much was measured."""

    cases: int
    metrics: int
    not_computable: int

    def summary(self) -> str:
        """One line for the command line."""
        return f"{self.metrics} results for {self.cases} cases, {self.not_computable} of them not computable"


def measure(corpus: Corpus, params: SqlParams) -> MeasureResult:
    """Compute every metric of a corpus and write the results.

    Writes ``metrics/metrics.parquet`` (long), ``metrics/case_metrics.parquet`` (wide), ``metrics/series/*.parquet`` and
    ``case_metrics/<case>.json``. Each folder is replaced as a whole; on failure the earlier results stay.

    Raises:
        NotFoundError: when the canonical tables have not been written.
        pandera.errors.SchemaErrors: when a result breaks its schema.
    """
    results = _in_batches(corpus, params.for_sql())
    _write(corpus, results)
    rows = results["metrics"]
    return MeasureResult(
        cases=rows["case_id"].n_unique(),
        metrics=rows.height,
        not_computable=rows.filter(pl.col("status") == "not_computable").height,
    )


def read_tables(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """The canonical tables of a corpus, validated.

    Raises:
        NotFoundError: when one of them does not exist.
    """
    missing = [name for name in CANONICAL if not corpus.table(name).is_file()]
    if missing:
        raise NotFoundError(f"corpus {corpus.name}: no table {', '.join(missing)}; run the stage extract first")
    return {name: model.checked(pl.read_parquet(corpus.table(name))) for name, model in CANONICAL.items()}


def _in_batches(corpus: Corpus, params: Mapping[str, Any]) -> dict[str, pl.DataFrame]:
    """The results of a corpus, some cases at a time, so that memory does not grow with the corpus.

    No metric reads across cases, so the batches change nothing; cases are taken in the order of the results.
    """
    missing = [name for name in CANONICAL if not corpus.table(name).is_file()]
    ids = [] if missing else pl.read_parquet(corpus.table("cases"), columns=["case_id"])["case_id"].sort().to_list()
    if len(ids) <= BATCH_CASES:
        return run_metrics(read_tables(corpus), params)
    parts = []
    for start in range(0, len(ids), BATCH_CASES):
        wanted = pl.col("case_id").is_in(ids[start : start + BATCH_CASES])
        tables = {
            name: model.checked(pl.scan_parquet(corpus.table(name)).filter(wanted).collect())
            for name, model in CANONICAL.items()
        }
        parts.append(run_metrics(tables, params))
    return {name: pl.concat([part[name] for part in parts]) for name in parts[0]}


def run_metrics(
    tables: Mapping[str, pl.DataFrame], params: Mapping[str, Any], only: Iterable[str] | None = None
) -> dict[str, pl.DataFrame]:
    """Every result of the given canonical tables: ``metrics`` and each series, validated and sorted.

    Args:
        tables: Canonical tables by name; all of them.
        params: Parameter name (last part) -> value.
        only: Names of the metric files to run, with all that they read; every file when left out.
    """
    files = sql_files() if only is None else needed_files(only)
    con = duckdb.connect(config={"threads": 1})  # one thread: sums of doubles do not depend on how work is split
    try:
        con.execute("SET python_enable_replacements = false")
        con.execute("CREATE SCHEMA store")
        con.execute("CREATE SCHEMA step")
        for name in CANONICAL:
            _store(con, name, _until_case_ends(tables[name], tables["cases"]))
        _store(con, LABELS, pl.read_csv(VOCABULARY / f"{LABELS}.csv"))
        for file in files:
            run_sql_file(con, file, params)
        return _collect(con, files)
    finally:
        con.close()


def run_sql_file(con: duckdb.DuckDBPyConnection, file: SqlFile, params: Mapping[str, Any]) -> None:
    """Run one file with nothing in sight but what its header reads and the parameters that it names.

    Raises:
        CasetraceError: when the file uses a table or a parameter that it does not declare.
    """
    if file.returns == MACROS:
        con.execute(file.sql)
        return
    for name in file.reads:
        con.execute(f'CREATE VIEW step."{name}" AS SELECT * FROM store."{name}"')
    con.execute("SET search_path = 'step,main'")
    try:
        used = {name: params[name] for name in file.params}
        con.execute(f'CREATE TABLE store."{file.name}" AS {file.sql}', used)
    except (duckdb.Error, KeyError) as error:
        raise CasetraceError(f"metric file {file.path.name}: {error}") from error
    finally:
        con.execute("SET search_path = 'main'")
        for name in file.reads:
            con.execute(f'DROP VIEW step."{name}"')


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


def _until_case_ends(table: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """The rows that may lie before the end of their case; what comes later in a longer record is not measured."""
    start = next((name for name in ("time_earliest_min", "start_earliest_min") if name in table.columns), None)
    ended = cases.filter(pl.col("span_end_min").is_not_null()).select("case_id", "span_end_min")
    if start is None or ended.is_empty():
        return table
    joined = table.join(ended, on="case_id", how="left", maintain_order="left")
    later = (pl.col(start) >= pl.col("span_end_min")).fill_null(False)
    return joined.filter(~later).drop("span_end_min")


def _store(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    con.register("arriving", frame)
    con.execute(f'CREATE TABLE store."{name}" AS SELECT * FROM arriving')
    con.unregister("arriving")


def _collect(con: duckdb.DuckDBPyConnection, files: Sequence[SqlFile]) -> dict[str, pl.DataFrame]:
    sources = {"metrics": [file.name for file in files if file.returns == METRIC_ROWS]}
    sources |= {name: [file.name for file in files if file.returns == SERIES_PREFIX + name] for name in SERIES}
    return {name: _result(con, name, read) for name, read in sources.items()}


def _result(con: duckdb.DuckDBPyConnection, name: str, read: list[str]) -> pl.DataFrame:
    """The rows of the named tables in the one shape of this result."""
    model = RESULTS[name]
    columns = dtypes(model)
    if not read:
        return empty(model)
    rows = con.sql(" UNION ALL BY NAME ".join(f'SELECT * FROM store."{table}"' for table in read)).pl()
    unexpected = set(rows.columns) ^ set(columns)
    if unexpected:
        raise CasetraceError(f"{name}: columns that differ from the schema: {', '.join(sorted(unexpected))}")
    frame = rows.select(pl.col(column).cast(dtype) for column, dtype in columns.items())
    keys = [column for column, dtype in columns.items() if not isinstance(dtype, pl.List)]
    return model.checked(frame.sort(keys, nulls_last=True, maintain_order=True))


def _write(corpus: Corpus, results: Mapping[str, pl.DataFrame]) -> None:
    with replaced(corpus.metrics) as folder, replaced(corpus.case_metrics) as by_case:
        series = folder / corpus.series.relative_to(corpus.metrics)
        series.mkdir()
        for name, frame in results.items():
            place = folder if name == "metrics" else series
            frame.write_parquet(place / f"{name}.parquet", compression="zstd", statistics=True)
        wide(results["metrics"]).write_parquet(folder / "case_metrics.parquet", compression="zstd", statistics=True)
        _write_by_case(by_case, results["metrics"])


def _write_by_case(folder: Path, metrics: pl.DataFrame) -> None:
    """One flat JSON per case, for comparison between runs."""
    for (case_id,), rows in metrics.group_by("case_id", maintain_order=True):
        values = {
            f"{metric}.{stratum}" if stratum else metric: value
            for metric, stratum, value in rows.select("metric", "stratum", "value").iter_rows()
        }
        text = json.dumps(dict(sorted(values.items())), indent=1, ensure_ascii=False, allow_nan=False)
        (folder / f"{case_id}.json").write_text(text + "\n", encoding="utf-8")
