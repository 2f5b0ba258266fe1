"""The styles of the DOCX: pandoc's own reference document with smaller tables, black headings and narrow margins."""

import io
import re
import subprocess
import zipfile
from functools import cache

from casetrace.core.errors import CasetraceError

#: The first instant that a zip archive can hold.
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
#: Text of a table cell [half points] and page margins [twentieths of a point].
CELL_SIZE, MARGIN = 15, 850
#: Grey of the lines between the rows of a table.
LINE = "C8CDD2"
EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>' for edge in ("top", "bottom", "insideH")
)
BODY = '<w:sz w:val="20" /><w:szCs w:val="20" /><w:lang w:val="en-US"'
CELL = f'<w:rPr><w:sz w:val="{CELL_SIZE}"/><w:szCs w:val="{CELL_SIZE}"/></w:rPr>'
COMPACT = '<w:spacing w:before="36" w:after="36" />'
INDENT = '<w:tblInd w:w="0" w:type="dxa" />'
#: What is looked for in a part of the document, and what it becomes; each must be there once.
STYLES = {
    '<w:sz w:val="24" />\n      <w:szCs w:val="24" />\n      <w:lang w:val="en-US"': BODY,
    f"{COMPACT}\n      </w:pPr>": f"{COMPACT}</w:pPr>{CELL}",
    f"{INDENT}\n      <w:tblCellMar>": f"{INDENT}<w:tblBorders>{EDGES}</w:tblBorders><w:tblCellMar>",
}
PAGE = {
    "</w:footnotePr>": f'</w:footnotePr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" '
    f'w:bottom="{MARGIN}" w:left="{MARGIN}" w:header="500" w:footer="500" w:gutter="0"/>',
}
CHANGES = {"word/styles.xml": STYLES, "word/document.xml": PAGE}


@cache
def reference() -> bytes:
    """The reference document.

    Raises:
        CasetraceError: pandoc carries no reference document of the shape that is changed here.

    """
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    plain = subprocess.run(command, capture_output=True, check=True).stdout
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry.filename)
            content = _changed(content, CHANGES.get(entry.filename, {}))
            new.writestr(zipfile.ZipInfo(entry.filename, FIRST_DATE), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _changed(content: bytes, changes: dict[str, str]) -> bytes:
    text = content.decode("utf-8") if changes else ""
    for old, new in changes.items():
        pattern = re.compile(r"\s+".join(re.escape(part) for part in old.split("\n      ")))
        if len(pattern.findall(text)) != 1:
            raise CasetraceError(f"pandoc's reference document has no place for: {old}")
        text = pattern.sub(lambda _found, stands=new: stands, text)
    return text.encode("utf-8") if changes else content
