"""Panels of the timeline: events, drugs, and the results of one analyte."""

from itertools import pairwise
from typing import Any

from casetrace.report.figures.figure_data import Mark, Segment
from casetrace.report.figures.figure_marks import (
    INK,
    LABEL_SIZE,
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
from casetrace.report.figures.label_positions import Box, lanes, text_width
from casetrace.report.text.evidence import anchor
from casetrace.values import display

LINE = 17
DRUG_LANE = 31
#: Drugs with a lane of their own; the others stand in the table of doses.
DRUGS_SHOWN = 9
RESULT_HEIGHT = 92
#: Space for labels above the highest result.
HEADROOM = 1.22


def event_strip(marks: list[Mark], axis: Axis) -> Any | None:
    """Events as labelled marks in as many lanes as their labels need; a bar spans the possible times."""
    if not marks:
        return None
    rows = []
    for mark in marks:
        row = placed(mark, axis)
        wide = text_width(mark.text, LABEL_SIZE) + 14
        left, right = axis.px(row["t0"]), axis.px(row["t1"])
        if right + wide <= axis.width:
            row |= {"side": "right", "label_t": row["t1"], "span": (left - 6, right + wide)}
        elif left >= wide:
            row |= {"side": "left", "label_t": row["t0"], "span": (left - wide, right + 6)}
        else:
            row |= {"side": "on", "label_t": row["t0"], "span": (left - 6, max(right, left + wide) + 6)}
        rows.append(row)
    rows.sort(key=lambda r: r["span"])
    for row, lane in zip(rows, lanes([r["span"] for r in rows]), strict=True):
        row["v"] = -lane
    depth = 1 - min(r["v"] for r in rows)
    vertical = Vertical(0.5 - depth, 0.5, depth * LINE, has_numbers=False)
    layers = [time_bars(rows, "v", axis, vertical, INK), points(rows, "v", axis, vertical, INK, shape="diamond")]
    for side, align, dx in (("right", "left", 9), ("left", "right", -9), ("on", "left", 6)):
        part = [r for r in rows if r["side"] == side]
        layers.append(text(part, axis, vertical, align=align, t="label_t", dx=dx))
    return panel(layers, "Events", axis, vertical.height)


def drugs_of(segments: list[Segment]) -> list[str]:
    """Drugs in order of their first dose, those with a lane only."""
    return list(dict.fromkeys(s.lane for s in segments))[:DRUGS_SHOWN]


def drug_strip(segments: list[Segment], axis: Axis) -> Any | None:
    """Each drug in a lane of its own: bars for infusions and totals, squares for single doses, name above."""
    drugs = drugs_of(segments)
    if not drugs:
        return None
    rows = [_drug_row(s, segments, drugs, axis) for s in segments if s.lane in drugs]
    vertical = Vertical(0.65 - len(drugs), 0.75, len(drugs) * DRUG_LANE, has_numbers=False)
    names = []
    for lane, drug in enumerate(drugs):
        first = min(r["t0"] for r in rows if r["v"] == -lane)
        furthest = axis.minute(axis.width - text_width(drug, LABEL_SIZE))
        names.append({"t": max(axis.start, min(first, furthest)), "v": 0.46 - lane, "text": drug})
    singles = [r for r in rows if not r["is_span"]]
    bars = [r for r in rows if r["is_span"] and r["until"] > r["from"]]
    sure = (
        chart(bars)
        .mark_rule(color=OTHER_COLOUR, strokeWidth=9, strokeCap="butt")
        .encode(axis.x("from"), vertical.y("v"), **columns(x2="until:Q", href="href:N", description="hover:N"))
    )
    layers = [time_bars(rows, "v", axis, vertical, OTHER_COLOUR), sure]
    layers += [
        points(singles, "v", axis, vertical, OTHER_COLOUR, shape="square"),
        text(names, axis, vertical, align="left"),
    ]
    return panel(layers, "Drugs and blood products", axis, vertical.height)


def _drug_row(segment: Segment, segments: list[Segment], drugs: list[str], axis: Axis) -> dict[str, Any]:
    """Solid where the drug surely ran, pale where it may have."""
    start, end = segment.start, segment.end or segment.start
    return placed(start, axis) | {
        "v": -drugs.index(segment.lane),
        "is_span": segment.kind in ("infusion", "total"),
        "t1": axis.clip(end.t1),
        "from": axis.clip(start.t1),
        "until": axis.clip(max(_sure_end(segment, segments), start.t1)),
    }


def _sure_end(segment: Segment, segments: list[Segment]) -> int:
    """Until when the drug surely ran: where the next rate begins at the very end of this one, it ran on."""
    own = (segment.end or segment.start).t0
    later = [s for s in segments if s.lane == segment.lane and s.start.t0 > segment.start.t0]
    following = [s for s in later if s.start_boundary == segment.end_boundary]
    return max([own, *(_sure_end(s, segments) for s in following)])


def result_panel(marks: list[Mark], axis: Axis, title: str, targets: Rows) -> Any | None:
    """Results of one analyte: filled where the minute is known, hollow with a bar where it is not."""
    rows = [_result(m, axis) for m in marks if axis.shows(m.t0, m.t1)]
    if not rows:
        return None
    bands = [b for b in (_band(t, axis) for t in targets) if b["t"] < b["t1"]]
    ends = [v for r in rows + bands for v in (r["v"], r.get("v1"), r.get("v2")) if v is not None]
    vertical = Vertical(0, max(ends) * HEADROOM or 1.0, RESULT_HEIGHT)
    drawn = [b | {"v": b["v"] or 0.0, "v2": vertical.top if b["v2"] is None else b["v2"]} for b in bands]
    notes, obstacles = _band_names(drawn, rows, axis, vertical)
    spread = [r for r in rows if r["v0"] is not None and r["v1"] is not None and r["v0"] != r["v1"]]
    layers = [
        chart(drawn).mark_rect(color=OTHER_COLOUR, opacity=0.16)
        .encode(axis.x("t"), vertical.y("v"), **columns(x2="t1:Q", y2="v2:Q", href="href:N", description="hover:N")),
        text(notes, axis, vertical),
        _joined([m for m in marks if not m.is_of_several], axis, vertical),
        time_bars(rows, "v", axis, vertical, RESULT_COLOUR),
        chart(spread).mark_rule(color=RESULT_COLOUR, strokeWidth=1.5, aria=False)
        .encode(axis.x("mid"), vertical.y("v0"), **columns(y2="v1:Q")),
        points(rows, "v", axis, vertical, RESULT_COLOUR),
        text(labels(rows, axis, vertical, obstacles), axis, vertical),
    ]  # fmt: skip
    return panel(layers, title, axis, vertical.height)


def _result(mark: Mark, axis: Axis) -> dict[str, Any]:
    """A result as a row; one that stands for several is a bar over its span, without a point."""
    row = placed(mark, axis) | {"v": _height(mark), "v0": mark.v0, "v1": mark.v1}
    return row | {"t": None} if mark.is_of_several else row


def _height(mark: Mark) -> float:
    """Where the point stands: the best value, else the one bound that is known."""
    return next(v for v in (mark.v, mark.v1, mark.v0) if v is not None)


def _band(row: dict[str, Any], axis: Axis) -> dict[str, Any]:
    start = axis.start if row["start_earliest_min"] is None else row["start_earliest_min"]
    end = axis.end if row["end_latest_min"] is None else row["end_latest_min"]
    low, high = (None if row[k] is None else display.exact(row[k]) for k in ("target_low", "target_high"))
    name = f"target {low} to {high}" if low and high else f"target above {low}" if low else f"target below {high}"
    return {"t": axis.clip(start), "t1": axis.clip(end), "v": row["target_low"], "v2": row["target_high"],
            "text": name, "hover": name, "href": f"#{anchor('row-', row['row_id'])}"}  # fmt: skip


def _band_names(bands: Rows, rows: Rows, axis: Axis, vertical: Vertical) -> tuple[Rows, list[Box]]:
    """The name of each target band at a place in it that no point needs, and the boxes that the names take."""
    at = [(axis.px(r["mid"] if r["t"] is None else r["t"]), vertical.px(r["v"])) for r in rows]
    taken = [Box(x - 16, x + 16, y - 5, y + 19) for x, y in at]
    notes, boxes = [], []
    for band in bands:
        half = text_width(band["text"], LABEL_SIZE) / 2 + 4
        left, right = axis.px(band["t"]) + half, axis.px(band["t1"]) - half
        y = min(vertical.px(band["v2"]) - 9, vertical.height - 6)
        places = [min(p, axis.width - half) for p in (right, left, (left + right) / 2)]
        free = [p for p in places if not any(Box(p - half, p + half, y - 7, y + 7).meets(b) for b in taken)]
        x = (free or places)[0]
        notes.append({"t": axis.minute(x), "v": vertical.value(y), "text": band["text"]})
        boxes.append(Box(x - half, x + half, y - 7, y + 7))
    return notes, boxes


def _joined(marks: list[Mark], axis: Axis, vertical: Vertical) -> Any:
    """Thin lines between neighbours whose order is certain; none where the source leaves it open."""
    lines = [
        {"t": (a.t0 + a.t1) / 2, "v": _height(a), "t1": (b.t0 + b.t1) / 2, "v1": _height(b)}
        for a, b in pairwise(marks)
        if a.surely_before(b)
        and all(c.surely_before(a) or b.surely_before(c) for c in marks if c is not a and c is not b)
    ]
    seen = [line for line in lines if axis.shows(line["t"], line["t1"])]
    rule = chart(seen).mark_rule(color=RESULT_COLOUR, opacity=0.45, aria=False, clip=True)
    return rule.encode(axis.x("t"), vertical.y("v"), **columns(x2="t1:Q", y2="v1:Q"))
