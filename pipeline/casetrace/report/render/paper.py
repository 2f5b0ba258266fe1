"""HTML outputs of the notebook written anew for paper: drawings become pictures, cards and fold-outs stand open."""

import re
from html import escape

WIDE = re.compile(r'<div class="wide">\s*(<svg.*?</svg>)\s*</div>', re.DOTALL)
NARROW = re.compile(r'<div class="narrow">.*?</div>', re.DOTALL)
FIGURE_LABEL = re.compile(r'<figure\b[^>]*\saria-label="([^"]*)"')
PANEL_TITLE = re.compile(r'<p class="panel-title"><b>(.*?)</b>\s*(.*?)</p>', re.DOTALL)
LIST_OF_CARDS = re.compile(r'<ul class="cards">(.*?)</ul>', re.DOTALL)
CARD = re.compile(r'<li class="card[^"]*">(.*?)</li>', re.DOTALL)
COUNTS = re.compile(r'<ul class="counts">(.*?)</ul>', re.DOTALL)
COUNT = re.compile(r"<li\b[^>]*>(.*?)</li>", re.DOTALL)
#: Columns of the cards' table that hold numbers.
NUMBER = ("", ' class="n"', ' class="n"', "")
FOLD = re.compile(r"</?details\b[^>]*>")
SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
LINES = re.compile(r'(<dl class="lines">)(.*?)(</dl>)', re.DOTALL)
#: What stands in a frame on the screen is a sentence on paper.
BADGE = re.compile(r'(<span class="badge\b[^>]*>[^<]*</span>)')
#: Sums that paper leaves out, and the bounds of those that it keeps.
SUM = re.compile(r'<details class="sum" .*?</details>\s*', re.DOTALL)
HEADLINE = '<details class="sum headline"'
BOUND_OF_SUM = re.compile(r'<div class="scroll bound".*?</div>\s*', re.DOTALL)
ELSEWHERE = (
    '<p class="note">Left out on paper: {}. They stand in report.html, under the same heading, and in '
    "results/terms.csv of supplement.zip.</p>"
)
#: Controls that do nothing on paper.
SCREEN_ONLY = re.compile(r'<(p|div|details|ul) class="(?:take-away|screen-only)".*?</\1>', re.DOTALL)
VARIABLE = re.compile(r"var\(--[a-z-]+,\s*(#[0-9a-fA-F]+)\)")
FONT_FAMILY = re.compile(r'font-family="[^"]*"')
#: Signs that the fonts of typst lack, and what stands for them.
SIGNS = {"✕": "⊗"}


def for_paper(html: str, drawings: list[str], pictures: str) -> str:
    """The output for a printed sheet; its drawings are added to ``drawings`` and shown as ``figure-<n>.<pictures>``."""
    html = _without_most_sums(NARROW.sub("", SCREEN_ONLY.sub("", html)))
    told = FIGURE_LABEL.search(html)
    alternative = told[1] if told else ""

    def picture(found: re.Match[str]) -> str:
        drawings.append(found[1])
        return f'<p><img src="figure-{len(drawings)}.{pictures}" alt="{alternative}"></p>'

    html = PANEL_TITLE.sub(r"<p><b>\1  \2</b></p>", WIDE.sub(picture, html))
    html = COUNTS.sub(lambda found: f"<p>{'; '.join(COUNT.findall(found[1]))}.</p>", html)
    html = LIST_OF_CARDS.sub(lambda found: _card_table(found[1]), html)
    html = SUMMARY.sub(r"<p><b>\1</b></p>", FOLD.sub("", html))
    html = LINES.sub(lambda found: found[1] + re.sub(r"</?div>", "", found[2]) + found[3], html)
    html = BADGE.sub(r"\1.", html)
    for sign, stand_in in SIGNS.items():
        html = html.replace(sign, stand_in)
    return html


def _without_most_sums(html: str) -> str:
    """The sums of headline numbers at their best values; a note says what else there is and where it stands."""
    kept, sums = SUM.subn("", html)
    kept, bounds = BOUND_OF_SUM.subn("", kept)
    other = "other " if HEADLINE in html else ""
    left_out = [f"the sums of {sums} {other}number{'' if sums == 1 else 's'}"] if sums else []
    if bounds:
        left_out.insert(0, "how the lowest and the highest values add up")
    return kept + ELSEWHERE.format(" and ".join(left_out)) if left_out else kept


def _card_table(cards: str) -> str:
    """The key numbers as a table of label, number, bounds and what stands below."""
    parts = ("card-label", "card-number", "card-bounds", "card-line")
    rows = []
    for card in CARD.findall(cards):
        cells = [re.search(rf'<p class="{part}">(.*?)</p>', card, re.DOTALL) for part in parts]
        texts = [found[1] if found else "" for found in cells]
        rows.append("<tr>" + "".join(f"<td{a}>{t}</td>" for a, t in zip(NUMBER, texts, strict=True)) + "</tr>")
    titles = ("Key number", "Value", "Lowest to highest", "Note")
    heads = "".join(f"<th{a}>{escape(title)}</th>" for a, title in zip(NUMBER, titles, strict=True))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def light_svg(svg: str, font: str) -> str:
    """A drawing by itself: the light colours in place of the page's variables, one font, no links into the page."""
    svg = VARIABLE.sub(r"\1", svg)
    svg = re.sub(r'\s(?:xlink:)?href="#[^"]*"', "", svg)
    return FONT_FAMILY.sub(f'font-family="{font}"', svg)
