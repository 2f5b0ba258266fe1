"""Files that a reader takes away stand in the page itself and hold what is shown."""

import base64
import csv
import io
import re

from casetrace.core import params
from casetrace.core.paths import Corpus
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import case_tables, timeline
from casetrace.report.render import downloads
from casetrace.report.render.tables import Column, Group, Table
from casetrace.report.text.evidence import Evidence
from markupsafe import Markup

LINK = re.compile(r'<a download="([^"]+)" href="data:([^;]+);base64,([^"]+)"')


def files(html: str) -> dict[str, tuple[str, bytes]]:
    return {name: (kind, base64.b64decode(content)) for name, kind, content in LINK.findall(html)}


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_cell_is_text_that_a_spreadsheet_reads() -> None:
    cell = '<a class="v" href="#x" title="a &gt; b">\u221246\u202f711\u00a0U</a> &lt; 5'
    assert downloads.as_text(Markup(cell)) == "-46711 U < 5"
    assert downloads.as_text("<20 on day 3, later >150") == "<20 on day 3, later >150"


def test_a_table_is_taken_away_with_its_groups_and_units() -> None:
    table = Table("t", "c", [Column("Time"), Column("Count", "10⁹/L")], [Group("Platelets", [["day 4", "68"]])])
    kind, content = files(table.block().html)["t.csv"]
    assert kind == "text/csv"
    assert rows(content) == [["Group", "Time", "Count [10⁹/L]"], ["Platelets", "day 4", "68"]]


def test_every_row_of_a_table_is_in_its_file(case: CaseData, evidence: Evidence) -> None:
    html = case_tables.laboratory(case, evidence).block().html
    _, content = files(html)["table-laboratory.csv"]
    assert len(rows(content)) == 1 + len(case.rows("labs"))


def test_a_figure_is_taken_away_as_drawing_and_as_picture(case: CaseData, evidence: Evidence, corpus: Corpus) -> None:
    html = timeline.figure(case, evidence, params.load(corpus.project.params)).html
    found = files(html)
    assert {"figure-1a.svg", "figure-1a.png", "figure-1b.svg", "figure-1b.png", "table-curve.csv"} == set(found)
    svg = found["figure-1a.svg"][1].decode()
    assert svg.startswith("<svg")
    assert "var(--" not in svg
    assert 'href="#' not in svg
    png = found["figure-1b.png"][1]
    assert png.startswith(b"\x89PNG")
    width = int.from_bytes(png[16:20], "big")
    assert width >= 1890  # 300 points to the inch on 16 cm
    _, curve = found["table-curve.csv"]
    assert len(rows(curve)) == 1 + len(case.rows("trailing_24h"))


def test_a_table_without_rows_offers_no_file() -> None:
    assert files(Table("t", "c", [Column("a")], []).block().html) == {}
