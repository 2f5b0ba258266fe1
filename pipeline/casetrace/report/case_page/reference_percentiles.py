"""Where the case stands among the patients of a comparison corpus: a strip for each measure, and the percentiles."""

from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.figures.figure_marks import FONT, GRID, HEPARIN_COLOUR, INK, MUTED, RESULT_COLOUR
from casetrace.report.render.block import Block, fill
from casetrace.report.render.tables import Column, Table, single
from casetrace.report.text import reasons
from casetrace.values import display
from casetrace.vocabulary.reasons import read

EDGE, LINE = 14, 24
#: Width of a strip, its height, and where the value of the case stands: on a phone below the numbers at the ends.
WIDE, NARROW = (860, 62, 56), (310, 80, 74)
#: Room that the value of the case leaves to the numbers at the ends.
ROOM = {WIDE: 190.0, NARROW: 90.0}
TITLES = {
    "iv_ufh_max_24h": "Largest amount of heparin in any 24 h",
    "iv_ufh_max_24h_mean_rate_per_kg": "Mean heparin rate over those 24 h",
    "platelets_nadir": "Platelet nadir",
    "platelets_fall_pct": "Fall of the platelet count from the last before heparin",
    "aptt_max": "Highest aPTT on heparin",
}


def block(case: CaseData) -> Block:
    """For each comparison corpus the strips and their table; each measure in the order of the placing."""
    by_measure = sorted(case.rows("placing"), key=lambda row: list(TITLES).index(row["metric"]))
    corpora = list(dict.fromkeys(row["comparison"] for row in case.rows("placing"))) or [None]
    figures = [
        _figure(case, [row for row in by_measure if row["comparison"] == name], "" if number == 1 else f"-{number}")
        for number, name in enumerate(corpora, start=1)
    ]
    return Block("the case among others", "\n".join(figures))


def _figure(case: CaseData, rows: list[dict[str, Any]], suffix: str) -> str:
    members = [m for m in case.rows("distribution") if rows and m["comparison"] == rows[0]["comparison"]]
    strips = [
        (TITLES[row["metric"]], *(Markup(_strip(row, _of(members, row), size)) for size in (WIDE, NARROW)))
        for row in rows
        if row["status"] != "no_data"
    ]
    kinds = {member["kind"] for member in members}
    what = f"The case among the {rows[0]['group']} of {rows[0]['comparison']}" if rows else "The case among others"
    shown = Markup(table(case, rows, suffix).block().html)
    return fill("placing", strips=strips, caption=what, kinds=kinds, table=shown, id=f"figure-placing{suffix}")


def table(case: CaseData, rows: list[dict[str, Any]], suffix: str = "") -> Table:
    """Value, percentile with its bounds, and n of each measure."""
    cells = [
        [TITLES[r["metric"]], _value(r), _percentile(r), "withheld" if r["n"] is None else str(r["n"]),
         "withheld" if r["n_without"] is None else str(r["n_without"]),
         reasons.plain(case, read(r["reasons"]), r["reason"])]
        for r in rows
    ]  # fmt: skip
    columns = [Column("Measure"), Column("This case", is_number=True), Column("Percentile", "%", is_number=True)]
    columns += [Column("n", is_number=True), Column("without a value", is_number=True), Column("Open", is_prose=True)]
    whom = f"those of {rows[0]['comparison']}" if rows else "others"
    return Table(
        id=f"table-placing{suffix}",
        caption=f"The case among {whom}: the percentile is the share of the group below the case, ties by half.",
        columns=columns,
        groups=single(cells),
        empty="The case is not placed among others.",
    )


def _value(row: dict[str, Any]) -> str:
    unit, decimals = display.unit_text(row["unit"], row["metric"]), display.decimals_for(row["unit"])
    if row["value"] is None and row["low"] is None and row["high"] is None:
        return "no value"
    text = (
        display.span(row["low"], row["high"], decimals)
        if row["value"] is None
        else display.number(row["value"], decimals)
    )
    return display.quantity(text, unit)


def _percentile(row: dict[str, Any]) -> str:
    bounds = display.span(row["percentile_low"], row["percentile_high"])
    if row["percentile"] is None:
        return bounds or ("withheld" if row["status"] == "withheld" else "none")
    best = display.number(row["percentile"])
    return best if bounds in ("", best) else f"{best} ({bounds})"


def _of(members: list[dict[str, Any]], row: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for m in members if m["metric"] == row["metric"]]


def _strip(row: dict[str, Any], members: list[dict[str, Any]], size: tuple[int, int, int]) -> str:
    """The members as dots (or their quantiles as ticks) and the case as a diamond, on a line of its own."""
    width, height, label_at = size
    ends = [e for e in (row["value"], row["low"], row["high"]) if e is not None] + [m["value"] for m in members]
    bottom, top = min(ends), max(ends)
    scale = (width - 2 * EDGE) / ((top - bottom) or 1.0)

    def px(value: float) -> float:
        return float(round(EDGE + (value - bottom) * scale, 1))

    marks = [f'<line x1="{EDGE}" x2="{width - EDGE}" y1="{LINE}" y2="{LINE}" style="stroke:{GRID}"/>']
    marks += [_member(px(m["value"]), m) for m in members]
    low, high = (row[key] if row[key] is not None else row["value"] for key in ("low", "high"))
    left, right = px(low if low is not None else bottom), px(high if high is not None else top)
    marks.append(
        f'<line x1="{left}" x2="{right}" y1="{LINE}" y2="{LINE}" stroke-width="3" style="stroke:{HEPARIN_COLOUR}"/>'
    )
    middle = px(row["value"]) if row["value"] is not None else (left + right) / 2
    marks.append(f'<path d="M{middle} {LINE - 9}l8 9l-8 9l-8 -9z" style="fill:{HEPARIN_COLOUR}"/>')
    decimals = display.decimals_for(row["unit"])
    for value, x, anchor in ((bottom, EDGE, "start"), (top, width - EDGE, "end")):
        text = display.number(value, decimals)
        marks.append(f'<text x="{x}" y="56" text-anchor="{anchor}" font-size="12" style="fill:{MUTED}">{text}</text>')
    place = min(max(middle, ROOM[size]), width - ROOM[size])
    marks.append(
        f'<text x="{place}" y="{label_at}" text-anchor="middle" font-size="13" style="fill:{INK}">'
        f"this case: {_value(row)}</text>"
    )
    spoken = f"{TITLES[row['metric']]}: {_value(row)}, percentile {_percentile(row)}"
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{FONT}"'
    return f'<svg {head} role="img" aria-label="{spoken}" class="strip">{"".join(marks)}</svg>'


def _member(x: float, member: dict[str, Any]) -> str:
    if member["kind"] == "quantile":
        y1, y2 = LINE - 7, LINE + 7
        return f'<line x1="{x}" x2="{x}" y1="{y1}" y2="{y2}" stroke-width="2" style="stroke:{RESULT_COLOUR}"/>'
    fill_style = f"fill:none;stroke:{RESULT_COLOUR}" if member["is_bound"] else f"fill:{RESULT_COLOUR};fill-opacity:.45"
    return f'<circle cx="{x}" cy="{LINE}" r="4.5" style="{fill_style}"/>'
