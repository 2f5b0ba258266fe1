"""Tables for a notebook; every text is shown as text, whatever it holds."""

from collections.abc import Iterable, Sequence
from html import escape

#: Rows of a table that are shown before it is cut.
SHOWN = 60


def table_html(heading: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """A plain table; None is an empty cell, and a long table ends in the number of rows that are left out."""
    every = list(rows)
    lines = ["<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in every[:SHOWN]]
    if len(every) > SHOWN:
        lines.append(f'<tr><td colspan="{len(heading)}">and {len(every) - SHOWN} more</td></tr>')
    head = "".join(f"<th>{_cell(name)}</th>" for name in heading)
    title = f"<caption>{_cell(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cell(value: object) -> str:
    return "" if value is None else escape(str(value))
