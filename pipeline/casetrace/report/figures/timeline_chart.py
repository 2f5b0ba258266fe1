"""The timeline figure: one chart per panel on a shared time axis, as SVG that follows the page's theme.

The drawing is static SVG. Each mark is a link to its row and says the reported value when pointed at, so
that the figure needs no script. Colours are CSS variables with a fallback, so that one drawing serves the
light and the dark page, and the file alone still has colours.
"""

import re
from typing import Any

from casetrace.report.case_data import CaseData
from casetrace.report.figures import figure_doses as heparin
from casetrace.report.figures import figure_panels as panels
from casetrace.report.figures.figure_data import (
    DAY,
    doses,
    dosing_days,
    events,
    heparin_segments,
    panel_analytes,
    results,
)
from casetrace.report.figures.figure_discordance import discordance_panel
from casetrace.report.figures.figure_marks import PANEL_GAP, Axis, Spec, theme, time_axis
from casetrace.report.text import names
from casetrace.report.text.evidence import Evidence
from casetrace.values import display

LINK_BASE = "https://vega.github.io/vega-datasets/"
WIDE, NARROW = 860, 310


def course(case: CaseData, evidence: Evidence, width: int) -> str | None:
    """Panel A as SVG: the whole observed course with events, drugs and the main laboratory values.

    None when the case has nothing with a time.
    """
    start, end = case.observed
    axis = Axis(start // DAY * DAY, (end // DAY + 1) * DAY, width, "day")
    rows = [panels.event_strip(events(case, evidence), axis)]
    rows.append(panels.drug_strip(doses(case, evidence), axis))
    rows += _analyte_panels(case, evidence, axis)
    return _svg([r for r in rows if r is not None], axis, "course", width)


def dosing(case: CaseData, evidence: Evidence, width: int, dose_limit: float) -> str | None:
    """Panel B as SVG: the days that hold the heparin; None when no heparin was given.

    ``dose_limit`` is the 24-hour dose above which heparin resistance is named [U].
    """
    segments = doses(case, evidence)
    days = dosing_days(case, segments)
    if days is None:
        return None
    axis = Axis(days[0], days[1], width, "hour" if days[1] - days[0] <= 6 * DAY else "day")
    given = heparin_segments(segments)
    others = [s for s in segments if not (s in given and s.has_amount) and axis.shows(s.start.t0, s.start.t1)]
    rows = [
        panels.event_strip([e for e in events(case, evidence) if axis.shows(e.t0, e.t1)], axis),
        panels.drug_strip(others, axis),
        heparin.bolus_panel([s for s in given if s.kind == "bolus"], axis),
        heparin.rate_panel([s for s in given if s.kind == "infusion"], axis),
        heparin.trailing_panel(case, axis, dose_limit),
        *_analyte_panels(case, evidence, axis),
        discordance_panel(case, evidence, axis),
    ]
    return _svg([r for r in rows if r is not None], axis, "dosing", width)


def _analyte_panels(case: CaseData, evidence: Evidence, axis: Axis) -> list[Any]:
    charts = []
    for analyte in panel_analytes(case, evidence):
        unit = next(r["unit"] for r in case.rows("labs") if r["analyte"] == analyte and r["unit"])
        targets = [
            t
            for t in case.rows("targets")
            if t["analyte"] == analyte and t["role"] == "aim" and (t["target_low"], t["target_high"]) != (None, None)
        ]
        title = f"{names.heading(names.term(analyte))}, {display.unit_text(str(unit), analyte)}".rstrip(", ")
        charts.append(panels.result_panel(results(case, evidence, analyte), axis, title, targets))
    return charts


def _svg(charts: list[Spec], axis: Axis, prefix: str, width: int) -> str | None:
    import vl_convert

    if not charts:
        return None
    svg = vl_convert.vegalite_to_svg(stacked(charts, axis), vl_version=_vegalite_version())
    return stand_alone(svg, f"{prefix}-{width}")


def stacked(charts: list[Spec], axis: Axis) -> Spec:
    """The panels above one another with the labelled time axis under them, as a Vega-Lite specification."""
    import altair as alt

    panels_and_axis = [*charts, time_axis(axis)]
    return {"$schema": alt.SCHEMA_URL, "vconcat": panels_and_axis, "spacing": PANEL_GAP, "bounds": "flush",
            "config": theme()}  # fmt: skip


def _vegalite_version() -> str:
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def stand_alone(svg: str, prefix: str) -> str:
    """The SVG with links inside the page, ids of its own, and no address of any other site."""
    svg = svg.replace(LINK_BASE, "")
    # The converter counts its ids on over all drawings of a process, so they are numbered anew.
    numbers = {
        name: f"{prefix}-{n}" for n, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)), start=1)
    }
    svg = re.sub(r'\bid="([^"]+)"', lambda m: f'id="{numbers[m[1]]}"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{numbers[m[1]]})", svg)
    return _spoken(svg.replace('class="marks"', 'class="figure-drawing"'))


def _spoken(svg: str) -> str:
    """What a screen reader is told: each link by its row; drawn groups, axes and titles need no role of their own."""
    svg = re.sub(r'\s(?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")', "", svg)
    svg = re.sub(r'<a xlink:(href="[^"]*")><(\w+) (aria-label="[^"]*")', r'<a \1 role="link" \3><\2', svg)
    return re.sub(r'(<(?!a\b)\w+\b[^>]*?)\saria-label="[^"]*"', r"\1", svg)
