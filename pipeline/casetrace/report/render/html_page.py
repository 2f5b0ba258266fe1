"""The executed notebook as one HTML page that needs nothing but itself."""

import json
import re
import subprocess
import tempfile
from copy import deepcopy
from pathlib import Path

import nbformat
from markupsafe import escape

from casetrace.core.errors import CasetraceError
from casetrace.core.paths import TEMPLATES
from casetrace.report.render import literal
from casetrace.report.render.notebook import written

#: Tags that would load something: none may point outside the page.
LOADED = re.compile(r"""<(?:script|img|iframe|source|video|audio|embed|object|image|use)\b[^>]*?
                        \s(?:src|srcset|data|href|xlink:href)\s*=\s*["']?(?!data:|\#)[^"'\s>]+""",
                    re.VERBOSE | re.IGNORECASE)  # fmt: skip
LINKED_SHEET = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
IMPORTED = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)", re.IGNORECASE)


def to_html(notebook: nbformat.NotebookNode, title: str, language: str = "en") -> str:
    """The page, made by pandoc from the notebook with the project's own template, style and script.

    Raises:
        CasetraceError: pandoc failed or warned, or the page would load something from elsewhere.

    """
    import pypandoc

    with tempfile.TemporaryDirectory(prefix="casetrace-html-") as temporary:
        work = Path(temporary)
        (work / "report.ipynb").write_text(written(_pages_only(notebook)), encoding="utf-8")
        style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
        script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
        policy = escape(literal.content_security_policy(script))
        (work / "head.html").write_text(
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>\n{style}</style>\n',
            encoding="utf-8",
        )
        (work / "tail.html").write_text(f"<script>{script}</script>\n", encoding="utf-8")
        metadata = {"pagetitle": literal.markdown(title), "lang": language}
        (work / "meta.json").write_text(json.dumps(metadata), encoding="utf-8")
        command = [
            pypandoc.get_pandoc_path(), "report.ipynb", "--from", "ipynb+raw_html", "--to", "html5", "--standalone",
            "--section-divs", "--toc", "--toc-depth=3",
            "--shift-heading-level-by=1", "--wrap=none", "--mathml",
            "--template", str(TEMPLATES / "page.html"), "--lua-filter", str(TEMPLATES / "page.lua"),
            "--include-in-header", "head.html", "--include-after-body", "tail.html", "--metadata-file", "meta.json",
            "--fail-if-warnings",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode or done.stderr.strip():
        raise CasetraceError(f"pandoc could not make the page: {done.stderr.strip()}")
    check_alone(done.stdout)
    return done.stdout


def _pages_only(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy whose outputs keep HTML alone where they have it: pandoc would take a picture before the page."""
    copy = deepcopy(notebook)
    for cell in copy.cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"] = {"text/html": output["data"]["text/html"]}
    return copy


def check_alone(html: str) -> None:
    """Refuse a page that loads a script, style, font or picture from elsewhere.

    Raises:
        CasetraceError: naming the first offending place. Plain links (``<a href>``) are no offence.

    """
    for pattern in (LOADED, LINKED_SHEET, IMPORTED):
        found = pattern.search(html)
        if found:
            raise CasetraceError(f"the page is not self-contained: {found.group()[:120]}")
