"""The cohort page and the index in a real browser: they sort, filter, work alone and log nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from casetrace.core.params import Params, load
from casetrace.report.corpus_pages.collection import write_cohort_page, write_comparison, write_index

from tests.cohort.made_corpus import PEOPLE, processed
from tests.pages.test_accessibility import checked
from tests.pages.test_page import CONTRAST, DESKTOP, PHONE, show

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    corpus = processed(tmp_path_factory.mktemp("lists"))
    params = load(corpus.project.params)
    for case_id, *_ in PEOPLE:
        corpus.case_report(case_id).mkdir(parents=True)
        (corpus.case_report(case_id) / "report.html").write_text("<p>a report</p>", encoding="utf-8")
    return {
        "cohort": write_cohort_page(corpus, params),
        "groups": write_comparison(corpus, params, corpus.project.root / "groups.html", "sex", None),
        "tests": write_comparison(corpus, small(params), corpus.project.root / "tests.html", "sex", None, test=True),
        "index": write_index(corpus.project),
    }


def small(params: Params) -> Params:
    """The parameters with which the few cases of these pages are tested and drawn."""
    least = ("cohort.test_from_cases", "cohort.curve_from_cases")
    return Params({e.name: replace(e, value=2) if e.name in least else e for e in params.entries()})


def column(browser: Any, table: str, title: str) -> list[str]:
    script = """const table = document.getElementById(arguments[0]);
    const at = [...table.tHead.rows[0].cells].findIndex(c => c.textContent.trim().startsWith(arguments[1]));
    return [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => r.cells[at].textContent.trim())"""
    return browser.execute_script(script, table, title)  # type: ignore[no-any-return]


def press(browser: Any, table: str, title: str) -> None:
    script = """const heads = [...document.getElementById(arguments[0]).tHead.rows[0].cells];
    heads.find(c => c.textContent.trim().startsWith(arguments[1])).querySelector('button').click()"""
    browser.execute_script(script, table, title)


def choose(browser: Any, table: str, control: str, value: str) -> str:
    script = """const tools = document.querySelector(`.tools[data-filters="${arguments[0]}"]`);
    const control = tools.querySelector(arguments[1]);
    control.value = arguments[2];
    control.dispatchEvent(new Event('input', {bubbles: true}));
    return tools.querySelector('output').textContent"""
    return browser.execute_script(script, table, control, value)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["cohort", "groups", "tests", "index"])
def test_nothing_is_loaded_and_the_console_is_empty(browser: Any, pages: dict[str, Path], name: str) -> None:
    browser.get_log("browser")
    show(browser, pages[name])
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []


@pytest.mark.parametrize("name", ["cohort", "groups", "tests", "index"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_page_never_scrolls_sideways(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    show(browser, pages[name], width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["cohort", "index"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_at_least_aa(browser: Any, pages: dict[str, Path], name: str, scheme: str) -> None:
    show(browser, pages[name], scheme=scheme)
    assert browser.execute_script(CONTRAST) == {}


def test_numbers_sort_as_numbers_and_what_is_not_known_stands_last(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["cohort"])
    press(browser, "by-case", "Age")
    assert column(browser, "by-case", "Age") == ["33", "41", "55", "62", "70", "not told"]
    press(browser, "by-case", "Age")
    assert column(browser, "by-case", "Age") == ["70", "62", "55", "41", "33", "not told"]
    assert column(browser, "by-case", "Case")[0] == "case-e"
    sorted_by = browser.execute_script("return document.querySelector('#by-case th[aria-sort]').ariaSort")
    assert sorted_by == "descending"


def test_search_and_choices_narrow_the_rows_together(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["index"])
    assert choose(browser, "cases", "select[name=sex]", "female") == "3 of 6 shown"
    assert choose(browser, "cases", "input", "case-d") == "1 of 6 shown"
    assert [name.endswith("case-d") for name in column(browser, "cases", "Case")] == [True]
    assert choose(browser, "cases", "input", "nobody") == "0 of 6 shown"
    choose(browser, "cases", "input", "")
    assert choose(browser, "cases", "select[name=sex]", "") == "6 of 6 shown"


def test_every_line_of_the_index_leads_to_a_report(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["index"])
    links = browser.execute_script(
        "return [...document.querySelectorAll('#cases tbody th a')].map(a => a.getAttribute('href'))"
    )
    assert len(links) == len(PEOPLE)
    assert all((pages["index"].parent / link).is_file() for link in links)
    assert browser.execute_script("return document.querySelectorAll('#cases svg.spark').length") >= 2 * len(PEOPLE)


def test_without_scripts_every_row_stands_and_no_dead_control_is_shown(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["index"], scripts=False)
    source = pages["index"].read_text(encoding="utf-8")
    assert source.count('<form class="tools" data-filters="cases" hidden') == 1
    show(browser, pages["index"])
    assert browser.execute_script("return document.querySelectorAll('#cases tbody tr').length") == len(PEOPLE)


def test_the_files_to_take_away_hold_the_table(browser: Any, pages: dict[str, Path]) -> None:
    import base64
    import io

    import polars as pl

    show(browser, pages["cohort"])
    script = "return Object.fromEntries([...document.querySelectorAll('a[download]')].map(a => [a.download, a.href]))"
    files = {n: base64.b64decode(h.split(",")[1]) for n, h in browser.execute_script(script).items()}
    table = pl.read_parquet(io.BytesIO(files["cohort-characteristics.parquet"]))
    text = pl.read_csv(io.BytesIO(files["cohort-characteristics.csv"]), infer_schema=False)
    assert table.height == text.height == 6 * table["variable"].n_unique()
    assert text.columns == table.columns


def test_figures_are_announced_and_numbered(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["cohort"])
    assert browser.execute_script(
        "return [...document.querySelectorAll('svg')].every(s => s.getAttribute('aria-label'))"
    )
    numbers = browser.execute_script("return [...document.querySelectorAll('figcaption b')].map(b => b.textContent)")
    assert numbers == [f"Figure {n}." for n in range(1, len(numbers) + 1)]
    assert len(numbers) >= 5


def test_groups_stand_side_by_side(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["groups"])
    choose(browser, "table-one", "input", "age, years")
    assert column(browser, "table-one", "Sex: female") == ["33; 41 (not told 1)"]
    assert column(browser, "table-one", "Sex: male") == ["55; 62; 70"]
    assert column(browser, "table-one", "Standardised") == ["too few known"]
    assert not browser.execute_script("return document.getElementById('tests')")


def test_tests_that_were_made_can_be_chosen_and_sorted_by_p(browser: Any, pages: dict[str, Path]) -> None:
    show(browser, pages["tests"])
    made = choose(browser, "tests-made", "select[name=made]", "yes").split()[0]
    assert int(made) >= 3
    named = dict(zip(column(browser, "tests-made", "Characteristic"), column(browser, "tests-made", "p"), strict=True))
    # Ages 33 and 41 against 55, 62 and 70: the two lowest of five, twice 1 in 10.
    assert named["Age"] == "0.20"
    press(browser, "tests-made", "p")
    shown = [float(p) for p in column(browser, "tests-made", "p")]
    assert shown == sorted(shown)
    note = browser.execute_script("return document.querySelector('#tests .note').textContent")
    assert note.startswith(f"{made} tests were made, where each group has at least 2 known cases")


@pytest.mark.parametrize(("name", "rows"), [("cohort", 1), ("tests", 2)])
def test_the_cases_at_risk_stand_under_the_ticks(
    browser: Any,
    pages: dict[str, Path],
    name: str,
    rows: int,
) -> None:
    """As drawn: in each row of counts the middle of each lies under the middle of a day of the axis."""
    show(browser, pages[name])
    script = """const found = [...document.querySelectorAll('#events svg.plot')][0].querySelectorAll('text');
    const texts = [...found].map(t => [t.textContent, t.getBoundingClientRect()]);
    const axis = texts.find(([word]) => word === 'days')[1].y;
    const numbers = texts.filter(([word]) => /^[0-9.]+$/.test(word));
    return numbers.map(([word, box]) => [Math.round(box.y - axis), box.x + box.width / 2])"""
    lines: dict[int, list[float]] = {}
    for y, x in browser.execute_script(script):
        lines.setdefault(y, []).append(x)
    ticks, *counts = [lines[y] for y in sorted(lines)]
    assert len(counts) == rows
    assert len(ticks) >= 2
    assert all(xs == pytest.approx(ticks, abs=1) for xs in counts)


@pytest.mark.parametrize("name", ["cohort", "groups", "tests", "index"])
@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_no_violation_of_level_a_or_aa(
    browser: Any,
    pages: dict[str, Path],
    axe: str,
    name: str,
    width: int,
    scheme: str,
) -> None:
    show(browser, pages[name], width, scheme)
    found = checked(browser, axe)
    assert found["violations"] == []
    assert "color-contrast" in found["passes"]
