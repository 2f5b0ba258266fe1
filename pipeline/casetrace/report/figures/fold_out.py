"""A sum unfolded beside the number that an article prints: the picture of the README."""

from html import escape

import polars as pl

from casetrace.values import display
from casetrace.values.estimate import Estimate

WIDTH, ROW, TOP, BAR = 860, 30, 62, 18
#: Where the bars begin, and the length of the longest.
LEFT, LENGTH = 330, 400
FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif"
INK, MUTED, GRID = "#1b1f24", "#57606a", "#d0d7de"
BOLUS, INFUSION, SUM, PRINTED = "#b35900", "#2f6f9f", "#1b1f24", "#8a8f98"


def fold_out(terms: pl.DataFrame, total: Estimate, printed: float, claim: str, starts: str) -> str:
    """One bar for each dose where the one before it ends, their sum with its bounds, and the printed number.

    Args:
        terms: The terms of the sum's best value (schema `Terms`), in the unit of ``total``.
        total: The sum.
        printed: What the article prints, in the same unit.
        claim: The statement in words.
        starts: When day zero starts: midnight or hour_zero.

    Raises:
        ValueError: the terms do not add up to the sum.
    """
    if total.best is None or abs(float(terms["amount"].sum()) - total.best) > 0.5:
        raise ValueError("the terms do not add up to the sum")
    ordered = terms.sort("from_min", "row_id").to_dicts()
    scale = LENGTH / max(printed, total.high or total.best)
    lines, reached = [], 0.0
    for number, term in enumerate(ordered):
        y = TOP + number * ROW
        colour = BOLUS if term["kind"] == "bolus" else INFUSION
        lines += [
            _text(16, y, f"{term['row_id']}  {_what(term, starts)}", INK),
            _bar(LEFT + reached * scale, y, float(term["amount"]) * scale, colour),
            _text(WIDTH - 16, y, display.number(float(term["amount"])), INK, anchor="end"),
        ]
        reached += float(term["amount"])
    y = TOP + len(ordered) * ROW + 10
    lines.append(f'<line x1="16" x2="{WIDTH - 16}" y1="{y - 14}" y2="{y - 14}" stroke="{GRID}"/>')
    lines += _outcome(y, "the printed doses, fullest 24 h", total.best * scale, SUM, str(total))
    unit = display.unit_text(total.unit, "heparin")
    stated = display.quantity(display.number(printed), unit)
    lines += _outcome(y + 2 * ROW - 8, f"the article: {claim}", printed * scale, PRINTED, stated)
    height = y + 4 * ROW - 16
    title = f"{total} in the fullest 24 hours, dose by dose, beside {stated} that the article prints"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="{escape(FONT)}"'
    return (
        "\n".join(
            [
                f'{head} font-size="14" role="img" aria-label="{escape(title)}">',
                f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
                _text(
                    16, 20, "Heparin in the fullest 24 hours: every dose that adds up to the number", INK, weight=600
                ),
                _text(WIDTH - 16, 20, unit, MUTED, anchor="end"),
                *lines,
                "</svg>",
            ]
        ).replace("\u00a0", " ")
        + "\n"
    )


def _what(term: dict[str, object], starts: str) -> str:
    start, end = int(str(term["from_min"])), int(str(term["until_min"]))
    when = display.instant(start, starts)
    if end == start:
        return f"{term['kind']}, {when}"
    rate = display.number(float(str(term["rate"])))
    return (
        f"{rate} {display.unit_text(str(term['unit']), 'heparin')}/h for {display.duration(end - start)}, from {when}"
    )


def _outcome(y: float, label: str, length: float, colour: str, value: str) -> list[str]:
    return [
        _text(16, y, label, INK, weight=600),
        _bar(LEFT, y + ROW - 8, length, colour),
        _text(16, y + ROW - 8, value, INK, weight=600),
    ]


def _bar(x: float, y: float, length: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y - BAR / 2:.1f}" width="{max(length, 1):.1f}" height="{BAR}" rx="2" fill="{colour}"/>'
    )


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start", weight: int = 400) -> str:
    return (
        f'<text x="{x:.0f}" y="{y + 5:.1f}" fill="{colour}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )
