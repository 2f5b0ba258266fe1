"""The executed notebook handed to the `quarto` program, which renders and never executes it again.

Quarto is not part of the environment: it is the program named ``quarto`` on the PATH.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import nbformat

from casetrace.core.errors import CasetraceError
from casetrace.core.paths import TEMPLATES
from casetrace.report.render import literal, word_style
from casetrace.report.render.notebook import written
from casetrace.report.render.printed import EPOCH, workplace

PROGRAM = "quarto"
#: Quarto's name of a format -> what the file is called, and the kind of pictures that it takes.
FORMATS = {"html": ("report.html", ""), "typst": ("report.pdf", "svg"), "docx": ("report.docx", "png")}
#: Lines of the program's own complaint that are passed on.
LINES_TOLD = 12


def program() -> str:
    """Path of the program.

    Raises:
        CasetraceError: there is none on the PATH.

    """
    found = shutil.which(PROGRAM)
    if found is None:
        raise CasetraceError(
            "the report engine is quarto, but no program `quarto` is on the PATH: install Quarto (https://quarto.org), "
            "or choose the engine pandoc (`--engine pandoc`, or `report.engine: pandoc` in params.yaml)"
        )
    return found


def version() -> str:
    """What ``quarto --version`` says.

    Raises:
        CasetraceError: there is no such program, or it fails.

    """
    return _call([program(), "--version"], Path.cwd()).strip()


def pages(notebook: nbformat.NotebookNode, title: str, language: str = "en") -> dict[str, bytes]:
    """HTML, PDF and DOCX of the notebook by their file names.

    Raises:
        CasetraceError: Quarto is missing, fails, or does not write a file that it was asked for.

    """
    made = {}
    for to, (name, pictures) in FORMATS.items():
        if pictures:
            with workplace(notebook, pictures) as work:
                made[name] = _render(work, to, name, title, language)
        else:
            with tempfile.TemporaryDirectory(prefix="casetrace-quarto-") as temporary:
                work = Path(temporary)
                (work / "report.ipynb").write_text(written(notebook), encoding="utf-8")
                made[name] = _render(work, to, name, title, language)
    return made


def _render(work: Path, to: str, name: str, title: str, language: str) -> bytes:
    shutil.copy(TEMPLATES / "quarto" / "_quarto.yml", work)
    for part in ("page.css", "print.lua"):
        shutil.copy(TEMPLATES / part, work)
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    (work / "tail.html").write_text(f"<script>{script}</script>\n", encoding="utf-8")
    (work / "reference.docx").write_bytes(word_style.reference())
    _call(
        [program(), "render", "report.ipynb", "--no-execute", "--to", to, "--output", name,
         "--metadata", f"pagetitle:{literal.markdown(title)}", "--metadata", f"lang:{language}"],
        work,
    )  # fmt: skip
    if not (work / name).is_file():
        raise CasetraceError(f"quarto ended without an error, but did not write {name}")
    return (work / name).read_bytes()


def _call(command: list[str], folder: Path) -> str:
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, env=surroundings, check=False)
    except OSError as error:
        raise CasetraceError(f"quarto could not be started: {error.strerror or error}") from error
    if done.returncode:
        told = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-LINES_TOLD:]
        raise CasetraceError(f"quarto failed (exit {done.returncode}): " + "\n".join(told or ["it said nothing"]))
    return done.stdout.decode(errors="replace")
