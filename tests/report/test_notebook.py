"""From the template to an executed notebook."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from casetrace.core.errors import CasetraceError
from casetrace.core.paths import TEMPLATES
from casetrace.report.render import notebook
from jinja2 import UndefinedError

CONTEXT = {"case_id": "one", "corpus": "case_reports", "title": 'A "quoted": title', "engine": "pandoc"}


def test_cells_follow_the_template() -> None:
    made = notebook.to_notebook(
        "---\ntitle: x\n---\n\n# One\n\n```{python}\na = 1\n```\n\ntext\n\n```{python}\na\n```\n"
    )
    assert [c.cell_type for c in made.cells] == ["raw", "markdown", "code", "markdown", "code"]
    assert [c.source for c in made.cells[1:]] == ["# One", "a = 1", "text", "a"]
    assert [c.id for c in made.cells] == [f"cell-{n:02d}" for n in range(1, 6)]


def test_titles_are_literal_in_the_front_matter() -> None:
    """Quoted for YAML, and without a meaning for the markdown that Quarto reads it as."""
    front = notebook.write_source(CONTEXT).split("---\n")[1]
    assert yaml.safe_load(front)["title"] == 'A \\"quoted\\"\\: title'


def test_a_name_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="title"):
        notebook.write_source({"case_id": "one", "corpus": "case_reports"})


def test_no_number_is_typed_into_a_template() -> None:
    """Digits in names (h1, 4Ts) are no numbers of a case."""
    allowed = re.compile(r"h[1-6]|4Ts|four_ts|10\.|\[[01]\]|\[loop\.index0\]|casetrace", re.IGNORECASE)
    for path in [TEMPLATES / "case_report.qmd.j2", *(TEMPLATES / "blocks").glob("*.j2")]:
        text = re.sub(
            r"\{%.*?%\}|colspan=\"\d\"|tabindex=\"0\"|<b>Figure 1\.</b>|\[[01]\]", "", path.read_text(encoding="utf-8")
        )
        assert not re.search(r"\d", allowed.sub("", text)), path.name


def test_execution_leaves_nothing_that_differs_between_runs(tmp_path: Path) -> None:
    runs = []
    for _ in range(2):
        made = notebook.to_notebook("```{python}\nimport os\nsorted({'b', 'a'}), os.getcwd().split('/')[-1]\n```\n")
        runs.append(notebook.written(notebook.execute(made, tmp_path)))
    assert runs[0] == runs[1]
    content = nbformat.reads(runs[0], as_version=4)
    assert content.cells[0].outputs[0].data["text/plain"] == f"(['a', 'b'], {tmp_path.name!r})"
    assert content.metadata.language_info == {"name": "python"}
    assert "execution" not in content.cells[0].metadata


def test_a_failing_cell_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match="a cell of the report failed: ValueError: no such thing"):
        notebook.execute(notebook.to_notebook("```{python}\nraise ValueError('no such thing')\n```\n"), tmp_path)


def test_output_on_a_stream_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match="wrote to stdout: hello"):
        notebook.execute(notebook.to_notebook("```{python}\nprint('hello')\n```\n"), tmp_path)
