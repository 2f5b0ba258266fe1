"""Text from outside is data in every output: nothing of a title runs, nothing of a cell is computed."""

import csv
import doctest
import io
import shutil
import subprocess
import zipfile

import nbformat
import polars as pl
import pytest
from casetrace.report.render import downloads, html_page, literal, notebook, printed, supplement
from casetrace.report.render.tables import Column, Table, single
from markupsafe import Markup, escape

PROBES = [
    "<script>document.title='x'</script> & <b>bold</b>",
    '#panic("x") #set page(width: 1pt) $x$ <label> @reference',
    "*emphasis* _line_ `code` [text](https://example.org) ![p](x.png) ~s~ ^t^ \\alpha {=html}",
    "=1+1; -2; +3; 'quoted' \"twice\" ... -- ---",
    "# no heading",
    "1. no list",
]


def small() -> nbformat.NotebookNode:
    return notebook.to_notebook("# Heading\n\ntext\n")


@pytest.mark.parametrize("title", PROBES)
def test_a_title_is_literal_in_the_page(title: str) -> None:
    page = html_page.to_html(small(), title)
    found = page[page.index("<title>") + 7 : page.index("</title>")]
    assert found.replace("&quot;", '"').replace("&#39;", "'") == str(escape(title)).replace("&#34;", '"').replace(
        "&#39;", "'"
    )


@pytest.mark.parametrize("title", PROBES)
def test_a_title_is_literal_on_paper(title: str) -> None:
    """What typst is handed is compiled; were a sign of the title typst's own, it would fail or vanish."""
    pdf = printed.to_pdf(small(), title, "case-1")
    assert pdf.startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(printed.to_docx(small(), title, "case-1"))) as document:
        assert document.testzip() is None
    found = (
        subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=False)
        if shutil.which("pdfinfo")
        else None
    )
    if found is not None:
        assert " ".join(title.split()) in found.stdout.decode()


def test_scripts_run_by_their_hash_alone() -> None:
    page = html_page.to_html(small(), "A title")
    script = page[page.rindex("<script>") + 8 : page.rindex("</script>")]
    policy = literal.content_security_policy(script)
    assert str(escape(policy)) in page
    assert "default-src 'none'" in policy
    assert literal.content_security_policy() != policy


@pytest.mark.parametrize(
    "text", ["=1+1", "@ECMO+4d", "-x", "+1-1", "'=1", "''@", "\tx", "heparin", "-3.5", "+2", "<20", ""]
)
def test_a_cell_is_never_a_formula_and_is_read_back_unchanged(text: str) -> None:
    cell = literal.spreadsheet(text)
    assert not cell.startswith(("=", "@", "\t", "\r"))
    assert literal.from_spreadsheet(cell) == text
    assert cell == text or cell == f"'{text}"


def test_a_note_keeps_its_signs_in_the_file_to_take_away() -> None:
    note = "<20 on day 3, later >150"
    table = Table("t", "c", [Column("Note"), Column("Link")], single([[note, Markup('<a href="#x">&lt; 5</a>')]]))
    content = downloads.csv_of(["Note", "Link"], table.groups[0].rows).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content)))[1] == [note, "< 5"]


def test_data_tables_are_safe_in_a_spreadsheet_and_whole() -> None:
    frame = pl.DataFrame(
        {"when": ["@ECMO+4d", "D4", None], "value": [-1.5, 2.0, None], "rows": [["=a", "b"], [], None]}
    )
    read = list(csv.reader(io.StringIO(supplement.as_csv(frame).decode())))
    assert [[literal.from_spreadsheet(cell) for cell in row] for row in read[1:]] == [
        ["@ECMO+4d", "-1.5", "=a; b"],
        ["D4", "2.0", ""],
        ["", "", ""],
    ]
    assert read[1][0] == "'@ECMO+4d"


def test_the_examples_hold() -> None:
    assert doctest.testmod(literal).failed == 0
