"""The programs that turn an executed notebook into pages: pandoc with typst (carried along), or Quarto (installed)."""

from dataclasses import dataclass
from importlib import metadata

import nbformat

from casetrace.report.render import html_page, printed, quarto

ENGINES = ("pandoc", "quarto")


@dataclass(frozen=True)
class Engine:
    """An engine that is there, with the versions that a methods section names."""

    name: str
    versions: str

    def pages(self, notebook: nbformat.NotebookNode, title: str, case_id: str) -> dict[str, bytes]:
        """``report.html``, ``report.pdf`` and ``report.docx``.

        Raises:
            CasetraceError: the engine failed.

        """
        if self.name == "quarto":
            return quarto.pages(notebook, f"{title} ({case_id})")
        return {
            "report.html": html_page.to_html(notebook, f"{title} ({case_id})").encode(),
            "report.pdf": printed.to_pdf(notebook, title, case_id),
            "report.docx": printed.to_docx(notebook, title, case_id),
        }


def engine(name: str) -> Engine:
    """The engine of this name, looked for before any work is done.

    Raises:
        ValueError: no such engine.
        CasetraceError: it is not installed.

    """
    if name == "quarto":
        return Engine(name, f"Quarto {quarto.version()}")
    if name != "pandoc":
        raise ValueError(f"no report engine '{name}' (there are: {', '.join(ENGINES)})")
    import pypandoc

    return Engine(name, f"pandoc {pypandoc.get_pandoc_version()} and typst {metadata.version('typst')}")
