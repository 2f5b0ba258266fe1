"""Outputs written for paper: pictures in place of drawings, cards as a table, nothing hidden."""

from pipeline.reporting.paper import for_paper, light_svg

FIGURE = """<figure id="f" aria-label="Timeline from day 0.">
<p class="panel-title"><b>A</b> Whole course</p>
<div class="wide"><svg><g/></svg></div>
<div class="narrow"><svg><path/></svg></div>
<figcaption>Caption</figcaption></figure>"""
CARDS = """<ul class="cards">
<li class="card">
<p class="card-label">Total</p><p class="card-number"><a href="#m">5 U</a></p><p class="card-bounds">4 to 6 U</p></li>
<li class="card absent">
<p class="card-label">Nadir</p><p class="card-number">not computable</p><p class="card-line">why</p></li>
</ul>"""


def test_a_drawing_becomes_a_picture_with_its_alternative_text() -> None:
    drawings: list[str] = []
    html = for_paper(FIGURE, drawings, "svg")
    assert drawings == ["<svg><g/></svg>"]
    assert '<img src="figure-1.svg" alt="Timeline from day 0.">' in html
    assert "<path/>" not in html
    for_paper(FIGURE, drawings, "png")
    assert len(drawings) == 2


def test_cards_become_rows_with_a_cell_for_each_part() -> None:
    html = for_paper(CARDS, [], "svg")
    assert '<tr><td>Total</td><td><a href="#m">5 U</a></td><td>4 to 6 U</td><td></td></tr>' in html
    assert "<tr><td>Nadir</td><td>not computable</td><td></td><td>why</td></tr>" in html
    assert "card" not in html


def test_fold_outs_stand_open() -> None:
    html = for_paper('<details class="sum" id="s"><summary>Total: <b>5 U</b></summary><p>x</p></details>', [], "svg")
    assert html == "<p><b>Total: <b>5 U</b></b></p><p>x</p>"


def test_a_sign_without_a_glyph_is_replaced_and_a_count_never_reads_as_a_product() -> None:
    assert for_paper("<p>4 ✕ contradicted</p>", [], "svg") == "<p>4 ⊗ contradicted</p>"


def test_a_drawing_by_itself_has_colours_and_no_links() -> None:
    svg = '<svg fill="var(--ink, #1d2733)" font-family="system-ui, x"><a xlink:href="#row-P1"><text>1</text></a></svg>'
    assert light_svg(svg, "F") == '<svg fill="#1d2733" font-family="F"><a><text>1</text></a></svg>'
