"""Tables of the cohort page, worded by the number of cases that they rest on."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from pipeline import display
from pipeline.cohort.statistics import MEDIAN_FROM, PERCENT_FROM, QUARTILES_FROM, SMD_FROM
from pipeline.reporting.listing import Cell, Filter, Line, Listing, downloads, word
from pipeline.reporting.tables import Column

Row = dict[str, Any]
Frames = Mapping[str, pl.DataFrame]

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


def table_one(frames: Frames) -> Listing:
    """Table 1: every variable in every group."""
    summary, smd = frames["summary"], frames["differences"]
    groups = summary["group"].unique(maintain_order=True).to_list()
    columns = [Column("Characteristic"), Column("Part")]
    columns += [Column("All cases" if group == "all" else group) for group in groups]
    columns += [Column("Known", "n", is_number=True)] if len(groups) == 1 else []
    columns += [Column("Standardised difference", is_number=True)] if smd.height else []
    differences = {row["variable"]: row for row in smd.iter_rows(named=True)}
    rows = []
    for (section, label, variable), part in summary.group_by(["section", "label", "variable"], maintain_order=True):
        by_group = {group: part.filter(pl.col("group") == group).to_dicts() for group in groups}
        first = by_group[groups[0]][0]
        unit = display.unit_text(first["unit"], str(variable))
        cells = [Cell(f"{label}{f', {unit}' if unit else ''}", str(label)), word(section)]
        cells += [_summarised(by_group[group]) for group in groups]
        cells += [word(first["n_known"])] if len(groups) == 1 else []
        cells += [_difference(differences[str(variable)])] if smd.height else []
        rows.append(Line(cells, {"part": str(section)}))
    sections = summary["section"].unique(maintain_order=True).to_list()
    return Listing(
        "table-one",
        "Characteristics of the cases",
        columns,
        rows,
        number=1,
        notes=_rules(bool(smd.height)),
        downloads=[
            *downloads("cohort-summary", summary),
            *(downloads("cohort-differences", smd) if smd.height else []),
        ],
        search="Search characteristics",
        filters=[Filter("part", "Part", sections)],
    )


def _rules(with_smd: bool) -> list[str]:
    notes = [
        f"Fewer than {MEDIAN_FROM} known values are listed; from {MEDIAN_FROM} on, the median with the smallest and "
        f"largest; from {QUARTILES_FROM} on, the quartiles too [in brackets]; percentages from {PERCENT_FROM} known "
        "cases. Of the known cases only: "
        "cases about which the source is silent, and cases with bounds only, are counted beside. No test is made.",
    ]
    if with_smd:
        notes.append(
            f"Standardised difference: difference of the means over the root of the mean of both variances, where both "
            f"groups have at least {SMD_FROM} known cases. It describes these cases and tests nothing."
        )
    return notes


def _summarised(rows: Sequence[Row]) -> Cell:
    """What a group shows: values, a median or counts, and how many cases are not in them."""
    first = rows[0]
    n = first["n_known"]
    if n == 0:
        told = "not known in any case"
    elif first["kind"] == "number":
        told = _number(first)
    elif first["kind"] == "yes_no":
        told = f"yes in {first['count']} of {n}{_percent(first)}"
    else:
        told = "; ".join(f"{row['word']} {row['count']} of {n}{_percent(row)}" for row in rows if row["count"])
    beside = {
        "bounds only": first["n_open"],
        "not told": first["n_missing"],
        "does not apply": first["n_not_applicable"],
    }
    rest = ", ".join(f"{what} {count}" for what, count in beside.items() if count)
    value = first["median"] if first["median"] is not None else first["minimum"]
    sort = "" if n == 0 else str(value if value is not None else first["count"])
    return Cell(
        Markup("{}{}").format(told, Markup(' <span class="why">({})</span>').format(rest) if rest else ""), sort
    )


def _percent(row: Row) -> str:
    return "" if row["percent"] is None else f" ({display.number(row['percent'], 0)} %)"


def _number(row: Row) -> str:
    decimals = display.decimals_for(row["unit"])
    if row["listed"]:
        return "; ".join(display.number(value, decimals) for value in row["listed"])
    middle = display.number(row["median"], decimals)
    if row["q1"] is not None:
        return f"{middle} [{display.span(row['q1'], row['q3'], decimals)}], range {_range(row, decimals)}"
    return f"{middle} (range {_range(row, decimals)})"


def _range(row: Row, decimals: int) -> str:
    return display.span(row["minimum"], row["maximum"], decimals)


def _difference(row: Row) -> Cell:
    if row["smd"] is None:
        return Cell(Markup('<span class="why">{}</span>').format(row["reason"]), "")
    return Cell(display.number(row["smd"], 2), str(row["smd"]))


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
        number=2,
        downloads=downloads("cohort-characteristics", found),
        notes=["Where there is no best value its bounds are shown. All variables are in the file."],
        search="Search cases",
        filters=filters,
    )


def _case_cell(case_id: str, links: Mapping[str, str]) -> Cell:
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
                word(
                    "; ".join(r["reasons"][:3])
                    + (f"; and {len(r['reasons']) - 3} more" if len(r["reasons"]) > 3 else "")
                ),
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
        number=4,
        downloads=downloads("cohort-missingness", frame),
        search="Search characteristics",
        filters=[Filter("part", "Part", frame["section"].unique(maintain_order=True).to_list())],
    )


def times(frames: Frames) -> Listing:
    """The time of each case in each curve, and the cases that are in none."""
    frame = frames["times_to_event"]
    columns = [
        Column("Case"),
        Column("Curve"),
        Column("Days", is_number=True),
        Column("Possible", "days"),
        Column("Ended by"),
        Column("Why", is_prose=True),
    ]
    rows = []
    for r in frame.iter_rows(named=True):
        ended = {True: "event", False: "censored", None: "in no curve"}[r["is_event"]]
        days = "" if r["days"] is None else display.number(r["days"], 1)
        rows.append(
            Line(
                [
                    word(r["case_id"]),
                    word(r["label"]),
                    word(days, "" if r["days"] is None else r["days"]),
                    word(display.span(r["days_low"], r["days_high"], 1)),
                    word(ended),
                    word(r["reason"]),
                ],
                {"ended": ended},
            )
        )
    return Listing(
        "times",
        "Times to an event",
        columns,
        rows,
        number=3,
        search="Search cases and curves",
        downloads=[*downloads("cohort-times", frame), *downloads("cohort-survival", frames["survival"])],
        filters=[Filter("ended", "Ended by", ["event", "censored", "in no curve"])],
    )
