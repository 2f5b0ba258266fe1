"""Pages above the single cases: the comparison of a corpus, and the index of everything."""

from pathlib import Path

from pipeline.cohort import compare_cases, read_cohort
from pipeline.params import Params
from pipeline.paths import Corpus, Project
from pipeline.replacing import written
from pipeline.reporting.cohort_page import Selection, cohort_page
from pipeline.reporting.index_page import index_page


def write_cohort_page(corpus: Corpus, params: Params) -> Path:
    """Write ``reports/<corpus>/cohort.html`` from the cohort tables.

    Raises:
        NotFoundError: the cohort stage has not been run.
    """
    frames = read_cohort(corpus)
    links = {case_id: f"{case_id}/report.html" for case_id in frames["characteristics"]["case_id"].unique()}
    selection = Selection(corpus.name, links=links, index="../index.html")
    return written(corpus.cohort_page, cohort_page(frames, params, selection))


def write_comparison(corpus: Corpus, params: Params, out: Path, by: str | None, where: str | None) -> Path:
    """Write a comparison of chosen cases, or of groups, to a file of the user's choice.

    Raises:
        NotFoundError: the tables or metrics have not been written.
        SelectionError: there is no such grouping, or no case fits the condition.
    """
    frames = compare_cases(corpus, params, by, where)
    return written(out, cohort_page(frames, params, Selection(corpus.name, by, where)))


def write_index(project: Project) -> Path:
    """Write ``reports/index.html`` over every corpus that has reports."""
    return written(project.root / "reports" / "index.html", index_page(project))
