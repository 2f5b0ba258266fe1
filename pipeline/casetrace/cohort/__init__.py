"""The cohort stage: from the tables and metrics of a corpus to the tables that compare its cases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from casetrace.cohort.characteristics import Tables, characteristics, groups_of
from casetrace.cohort.courses import aligned_platelets, courses
from casetrace.cohort.differences import differences, known_groups
from casetrace.cohort.event_times import times_to_event
from casetrace.cohort.in_aggregate import is_in_aggregate, refuse_selection, tables_in_aggregate
from casetrace.cohort.limits import Limits, limits_of
from casetrace.cohort.statistics import missingness, summary
from casetrace.cohort.survival import survival
from casetrace.core.atomic import atomic_folder
from casetrace.core.errors import EXIT_BAD_INPUT, CasetraceError, NotFoundError
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import empty
from casetrace.schemas.cohort import COHORT, Significance
from casetrace.schemas.stored import require_schema

ALL = "all"
Progress = Callable[[Sequence[Any]], Iterable[Any]]


class SelectionError(CasetraceError):
    """``--by`` or ``--where`` names what the cohort does not have."""

    exit_code = EXIT_BAD_INPUT


@dataclass(frozen=True)
class CohortResult:
    """What was compared."""

    cases: int
    variables: int
    is_protected: bool = False

    def summary(self) -> str:
        """One line for the command line; of a corpus that is not public without its exact number of cases."""
        what = "the cases, in aggregate," if self.is_protected else f"{self.cases} cases"
        return f"{what} compared in {self.variables} variables"


def cohort(corpus: Corpus, params: Params) -> CohortResult:
    """Compute and write every cohort table of a corpus to ``data/processed/<corpus>/cohort/``.

    Raises:
        NotFoundError: the tables or metrics have not been written.
    """
    tables = compare_cases(corpus, params)
    with atomic_folder(corpus.cohort) as folder:
        for name, frame in tables.items():
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=True)
    found = tables["characteristics"]
    is_protected = "sizes" in tables and bool(tables["sizes"]["is_protected"].any())
    return CohortResult(found["case_id"].n_unique(), found["variable"].n_unique(), is_protected)


def compare_cases(
    corpus: Corpus,
    params: Params,
    by: str | None = None,
    where: str | None = None,
    test: bool = False,
    progress: Progress = iter,
) -> dict[str, pl.DataFrame]:
    """Every cohort table, written nowhere; of a corpus that is not public, or of many cases, those in aggregate.

    A case that its publisher calls fictional is no patient: it stands in `left_out` and in no other table.

    Args:
        corpus: A corpus with tables and metrics.
        params: For the count at which platelets are recovered, and for the limits of small numbers.
        by: A variable with few words (or yes/no) that makes the groups.
        where: A condition on the variables (`age >= 60 AND sex = 'female'`); other cases are left out.
        test: Test every variable and curve between the groups.
        progress: Wraps the list of variables that are tested, for a progress bar.

    Raises:
        NotFoundError: the tables or metrics have not been written.
        SelectionError: the condition cannot be read or fits no case, there is no such grouping, or a test is asked
            for without one.
        RefusedError: a part of a corpus that is not public, or tests among very many cases.
    """
    refuse_selection(corpus, by, where, test)
    if test and by is None:
        raise SelectionError("--test: there are no groups to test (allowed: with --by, which makes them)")
    (tables, metrics), fictional = _apart(*_read(corpus))
    found = characteristics(tables, metrics)
    if where is not None:
        chosen = pl.col("case_id").is_in(_chosen(found, where))
        tables = {name: frame.filter(chosen) for name, frame in tables.items()}
        metrics, found = metrics.filter(chosen), found.filter(chosen)
    groups, limits = _groups(found, by), limits_of(params)
    if is_in_aggregate(corpus, params, tables["cases"].height):
        return tables_in_aggregate(corpus, found, tables["cases"], groups, test)
    tables = {**tables, **_labs(corpus, tables["cases"])}
    times = times_to_event(tables, metrics, float(params.number("platelets.recovery_10e9_l")))
    return {
        "characteristics": found,
        "left_out": characteristics(*fictional),
        "summary": summary(found, groups, limits),
        "differences": differences(found, groups, limits),
        "significance": _tested(found, times, tables["cases"], groups, by if test else None, limits, progress),
        "missingness": missingness(found),
        "aligned_platelets": aligned_platelets(tables, metrics),
        "courses": courses(tables),
        "times_to_event": times,
        "survival": survival(times, known_groups(groups)),
    }


def read_cohort(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """The cohort tables as they were written, validated.

    Raises:
        NotFoundError: the cohort stage has not been run.
    """
    missing = [name for name in COHORT if not (corpus.cohort / f"{name}.parquet").is_file()]
    if missing:
        raise NotFoundError(f"corpus {corpus.name}: no table {', '.join(missing)}; run the stage cohort first")
    require_schema({corpus.cohort / f"{name}.parquet": model for name, model in COHORT.items()})
    return {name: model.checked(pl.read_parquet(corpus.cohort / f"{name}.parquet")) for name, model in COHORT.items()}


def _tested(
    found: pl.DataFrame,
    times: pl.DataFrame,
    cases: pl.DataFrame,
    groups: list[tuple[str, list[str]]],
    by: str | None,
    limits: Limits,
    progress: Progress,
) -> pl.DataFrame:
    if by is None:
        return empty(Significance)
    # SciPy takes longer to load than a whole cohort to compute.
    from casetrace.cohort.significance import same_patients, significance

    return significance(found, times, groups, by, limits, same_patients(cases), progress)


def _read(corpus: Corpus) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    files = [*(corpus.table(name) for name in CANONICAL), corpus.metrics / "metrics.parquet"]
    if missing := [file.name for file in files if not file.is_file()]:
        raise NotFoundError(f"corpus {corpus.name}: no {', '.join(missing)}; run extract and metrics first")
    require_schema({corpus.table(name): model for name, model in CANONICAL.items()} | {files[-1]: RESULTS["metrics"]})
    # Single results are read for the cases whose courses are shown (`_labs`); a database has millions of others.
    labs = pl.scan_parquet(corpus.table("labs")).head(0).collect()
    tables = {name: pl.read_parquet(corpus.table(name)) for name in CANONICAL if name != "labs"}
    return tables | {"labs": labs}, pl.read_parquet(files[-1])


def _labs(corpus: Corpus, cases: pl.DataFrame) -> dict[str, pl.DataFrame]:
    rows = pl.scan_parquet(corpus.table("labs")).filter(pl.col("case_id").is_in(cases["case_id"].implode()))
    return {"labs": rows.collect()}


def _apart(tables: Tables, metrics: pl.DataFrame) -> tuple[tuple[Tables, pl.DataFrame], tuple[Tables, pl.DataFrame]]:
    """Tables and metrics of the cases that are patients, and those of the fictional ones."""
    named = tables["cases"].filter("is_fictional")["case_id"]
    if named.is_empty():  # as in every database, whose tables are too large to be copied for nothing
        return (tables, metrics), ({name: frame.clear() for name, frame in tables.items()}, metrics.clear())
    is_one = pl.col("case_id").is_in(named.implode())
    patients, fictional = (
        ({name: frame.filter(which) for name, frame in tables.items()}, metrics.filter(which))
        for which in (~is_one, is_one)
    )
    return patients, fictional


def _groups(found: pl.DataFrame, by: str | None) -> list[tuple[str, list[str]]]:
    everyone = [(ALL, found["case_id"].unique().sort().to_list())]
    if by is None:
        return everyone
    try:
        return [*groups_of(found, by)]
    except KeyError as error:
        names = found.filter(pl.col("kind") != "number")["variable"].unique(maintain_order=True)
        raise SelectionError(f"--by {by}: no such grouping (allowed: {', '.join(names)})") from error


def _chosen(found: pl.DataFrame, where: str) -> list[str]:
    """Case ids that fit the condition, over one row per case and one column per variable."""
    kinds = found.select("variable", "kind").unique(maintain_order=True).iter_rows()
    columns = {variable: _cells(found, variable, kind) for variable, kind in kinds}
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
