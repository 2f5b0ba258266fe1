"""Tables of the cohort page that have a line for each case or each unknown."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

import polars as pl
from markupsafe import Markup

from casetrace.report.corpus_pages.listing import Cell, Filter, Line, Listing, downloads, word
from casetrace.report.render.tables import Column
from casetrace.values import display

Row = dict[str, Any]
Frames = Mapping[str, pl.DataFrame]

#: How many reasons are shown, and how much of each.
_REASONS, _REASON_LENGTH = 3, 100
#: What is shown of each case, in this order; everything else is in the file to take away.
BY_CASE = (
    "age",
    "sex",
    "body_weight",
    "iv_ufh_max_24h",
    "iv_ufh_max_24h_mean_rate_per_kg",
    "resistance_dose_24h",
    "antithrombin_lowest",
    "platelets_nadir",
    "platelets_fall_since_heparin",
    "first_alternative",
    "four_ts_total",
    "hit",
    "last_seen",
)


def by_case(frames: Frames, links: Mapping[str, str]) -> Listing:
    """One row for each case with its main numbers; what is not known is said so, with bounds where there are."""
    found = frames["characteristics"]
    rows = {(r["case_id"], r["variable"]): r for r in found.iter_rows(named=True)}
    chosen = [name for name in BY_CASE if found.filter(pl.col("variable") == name).height]
    labels = dict(found.select("variable", "label").iter_rows())
    units = {
        name: display.unit_text(next((u for u in found.filter(pl.col("variable") == name)["unit"] if u), ""), name)
        for name in chosen
    }
    columns = [Column("Case"), *(Column(labels[name], units[name]) for name in chosen)]
    lines = []
    for case_id in found["case_id"].unique().sort():
        cells = [_case_cell(case_id, links), *(shown(rows[case_id, name]) for name in chosen)]
        facts = {
            name.replace("_", "-"): cells[1 + chosen.index(name)].sort for name in ("sex", "hit") if name in chosen
        }
        lines.append(Line(cells, {**facts, "words": " ".join([case_id, *(cell.sort for cell in cells)])}))
    filters = [
        Filter(name, labels[name], sorted({line.facts[name] for line in lines} - {""}))
        for name in ("sex", "hit")
        if name in chosen
    ]
    return Listing(
        "by-case",
        "Case by case",
        columns,
        lines,
        downloads=downloads("cohort-characteristics", found),
        notes=[
            "Where there is no best value its bounds are shown; open: not even a bound. All variables are in the file."
        ],
        search="Search cases",
        filters=filters,
    )


def left_out(frames: Frames, links: Mapping[str, str]) -> Markup:
    """A sentence that names the cases that no table has, and says why; nothing where there are none."""
    ids = frames["left_out"]["case_id"].unique().sort()
    if ids.is_empty():
        return Markup("")
    named = Markup(", ").join(_case_cell(case_id, links).text for case_id in ids)
    if ids.len() == 1:
        return Markup("1 case is left out because its publisher calls it fictional: {}.").format(named)
    return Markup("{} cases are left out because their publishers call them fictional: {}.").format(ids.len(), named)


def _case_cell(case_id: str, links: Mapping[str, str]) -> Cell:
    """The id of a case, which leads to its report where it has one."""
    if case_id not in links:
        return Cell(case_id, case_id)
    return Cell(Markup('<a href="{}">{}</a>').format(links[case_id], case_id), case_id)


def shown(row: Row) -> Cell:
    """A characteristic of one case as a cell."""
    if row["state"] in ("missing", "not_applicable"):
        what = "not told" if row["state"] == "missing" else "does not apply"
        return Cell(Markup('<span class="why" title="{}">{}</span>').format(row["reason"] or "", what), "")
    if row["kind"] == "choice":
        return word(row["word"])
    if row["kind"] == "yes_no":
        return word({1.0: "yes", 0.0: "no", None: "open"}[row["value"]])
    decimals = display.decimals_for(row["unit"])
    if row["value"] is None:
        if row["high"] is None and not row["low"]:
            return Cell(Markup('<span class="why" title="{}">open</span>').format(row["reason"] or ""), "")
        bounds = display.span(row["low"], row["high"], decimals)
        return Cell(
            Markup('<span class="why">{}</span>').format(bounds), str(row["low"] if row["low"] is not None else "")
        )
    return Cell(display.number(row["value"], decimals), str(row["value"]))


def missing(frames: Frames) -> Listing:
    """What is not known, and why."""
    frame = frames["missingness"]
    columns = [
        Column("Characteristic"),
        Column("Part"),
        *(Column(t, is_number=True) for t in ("Known", "Bounds only", "Not told", "Does not apply")),
        Column("Why", is_prose=True),
    ]
    rows = [
        Line(
            [
                word(r["label"]),
                word(r["section"]),
                *(word(r[f"n_{s}"]) for s in ("known", "open", "missing", "not_applicable")),
                word(_briefly(r["reasons"])),
            ],
            {"part": r["section"]},
        )
        for r in frame.iter_rows(named=True)
    ]
    return Listing(
        "missing",
        "What the sources do not tell, in number of cases",
        columns,
        rows,
        downloads=downloads("cohort-missingness", frame),
        notes=["The most frequent reasons, long ones cut; the files have all of them whole."],
        search="Search characteristics",
        filters=[Filter("part", "Part", frame["section"].unique(maintain_order=True).to_list())],
    )


def _briefly(reasons: Sequence[str]) -> str:
    """The most frequent reasons, each cut to a line."""
    told = [shorten(reason, _REASON_LENGTH, placeholder=" …") for reason in reasons[:_REASONS]]
    rest = len(reasons) - len(told)
    return "; ".join(told) + (f"; and {rest} more" if rest else "")


def times(frames: Frames) -> Listing:
    """The time of each case in each curve, and the cases that are in none."""
    frame = frames["times_to_event"]
    columns = [
        Column("Case"),
        Column("Curve"),
        Column("Time"),
        Column("Possible"),
        Column("Ended by"),
        Column("Why", is_prose=True),
    ]
    rows = [_timed(row) for row in frame.iter_rows(named=True)]
    return Listing(
        "times",
        "Times to an event",
        columns,
        rows,
        search="Search cases and curves",
        downloads=[*downloads("cohort-times", frame), *downloads("cohort-survival", frames["survival"])],
        filters=[
            Filter("curve", "Curve", frame["label"].unique(maintain_order=True).to_list()),
            Filter("ended", "Ended by", ["event", "censored", "in no curve"]),
        ],
    )


def _timed(row: Row) -> Line:
    ended = {True: "event", False: "censored", None: "in no curve"}[row["is_event"]]
    best, low, high = (None if row[d] is None else _length(row[d]) for d in ("days", "days_low", "days_high"))
    ends = dict.fromkeys(end for end in (low, high) if end is not None)
    cells = [
        word(row["case_id"]),
        word(row["label"]),
        word(best, "" if best is None else row["days"]),
        word(" to ".join(ends), "" if low is None else row["days_low"]),
        word(ended),
        word(row["reason"]),
    ]
    return Line(cells, {"curve": row["label"], "ended": ended})


def _length(days: float) -> str:
    return display.duration(days * display.MINUTES_PER_DAY)
