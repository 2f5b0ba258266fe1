"""How the values of a variable are distributed: one bar for each class. Nothing is computed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from casetrace.report.corpus_pages import aggregate_words as words
from casetrace.report.figures import svg
from casetrace.report.figures.svg import Scale
from casetrace.values import display

Row = dict[str, Any]
_WIDTH, _LINE = 340, 18
#: Room for the count behind a bar; of a letter of a label.
_COUNT, _LETTER = 76, 6.1


@dataclass(frozen=True)
class Distribution:
    """One panel: the variable in words with its unit, and its bars."""

    title: str
    picture: Markup


def distributions(counts: pl.DataFrame) -> list[Distribution]:
    """A panel for each number that has at least two classes."""
    panels = []
    for (variable,), part in counts.filter(pl.col("kind") == "number").group_by(["variable"], maintain_order=True):
        rows = part.to_dicts()
        if len(rows) < 2:
            continue
        unit = display.unit_text(rows[0]["unit"], str(variable))
        title = f"{rows[0]['label']}{f', {unit}' if unit else ''}"
        panels.append(Distribution(title, _bars(rows, title)))
    return panels


def _bars(rows: Sequence[Row], title: str) -> Markup:
    """The solid bar ends at the smallest count that is possible, the pale one at the largest."""
    names = [words.class_of_values(row["from_value"], row["below_value"]) for row in rows]
    left = round(12 + _LETTER * max(map(len, names)), 1)
    scale = Scale(0, max(row["n_high"] or 0 for row in rows) or 1, left, _WIDTH - _COUNT)
    marks = []
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        y, told = 4 + _LINE * place, words.count(row["n_low"], row["n_high"])
        marks.append(svg.text(left - 8, y + 11, name, "lane", "end"))
        hint = f"{name}: {told} cases"
        if row["n_high"]:
            marks.append(svg.bar(left, y + 1, scale(row["n_high"]), 12, "range", hint))
        if row["n_low"]:
            marks.append(svg.bar(left, y + 1, scale(row["n_low"]), 12, "sure", hint))
        end = scale(row["n_high"] or 0)
        marks.append(svg.text(end + 6, y + 11, told, "lane"))
    return svg.picture(_WIDTH, 8 + _LINE * len(rows), marks, f"{title}: cases in each of {len(rows)} classes")
