"""One page that needs nothing but itself."""

import nbformat
import pytest
from casetrace.core.errors import CasetraceError
from casetrace.report.render import html_page, notebook


def page_of(source: str, outputs: list[nbformat.NotebookNode] | None = None) -> str:
    made = notebook.to_notebook(source)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs or []
    return html_page.to_html(made, "A title")


def test_output_is_kept_and_code_is_dropped() -> None:
    data = {"text/html": "<p class='x'>kept &amp; whole</p>", "text/plain": "[x]", "image/svg+xml": "<svg/>"}
    html = page_of("# Heading\n\n```{python}\nsecret_code()\n```\n", [nbformat.v4.new_output("display_data", data)])
    assert "<p class='x'>kept &amp; whole</p>" in html
    assert "secret_code" not in html
    assert "<h2>Heading</h2>" in html
    assert html.count("<title>A title</title>") == 1


@pytest.mark.parametrize(
    "offence",
    [
        '<script src="https://cdn.example.org/vega.js"></script>',
        '<img alt="" src="picture.png">',
        '<link rel="stylesheet" href="style.css">',
        "<style>@import 'other.css';</style>",
        "<style>p { background: url(https://example.org/x.png) }</style>",
        '<iframe src="https://example.org"></iframe>',
    ],
)
def test_a_page_that_loads_something_is_refused(offence: str) -> None:
    with pytest.raises(CasetraceError, match="not self-contained"):
        html_page.check_alone(f"<html>{offence}</html>")


def test_links_and_inline_data_are_no_offence() -> None:
    html_page.check_alone(
        '<a href="https://doi.org/10.1000/x">x</a><img src="data:image/png;base64,AA=="><script>1</script>'
    )


def test_a_warning_of_pandoc_is_an_error() -> None:
    with pytest.raises(CasetraceError, match=r"pandoc could not make the page: .*Duplicate"):
        page_of("text [^a]\n\n[^a]: one\n\n[^a]: two\n")
