"""Pages above the single cases: the comparison of a corpus, and the index of everything."""

from pathlib import Path

import polars as pl

from casetrace.cohort import Progress, compare_cases, read_cohort
from casetrace.cohort.in_aggregate import has_aggregate, read_aggregate
from casetrace.cohort.limits import limits_of
from casetrace.core.atomic import atomic_write
from casetrace.core.errors import CasetraceError
from casetrace.core.params import Params
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.privacy import corpus_info, is_restricted
from casetrace.report.corpus_pages.aggregate_page import About, aggregate_page
from casetrace.report.corpus_pages.cohort_page import Selection, cohort_page
from casetrace.report.corpus_pages.index_page import index_page


def write_cohort_page(corpus: Corpus, params: Params) -> Path:
    """Write ``reports/<corpus>/cohort.html`` from the cohort tables.

    Raises:
        NotFoundError: the cohort stage has not been run.
        CasetraceError: the corpus is not public, and reports of single cases lie there from when it was.
    """
    if is_restricted(corpus):
        _refuse_old_reports(corpus)
    if is_restricted(corpus) or has_aggregate(corpus):
        about = _about(corpus, index="../index.html")
        return atomic_write(corpus.cohort_page, aggregate_page(read_aggregate(corpus), about, limits_of(params)))
    frames = read_cohort(corpus)
    named = pl.concat(frames[name]["case_id"].unique() for name in ("characteristics", "left_out"))
    links = {c: f"{c}/report.html" for c in named if (corpus.case_report(c) / "report.html").is_file()}
    selection = Selection(corpus.name, links=links, index="../index.html")
    return atomic_write(corpus.cohort_page, cohort_page(frames, params, selection))


def write_comparison(
    corpus: Corpus,
    params: Params,
    out: Path,
    by: str | None,
    where: str | None,
    test: bool = False,
    progress: Progress = iter,
) -> Path:
    """Write a comparison of chosen cases, or of groups, to a file of the user's choice.

    Raises:
        NotFoundError: the tables or metrics have not been written.
        SelectionError: there is no such grouping, no case fits the condition, or tests are asked for without groups.
    """
    frames = compare_cases(corpus, params, by, where, test, progress)
    if "counts" in frames:
        return atomic_write(out, aggregate_page(frames, _about(corpus, by=by, where=where), limits_of(params)))
    return atomic_write(out, cohort_page(frames, params, Selection(corpus.name, by, where, test)))


def _refuse_old_reports(corpus: Corpus) -> None:
    if old := len(list(corpus.reports.glob("*/report.html"))):
        raise CasetraceError(
            f"{corpus.reports} holds {old} reports of single cases from when {corpus.name} was public; remove that "
            "folder, then run this again"
        )


def _about(corpus: Corpus, by: str | None = None, where: str | None = None, index: str = "") -> About:
    found = corpus_info(corpus)
    database, unit = (None, None) if found is None else (found.database, found.unit)
    return About(corpus.name, database, unit, by, where, index)


def write_index(project: ProjectFolder) -> Path:
    """Write ``reports/index.html`` over every corpus that has reports."""
    return atomic_write(project.root / "reports" / "index.html", index_page(project))
