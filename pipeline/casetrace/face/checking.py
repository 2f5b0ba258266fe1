"""`casetrace.check`: what `casetrace check` says, as values."""

from collections.abc import Sequence
from pathlib import Path

from casetrace.core.errors import NotFoundError, Problem, render_problems
from casetrace.core.paths import PARAMS, ProjectFolder, find_project
from casetrace.face.display import table_html
from casetrace.vocabulary import own_terms


class Problems(list[Problem]):
    """Everything to say about one case folder; empty where there is nothing."""

    @property
    def errors(self) -> list[Problem]:
        """Those that keep the case from being read."""
        return [problem for problem in self if problem.severity == "error"]

    def __str__(self) -> str:
        return render_problems(list(self)) or "nothing to say"

    def _repr_html_(self) -> str:
        rows: list[Sequence[object]] = [(p.severity, p.file, p.row, p.column, p.what, p.allowed) for p in self]
        return table_html(("", "file", "row", "column", "what", "allowed"), rows)


def check(path: str | Path) -> Problems:
    """Everything that is wrong with a case folder, or worth a look; nothing is written.

    Args:
        path: A case folder, in a project or not.

    Raises:
        NotFoundError: no such folder.
    """
    from casetrace.curation.check import check_case

    folder = Path(path).resolve()
    if not folder.is_dir():
        raise NotFoundError(f"{path}: no such folder")
    project = find_project(folder) or ProjectFolder(PARAMS.parent)
    own_terms.read_on_top(project.vocabulary)
    return Problems(check_case(project, folder)[1])
