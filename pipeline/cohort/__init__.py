"""The cohort stage: from the tables and metrics of a corpus to the tables that compare its cases."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from pipeline.cohort.characteristics import characteristics, groups_of, variables
from pipeline.cohort.courses import aligned_platelets, courses
from pipeline.cohort.statistics import differences, missingness, summary
from pipeline.cohort.survival import survival, times_to_event
from pipeline.errors import EXIT_BAD_INPUT, CasetraceError, NotFoundError
from pipeline.params import Params
from pipeline.paths import Corpus
from pipeline.replacing import replaced
from pipeline.schemas import CANONICAL
from pipeline.schemas.cohort import COHORT

ALL = "all"


class SelectionError(CasetraceError):
    """``--by`` or ``--where`` names what the cohort does not have."""

    exit_code = EXIT_BAD_INPUT


@dataclass(frozen=True)
class CohortResult:
    """What was compared."""

    cases: int
    variables: int

    def summary(self) -> str:
        """One line for the command line."""
        return f"{self.cases} cases compared in {self.variables} variables"


def cohort(corpus: Corpus, params: Params) -> CohortResult:
    """Compute and write every cohort table of a corpus to ``data/processed/<corpus>/cohort/``.

    Raises:
        NotFoundError: the tables or metrics have not been written.
    """
    tables = compare_cases(corpus, params)
    with replaced(corpus.cohort) as folder:
        for name, frame in tables.items():
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=True)
    found = tables["characteristics"]
    return CohortResult(found["case_id"].n_unique(), found["variable"].n_unique())


def compare_cases(
    corpus: Corpus, params: Params, by: str | None = None, where: str | None = None
) -> dict[str, pl.DataFrame]:
    """Every cohort table, written nowhere.

    Args:
        corpus: A corpus with tables and metrics.
        params: For the count at which platelets are recovered.
        by: A variable with few words (or yes/no) that makes the groups.
        where: A condition on the variables (`age >= 60 AND sex = 'female'`); other cases are left out.

    Raises:
        NotFoundError: the tables or metrics have not been written.
        SelectionError: the condition cannot be read or fits no case, or there is no such grouping.
    """
    tables, metrics = _read(corpus)
    found = characteristics(tables, metrics)
    if where is not None:
        chosen = pl.col("case_id").is_in(_chosen(found, where))
        tables = {name: frame.filter(chosen) for name, frame in tables.items()}
        metrics, found = metrics.filter(chosen), found.filter(chosen)
    groups = _groups(found, by)
    times = times_to_event(tables, metrics, float(params.number("platelets.recovery_10e9_l")))
    return {
        "characteristics": found,
        "summary": summary(found, groups),
        "differences": differences(found, groups),
        "missingness": missingness(found),
        "aligned_platelets": aligned_platelets(tables, metrics),
        "courses": courses(tables),
        "times_to_event": times,
        "survival": survival(times),
    }


def read_cohort(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """The cohort tables as they were written, validated.

    Raises:
        NotFoundError: the cohort stage has not been run.
    """
    missing = [name for name in COHORT if not (corpus.cohort / f"{name}.parquet").is_file()]
    if missing:
        raise NotFoundError(f"corpus {corpus.name}: no table {', '.join(missing)}; run the stage cohort first")
    return {name: model.checked(pl.read_parquet(corpus.cohort / f"{name}.parquet")) for name, model in COHORT.items()}


def _read(corpus: Corpus) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    files = [*(corpus.table(name) for name in CANONICAL), corpus.metrics / "metrics.parquet"]
    if missing := [file.name for file in files if not file.is_file()]:
        raise NotFoundError(f"corpus {corpus.name}: no {', '.join(missing)}; run extract and metrics first")
    return {name: pl.read_parquet(corpus.table(name)) for name in CANONICAL}, pl.read_parquet(files[-1])


def _groups(found: pl.DataFrame, by: str | None) -> list[tuple[str, list[str]]]:
    everyone = [(ALL, found["case_id"].unique().sort().to_list())]
    if by is None:
        return everyone
    try:
        return [*groups_of(found, by)]
    except KeyError as error:
        names = [v.variable for v in variables() if v.kind != "number"]
        raise SelectionError(f"--by {by}: no such grouping (allowed: {', '.join(names)})") from error


def _chosen(found: pl.DataFrame, where: str) -> list[str]:
    """Case ids that fit the condition, over one row per case and one column per variable."""
    columns = {v.variable: _cells(found, v.variable, v.kind) for v in variables()}
    ids = found["case_id"].unique().sort()
    wide = pl.DataFrame(
        {"case_id": ids} | {name: [cells.get(i) for i in ids] for name, cells in columns.items()}, strict=False
    )
    con = duckdb.connect(config={"enable_external_access": "false", "threads": 1})
    try:
        con.register("wide", wide.to_arrow())
        rows = con.sql(f"SELECT case_id FROM wide WHERE ({where}) ORDER BY case_id").pl()["case_id"].to_list()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise SelectionError(f"--where {where}: {first} (variables: {', '.join(columns)})") from error
    finally:
        con.close()
    if not rows:
        raise SelectionError(f"--where {where}: no case fits")
    return [str(row) for row in rows]


def _cells(found: pl.DataFrame, variable: str, kind: str) -> Mapping[str, float | str | bool | None]:
    """Known values by case; a yes/no variable is true or false."""
    rows = found.filter((pl.col("variable") == variable) & (pl.col("state") == "known"))
    if kind == "choice":
        return dict(rows.select("case_id", "word").iter_rows())
    values = dict(rows.select("case_id", "value").iter_rows())
    return {case: bool(value) for case, value in values.items()} if kind == "yes_no" else values
