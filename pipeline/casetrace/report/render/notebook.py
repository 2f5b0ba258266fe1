"""One notebook per case: written from the template, executed in a kernel of its own.

The template is Quarto-compatible markdown with ```` ```{python} ```` cells. The notebook is the single
source of every format: it is executed once, and HTML (later PDF and DOCX) is made from the result.
"""

import asyncio
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from casetrace.core.errors import CasetraceError
from casetrace.core.paths import PACKAGE, TEMPLATES
from casetrace.report.render import literal

FENCE = re.compile(r"^```\{python\}\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.MULTILINE | re.DOTALL)
KERNEL = "python3"
CELL_TIMEOUT_S = 300


def write_source(context: dict[str, Any]) -> str:
    """The report of one case as Quarto markdown. A name that the template lacks is an error."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True)
    env.filters["literal"] = literal.markdown
    env.filters["quoted"] = lambda text: json.dumps(str(text), ensure_ascii=False)
    return env.get_template("case_report.qmd.j2").render(context)


def to_notebook(source: str) -> nbformat.NotebookNode:
    """The markdown as a notebook with numbered cell ids; front matter becomes a raw cell as Quarto has it."""
    cells = []
    match = FRONT_MATTER.match(source)
    if match:
        cells.append(nbformat.v4.new_raw_cell(match.group().strip()))  # type: ignore[no-untyped-call]
        source = source[match.end() :]
    at = 0
    for fence in FENCE.finditer(source):
        _add_markdown(cells, source[at : fence.start()])
        cells.append(nbformat.v4.new_code_cell(fence.group(1).rstrip("\n")))  # type: ignore[no-untyped-call]
        at = fence.end()
    _add_markdown(cells, source[at:])
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number:02d}"
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    notebook.metadata["kernelspec"] = {"name": KERNEL, "display_name": "Python 3", "language": "python"}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _add_markdown(cells: list[nbformat.NotebookNode], text: str) -> None:
    if text.strip():
        cells.append(nbformat.v4.new_markdown_cell(text.strip("\n")))  # type: ignore[no-untyped-call]


def execute(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run every cell in ``folder`` with the interpreter that runs this, and strip what differs between runs.

    Raises:
        CasetraceError: a cell failed; the message ends in the cell's own error.

    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory(prefix="casetrace-kernel-") as temporary:
        home = Path(temporary)
        _write_kernel(home)
        specs = KernelSpecManager(kernel_dirs=[str(home / "kernels")], ensure_native_kernel=False)
        manager = AsyncKernelManager(
            kernel_name=KERNEL,
            kernel_spec_manager=specs,
            connection_file=str(home / "connection.json"),
            **_transport(home),
        )
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=CELL_TIMEOUT_S,
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        )
        client.owns_km = True  # nbclient shuts only its own kernels down
        try:
            asyncio.run(client.async_execute())
        except CellExecutionError as error:
            raise CasetraceError(f"a cell of the report failed: {error.ename}: {error.evalue}") from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise CasetraceError(f"the report's kernel stopped: {error}") from error
    return _stable(notebook)


def _transport(home: Path) -> dict[str, str]:
    """Sockets in a folder of our own rather than open ports, where the system has them."""
    return {"transport": "ipc", "ip": str(home / "socket")} if os.name == "posix" else {}


def _write_kernel(home: Path) -> None:
    spec = home / "kernels" / KERNEL
    spec.mkdir(parents=True)
    (home / "ipython").mkdir()
    search = os.pathsep.join([str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    content = {
        "argv": [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "env": {
            "IPYTHONDIR": str(home / "ipython"),
            "PYTHONPATH": search,
            "PYTHONHASHSEED": "0",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        },
    }
    (spec / "kernel.json").write_text(json.dumps(content), encoding="utf-8")


def _stable(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without the interpreter's patch version, run times, and anything a cell wrote to a stream."""
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        streams = [o for o in cell.get("outputs", []) if o.output_type == "stream"]
        if streams:
            raise CasetraceError(f"a cell of the report wrote to {streams[0].name}: {streams[0].text.strip()}")
    nbformat.validate(notebook)
    return notebook


def written(notebook: nbformat.NotebookNode) -> str:
    """The notebook as text with sorted keys."""
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text + "\n"
