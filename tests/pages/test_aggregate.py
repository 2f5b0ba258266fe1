"""The page of a corpus in aggregate in a real browser: it fits, reads in the dark, sorts, and loads nothing."""

from pathlib import Path
from typing import Any

import pytest
from casetrace.report.corpus_pages.aggregate_page import About, aggregate_page

from tests.cohort.test_aggregate import LIMITS, many, told
from tests.pages.test_accessibility import checked
from tests.pages.test_lists import choose, column, press
from tests.pages.test_page import CONTRAST, DESKTOP, PHONE, show

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    cases = many(
        age=[20 + i % 70 for i in range(200)],
        platelets_nadir=[1000 * (i % 13) for i in range(200)],
        sex=["female", "male", "male", "missing"] * 50,
        resistance_dose_24h=[1] * 8 + [0] * 150 + ["open"] * 42,
    )
    folder = tmp_path_factory.mktemp("aggregate")
    about = About("closed", "a database", "stay", index="../index.html")
    found = {
        "closed": told(cases),
        "public": told(cases, protect=False),
        "groups": told(
            cases, protect=False, groups=[("Sex: female", list(cases)[::4]), ("Sex: male", list(cases)[1::2])]
        ),
        "few": told(many(age=[50] * 9)),
    }
    for name, tables in found.items():
        (folder / f"{name}.html").write_text(aggregate_page(tables, about, LIMITS), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in found}


@pytest.mark.parametrize("name", ["closed", "public", "groups", "few"])
@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_page_fits_reads_and_passes_axe(
    browser: Any,
    pages: dict[str, Path],
    axe: str,
    name: str,
    width: int,
    scheme: str,
) -> None:
    browser.get_log("browser")
    show(browser, pages[name], width, scheme)
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(CONTRAST) == {}
    assert checked(browser, axe)["violations"] == []


def test_it_sorts_by_the_median_and_filters_by_part(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["closed"])
    press(browser, "in-aggregate", "Known")
    known = column(browser, "in-aggregate", "Known")
    assert known == sorted(known, key=lambda text: int(text.split()[0]))
    assert choose(browser, "in-aggregate", "input", "platelets") == "1 of 4 shown"


def test_no_label_of_a_class_is_cut(browser: Any, pages: dict[str, Path]) -> None:
    """Every text of a figure lies within its picture, the long labels of large numbers too."""
    script = """return [...document.querySelectorAll('.distributions svg')].flatMap(svg => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(t => {
            const own = t.getBoundingClientRect();
            return own.left < box.left - 1 || own.right > box.right + 1;
        }).map(t => t.textContent)})"""
    for name in ("closed", "public"):
        show(browser, pages[name])
        assert browser.execute_script("return document.querySelectorAll('.distributions svg').length") == 2
        assert browser.execute_script(script) == []
