"""Figures of the cohort page: aligned platelets, courses, intervals. Nothing is computed here."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from markupsafe import Markup, escape

from casetrace.report.figures import svg
from casetrace.report.figures.svg import Scale
from casetrace.report.text.names import term
from casetrace.values import display

Row = dict[str, Any]
#: The sign of each event; the page explains them.
_MARKS = {
    "death": "†",
    "discharge": "▷",
    "ecmo_start": "E",
    "vv_ecmo_start": "E",
    "va_ecmo_start": "E",
    "ecmo_end": "e",
    "vv_ecmo_end": "e",
    "va_ecmo_end": "e",
    "decannulation": "e",
    "heparin_held": "H",
    "surgery": "S",
}


#: A course is drawn from this many days before time zero to this many after; what lies beyond stands at the edge.
_CUT_BEFORE, _CUT_AFTER = 30.0, 60.0


def short(case_id: str, most: int = 30) -> str:
    """The case id, cut where it would not fit; the whole id stands in the mark's title."""
    return case_id if len(case_id) <= most else case_id[: most - 1] + "…"


def aligned(frame: pl.DataFrame, at: str, limit: float, what: str) -> Markup:
    """One small panel for each case with counts, all on the same axes; empty without a count."""
    rows = frame.filter(pl.col("aligned_at") == at)
    if rows.height == 0:
        return Markup("")
    days = Scale(min(*rows["days_low"], 0.0), max(*rows["days_high"], 0.0), 34, 226)
    counts = Scale(0, max(*rows["value"], limit), 126, 22)
    panels = [
        _panel(str(case), part, days, counts, limit, what)
        for (case,), part in rows.group_by("case_id", maintain_order=True)
    ]
    return Markup('<div class="panels">{}</div>').format(Markup("").join(panels))


def _panel(case: str, rows: pl.DataFrame, days: Scale, counts: Scale, limit: float, what: str) -> Markup:
    marks = [svg.text(2, 12, short(case, 36), "panel-name")]
    for tick in counts.ticks(3):
        marks += [
            svg.line(34, counts(tick), 226, counts(tick), "grid"),
            svg.text(30, counts(tick) + 3, f"{tick:g}", "tick", "end"),
        ]
    for tick in days.ticks(4):
        marks.append(svg.text(days(tick), 140, _signed(tick), "tick", "middle"))
    marks += [svg.line(34, counts(limit), 226, counts(limit), "limit"), svg.line(days(0), 22, days(0), 126, "zero")]
    ordered = rows.sort("days", "row_id")
    marks.append(svg.path([(days(d), counts(v)) for d, v in ordered.select("days", "value").iter_rows()], "trend"))
    for row in ordered.iter_rows(named=True):
        y = counts(row["value"])
        marks.append(svg.line(days(row["days_low"]), y, days(row["days_high"]), y, "open"))
        away = display.span(row["days_low"], row["days_high"], 1)
        title = f"{row['value']:g} × 10⁹/L, {away} days from {what} ({row['row_id']})"
        marks.append(svg.dot(days(row["days"]), y, 2.6, "point", title))
    count = rows.height
    return svg.picture(
        232, 146, marks, f"{case}: {count} platelet count{'' if count == 1 else 's'} by days from {what}"
    )


def _signed(tick: float) -> str:
    return display.number(tick, 1)


def swimmer(frame: pl.DataFrame) -> Markup:
    """One lane for each case: what the source covers, the anticoagulants, the marked events; empty without a case."""
    if frame.height == 0:
        return Markup("")
    cases = frame["case_id"].unique().sort().to_list()
    width, left = 860, 250
    last = min(max(frame["end_high"]), _CUT_AFTER)
    days = Scale(max(min(0.0, *frame["start_low"]), -_CUT_BEFORE), last, left, width - 12)
    height = 26 * len(cases) + 40
    marks = [
        part
        for tick in days.ticks(8)
        for part in (
            svg.line(days(tick), 6, days(tick), height - 32, "grid"),
            svg.text(days(tick), height - 18, _signed(tick), "tick", "middle"),
        )
    ]
    marks.append(svg.text((left + width) / 2, height - 3, "days since time zero of the case", "tick", "middle"))
    for lane, case in enumerate(cases):
        marks += _lane(case, frame.filter(pl.col("case_id") == case), 8 + 26 * lane, days)
    return svg.picture(width, height, marks, f"Courses of {len(cases)} cases with their anticoagulants and events")


def _lane(case: str, rows: pl.DataFrame, top: float, days: Scale) -> list[str]:
    marks = [svg.text(2, top + 13, short(case, 38), "lane")]
    for row in rows.sort(pl.col("kind").replace_strict({"observed": 0, "drug": 1, "event": 2}), "start_low").iter_rows(
        named=True
    ):
        start, end = days(row["start_low"]), days(row["end_high"])
        if row["kind"] == "observed":
            marks.append(svg.bar(start, top + 7, end, 4, "covered", f"{case}: what the source covers"))
        elif row["kind"] == "drug":
            marks += _stretch(row, top, days)
        else:
            title = f"{term(row['name'])}, {_days(row['start_low'], row['start_high'])} ({', '.join(row['row_ids'])})"
            middle = (days(row["start_low"]) + days(row["start_high"])) / 2
            sign = _MARKS[row["name"]] + ("→" if row["start_low"] > days.high else "")
            marks.append(f"<g><title>{escape(title)}</title>{svg.text(middle, top + 3, sign, 'event', 'middle')}</g>")
    return marks


def _stretch(row: Row, top: float, days: Scale) -> list[str]:
    """The whole span in which the drug may have run, and over it the span in which it surely ran."""
    kind = drug_class(row["name"])
    title = (
        f"{row['name']}: from {_days(row['start_low'], row['start_high'])} to {_days(row['end_low'], row['end_high'])}"
    )
    title += f" ({', '.join(row['row_ids'])})"
    offset = {"heparin": 4, "lmwh": 9, "other": 14}[kind]
    marks = [svg.bar(days(row["start_low"]), top + offset, days(row["end_high"]), 4, f"drug {kind} maybe", title)]
    if row["end_low"] > row["start_high"]:
        marks.append(svg.bar(days(row["start_high"]), top + offset, days(row["end_low"]), 4, f"drug {kind}", title))
    return marks


def drug_class(name: str) -> str:
    """How a drug is coloured: heparin, low-molecular-weight heparin, other."""
    if name == "unfractionated heparin":
        return "heparin"
    return "lmwh" if "parin" in name and name not in ("fondaparinux",) else "other"


def _days(low: float, high: float) -> str:
    return f"day {display.span(low, high, 1)}"


def bounded(frame: pl.DataFrame, variable: str) -> pl.DataFrame:
    """The cases that a figure of intervals can show: with a value, an upper bound, or a lower one above 0."""
    return frame.filter(
        (pl.col("variable") == variable)
        & (pl.col("value").is_not_null() | pl.col("high").is_not_null() | (pl.col("low") != 0).fill_null(False))
    )


def forest(frame: pl.DataFrame, variable: str) -> Markup:
    """One line for each case with bounds: the interval, and the best value where there is one; empty without any."""
    order = pl.coalesce("value", "low")
    rows = bounded(frame, variable).sort(order, "case_id", descending=[True, False], nulls_last=True)
    if rows.height == 0:
        return Markup("")
    ends = [v for row in rows.select("low", "value", "high").iter_rows() for v in row if v is not None]
    # An interval without an upper end needs room to be seen.
    room = 0.06 * (max(ends) - min(0.0, *ends)) if rows["high"].has_nulls() else 0.0
    scale = Scale(min(0.0, *ends), max(ends) + room, 262, 660)
    height = 20 * rows.height + 30
    unit = display.unit_text(rows["unit"][0], variable)
    marks = [
        part
        for tick in scale.ticks(5)
        for part in (
            svg.line(scale(tick), 2, scale(tick), height - 26, "grid"),
            svg.text(scale(tick), height - 12, display.number(tick, 1), "tick", "middle"),
        )
    ]
    for place, row in enumerate(rows.iter_rows(named=True)):
        marks += _interval(row, 12 + 20 * place, scale, unit)
    return svg.picture(860, height, marks, f"{rows['label'][0]}: intervals of {rows.height} cases")


def _interval(row: Row, y: float, scale: Scale, unit: str) -> list[str]:
    decimals = display.decimals_for(row["unit"])
    low = scale.low if row["low"] is None else row["low"]
    high = scale.high if row["high"] is None else row["high"]
    told = display.span(row["low"], row["high"], decimals)
    best = "no best value" if row["value"] is None else display.number(row["value"], decimals)
    title = f"{row['case_id']}: {best}; {told} {unit}"
    marks = [
        svg.text(2, y + 4, short(row["case_id"], 38), "lane"),
        svg.bar(scale(low), y - 1.5, scale(high), 3, "range", title),
    ]
    if row["high"] is None:
        marks.append(svg.text(scale(high) + 3, y + 4, "→", "lane"))
    if row["low"] is None:
        marks.append(svg.text(scale(low) - 2, y + 4, "←", "lane", "end"))
    if row["value"] is not None:
        marks.append(svg.dot(scale(row["value"]), y, 4, "point", title))
    marks.append(svg.text(680, y + 4, f"{told} {unit}".strip(), "lane"))
    return marks


def sparkline(points: Sequence[tuple[float, float]], alt: str) -> Markup:
    """A small trend line with its last point marked; empty without a point."""
    if not points:
        return Markup("")
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x, y = Scale(min(xs), max(xs), 3, 97), Scale(0, max(ys), 23, 3)
    placed = [(x(a), y(b)) for a, b in points]
    marks = [svg.path(placed, "trend"), svg.dot(*placed[-1], 2.2, "point")]
    return svg.picture(100, 26, marks, alt, "spark")
