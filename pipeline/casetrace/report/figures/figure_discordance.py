"""Panel of the timeline that draws aPTT and anti-Xa together, each against its own target under heparin."""

from typing import Any

from casetrace.report.case_data import CaseData
from casetrace.report.figures.figure_data import HEPARIN, Mark, results
from casetrace.report.figures.figure_marks import (
    HEPARIN_COLOUR,
    OTHER_COLOUR,
    RESULT_COLOUR,
    Axis,
    Rows,
    Vertical,
    chart,
    columns,
    labels,
    panel,
    placed,
    points,
    text,
    time_bars,
)
from casetrace.report.text.evidence import Evidence

#: Analyte, shape, colour, and its name in the labels.
DRAWN = (("aptt", "circle", RESULT_COLOUR, "aPTT"), ("anti_xa_ufh", "square", HEPARIN_COLOUR, "anti-Xa"))
TITLE = "aPTT (circles) and anti-Xa (squares) on the scale of their targets"
HEIGHT = 110
#: Least extent of the scale beyond either end of the targets, in widths of a target.
MARGIN = 0.6


def discordance_panel(case: CaseData, evidence: Evidence, axis: Axis) -> Any | None:
    """Both analytes on one scale: 0 is the lower end of the target of each, 1 the upper end.

    None unless each has a single result with a number on the axis and one target with two ends under heparin.
    """
    found: list[tuple[Rows, str, str]] = []
    for analyte, shape, colour, name in DRAWN:
        target = _target(case, analyte)
        marks = [(m, m.v) for m in results(case, evidence, analyte) if m.v is not None and not m.is_of_several]
        rows = (
            [] if target is None else [_on_scale(m, v, target, name, axis) for m, v in marks if axis.shows(m.t0, m.t1)]
        )
        if not rows:
            return None
        found.append((rows, shape, colour))
    heights = [row["v"] for rows, _, _ in found for row in rows]
    vertical = Vertical(min(0, *heights) - MARGIN, max(1, *heights) + MARGIN, HEIGHT, has_numbers=False)
    band = [{"t": axis.start, "t1": axis.end, "v": 0.0, "v2": 1.0}]
    band_name = [{"t": axis.minute(axis.width / 2), "v": 0.5, "text": "in target"}]
    layers = [
        chart(band)
        .mark_rect(color=OTHER_COLOUR, opacity=0.16, aria=False)
        .encode(axis.x("t"), vertical.y("v"), **columns(x2="t1:Q", y2="v2:Q")),
        text(band_name, axis, vertical),
    ]
    for rows, shape, colour in found:
        layers += [
            time_bars(rows, "v", axis, vertical, colour),
            points(rows, "v", axis, vertical, colour, shape=shape),
        ]
    layers.append(text(labels([row for rows, _, _ in found for row in rows], axis, vertical), axis, vertical))
    return panel(layers, TITLE, axis, HEIGHT)


def _target(case: CaseData, analyte: str) -> tuple[float, float] | None:
    """Both ends of the one target of the analyte under heparin; None where there is none or several."""
    found = [
        (float(t["target_low"]), float(t["target_high"]))
        for t in case.rows("targets")
        if t["analyte"] == analyte and t["role"] == "aim" and t["anticoagulant"] in (HEPARIN, None)
        and t["target_low"] is not None and t["target_high"] is not None
    ]  # fmt: skip
    return found[0] if len(found) == 1 and found[0][0] < found[0][1] else None


def _on_scale(mark: Mark, value: float, target: tuple[float, float], name: str, axis: Axis) -> dict[str, Any]:
    low, high = target
    return placed(mark, axis) | {"v": (value - low) / (high - low), "text": f"{name} {mark.text}"}
