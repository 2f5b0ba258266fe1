"""WCAG 2.2 A and AA as axe-core checks them, in a real browser, in both themes; and what axe-core cannot see."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from casetrace.cohort.reference_percentiles import MEASURES, place_among
from casetrace.core import params
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.report.case_reports import report

from tests.pages.test_page import DESKTOP, PHONE, show
from tests.report.corpus import frame, metric, results

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}}).then(found => done({
    violations: found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')),
    passes: found.passes.map(p => p.id),
})).catch(error => done({violations: [String(error)], passes: []}));
"""


def checked(browser: Any, axe: str) -> dict[str, list[str]]:
    browser.set_script_timeout(120)
    browser.execute_script("document.querySelectorAll('main details').forEach(fold => { fold.open = true; });")
    browser.execute_script(axe)
    found: dict[str, list[str]] = browser.execute_async_script(RUN, TAGS)
    return found


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")])
def test_no_violation_of_level_a_or_aa(browser: Any, page: Path, axe: str, width: int, scheme: str) -> None:
    show(browser, page, width, scheme)
    found = checked(browser, axe)
    assert found["violations"] == []
    assert {"color-contrast", "document-title", "html-has-lang", "link-name"} <= set(found["passes"])


def test_the_check_itself_finds_faults(browser: Any, page: Path, axe: str) -> None:
    show(browser, page)
    browser.execute_script("document.documentElement.removeAttribute('lang');")
    assert [v.split(":")[0] for v in checked(browser, axe)["violations"]] == ["html-has-lang"]


def test_the_keyboard_goes_through_the_page_in_reading_order(browser: Any, page: Path) -> None:
    show(browser, page)
    out_of_order = browser.execute_script("""
        const stops = [...document.querySelectorAll('a[href], summary, button, input, [tabindex]')];
        const forced = stops.filter(s => s.tabIndex > 0).map(s => s.outerHTML.slice(0, 80));
        return [stops.length, stops[0].className, forced];
    """)
    assert out_of_order[0] > 50
    assert out_of_order[1:] == ["skip", []]


def others(count: int) -> list[dict[str, Any]]:
    """The measures of invented patients, each higher than those of the one before; the last is known by a bound only."""
    rows = []
    for n in range(1, count + 1):
        for name, stratum in (*MEASURES, ("iv_ufh_total", "")):
            unit = next(
                r["unit"] for r in [*results()["metrics"], {"metric": name, "unit": "s"}] if r["metric"] == name
            )
            value = None if n == count else 1000.0 * n
            status = "ok" if value else "not_computable"
            row = metric(name, unit, value, 1000.0 * n, value, [], stratum=stratum, status=status)
            rows.append(row | {"case_id": f"other-{n}"})
    return rows


@pytest.fixture(scope="module")
def placed(reported: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a case that is placed among the patients of a small comparison corpus."""
    root = tmp_path_factory.mktemp("placed") / "project"
    shutil.copytree(reported.project.root, root)
    corpus = ProjectFolder(root).corpus()
    comparison = corpus.project.corpus("others")
    comparison.metrics.mkdir(parents=True)
    comparison.tables.mkdir(parents=True)
    frame("metrics", others(6)).write_parquet(comparison.metrics / "metrics.parquet")
    span = {"observed_start_min": 0, "observed_end_min": 1439, "status": "draft"}
    patients = [{"case_id": f"other-{n}", **span} for n in range(1, 7)]
    frame("cases", patients).write_parquet(comparison.table("cases"))
    text = corpus.project.params.read_text(encoding="utf-8")
    assert "corpora: []" in text
    corpus.project.params.write_text(text.replace("corpora: []", "corpora: [others]"), encoding="utf-8")
    place_among(corpus, comparison)
    report(corpus, params.load(corpus.project.params), only=["one"])
    return corpus.case_report("one") / "report.html"


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
def test_a_page_with_a_placing_has_no_violation(
    browser: Any,
    placed: Path,
    axe: str,
    width: int,
    scheme: str,
) -> None:
    show(browser, placed, width, scheme)
    strips = browser.execute_script("""
        return [...document.querySelectorAll('#figure-placing svg')].filter(s => s.getClientRects().length)
            .map(s => s.querySelectorAll('circle').length)""")
    assert len(strips) >= 3
    assert min(strips) >= 5
    sizes = browser.execute_script("""
        return [...document.querySelectorAll('#figure-placing svg')].filter(s => s.getClientRects().length).flatMap(
            s => [...s.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize)
                * s.getBoundingClientRect().width / s.viewBox.baseVal.width))""")
    assert min(sizes) >= 9
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert checked(browser, axe)["violations"] == []
