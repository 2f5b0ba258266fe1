"""The metrics stage: canonical tables in, one long table of results and their series out.

Every number is computed by a SQL file in `pipeline/metrics`. A file sees only the tables that its header reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl

from casetrace.core.atomic import atomic_folder
from casetrace.core.batches import Progress, in_batches
from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.paths import VOCABULARY, Corpus
from casetrace.metrics.catalogue import MACROS, METRIC_ROWS, SERIES_PREFIX, SqlFile, needed_files, sql_files
from casetrace.metrics.result_files import CASES_WITH_JSON, result_files
from casetrace.schemas import CANONICAL, RESULTS, SERIES
from casetrace.schemas.base import REASON, dtypes, empty
from casetrace.schemas.stored import require_schema
from casetrace.vocabulary import reasons

#: Tables beside the canonical ones that metric files may read.
SCORE_TABLES = ("score_labels", "score_answers")
#: Cases measured at once, and laboratory results and doses measured at once: whichever is reached first.
BATCH_CASES = 1000
BATCH_ROWS = 200_000
#: Limit of the memory that DuckDB takes for one batch; more goes to disk.
MEMORY = "1GB"


class SqlParams(Protocol):
    """Anything that can name its values for SQL; `casetrace.core.params.Params` is one."""

    def for_sql(self) -> Mapping[str, Any]:
        """Name of each parameter (its last part) -> value."""
        ...


@dataclass(frozen=True)
class MetricsResult:
    """How much was measured."""

    cases: int
    metrics: int
    not_computable: int

    def summary(self) -> str:
        """One line for the command line."""
        return f"{self.metrics} results for {self.cases} cases, {self.not_computable} of them not computable"


def compute_metrics(
    corpus: Corpus,
    params: SqlParams,
    progress: Progress = iter,
    earlier: Mapping[str, pl.DataFrame] | None = None,
) -> MetricsResult:
    """Compute every metric of a corpus and write the results, some cases at a time.

    No metric reads across cases, so that the batches change nothing, and memory does not grow with the corpus.

    Writes ``metrics/metrics.parquet`` (long), ``metrics/case_metrics.parquet`` (wide), ``metrics/series/*.parquet``
    and, for a corpus of at most `CASES_WITH_JSON` cases, ``case_metrics/<case>.json`` (the folder of a larger one is
    empty). Each folder is replaced as a whole; on failure the earlier results stay.

    Args:
        corpus: Where the canonical tables are and the results go.
        params: Values for the SQL.
        progress: Wraps the list of batches, for a progress bar.
        earlier: Results that still hold, as `run_metrics` gives them; their cases are not measured again.

    Raises:
        NotFoundError: when the canonical tables have not been written.
        pandera.errors.SchemaErrors: when a table or a result breaks its schema.
    """
    parts = batches(corpus)
    cases = results = open_ones = 0
    few = sum(map(len, parts)) <= CASES_WITH_JSON
    with (
        atomic_folder(corpus.metrics) as folder,
        atomic_folder(corpus.case_metrics) as by_case,
        result_files(folder, by_case if few else None) as files,
    ):
        for ids in progress(parts):
            found = _beside(earlier or {}, read_tables(corpus, ids), params.for_sql(), files.scratch)
            files.append(found)
            cases += found["metrics"]["case_id"].n_unique()
            results += found["metrics"].height
            open_ones += found["metrics"].filter(pl.col("status") == "not_computable").height
    return MetricsResult(cases, results, open_ones)


def batches(corpus: Corpus) -> list[list[str]]:
    """The case ids in order, parted so that a batch has few cases and few rows (`BATCH_CASES`, `BATCH_ROWS`).

    Raises:
        NotFoundError: when a canonical table does not exist.
        CasetraceError: when one was written in another form.
    """
    missing = [name for name in CANONICAL if not corpus.table(name).is_file()]
    if missing:
        raise NotFoundError(f"corpus {corpus.name}: no table {', '.join(missing)}; run the stage extract first")
    require_schema({corpus.table(name): model for name, model in CANONICAL.items()})
    ids = pl.scan_parquet(corpus.table("cases")).select("case_id")
    counts = [pl.scan_parquet(corpus.table(name)).group_by("case_id").len(name) for name in ("labs", "doses")]
    for count in counts:
        ids = ids.join(count, on="case_id", how="left")
    sized = ids.select("case_id", pl.sum_horizontal("labs", "doses")).sort("case_id").collect(engine="streaming")
    return in_batches(sized.iter_rows(), BATCH_CASES, BATCH_ROWS)


def read_tables(corpus: Corpus, ids: Sequence[str]) -> dict[str, pl.DataFrame]:
    """The canonical tables of cases that follow each other in the order of their ids, validated."""
    # A range and not a list: what the files say of their row groups then keeps all others unread.
    wanted = pl.col("case_id").is_between(pl.lit(ids[0]), pl.lit(ids[-1])) if ids else pl.lit(True)
    return {
        name: model.checked(pl.scan_parquet(corpus.table(name)).filter(wanted).collect())
        for name, model in CANONICAL.items()
    }


def _beside(
    earlier: Mapping[str, pl.DataFrame], tables: Mapping[str, pl.DataFrame], params: Mapping[str, Any], spill: Path
) -> dict[str, pl.DataFrame]:
    """The results of all the tables' cases: earlier ones where there are some, computed ones else."""
    if not earlier:
        return run_metrics(tables, params, spill=spill)
    done = pl.col("case_id").is_in(earlier["metrics"]["case_id"].unique().to_list())
    rest = {name: table.filter(~done) for name, table in tables.items()}
    if rest["cases"].is_empty():
        return dict(earlier)
    found = run_metrics(rest, params, spill=spill)
    return {name: in_order(pl.concat([frame, earlier[name]])) for name, frame in found.items()}


def in_order(results: pl.DataFrame) -> pl.DataFrame:
    """The rows of one kind of result in the order in which they are written: by every column but lists."""
    keys = [column for column, dtype in results.schema.items() if not isinstance(dtype, pl.List)]
    return results.sort(keys, nulls_last=True, maintain_order=True)


def run_metrics(
    tables: Mapping[str, pl.DataFrame],
    params: Mapping[str, Any],
    only: Iterable[str] | None = None,
    spill: Path | None = None,
) -> dict[str, pl.DataFrame]:
    """Every result of the given canonical tables: ``metrics`` and each series, validated and sorted.

    Args:
        tables: Canonical tables by name; all of them.
        params: Parameter name (last part) -> value.
        only: Names of the metric files to run, with all that they read; every file when left out.
        spill: A folder for what does not fit in `MEMORY`; without one it has to fit.
    """
    files = sql_files() if only is None else needed_files(only)
    # One thread: sums of doubles do not depend on how work is split.
    con = duckdb.connect(
        config={"threads": 1, "memory_limit": MEMORY, "temp_directory": str(spill / "duckdb") if spill else ""}
    )
    try:
        con.execute("SET python_enable_replacements = false")
        con.execute("CREATE SCHEMA store")
        con.execute("CREATE SCHEMA step")
        for name in CANONICAL:
            _store(con, name, _until_case_ends(tables[name], tables["cases"]))
        for name in SCORE_TABLES:
            _store(con, name, pl.read_csv(VOCABULARY / f"{name}.csv"))
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
    if "reasons" in columns:
        rows = _with_reasons(rows)
    unexpected = set(rows.columns) ^ set(columns)
    if unexpected:
        raise CasetraceError(f"{name}: columns that differ from the schema: {', '.join(sorted(unexpected))}")
    frame = rows.select(pl.col(column).cast(dtype) for column, dtype in columns.items())
    return model.checked(in_order(frame))


def _with_reasons(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with both forms of their reasons: as codes where the file gives codes, and in words."""
    if "reasons" not in rows.columns:
        return rows.with_columns(pl.lit([], pl.List(REASON)).alias("reasons"))
    words = [reasons.as_text(reasons.read(cell)) for cell in rows["reasons"].to_list()]
    coded = pl.Series("reason", words, pl.String)
    given = [pl.col("reason")] if "reason" in rows.columns else []
    return rows.with_columns(pl.coalesce(*given, coded).alias("reason"), pl.col("reasons").fill_null([]))
