"""The executed notebook on paper: PDF by pandoc and typst, DOCX by pandoc, with the same numbers as the page.

Nothing of the machine enters the files: fonts are those that typst carries, and no file holds a time.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import nbformat

from casetrace.core.errors import CasetraceError
from casetrace.core.paths import TEMPLATES
from casetrace.report.render import literal
from casetrace.report.render.notebook import written
from casetrace.report.render.paper import for_paper, light_svg

#: 1980-01-01, the first instant that a zip archive can hold; every file inside a DOCX is given it.
EPOCH = "315532800"
#: Printed width of a figure [inch] is 6.5, so that a picture has 300 points to the inch.
FIGURE_PPI = 200
FONT = "Libertinus Serif"


def to_pdf(notebook: nbformat.NotebookNode, title: str, case_id: str, language: str = "en") -> bytes:
    """The report as PDF with vector figures and tagged structure.

    Raises:
        CasetraceError: pandoc or typst failed or warned.

    """
    import typst

    with workplace(notebook, "svg") as work:
        meta = {"lang": language}
        options = ["--to", "typst", "--standalone", "--template", str(TEMPLATES / "print.typ")]
        for name, text in {"title-text": title, "case-text": case_id}.items():
            options += ["--variable", f"{name}={literal.typst(text)}"]
        (work / "report.typ").write_text(_pandoc(work, meta, options).decode(), encoding="utf-8")
        try:
            made = typst.compile(
                str(work / "report.typ"), root=str(work), ignore_system_fonts=True, timestamp=int(EPOCH)
            )
        except typst.TypstError as error:
            raise CasetraceError(f"typst could not make the PDF: {error}") from error
    return bytes(made)


def to_docx(notebook: nbformat.NotebookNode, title: str, case_id: str, language: str = "en") -> bytes:
    """The report as DOCX with native tables and pictures of 300 points to the inch.

    Raises:
        CasetraceError: pandoc or typst failed or warned.

    """
    from casetrace.report.render.word_style import reference

    with workplace(notebook, "png") as work:
        (work / "reference.docx").write_bytes(reference())
        meta = {"pagetitle": f"{title} ({case_id})", "lang": language}
        _pandoc(work, meta, ["--to", "docx", "--reference-doc", "reference.docx", "--output", "report.docx"])
        return (work / "report.docx").read_bytes()


@contextmanager
def workplace(notebook: nbformat.NotebookNode, pictures: str) -> Iterator[Path]:
    """A folder with the notebook, its HTML outputs written for paper, and its drawings as files of the given kind."""
    with tempfile.TemporaryDirectory(prefix="casetrace-print-") as temporary:
        work = Path(temporary)
        copy = deepcopy(notebook)
        drawings: list[str] = []
        for cell in copy.cells:
            for output in cell.get("outputs", []):
                if "text/html" in output.get("data", {}):
                    output["data"] = {"text/html": for_paper(output["data"]["text/html"], drawings, pictures)}
        for number, svg in enumerate(drawings, start=1):
            _write_picture(work, f"figure-{number}.{pictures}", svg)
        (work / "report.ipynb").write_text(written(copy), encoding="utf-8")
        yield work


def _write_picture(work: Path, name: str, svg: str) -> None:
    drawn = light_svg(svg, FONT)
    if name.endswith(".svg"):
        (work / name).write_text(drawn, encoding="utf-8")
    else:
        (work / name).write_bytes(to_png(drawn))


def to_png(svg: str) -> bytes:
    """A drawing as PNG, drawn by typst with the fonts that it carries.

    Raises:
        CasetraceError: typst refused the drawing.

    """
    import typst

    with tempfile.TemporaryDirectory(prefix="casetrace-png-") as temporary:
        work = Path(temporary)
        (work / "drawing.svg").write_text(svg, encoding="utf-8")
        sheet = '#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")\n'
        (work / "drawing.typ").write_text(sheet, encoding="utf-8")
        try:
            made = typst.compile(
                str(work / "drawing.typ"), root=str(work), format="png", ppi=FIGURE_PPI, ignore_system_fonts=True
            )
        except typst.TypstError as error:
            raise CasetraceError(f"typst could not draw a figure: {error}") from error
    if not isinstance(made, bytes):
        raise CasetraceError("typst drew a figure on more than one page")
    return made


def _pandoc(work: Path, metadata: dict[str, str], options: list[str]) -> bytes:
    import pypandoc

    (work / "meta.json").write_text(
        json.dumps({key: literal.markdown(text) for key, text in metadata.items()}), encoding="utf-8"
    )
    command = [
        pypandoc.get_pandoc_path(), "report.ipynb", "--from", "ipynb+raw_html", "--wrap=none",
        "--lua-filter", str(TEMPLATES / "print.lua"), "--metadata-file", "meta.json",
        "--fail-if-warnings", *options,
    ]  # fmt: skip
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run(command, cwd=work, capture_output=True, env=surroundings, check=False)
    if done.returncode or done.stderr.strip():
        raise CasetraceError(f"pandoc could not make the sheets: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
