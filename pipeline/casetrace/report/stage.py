"""The pages of a corpus, made where they are not up to date: the reports of its cases, then their comparison."""

from casetrace.cohort.in_aggregate import has_aggregate
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.privacy import corpus_info, is_restricted
from casetrace.report.case_data import case_ids
from casetrace.report.case_reports import Progress, report
from casetrace.report.corpus_pages.collection import write_cohort_page
from casetrace.report.render import manifest
from casetrace.report.render.engines import engine as find_engine


def make_reports(corpus: Corpus, params: Params, engine: str | None = None, progress: Progress = iter) -> str:
    """Make the reports that are not current, the cohort page, and the manifest; say in one line what was done.

    Of an imported corpus that is not public, or of very many cases, only the page in aggregate is made. ``progress``
    wraps the list of cases whose reports are made, for a progress bar.

    Raises:
        NotFoundError: the tables, metrics or cohort tables have not been written.
        CasetraceError: a report could not be made; the earlier one stays, and so does every other.
    """
    if is_restricted(corpus):
        return f"no case reports, since {corpus.name} is not public; in aggregate: {write_cohort_page(corpus, params)}"
    if corpus_info(corpus) is not None and has_aggregate(corpus):
        return f"no case reports of so many imported cases; in aggregate: {write_cohort_page(corpus, params)}"
    chosen = find_engine(engine or str(params.value("report.engine")))
    plan = manifest.plan(corpus, case_ids(corpus), repr(chosen.versions))
    report(corpus, params, plan.stale, engine, progress)
    manifest.record(corpus, plan)
    write_cohort_page(corpus, params)
    current = len(plan.known) - len(plan.stale)
    return f"{len(plan.stale)} made, {current} up to date, in {corpus.reports}"
