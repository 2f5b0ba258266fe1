"""The index at every width: it fits, however many cases and however long their titles, and says when it is empty."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.report.corpus_pages.collection import write_index

from tests.cohort.made_corpus import PEOPLE, processed
from tests.pages.test_accessibility import checked
from tests.pages.test_lists import column
from tests.pages.test_page import CONTRAST, show

pytestmark = pytest.mark.browser

COPIES = 10
LONG = "Thrombocytopenia and a title that goes on and on about Donaudampfschifffahrtsgesellschaftskapitänsheparin " * 3
WIDTHS = [390, 768, 1024, 1280, 1920]


def multiplied(corpus: Corpus) -> None:
    """Every case of the corpus ten times, the first with a long title; only in what the index reads."""
    paths = [corpus.table(name) for name in ("cases", "sources", "labs", "doses")]
    paths += [corpus.series / "trailing_24h.parquet", corpus.cohort / "characteristics.parquet"]
    for path in paths:
        frame = pl.read_parquet(path)
        if "title" in frame.columns:
            frame = frame.with_columns(
                pl.when(pl.col("case_id") == "case-a").then(pl.lit(LONG)).otherwise(pl.col("title")).alias("title")
            )
        copies = [frame.with_columns(pl.col("case_id") + f"-{n:02}") for n in range(COPIES)]
        pl.concat(copies).write_parquet(path)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = processed(tmp_path_factory.mktemp("index"))
    multiplied(corpus)
    for case_id in pl.read_parquet(corpus.table("cases"))["case_id"]:
        folder = corpus.case_report(case_id)
        folder.mkdir(parents=True)
        for name in ("report.html", "report.pdf", "report.docx", "report.ipynb", "summary.json"):
            (folder / name).write_text("a file", encoding="utf-8")
    return write_index(corpus.project)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_and_nothing_scrolls_sideways(browser: Any, index: Path, width: int) -> None:
    show(browser, index, width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    script = "return [...document.querySelectorAll('.scroll')].map(s => s.scrollWidth - s.clientWidth)"
    assert browser.execute_script(script) == [0]
    rows = browser.execute_script("""
        return [...document.querySelectorAll('#cases tbody tr')].map(r => r.getBoundingClientRect().right)""")
    assert len(rows) == COPIES * len(PEOPLE)
    assert max(rows) <= width


def test_on_a_phone_each_case_is_a_card_with_labels(browser: Any, index: Path) -> None:
    show(browser, index, 390)
    labels = browser.execute_script("""
        return [...document.querySelectorAll('#cases tbody tr')[0].querySelectorAll('td')].map(
            cell => getComputedStyle(cell, '::before').content.replaceAll('"', ''))""")
    assert labels == ["Patient", "Platelets, 10⁹/L", "Heparin, U in 24 h", "aPTT, s", "Next anticoagulant",
                      "Last seen", "Claims that hold, of those tested"]  # fmt: skip
    assert browser.execute_script("return getComputedStyle(document.querySelector('#cases thead')).display") == "none"
    show(browser, index, 1280)
    script = "return getComputedStyle(document.querySelector('#cases td'), '::before').content"
    assert browser.execute_script(script) == "none"


def test_cards_can_be_sorted_too(browser: Any, index: Path) -> None:
    show(browser, index, 390)
    browser.execute_script("""
        const choice = document.querySelector('.narrow-only select');
        choice.value = [...choice.options].find(o => o.textContent.startsWith('Patient')).value;
        choice.dispatchEvent(new Event('input', {bubbles: true}));""")
    ages = [told.split(" ")[0] for told in column(browser, "cases", "Patient")]
    known = [int(age) for age in ages if age != "age"]
    assert known == sorted(known)
    assert len(set(known)) == 5
    assert ages[len(known) :] == ["age"] * (len(ages) - len(known))
    assert browser.execute_script("return document.querySelector('.tools output').textContent") == "60 of 60 shown"


@pytest.mark.parametrize(("width", "scheme"), [(1024, "dark"), (390, "light")])
def test_no_violation_and_enough_contrast(browser: Any, index: Path, axe: str, width: int, scheme: str) -> None:
    show(browser, index, width, scheme)
    assert checked(browser, axe)["violations"] == []
    assert browser.execute_script(CONTRAST) == {}


def test_heparin_without_amounts_is_not_printed(tmp_path: Path) -> None:
    corpus = processed(tmp_path)
    told = pl.read_parquet(corpus.cohort / "characteristics.parquet")
    mine = (pl.col("variable") == "iv_ufh_max_24h") & (pl.col("case_id") == "case-a")
    nothing = {"value": None, "low": 0.0, "high": None, "state": "open"}
    told = told.with_columns(pl.when(mine).then(pl.lit(v)).otherwise(pl.col(c)).alias(c) for c, v in nothing.items())
    told.write_parquet(corpus.cohort / "characteristics.parquet")
    doses = pl.read_parquet(corpus.table("doses"))
    corpus.case_report("case-a").mkdir(parents=True)
    (corpus.case_report("case-a") / "report.html").write_text("a report", encoding="utf-8")
    for status, said in (("not_printed", ">not printed<"), ("known", ">not known<")):
        doses.with_columns(pl.lit(status).alias("amount_status")).write_parquet(corpus.table("doses"))
        assert said in write_index(corpus.project).read_text(encoding="utf-8")


def test_an_empty_collection_says_so(tmp_path: Path) -> None:
    html = write_index(ProjectFolder(tmp_path)).read_text(encoding="utf-8")
    assert "<h1>0 cases</h1>" in html
    assert "No case has a report yet." in html
    assert "<table" not in html
    assert "<form" not in html
