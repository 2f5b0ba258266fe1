"""The report stage: from the processed tables of a corpus to one folder per case.

``reports/<corpus>/<case_id>/`` holds ``report.html`` (one page that needs nothing else), ``report.pdf``,
``report.docx``, ``report.ipynb`` (the executed notebook that they were made from) and ``summary.json`` (every
number under a stable key) and ``supplement.zip`` (all of these with the data, a codebook and the citation).
Equal input gives equal bytes. A case is replaced as a whole or not at all.
"""

import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from casetrace.core import params as parameters
from casetrace.core.atomic import atomic_folder
from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.paths import Corpus
from casetrace.privacy import require_public
from casetrace.report import summary
from casetrace.report.case_data import case_ids, read_case
from casetrace.report.render import notebook, supplement
from casetrace.report.render.engines import Engine
from casetrace.report.render.engines import engine as find_engine

Progress = Callable[[Sequence[str]], Iterable[str]]

#: The archive of a case, for a journal's supplement.
SUPPLEMENT = "supplement.zip"
#: Kernels at work at the same time.
WORKERS = 2


@dataclass(frozen=True)
class ReportResult:
    """The cases that were written, and the folder that holds them."""

    folder: Path
    case_ids: tuple[str, ...]

    def summary(self) -> str:
        """One line for the command line."""
        return f"{len(self.case_ids)} report{'' if len(self.case_ids) == 1 else 's'} in {self.folder}"


def report(
    corpus: Corpus,
    params: parameters.Params,
    only: Sequence[str] | None = None,
    engine: str | None = None,
    progress: Progress = iter,
) -> ReportResult:
    """Write the report of every case of the corpus, or of the cases in ``only``.

    ``engine`` is pandoc or quarto; when left out, ``report.engine`` of the parameters. ``progress`` wraps the list of
    case ids, for a progress bar.

    Raises:
        NotFoundError: no processed tables, or a case in ``only`` that they do not hold.
        CasetraceError: a report could not be made, or the engine is missing; the earlier one of that case stays
            untouched.

    """
    chosen_engine = find_engine(engine or str(params.value("report.engine")))
    require_public(corpus)
    known = case_ids(corpus)
    missing = sorted(set(only or ()) - set(known))
    if missing:
        raise NotFoundError(f"corpus {corpus.name}: no such case in the processed tables: {', '.join(missing)}")
    _same_parameters(corpus, params)
    chosen = [case_id for case_id in known if only is None or case_id in only]
    corpus.reports.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        written = pool.map(lambda case_id: _write(corpus, case_id, chosen_engine), chosen)
        for _ in progress(chosen):
            next(written)
    if only is None:
        _remove_leftovers(corpus, known)
    return ReportResult(corpus.reports, tuple(chosen))


def _remove_leftovers(corpus: Corpus, known: Sequence[str]) -> None:
    """Reports of cases that the corpus no longer holds; nothing else in the folder is touched."""
    for page in corpus.reports.glob("*/report.html"):
        if page.parent.name not in known:
            shutil.rmtree(page.parent)


def _same_parameters(corpus: Corpus, params: parameters.Params) -> None:
    """The kernel reads ``params.yaml`` itself, so other parameters would be printed beside the numbers."""
    if parameters.load(corpus.project.params).entries() != params.entries():
        raise CasetraceError("the parameters given differ from params.yaml: a report would name the wrong ones")


def _write(corpus: Corpus, case_id: str, engine: Engine) -> None:
    case = read_case(corpus, case_id)
    title = str(case.case["title"])
    source = notebook.write_source(
        {
            "case_id": case_id,
            "corpus": corpus.name,
            "title": title,
            "engine": engine.versions,
            "has_placing": not case.results["placing"].is_empty(),
        }
    )
    executed = notebook.execute(notebook.to_notebook(source), corpus.project.root)
    files = {
        "report.ipynb": notebook.written(executed).encode(),
        **engine.pages(executed, title, case_id),
        "summary.json": summary.to_json(case).encode(),
    }
    files[SUPPLEMENT] = supplement.archive(case, files, corpus.project.params.read_bytes())
    with atomic_folder(corpus.case_report(case_id)) as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
