"""The page in a real browser: it opens alone, fits, reads in the dark, and every number can be reached."""

import re
from pathlib import Path
from typing import Any

import pytest

DESKTOP, PHONE = 1280, 390

pytestmark = pytest.mark.browser


def show(browser: Any, page: Path, width: int = DESKTOP, scheme: str = "light", scripts: bool = True) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < DESKTOP}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    browser.get("about:blank")
    browser.get(page.as_uri())


def test_nothing_is_loaded_and_nothing_fails(browser: Any, page: Path) -> None:
    browser.get_log("performance")
    show(browser, page)
    asked = re.findall(
        r'"url":"((?:https?|file):[^"]+)"', " ".join(e["message"] for e in browser.get_log("performance"))
    )
    assert {url.split("#")[0] for url in asked} <= {page.as_uri()}
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []


@pytest.mark.parametrize("width", [DESKTOP, 768, PHONE])
def test_the_page_never_scrolls_sideways(browser: Any, page: Path, width: int) -> None:
    show(browser, page, width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "shown", "hidden"), [(DESKTOP, "wide", "narrow"), (PHONE, "narrow", "wide")])
def test_the_figure_fits_its_page_with_readable_text(
    browser: Any, page: Path, width: int, shown: str, hidden: str
) -> None:
    show(browser, page, width)
    script = """return [...document.querySelectorAll('.' + arguments[0] + ' svg text')].map(
        t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getBoundingClientRect().width
             / t.ownerSVGElement.viewBox.baseVal.width)"""
    sizes = browser.execute_script(script, shown)
    assert len(sizes) > 20
    assert min(sizes) >= 9
    assert set(browser.execute_script(script, hidden)) <= {0}


CONTRAST = """
function light(rgb) {
  const [r, g, b] = rgb.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function parse(colour) { return colour.match(/[\\d.]+/g).map(Number); }
function ground(node) {
  for (; node; node = node.parentElement) {
    const rgba = parse(getComputedStyle(node).backgroundColor);
    if (rgba.length === 3 || rgba[3] > 0) return rgba.slice(0, 3);
  }
  return [255, 255, 255];
}
const seen = {};
for (const node of document.querySelectorAll('main *, nav *')) {
  const isText = [...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
  if (!isText || !node.getClientRects().length) continue;
  const style = getComputedStyle(node);
  const ink = node instanceof SVGElement ? style.fill : style.color;
  const [a, b] = [light(parse(ink).slice(0, 3)), light(ground(node))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) seen[node.tagName + '.' + node.className] = ratio;
}
return seen;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_at_least_aa(browser: Any, page: Path, scheme: str) -> None:
    show(browser, page, scheme=scheme)
    assert browser.execute_script(CONTRAST) == {}


def test_light_and_dark_differ(browser: Any, page: Path) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        show(browser, page, scheme=scheme)
        grounds.add(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2


def test_labels_of_a_panel_do_not_cover_one_another(browser: Any, page: Path) -> None:
    script = """
    const clashes = [];
    for (const svg of document.querySelectorAll(arguments[0] + ' svg')) {
      const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
      boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
        const across = p.left + 1 < q.right && q.left + 1 < p.right;
        if (across && p.top + 3 < q.bottom && q.top + 3 < p.bottom) clashes.push(a + ' / ' + b);
      }));
    }
    return clashes;
    """
    for width, which in ((DESKTOP, ".wide"), (PHONE, ".narrow")):
        show(browser, page, width)
        assert browser.execute_script(script, which) == []


def test_a_number_tells_its_row_by_keyboard_and_by_pointer(browser: Any, page: Path) -> None:
    show(browser, page)
    script = """
    const link = document.querySelector('#table-laboratory a.v[data-rows="P2"]');
    if (arguments[0] === 'focus') link.focus(); else link.dispatchEvent(new MouseEvent('mouseenter'));
    const tip = document.getElementById('tip');
    const told = [tip.hidden, tip.textContent, link.getAttribute('aria-describedby')];
    if (arguments[0] === 'focus') link.blur(); else link.dispatchEvent(new MouseEvent('mouseleave'));
    return [...told, tip.hidden];
    """
    for way in ("focus", "pointer"):
        hidden, text, described_by, hidden_after = browser.execute_script(script, way)
        assert not hidden
        assert "time as reported: D2T08:00; Table 1; labs.csv, row 2" in text
        assert described_by == "tip"
        assert hidden_after


def test_a_mark_of_the_figure_tells_and_leads(browser: Any, page: Path) -> None:
    show(browser, page)
    script = """
    const link = document.querySelector('.wide svg a[*|href="#row-P2"]');
    link.dispatchEvent(new MouseEvent('mouseenter'));
    return document.getElementById('tip').textContent;
    """
    assert "P2: platelets 90" in browser.execute_script(script)
    browser.execute_script(
        "document.querySelector('.wide svg a[*|href=\"#row-P2\"]').dispatchEvent(new MouseEvent('click'))"
    )
    assert browser.execute_script("return location.hash") == "#row-P2"


def test_a_derived_number_leads_to_its_rows(browser: Any, page: Path) -> None:
    show(browser, page)
    script = """
    const found = [];
    document.querySelectorAll('a.v').forEach(link => {
      const target = document.getElementById(decodeURIComponent(link.getAttribute('href').slice(1)));
      if (!target) found.push(link.outerHTML);
    });
    return found;
    """
    assert browser.execute_script(script) == []


def test_sums_unfold_without_scripts_and_print_unfolded(browser: Any, page: Path) -> None:
    show(browser, page)
    count = "return document.querySelectorAll('main details[open]').length"
    assert browser.execute_script(count) == 0
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert (
        browser.execute_script(count)
        == browser.execute_script("return document.querySelectorAll('main details').length")
        > 0
    )


def test_without_scripts_everything_stands(browser: Any, page: Path) -> None:
    show(browser, page, scripts=False)
    source = browser.page_source
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert 'title="P2: platelets 90' in source
    assert 'id="tip"' not in source
    assert source.count("<svg") == 4


def test_contents_are_folded_on_a_phone_only(browser: Any, page: Path) -> None:
    for width, is_open in ((DESKTOP, True), (PHONE, False)):
        show(browser, page, width)
        assert browser.execute_script("return document.querySelector('.contents details').open") is is_open


def test_the_time_axis_can_be_stretched_and_words_keep_their_shape(browser: Any, page: Path) -> None:
    show(browser, page)
    script = """
    const panel = document.querySelector('figure .wide');
    const measure = () => {
        const word = panel.querySelector('svg text').getBoundingClientRect();
        return [panel.querySelector('svg').getBoundingClientRect().width, panel.scrollWidth - panel.clientWidth,
                Math.round(word.width), Math.round(word.height), document.documentElement.scrollWidth];
    };
    const buttons = [...panel.previousElementSibling.querySelectorAll('button')];
    const told = [measure()];
    buttons[0].click(); told.push(measure());
    buttons[2].click(); told.push(measure());
    return told;
    """
    before, wider, after = browser.execute_script(script)
    assert wider[0] == pytest.approx(2 * before[0], rel=0.01)
    assert wider[1] > 0
    assert wider[2:] == before[2:]
    assert after == before


def test_a_label_keeps_its_distance_from_its_mark(browser: Any, page: Path) -> None:
    show(browser, page)
    script = """
    const panel = document.querySelectorAll('figure .wide')[1];
    const gaps = () => [...panel.querySelectorAll('.mark-text.role-mark text')].map(label => {
        const a = label.getBoundingClientRect(), scope = label.closest('.role-scope');
        const marks = scope ? [...scope.querySelectorAll('.mark-symbol path')] : [];
        return Math.min(...marks.map(m => { const b = m.getBoundingClientRect();
            return Math.hypot((a.left + a.right - b.left - b.right) / 2, (a.top + a.bottom - b.top - b.bottom) / 2); }));
    }).filter(gap => gap < 40);
    const before = gaps();
    const wider = panel.previousElementSibling.querySelector('button');
    wider.click(); wider.click();
    return [before, gaps()];
    """
    before, stretched = browser.execute_script(script)
    assert len(before) > 3
    assert len(stretched) >= len(before)
    assert max(abs(a - b) for a, b in zip(sorted(before), sorted(stretched), strict=False)) < 3
