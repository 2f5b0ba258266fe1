"""Outputs written for paper: pictures in place of drawings, cards as a table, nothing hidden."""

from casetrace.report.render.paper import for_paper, light_svg

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
    number = '<td class="n">'
    assert f'<tr><td>Total</td>{number}<a href="#m">5 U</a></td>{number}4 to 6 U</td><td></td></tr>' in html
    assert f"<tr><td>Nadir</td>{number}not computable</td>{number}</td><td>why</td></tr>" in html
    assert "card" not in html


def sum_of(name: str, classes: str) -> str:
    bound = f'<div class="scroll bound" tabindex="0"><table><tr><td>lowest of {name}</td></tr></table></div>'
    main = f'<div class="scroll" tabindex="0"><table><tr><td>best of {name}</td></tr></table></div>'
    return f'<details class="{classes}" id="s"><summary>{name}: <b>5 U</b></summary>{main}{bound}</details>'


def test_the_sums_of_headline_numbers_stand_open_at_their_best_value_and_the_rest_is_named() -> None:
    html = for_paper(sum_of("Total", "sum headline") + sum_of("Day 4", "sum") + sum_of("Day 5", "sum"), [], "svg")
    assert html.startswith("<p><b>Total: <b>5 U</b></b></p>")
    assert "best of Total" in html
    assert "lowest of" not in html
    assert "Day 4" not in html
    assert "Left out on paper: how the lowest and the highest values add up and the sums of 2 other numbers." in html
    assert "results/terms.csv of supplement.zip" in html


def test_a_case_without_headline_numbers_is_told_where_its_sums_stand() -> None:
    html = for_paper(sum_of("Day 4", "sum"), [], "svg")
    assert html.startswith('<p class="note">Left out on paper: the sums of 1 number. They stand in report.html')


def test_nothing_is_said_to_be_left_out_where_nothing_is() -> None:
    other = "<details><summary>Data</summary><p>x</p></details>"
    assert for_paper(other, [], "svg") == "<p><b>Data</b></p><p>x</p>"


def test_counts_become_one_line() -> None:
    html = for_paper('<ul class="counts"><li class="a"><b>2</b> possible</li><li><b>1</b> open</li></ul>', [], "svg")
    assert html == "<p><b>2</b> possible; <b>1</b> open.</p>"


def test_a_sign_without_a_glyph_is_replaced_and_a_count_never_reads_as_a_product() -> None:
    assert for_paper("<p>4 ✕ contradicted</p>", [], "svg") == "<p>4 ⊗ contradicted</p>"


def test_a_drawing_by_itself_has_colours_and_no_links() -> None:
    svg = '<svg fill="var(--ink, #1d2733)" font-family="system-ui, x"><a xlink:href="#row-P1"><text>1</text></a></svg>'
    assert light_svg(svg, "F") == '<svg fill="#1d2733" font-family="F"><a><text>1</text></a></svg>'
