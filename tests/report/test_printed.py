"""PDF and DOCX of an executed notebook: native tables, described pictures, equal bytes, the numbers of the page."""

import io
import re
import zipfile
from xml.etree import ElementTree

import nbformat
import pytest
from casetrace.core.errors import CasetraceError
from casetrace.report.render import printed, word_style
from casetrace.report.render.block import Block

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="93" height="40" viewBox="0 0 93 40">'
    '<rect width="90" height="30" fill="var(--ink, #1d2733)"/></svg>'
)
HTML = f"""<figure aria-label="A dark field."><p class="panel-title"><b>A</b> All</p><div class="wide">{SVG}</div>
<figcaption><b>Figure 1.</b> Caption.</figcaption></figure>
<div class="scroll"><table><caption><b>Table 1.</b> Counts.</caption><thead><tr><th>Time</th><th>Count</th></tr></thead>
<tbody><tr class="group"><th scope="rowgroup" colspan="2">Platelets</th></tr>
<tr><th scope="row">day 4</th><td class="n"><a href="#row-P1">46 711</a></td></tr></tbody></table></div>"""


def notebook(html: str = HTML) -> nbformat.NotebookNode:
    block = Block("piece", html)
    output = nbformat.v4.new_output("display_data", data=block._repr_mimebundle_())
    cell = nbformat.v4.new_code_cell("report.piece()", outputs=[output], id="cell-02")
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Course", id="cell-01"), cell])


def parts(docx: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(docx))


@pytest.fixture(scope="module")
def docx() -> bytes:
    return printed.to_docx(notebook(), "A case", "one")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return printed.to_pdf(notebook(), "A case", "one")


def test_the_document_has_a_native_table_and_no_code(docx: bytes) -> None:
    text = parts(docx).read("word/document.xml").decode()
    assert len(re.findall(r"<w:tbl>", text)) == 1
    assert "<w:gridSpan" in text
    plain = "".join(ElementTree.fromstring(text).itertext())
    assert "46 711" in plain
    assert "report.piece()" not in plain
    assert "row-P1" not in text


def test_the_picture_of_the_document_is_described_and_sharp(docx: bytes) -> None:
    archive = parts(docx)
    assert 'descr="A dark field."' in archive.read("word/document.xml").decode()
    picture = next(n for n in archive.namelist() if n.startswith("word/media/"))
    width = int.from_bytes(archive.read(picture)[16:20], "big")
    assert width / 93 >= 300 * 6.5 / 935  # a drawing 935 px wide has 300 points to the inch on 6.5 inches


def test_every_part_of_the_document_is_well_formed(docx: bytes) -> None:
    archive = parts(docx)
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(archive.read(name))


def test_equal_notebooks_give_equal_bytes(docx: bytes, pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert printed.to_docx(notebook(), "A case", "one") == docx
    assert printed.to_pdf(notebook(), "A case", "one") == pdf


def test_the_pdf_is_tagged_and_carries_its_fonts_only(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]+\+([A-Za-z]+)", pdf))
    assert fonts <= {b"LibertinusSerif", b"DejaVuSansMono", b"NewCMMath"}
    assert b"/Users" not in pdf
    assert b"/tmp" not in pdf


def test_a_drawing_that_cannot_be_read_is_an_error() -> None:
    broken = HTML.replace("<rect", "<rect <")
    for make in (printed.to_pdf, printed.to_docx):
        with pytest.raises(CasetraceError, match="typst could not"):
            make(notebook(broken), "A case", "one")


def test_the_styles_come_from_pandocs_own_document(monkeypatch: pytest.MonkeyPatch) -> None:
    styles = zipfile.ZipFile(io.BytesIO(word_style.reference())).read("word/styles.xml").decode()
    assert f'<w:sz w:val="{word_style.CELL_SIZE}"/>' in styles
    with pytest.raises(CasetraceError, match="has no place for"):
        word_style._changed(b"<x/>", {"<w:nowhere/>": ""})


NUMBERS = """<table><thead><tr><th>Dose</th><th class="n">Amount</th></tr></thead>
<tbody><tr><td>first</td><td class="n">4000</td></tr></tbody>
<tfoot><tr><th>Sum</th><td class="n">4000</td></tr></tfoot></table>"""


def test_numbers_end_at_the_right_and_a_sum_stands_once() -> None:
    text = parts(printed.to_docx(notebook(NUMBERS), "A case", "one")).read("word/document.xml").decode()
    cells = re.findall(r"<w:tc>(.*?)</w:tc>", text, re.DOTALL)
    right = ['w:jc w:val="right"' in cell or 'w:jc w:val="end"' in cell for cell in cells]
    assert right == [False, True] * 3
    with printed.workplace(notebook(NUMBERS), "svg") as work:
        typst = printed._pandoc(work, {"title": "A case"}, ["--to", "typst"]).decode()
    assert typst.count("align: right") == 3
    assert "table.footer" not in typst
    assert "#strong[Sum]" in typst or "*Sum*" in typst


def test_the_lists_at_the_end_are_set_smaller() -> None:
    sheet = notebook()
    sheet.cells.append(nbformat.v4.new_markdown_cell("# Where every number comes from", id="cell-03"))
    with printed.workplace(sheet, "svg") as work:
        typst = printed._pandoc(work, {"title": "A case"}, ["--to", "typst"]).decode()
    assert typst.index("set text(size: 6.2pt)") < typst.index("Where every number comes from")
