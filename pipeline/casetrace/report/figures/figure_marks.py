"""Building parts of the timeline's panels: shared axes, marks with links, labels, colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casetrace.report.figures.figure_data import DAY, Mark
from casetrace.report.figures.label_positions import Box, place_points
from casetrace.values import display

LABEL_SIZE = 11
#: Width kept for the numbers of every vertical axis, so that the panels stand under one another.
LEFT = 46
#: Space between two panels, and between the last panel and the time axis.
PANEL_GAP, AXIS_GAP = 34, 6

#: CSS variables of the page with the light colour as fallback.
INK = "var(--ink, #1d2733)"
MUTED = "var(--muted, #55616e)"
GRID = "var(--grid, #e2e6ea)"
PAPER = "var(--paper, #ffffff)"
HEPARIN_COLOUR = "var(--fig-heparin, #b34700)"
OTHER_COLOUR = "var(--fig-other, #00695c)"
RESULT_COLOUR = "var(--fig-result, #1f5a9a)"
FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif"

Rows = list[dict[str, Any]]
#: A chart, or a part of one, in Vega-Lite's own form.
Spec = dict[str, Any]


@dataclass(frozen=True)
class Axis:
    """The shared time axis: first and last minute, width in pixels, ticks by ``day`` or by ``hour``."""

    start: int
    end: int
    width: int
    ticks: str

    def shows(self, t0: float, t1: float) -> bool:
        """True when any part of the span lies on the axis."""
        return t1 >= self.start and t0 < self.end

    def px(self, minute: float) -> float:
        """Pixels from the left edge."""
        return (minute - self.start) / (self.end - self.start) * self.width

    def minute(self, px: float) -> float:
        """The minute at a distance in pixels from the left edge."""
        return self.start + px / self.width * (self.end - self.start)

    def clip(self, minute: float) -> float:
        """The nearest minute on the axis."""
        return min(max(minute, self.start), self.end)

    def days(self) -> list[int]:
        """Minutes at which a day begins, thinned until their labels have room."""
        count = (self.end - self.start) // DAY
        room = max(1, self.width // (48 if self.ticks == "day" else 60))
        step = next((s for s in (1, 2, 5, 7, 10, 14, 20, 50, 100, 200, 500) if count / s <= room), 1000) * DAY
        return list(range(-(-self.start // step) * step, self.end + 1, step))

    def hours(self) -> list[int]:
        """Minutes at which an hour tick stands between the days; none on an axis of days."""
        if self.ticks == "day":
            return []
        step = next((h for h in (3, 6, 12) if self.px(self.start + h * 60) >= 38), 24) * 60
        return [m for m in range(self.start, self.end + 1, step) if m % DAY]

    def x(self, name: str) -> Any:
        """The column on this axis, with a line at each day."""
        import altair as alt

        grid = alt.Axis(values=self.days(), labels=False, ticks=False, grid=True, title=None)
        return alt.X(f"{name}:Q", axis=grid, scale=alt.Scale(domain=[self.start, self.end], nice=False))


@dataclass(frozen=True)
class Vertical:
    """The vertical axis of one panel: bottom and top in its unit, height in pixels, with numbers or without."""

    bottom: float
    top: float
    height: float
    has_numbers: bool = True

    def y(self, name: str) -> Any:
        """The column on this axis."""
        import altair as alt

        # Thousands are parted from five digits on, as in the tables.
        number = (
            "replace(format(abs(datum.value), abs(datum.value) >= 10000 ? ',~f' : '~f'), /,/g, '" + display.THIN + "')"
        )
        axis = alt.Axis(tickCount=3, title=None, minExtent=LEFT, maxExtent=LEFT, ticks=False, labelPadding=6,
                        labelExpr=number, grid=True)  # fmt: skip
        scale = alt.Scale(domain=[self.bottom, self.top], nice=False, zero=False)
        return alt.Y(f"{name}:Q", axis=axis if self.has_numbers else None, scale=scale)

    def px(self, value: float) -> float:
        """Pixels above the bottom edge."""
        return (value - self.bottom) / (self.top - self.bottom) * self.height

    def value(self, px: float) -> float:
        """The value at a distance in pixels above the bottom edge."""
        return self.bottom + px / self.height * (self.top - self.bottom)


def theme() -> dict[str, Any]:
    """Chart settings that hold for every panel."""
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {"labelColor": MUTED, "labelFontSize": LABEL_SIZE, "domain": False, "tickColor": GRID,
                 "gridColor": GRID, "titleColor": MUTED},
        "title": {"anchor": "start", "fontSize": 12.5, "fontWeight": 600, "color": INK, "offset": 8, "frame": "group"},
    }  # fmt: skip


def time_axis(axis: Axis) -> Spec:
    """The labelled axis under all panels."""
    import altair as alt

    day = f"'day ' + replace(toString(datum.value / {DAY}), '-', '{display.MINUS}')"
    hour = f"pad(((datum.value % {DAY}) + {DAY}) % {DAY} / 60, 2, '0', 'left') + ':00'"
    ticks = alt.Axis(values=sorted(axis.days() + axis.hours()), labelExpr=f"datum.value % {DAY} == 0 ? {day} : {hour}",
                     grid=False, ticks=True, tickSize=5, labelOverlap=False, labelFlush=False, title=None,
                     offset=AXIS_GAP - PANEL_GAP)  # fmt: skip
    scale = alt.Scale(domain=[axis.start, axis.end], nice=False)
    base = chart([{"t": axis.start}]).mark_tick(opacity=0, aria=False)
    return spec(base.encode(alt.X("t:Q", axis=ticks, scale=scale)).properties(width=axis.width, height=1))


def chart(rows: Sequence[dict[str, Any]]) -> Any:
    """A chart of inline rows."""
    import altair as alt

    return alt.Chart({"values": list(rows)})


def columns(**names: str) -> dict[str, Any]:
    """Columns as channels of an encoding. A bare name would do too, but the library then looks for its class anew."""
    import altair as alt

    return {channel: getattr(alt, channel.capitalize())(name) for channel, name in names.items()}


def placed(mark: Mark, axis: Axis) -> dict[str, Any]:
    """A mark as a row: bounds clipped to the axis; ``t`` null where there is no best time on the axis."""
    outside = mark.t is not None and not axis.shows(mark.t, mark.t)
    t0, t1 = axis.clip(mark.t0), axis.clip(mark.t1)
    return {
        "t": None if outside else mark.t, "t0": t0, "t1": t1, "mid": (t0 + t1) / 2, "outside": outside,
        "exact": mark.is_exact, "zero": 0, "text": mark.text, "hover": mark.hover, "href": mark.href,
    }  # fmt: skip


def time_bars(rows: Rows, v: str, axis: Axis, vertical: Vertical, colour: str) -> Any:
    """A pale bar over the possible times of each mark whose minute is not known."""
    spans = [r for r in rows if r["t0"] != r["t1"]]
    return (
        chart(spans)
        .mark_rule(color=colour, strokeWidth=5, opacity=0.35, strokeCap="butt")
        .encode(axis.x("t0"), vertical.y(v), **columns(x2="t1:Q", href="href:N", description="hover:N"))
    )


def points(rows: Rows, v: str, axis: Axis, vertical: Vertical, colour: str, shape: str = "circle") -> Any:
    """A mark per row with a best time: filled when the minute is known, hollow when it is not."""
    import altair as alt

    fill = alt.FillValue(PAPER, condition={"test": "datum.exact", "value": colour})
    return (
        chart([r for r in rows if r["t"] is not None])
        .mark_point(shape=shape, size=52, stroke=colour, strokeWidth=1.8, opacity=1)
        .encode(axis.x("t"), vertical.y(v), fill=fill, **columns(href="href:N", description="hover:N"))
    )


def text(
    rows: Rows, axis: Axis, vertical: Vertical, align: str = "center", t: str = "t", v: str = "v", dx: int = 0
) -> Any:
    """Lines of text centred on, or beside, their place."""
    return (
        chart(rows)
        .mark_text(align=align, baseline="middle", dx=dx, fontSize=LABEL_SIZE, color=INK, aria=False)
        .encode(axis.x(t), vertical.y(v), **columns(text="text:N"))
    )


def labels(rows: Rows, axis: Axis, vertical: Vertical, obstacles: list[Box] | None = None) -> Rows:
    """The texts of the rows, each where it covers nothing; one without room, or off the axis, is left out."""
    shown = [r for r in rows if not r["outside"] and r["text"]]
    at = [(axis.px(r["mid"] if r["t"] is None else r["t"]), vertical.px(r["v"]), r["text"]) for r in shown]
    found = place_points(at, axis.width, vertical.height, LABEL_SIZE, obstacles)
    return [{"t": axis.minute(p[0]), "v": vertical.value(p[1]), "text": p[2]} for p in found if p is not None]


def panel(layers: list[Any], title: str, axis: Axis, height: float) -> Spec:
    """The layers as the specification of one panel with its title above; a layer without rows draws nothing."""
    return {"layer": [spec(layer) for layer in layers], "width": axis.width, "height": height, "title": title}


def spec(part: Any) -> Spec:
    """A chart as a part of a specification. The library's own ways to put charts together copy each of them anew."""
    found: Spec = part.to_dict(validate=False, context={"top_level": False})
    return {**found, "data": part.data}
