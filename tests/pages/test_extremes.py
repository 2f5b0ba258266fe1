"""Pages of cases with very long, accented and right-to-left names: nothing is cut off, on a desktop and on a phone."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from casetrace.core import params
from casetrace.report.case_reports import report

from tests.case_builder import ROOT
from tests.pages.test_page import DESKTOP, PHONE, show
from tests.report.corpus import tables, write_corpus

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenheparinoidverdünnungslösung" * 2
TITLE = f"Thrombopénie chez Łukasz Þórðarson — דוח מקרה — حالة مقاومة الهيبارين: {LONG}"


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("extremes")
    shutil.copy(ROOT / "params.yaml", root)
    given = tables()
    given["cases"] = [row | {"title": TITLE} for row in given["cases"]]
    given["doses"] = [
        row | {"drug": LONG} if row["drug"] != "unfractionated heparin" else row for row in given["doses"]
    ]
    given["findings"] = [row | {"finding": f"حمى {LONG}"} for row in given["findings"]]
    corpus = write_corpus(root, given=given)
    report(corpus, params.load(corpus.project.params), only=["one"])
    return corpus.case_report("one")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_nothing_stands_out_of_the_page(browser: Any, wordy: Path, width: int) -> None:
    show(browser, wordy / "report.html", width)
    assert LONG in browser.find_element("tag name", "h1").text
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    cut = browser.execute_script("""
        return [...document.querySelectorAll('h1, h2, dd, .citation, .card, figcaption')]
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 80));
    """)
    assert cut == []


def test_paper_is_made_of_it_too(wordy: Path) -> None:
    assert (wordy / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (wordy / "report.docx").read_bytes().startswith(b"PK")
