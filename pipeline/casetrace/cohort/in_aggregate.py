"""Which corpora are shown in aggregate only, and what may not be asked of them."""

import polars as pl

from casetrace.cohort.aggregate import Groups, aggregate
from casetrace.core.errors import EXIT_BAD_INPUT, CasetraceError, NotFoundError
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.privacy import is_restricted
from casetrace.schemas.aggregate import AGGREGATE
from casetrace.schemas.stored import require_schema


class RefusedError(CasetraceError):
    """What is asked for would tell of single cases, or cannot be shown of so many."""

    exit_code = EXIT_BAD_INPUT


def is_in_aggregate(corpus: Corpus, params: Params, cases: int) -> bool:
    """Whether the cases are shown in aggregate only: those of a corpus that is not public, or very many."""
    return is_restricted(corpus) or cases > params.number("cohort.rows_up_to_cases")


def refuse_selection(corpus: Corpus, by: str | None, where: str | None, test: bool) -> None:
    """Stop a comparison of parts of a corpus that is not public.

    Raises:
        RefusedError: such a corpus, and a selection, groups or tests.
    """
    asked = {"--by": by is not None, "--where": where is not None, "--test": test}
    if is_restricted(corpus) and any(asked.values()):
        options = " and ".join(name for name, is_asked in asked.items() if is_asked)
        raise RefusedError(
            f"{options}: the corpus {corpus.name} is not public and is shown as a whole only, because the page of a "
            "part of it, subtracted from that of the whole or of another part, could tell of single patients "
            f"(allowed: casetrace cohort {corpus.name})"
        )


def tables_in_aggregate(
    corpus: Corpus, found: pl.DataFrame, cases: pl.DataFrame, groups: Groups, test: bool
) -> dict[str, pl.DataFrame]:
    """The tables that are written, and shown, of a corpus in aggregate; `characteristics` stays with its holder.

    Raises:
        RefusedError: tests were asked for.
    """
    if test:
        raise RefusedError(
            f"--test: {corpus.name} has too many cases for a page of single cases, and only that has tests"
        )
    return {"characteristics": found, **aggregate(found, cases, groups, protect=is_restricted(corpus))}


def has_aggregate(corpus: Corpus) -> bool:
    """Whether the cohort stage wrote the corpus in aggregate."""
    return (corpus.cohort / "counts.parquet").is_file()


def read_aggregate(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """The tables of a corpus in aggregate as they were written, validated.

    Raises:
        NotFoundError: the cohort stage has not been run since the corpus became what it is.
    """
    again = f"corpus {corpus.name}: no tables in aggregate; run the stage cohort first"
    if any(not (corpus.cohort / f"{name}.parquet").is_file() for name in AGGREGATE):
        raise NotFoundError(again)
    require_schema({corpus.cohort / f"{name}.parquet": model for name, model in AGGREGATE.items()})
    tables = {n: model.checked(pl.read_parquet(corpus.cohort / f"{n}.parquet")) for n, model in AGGREGATE.items()}
    if is_restricted(corpus) and not tables["sizes"]["is_protected"].all():
        raise NotFoundError(f"{again}: those that are there were written while it was public")
    return tables
