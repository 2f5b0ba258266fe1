"""The timeline as a block: both panels for wide and narrow pages, caption, and alternative text from data."""

from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.case_page.breakdowns import BOUND_TEXT
from casetrace.report.figures import timeline_chart
from casetrace.report.figures.figure_data import not_drawn, panel_analytes, results
from casetrace.report.render.block import Block, fill
from casetrace.report.render.downloads import Download, download
from casetrace.report.render.paper import light_svg
from casetrace.report.render.printed import FONT, to_png
from casetrace.report.render.tables import Column, Table, single
from casetrace.report.text import metric_text, names
from casetrace.report.text.evidence import Evidence
from casetrace.schemas.results import BOUNDS
from casetrace.values.display import day_of, day_text, instant, number

#: Font of a drawing that leaves the page: whatever sans-serif the reader has.
SCREEN_FONT = "sans-serif"
#: Derived numbers that the alternative text tells.
TOLD = ["iv_ufh_max_24h", "iv_ufh_total", "platelets_nadir"]


def figure(case: CaseData, evidence: Evidence, params: Any) -> Block:
    """Figure 1. Without scripts it is complete: drawings are static, marks are links."""
    limit = float(params.value("heparin.resistance_dose_24h_u"))
    wide = (
        timeline_chart.course(case, evidence, timeline_chart.WIDE),
        timeline_chart.dosing(case, evidence, timeline_chart.WIDE, limit),
    )
    narrow = (
        timeline_chart.course(case, evidence, timeline_chart.NARROW),
        timeline_chart.dosing(case, evidence, timeline_chart.NARROW, limit),
    )
    analytes = panel_analytes(case, evidence)
    files = [_files(svg, panel) for svg, panel in zip(wide, ("a", "b"), strict=True)]
    html = fill(
        "figure", wide=wide, panel_files=files, curve=_curve(case), narrow=narrow,
        alternative=alternative(case, evidence),
        left_out=evidence.named(not_drawn(case, evidence, analytes)),
    )  # fmt: skip
    return Block("Figure 1: timeline", html, svg=wide[0])


def _files(svg: str | None, panel: str) -> list[Download]:
    """The panel as vector drawing and as picture, in the light colours."""
    if svg is None:
        return []
    return [
        download(f"figure-1{panel}.svg", "SVG", "image/svg+xml", light_svg(svg, SCREEN_FONT).encode()),
        download(f"figure-1{panel}.png", "PNG", "image/png", to_png(light_svg(svg, FONT))),
    ]


def _curve(case: CaseData) -> Markup:
    """The points of the 24-hour curve as a table; empty without heparin."""
    points = sorted(case.rows("trailing_24h"), key=lambda r: (BOUNDS.index(r["bound"]), r["time_min"]))
    rows = [
        [BOUND_TEXT[r["bound"]], instant(r["time_min"], case.day_starts), number(r["before"]), number(r["after"])]
        for r in points
    ]
    columns = [Column("Line"), Column("Time"), Column("Just before", "U", True), Column("From then on", "U", True)]
    caption = "Therapeutic intravenous heparin in the 24 h before each point."
    return Markup(Table("table-curve", caption, columns, single(rows)).block().html) if rows else Markup("")


def alternative(case: CaseData, evidence: Evidence) -> str:
    """The figure in sentences: span, number of results drawn, and the key derived numbers."""
    first, last = (day_text(day_of(m)) for m in case.observed)
    counts = {a: len(results(case, evidence, a)) for a in panel_analytes(case, evidence)}
    drawn = [f"{n} result{'' if n == 1 else 's'} of {names.term(a)}" for a, n in counts.items()]
    told = [m for m in (case.metric(n) for n in TOLD) if m is not None and m.status != "no_data"]
    sentences = [f"Timeline from {first} to {last}."]
    sentences += [f"It shows {', '.join(drawn)}."] if drawn else ["No laboratory result with a number is drawn."]
    sentences += [f"{metric_text.label(m)}: {metric_text.full(m, case, with_reason=False)}." for m in told]
    return " ".join(sentences)
