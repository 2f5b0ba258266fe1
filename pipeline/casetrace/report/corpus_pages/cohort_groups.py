"""Table 1 of the cohort page and the tests between groups, worded by the number of cases that they rest on."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from casetrace.cohort.limits import Limits
from casetrace.report.corpus_pages.listing import Cell, Filter, Line, Listing, downloads, word
from casetrace.report.render.tables import Column
from casetrace.values import display

Row = dict[str, Any]
Frames = Mapping[str, pl.DataFrame]

MINUTES = "min"


def table_one(frames: Frames, limits: Limits) -> Listing:
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
        unit = _unit(next((one for one in part["unit"] if one), ""), str(variable))
        cells = [Cell(f"{label}{f', {unit}' if unit else ''}", str(label)), word(section)]
        cells += [_summarised(by_group[group]) for group in groups]
        cells += [word(first["n_known"])] if len(groups) == 1 else []
        cells += [_difference(differences[str(variable)], limits)] if smd.height else []
        rows.append(Line(cells, {"part": str(section)}))
    sections = summary["section"].unique(maintain_order=True).to_list()
    return Listing(
        "table-one",
        "Characteristics of the cases",
        columns,
        rows,
        notes=_rules(frames, limits),
        downloads=[
            *downloads("cohort-summary", summary),
            *(downloads("cohort-differences", smd) if smd.height else []),
        ],
        search="Search characteristics",
        filters=[Filter("part", "Part", sections)],
    )


def _rules(frames: Frames, limits: Limits) -> list[str]:
    tested = "The tests that were asked for stand in a table of their own." if frames["significance"].height else ""
    notes = [
        f"Fewer than {limits.median} known values are listed; from {limits.median} on, the median with the smallest "
        f"and largest; from {limits.quartiles} on, the quartiles too [in brackets]; percentages from {limits.percent} "
        "known cases. Of the known cases only: cases about which the source is silent, and cases with bounds only, "
        f"are counted beside. {tested or 'No test is made.'}",
    ]
    if frames["differences"].height:
        notes.append(
            "Standardised difference, first minus second group: of means, over the root of the mean of both variances; "
            "of yes and no, the same of the shares of yes (Austin PC, Stat Med 2009;28:3083-3107); of words, the "
            "distance of all shares at once, without a sign (Yang D, Dalton JE, SAS Global Forum 2012, paper "
            f"335-2012). It is given where both groups have at least {limits.difference} known cases, describes these "
            "cases and tests nothing."
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


def _unit(unit: str, variable: str) -> str:
    """The unit that a reader sees: minutes are told in hours."""
    return "h" if unit == MINUTES else display.unit_text(unit, variable)


def _number(row: Row) -> str:
    decimals = display.decimals_for(row["unit"])
    by = display.MINUTES_PER_HOUR if row["unit"] == MINUTES else 1

    def span(low: str, high: str) -> str:
        return display.span(row[low] / by, row[high] / by, decimals)

    if row["listed"]:
        return "; ".join(display.number(value / by, decimals) for value in row["listed"])
    middle = display.number(row["median"] / by, decimals)
    if row["q1"] is not None:
        return f"{middle} [{span('q1', 'q3')}], range {span('minimum', 'maximum')}"
    return f"{middle} (range {span('minimum', 'maximum')})"


def _difference(row: Row, limits: Limits) -> Cell:
    if row["smd"] is None:
        is_few = min(row["n_first"], row["n_second"]) < limits.difference
        return Cell(Markup('<span class="why">{}</span>').format("too few known" if is_few else row["reason"]), "")
    return Cell(display.number(row["smd"], 2), str(row["smd"]))


def tests(frames: Frames, limits: Limits) -> Listing:
    """The tests that were asked for, those that were made first, and why the others were not."""
    frame = frames["significance"]
    groups = frame["groups"][0].to_list() if frame.height else []
    columns = [
        Column("Characteristic"),
        *(Column(group, "known") for group in groups),
        Column("Test"),
        Column("Statistic"),
        Column("p", is_number=True),
        Column("p after Holm", is_number=True),
        Column("What it takes for granted, or why none was made", is_prose=True),
    ]
    rows = sorted(frame.iter_rows(named=True), key=lambda row: row["p"] is None)
    return Listing(
        "tests-made",
        "Tests between the groups",
        columns,
        [Line(_test_cells(row), {"made": "no" if row["p"] is None else "yes"}) for row in rows],
        notes=_test_notes(frame, limits),
        downloads=downloads("cohort-tests", frame),
        search="Search characteristics",
        filters=[Filter("made", "Test made", ["yes", "no"])],
    )


def _test_cells(row: Row) -> list[Cell]:
    label = f"{row['label']} (time to event)" if row["kind"] == "time" else row["label"]
    counts = zip(row["n_tested"], row["n_left_out"], strict=True)
    known = [word(f"{n} ({out} left out)" if out else n, n) for n, out in counts]
    if row["p"] is None:
        return [word(label), *known, word("not made", ""), *[word("")] * 3, word(row["reason"])]
    name, statistic = row["statistic_name"], row["statistic"]
    told = "" if name is None else f"{name}: {'not finite' if statistic is None else display.number(statistic, 2)}"
    both = [Cell(display.p_value(row[p]), str(row[p])) for p in ("p", "p_holm")]
    return [word(label), *known, word(row["test"]), word(told), *both, word(row["assumption"])]


def _test_notes(frame: pl.DataFrame, limits: Limits) -> list[str]:
    made = frame.filter(pl.col("p").is_not_null())
    n, uncertain = made.height, int(made["n_uncertain"].sum())
    counted = f"{n or 'No'} test{'' if n == 1 else 's'} {'was' if n == 1 else 'were'} made"
    best = f" {uncertain} tested values lie between bounds: their best value was taken." if uncertain else ""
    return [
        f"{counted}, where each group has at least {limits.test} known cases; cases with bounds only, or in no "
        f"curve, are left out and counted.{best} p is two-sided and not adjusted; beside it stands the same p adjusted "
        "for the number of tests (Holm S, Scand J Stat 1979;6:65-70). Exact: counted over all arrangements of the "
        "values over the groups.",
        f"The cases are taken to be independent of each other.{_shared(made)} They were not drawn at random: a small p "
        "is no proof of a difference among patients, a large one no proof that there is none.",
    ]


def _shared(made: pl.DataFrame) -> str:
    """Where cases of one patient were tested as if they were of several."""
    shared = made.filter(pl.col("n_same_patient") > 0)
    if shared.height == 0:
        return ""
    most = max(shared["n_same_patient"].to_list())
    return (
        f" They are not: in {shared.height} of the tests up to {most} cases are of a patient with another tested case, "
        "so that p may be too small."
    )
