"""The table of a corpus in aggregate: each variable summarised, and of how many cases it is known."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from casetrace.cohort.limits import Limits
from casetrace.report.corpus_pages import aggregate_words as words
from casetrace.report.corpus_pages.listing import Cell, Filter, Line, Listing, downloads, word
from casetrace.report.render.tables import Column
from casetrace.values import display

Row = dict[str, Any]
Frames = Mapping[str, pl.DataFrame]
_STATES = {"open": "Bounds only", "missing": "Not told", "not_applicable": "Does not apply"}


def characteristics(frames: Frames, limits: Limits) -> Listing:
    """Every variable in every group.

    Args:
        frames: The tables in aggregate.
        limits: From how many known cases on a public corpus has quartiles and percentages; of one that is not public
            the classes say what is shown.
    """
    known = frames["known"]
    groups = frames["sizes"]["group"].to_list()
    is_exact = not frames["sizes"]["is_protected"].any()
    details = {name: _by_variable(frames[name]) for name in ("counts", "quantiles")}
    columns = [Column("Characteristic")]
    columns += [Column("All cases" if len(groups) == 1 else group) for group in groups]
    if len(groups) == 1:
        columns += [Column("Known", "cases", is_number=True)]
        columns += [Column(title, "cases", is_number=True) for title in _STATES.values()]
    columns.append(Column("Part"))
    lines = []
    for (variable,), part in known.group_by(["variable"], maintain_order=True):
        rows = {row["group"]: row for row in part.iter_rows(named=True)}
        first = next(iter(rows.values()))
        unit = display.unit_text(first["unit"], str(variable))
        cells = [Cell(f"{first['label']}{f', {unit}' if unit else ''}", first["label"])]
        for group in groups:
            key = (group, str(variable))
            classes, quantiles = (details[name].get(key, []) for name in ("counts", "quantiles"))
            told = _summary(rows[group], classes, quantiles, limits if is_exact else None)
            beside = Markup("") if len(groups) == 1 else _beside(rows[group])
            cells.append(Cell(Markup("{}{}").format(told, beside), _order(rows[group], details, key)))
        if len(groups) == 1:
            cells += [_counted(first, name) for name in ("known", *_STATES)]
        cells.append(word(first["section"]))
        lines.append(Line(cells, {"part": first["section"]}))
    files = {"aggregate-characteristics": known, "aggregate-classes": frames["counts"],
             "aggregate-quantiles": frames["quantiles"], "aggregate-sizes": frames["sizes"]}  # fmt: skip
    return Listing(
        "in-aggregate",
        "Characteristics of the cases",
        columns,
        lines,
        number=1,
        notes=[_note(limits if is_exact else None)],
        downloads=[file for name, frame in files.items() for file in downloads(name, frame)],
        search="Search characteristics",
        filters=[Filter("part", "Part", known["section"].unique(maintain_order=True).to_list())],
    )


def _by_variable(frame: pl.DataFrame) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault((row["group"], row["variable"]), []).append(row)
    return found


def _counted(row: Row, name: str) -> Cell:
    told, low = words.state(row, name), row[f"{name}_low"]
    return word(told, low) if low else Cell(Markup('<span class="why">{}</span>').format(told), "0")


def _order(row: Row, details: Mapping[str, Mapping[tuple[str, str], Sequence[Row]]], key: tuple[str, str]) -> str:
    """What a summary is sorted by: the median, or the count of the first answer; nothing stands last."""
    if row["kind"] == "number":
        middle = next((one for one in details["quantiles"].get(key, []) if one["share_pct"] == 50.0), {})
        return "" if middle.get("low") is None else str(middle["low"])
    return next((str(one["n_low"]) for one in details["counts"].get(key, [])), "")


def _summary(row: Row, classes: Sequence[Row], quantiles: Sequence[Row], exact: Limits | None) -> str:
    """Median and quartiles of a number, counts of the answers to anything else."""
    if row["known_high"] == 0:
        return "not known in any case"
    if row["kind"] == "number":
        return _median(row, quantiles, exact)
    if not exact and all(one["is_pooled"] for one in classes):
        return "no answer given for more than 10 cases and patients"
    return "; ".join(
        f"{words.answer(one)}: {words.count(one['n_low'], one['n_high'])}{_percent(one, row, exact)}" for one in classes
    )


def _percent(one: Row, row: Row, exact: Limits | None) -> str:
    if exact is None or row["known_low"] < exact.percent:
        return ""
    return f" ({display.number(100 * one['n_low'] / row['known_low'], 0)} %)"


def _median(row: Row, quantiles: Sequence[Row], exact: Limits | None) -> str:
    if not quantiles:
        return "too few cases for a median"
    decimals = display.decimals_for(row["unit"])
    at = {one["share_pct"]: words.quantile(one, decimals, is_exact=exact is not None) for one in quantiles}
    if exact is None:
        return f"{at[50.0]} [{at[25.0]}; {at[75.0]}]"
    if row["known_low"] < exact.quartiles:
        return at[0.0] if at[0.0] == at[100.0] else f"from {at[0.0]} to {at[100.0]}"
    return f"{at[50.0]} [{at[25.0]} to {at[75.0]}], range {at[0.0]} to {at[100.0]}"


def _beside(row: Row) -> Markup:
    """The states of a group, where there is no column for each."""
    rest = ", ".join(
        f"{title.lower()} {words.state(row, name)}" for name, title in _STATES.items() if row[f"{name}_high"] != 0
    )
    return Markup(' <span class="why">({})</span>').format(rest) if rest else Markup("")


def _note(exact: Limits | None) -> str:
    if exact is not None:
        return (
            f"Numbers: median [quartiles], range; of fewer than {exact.quartiles} known cases the range only. Answers: "
            f"cases, with their share of the known from {exact.percent} known cases on. Of the known cases only."
        )
    return (
        "Numbers: the class of values in which the median lies [those of the lower and of the upper quartile]; 60 to "
        "65 is at least 60 and below 65. Answers: cases. Counts are told as classes; they need not add up. Other "
        "answers are those given for 10 or fewer cases or patients each, if there are any."
    )
