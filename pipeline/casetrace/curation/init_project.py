"""`casetrace init`: the folder of a project, complete, from the installed package alone."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from casetrace.cohort.variables import VARIABLES as COHORT_VARIABLES
from casetrace.core.atomic import atomic_folder, atomic_write
from casetrace.core.errors import EXIT_BAD_INPUT, CasetraceError
from casetrace.core.paths import EXAMPLE, PARAMS, VOCABULARY, ProjectFolder
from casetrace.vocabulary import own_terms

_FILES = Path(__file__).with_name("project")
#: Starts casetrace in the environment that made the project; the last resort of `dvc repro`.
_STARTER = """#!/bin/sh
# Written by `casetrace init`; not for version control.
exec "{python}" -m casetrace "$@"
"""
_NO_GIT = "    no_scm = true\n"
_RAW = "One folder for each case; `casetrace new CASE_ID` makes one.\n"


class FolderRefusedError(CasetraceError):
    """A project cannot be made there."""

    exit_code = EXIT_BAD_INPUT


@dataclass(frozen=True)
class Made:
    """The files that were written, and those that stood there and stay as they are."""

    project: ProjectFolder
    written: tuple[str, ...]
    kept: tuple[str, ...]


def init_project(folder: Path, *, with_example: bool = True) -> Made:
    """Make a project in a folder, which may exist; a file that stands there stays as it is.

    Args:
        folder: Where the project lies.
        with_example: Copy a worked case, unless the project has cases already.

    Raises:
        FolderRefusedError: the folder is a file, or cannot be written.
    """
    root = folder.resolve()
    project = ProjectFolder(root)
    corpus = project.corpus()
    is_new = not corpus.raw.is_dir()
    written: list[str] = []
    kept: list[str] = []
    try:
        for name, text in _texts(root).items():
            (kept if (root / name).exists() else written).append(name)
            if name in written:
                atomic_write(root / name, text)
        atomic_write(root / ".casetrace" / "casetrace", _STARTER.format(python=sys.executable)).chmod(0o755)
        if is_new and with_example:
            with atomic_folder(corpus.raw_case(EXAMPLE.name)) as fresh:
                shutil.copytree(EXAMPLE, fresh, dirs_exist_ok=True)
            written.append(corpus.raw_case(EXAMPLE.name).relative_to(root).as_posix())
    except OSError as error:
        raise FolderRefusedError(f"{folder}: no project can be made there: {error.strerror}") from error
    return Made(project, tuple(written), tuple(kept))


def _texts(root: Path) -> Mapping[str, str]:
    """Each file of a project by its name there."""
    is_under_git = any((place / ".git").exists() for place in (root, *root.parents))
    dvc = "[core]\n    analytics = false\n    check_update = false\n"
    return {
        "params.yaml": PARAMS.read_text(encoding="utf-8"),
        "dvc.yaml": _text("stages.yaml"),
        "README.md": _text("README.md"),
        ".gitignore": _text("gitignore"),
        ".gitattributes": _text("gitattributes"),
        ".dvcignore": _text("dvcignore"),
        ".dvc/config": dvc if is_under_git else dvc + _NO_GIT,
        ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
        "vocabulary/README.md": _vocabulary(),
        "data/raw/case_reports/README.md": _RAW,
    }


def _text(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")


def _vocabulary() -> str:
    sources = {name: VOCABULARY / name for name in own_terms.KEYS} | {own_terms.VARIABLES: COHORT_VARIABLES}
    files = []
    for name, path in sources.items():
        heading = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        first = own_terms.KEYS.get(name, heading[0])
        columns = [first, *(column for column in heading if column != first)]
        files.append((name, ", ".join(f"`{column}`" for column in columns)))
    template = Environment(autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True)
    return template.from_string(_text("vocabulary.md")).render(files=files)
