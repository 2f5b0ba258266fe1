"""HTML outputs of the notebook written anew for paper: drawings become pictures, cards and fold-outs stand open."""

import re
from html import escape

WIDE = re.compile(r'<div class="wide">\s*(<svg.*?</svg>)\s*</div>', re.DOTALL)
NARROW = re.compile(r'<div class="narrow">.*?</div>', re.DOTALL)
FIGURE_LABEL = re.compile(r'<figure\b[^>]*\saria-label="([^"]*)"')
PANEL_TITLE = re.compile(r'<p class="panel-title"><b>(.*?)</b>\s*(.*?)</p>', re.DOTALL)
LIST_OF_CARDS = re.compile(r'<ul class="cards">(.*?)</ul>', re.DOTALL)
CARD = re.compile(r'<li class="card[^"]*">(.*?)</li>', re.DOTALL)
FOLD = re.compile(r"</?details\b[^>]*>")
SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
LINES = re.compile(r'(<dl class="lines">)(.*?)(</dl>)', re.DOTALL)
#: Controls that do nothing on paper.
SCREEN_ONLY = re.compile(r'<(p|div|details|ul) class="(?:take-away|screen-only)".*?</\1>', re.DOTALL)
VARIABLE = re.compile(r"var\(--[a-z-]+,\s*(#[0-9a-fA-F]+)\)")
FONT_FAMILY = re.compile(r'font-family="[^"]*"')
#: Signs that the fonts of typst lack, and what stands for them.
SIGNS = {"✕": "⊗"}


def for_paper(html: str, drawings: list[str], pictures: str) -> str:
    """The output for a printed sheet; its drawings are added to ``drawings`` and shown as ``figure-<n>.<pictures>``."""
    html = NARROW.sub("", SCREEN_ONLY.sub("", html))
    told = FIGURE_LABEL.search(html)
    alternative = told[1] if told else ""

    def picture(found: re.Match[str]) -> str:
        drawings.append(found[1])
        return f'<p><img src="figure-{len(drawings)}.{pictures}" alt="{alternative}"></p>'

    html = PANEL_TITLE.sub(r"<p><b>\1  \2</b></p>", WIDE.sub(picture, html))
    html = LIST_OF_CARDS.sub(lambda found: _card_table(found[1]), html)
    html = SUMMARY.sub(r"<p><b>\1</b></p>", FOLD.sub("", html))
    html = LINES.sub(lambda found: found[1] + re.sub(r"</?div>", "", found[2]) + found[3], html)
    html = html.replace("</span> <span>", "</span>. <span>")  # a badge beside a sentence
    for sign, stand_in in SIGNS.items():
        html = html.replace(sign, stand_in)
    return html


def _card_table(cards: str) -> str:
    """The key numbers as a table of label, number, bounds and what stands below."""
    parts = ("card-label", "card-number", "card-bounds", "card-line")
    rows = []
    for card in CARD.findall(cards):
        cells = [re.search(rf'<p class="{part}">(.*?)</p>', card, re.DOTALL) for part in parts]
        rows.append("<tr>" + "".join(f"<td>{found[1] if found else ''}</td>" for found in cells) + "</tr>")
    heads = "".join(f"<th>{escape(h)}</th>" for h in ("Key number", "Value", "Lowest to highest", "Note"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def light_svg(svg: str, font: str) -> str:
    """A drawing by itself: the light colours in place of the page's variables, one font, no links into the page."""
    svg = VARIABLE.sub(r"\1", svg)
    svg = re.sub(r'\s(?:xlink:)?href="#[^"]*"', "", svg)
    return FONT_FAMILY.sub(f'font-family="{font}"', svg)
