"""Panels of the timeline for heparin: boluses, infusion rate, and the amount in the 24 hours before."""

from typing import Any

from casetrace.report.case_data import CaseData
from casetrace.report.figures.figure_data import Segment
from casetrace.report.figures.figure_marks import (
    HEPARIN_COLOUR,
    INK,
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
from casetrace.values import display

Curve = list[tuple[int, float]]


def bolus_panel(segments: list[Segment], axis: Axis) -> Any | None:
    """Boluses as lollipops; a bolus without a clock time has a bar over its possible times."""
    known = [s for s in segments if s.amount is not None]
    rows = [placed(s.start, axis) | {"v": s.amount, "text": display.exact(s.amount or 0)} for s in known]
    if not rows:
        return None
    vertical = Vertical(0, max(r["v"] for r in rows) * 1.3 or 1.0, 80)
    stems = chart([r for r in rows if r["t"] is not None]).mark_rule(color=HEPARIN_COLOUR, strokeWidth=2, aria=False)
    layers = [
        stems.encode(axis.x("t"), vertical.y("v"), **columns(y2="zero:Q")),
        time_bars(rows, "v", axis, vertical, HEPARIN_COLOUR),
        points(rows, "v", axis, vertical, HEPARIN_COLOUR),
        text(labels(rows, axis, vertical), axis, vertical),
    ]
    return panel(layers, "Heparin boluses, U", axis, vertical.height)


def rate_panel(segments: list[Segment], axis: Axis) -> Any | None:
    """Infusion rate as steps; a bar marks where a step may lie. Per kg only when every rate is per kg."""
    known = [s for s in segments if s.rate is not None and s.start.t is not None]
    units = {s.unit for s in known}
    if len(units) != 1:
        return None
    rows, edges = [], []
    for s in known:
        end = s.end or s.start
        until = axis.clip(end.t if end.t is not None else end.t0)
        start = placed(s.start, axis)
        begin = axis.clip(s.start.t or 0)
        told = display.in_digits(s.rate or 0)
        rows.append(start | {"v": s.rate, "t": (begin + until) / 2, "from": begin, "until": until, "text": told})
        edges += [start | {"v": s.rate}, start | {"v": s.rate, "t0": axis.clip(end.t0), "t1": axis.clip(end.t1)}]
    vertical = Vertical(0, max(r["v"] for r in rows) * 1.4 or 1.0, 72)
    filled = chart(rows).mark_rect(color=HEPARIN_COLOUR, opacity=0.22)
    topped = chart(rows).mark_rule(color=HEPARIN_COLOUR, strokeWidth=2, aria=False)
    layers = [
        filled.encode(
            axis.x("from"), vertical.y("v"), **columns(x2="until:Q", y2="zero:Q", href="href:N", description="hover:N")
        ),
        topped.encode(axis.x("from"), vertical.y("v"), **columns(x2="until:Q")),
        time_bars(edges, "v", axis, vertical, HEPARIN_COLOUR),
        text(labels(rows, axis, vertical), axis, vertical),
    ]
    unit = display.unit_text(units.pop(), "heparin")
    return panel(layers, f"Heparin infusion rate, {unit}", axis, vertical.height)


def trailing_panel(case: CaseData, axis: Axis, dose_limit: float) -> Any | None:
    """Heparin in the 24 hours before each moment: best line, low to high band, and the limit [U]."""
    curves = {bound: _curve(case, bound) for bound in ("low", "best", "high")}
    if not any(curves.values()):
        return None
    peak = max(v for curve in curves.values() for _, v in curve)
    vertical = Vertical(0, max(peak, dose_limit) * 1.25, 120)
    main = curves["best"] or curves["low"] or curves["high"]
    line = [{"t": t, "v": v, "n": n} for n, (t, v) in enumerate(main)]
    limit = [{"t": axis.start, "t1": axis.end, "v": dose_limit}]
    # The name stands at the end of the line, where the dose has left the window again.
    written = f"limit {display.quantity(display.number(dose_limit), 'U')}"
    name = [{"t": axis.end, "v": vertical.value(vertical.px(dose_limit) + 9), "text": written}]
    layers = [
        chart(_band(curves["low"], curves["high"])).mark_area(color=HEPARIN_COLOUR, opacity=0.25, aria=False, clip=True)
        .encode(axis.x("t"), vertical.y("v"), **columns(y2="v2:Q")),
        chart(line).mark_line(color=HEPARIN_COLOUR, strokeWidth=2, aria=False, clip=True)
        .encode(axis.x("t"), vertical.y("v"), **columns(order="n:Q")),
        chart(limit).mark_rule(color=INK, strokeDash=[5, 4], aria=False)
        .encode(axis.x("t"), vertical.y("v"), **columns(x2="t1:Q")),
        text(name, axis, vertical, align="right"),
    ]  # fmt: skip
    return panel(layers, "Heparin in the 24 h before, U", axis, vertical.height)


def _curve(case: CaseData, bound: str) -> Curve:
    """The trailing dose as corner points: at each breakpoint the amount before it, then after it."""
    rows = [r for r in case.rows("trailing_24h") if r["bound"] == bound and r["substance"] == "iv_ufh"]
    rows.sort(key=lambda r: int(str(r["time_min"])))
    return [(int(str(r["time_min"])), float(str(r[side]))) for r in rows for side in ("before", "after")]


def _band(low: Curve, high: Curve) -> Rows:
    """Low and high at every corner of either, on both sides of a jump, for the area between them."""
    if not low or not high:
        return []
    times = sorted({t for t, _ in low + high})
    corners = [(t, side) for t in times for side in (0, 1)]
    return [{"t": t, "v": _at(low, t, side), "v2": _at(high, t, side)} for t, side in corners]


def _at(curve: Curve, t: int, side: int) -> float:
    """Value of a curve of corner points at ``t``, just before (0) or just after (1) a jump there."""
    here = [v for u, v in curve if u == t]
    if here:
        return here[-1 if side else 0]
    before = [(u, v) for u, v in curve if u < t]
    after = [(u, v) for u, v in curve if u > t]
    if not before or not after:
        return 0.0
    (t0, v0), (t1, v1) = before[-1], after[0]
    return v0 + (v1 - v0) * (t - t0) / (t1 - t0)
