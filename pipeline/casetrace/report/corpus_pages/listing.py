"""A sortable and filterable table of a page that compares cases, with its rows as files to take away."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from casetrace.core.paths import TEMPLATES
from casetrace.report.render import literal
from casetrace.report.render.downloads import flat, safe_csv
from casetrace.report.render.html_page import check_alone
from casetrace.report.render.tables import Column
from casetrace.report.text.citable import citable_table

LISTS = TEMPLATES / "lists"


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and what it is sorted by; an empty sort value stands last."""

    text: Markup | str
    sort: str = ""


@dataclass(frozen=True)
class Line:
    """One row: its cells, and the facts that filters ask for (``words`` is what the search looks in)."""

    cells: Sequence[Cell]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filter:
    """A choice of one fact."""

    name: str
    label: str
    words: Sequence[str]


@dataclass(frozen=True)
class Download:
    """A file that the page carries in itself."""

    name: str
    label: str
    href: str


@dataclass(frozen=True)
class Listing:
    """A table; with ``search`` it has a search box and filters, with ``folded`` it is behind that line.

    With ``is_cards`` each row is a card of its own on a narrow screen, so that nothing scrolls sideways.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Line]
    number: int | None = None
    notes: Sequence[str] = ()
    downloads: Sequence[Download] = ()
    search: str = ""
    filters: Sequence[Filter] = ()
    folded: str = ""
    is_cards: bool = False


def word(text: object, sort: object = None) -> Cell:
    """A cell with a word; nothing is an em dash that is sorted last."""
    shown = "" if text is None else str(text)
    return Cell(shown or "—", str(shown if sort is None else sort))


def downloads(name: str, frame: pl.DataFrame) -> list[Download]:
    """The table as CSV and as parquet, in the page itself, so that it works without a server."""
    stream = io.BytesIO()
    frame.write_parquet(stream, compression="zstd", statistics=True)
    files = {
        "csv": ("text/csv", safe_csv(flat(citable_table(frame)))),
        "parquet": ("application/vnd.apache.parquet", stream.getvalue()),
    }
    return [
        Download(f"{name}.{kind}", f"{name}.{kind}", f"data:{media};base64,{base64.b64encode(raw).decode()}")
        for kind, (media, raw) in files.items()
    ]


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(LISTS), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def page(template: str, **context: Any) -> str:
    """A page that needs nothing but itself.

    Raises:
        CasetraceError: the page would load something from elsewhere.
    """
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8") + (LISTS / "lists.css").read_text(encoding="utf-8")
    script = (LISTS / "lists.js").read_text(encoding="utf-8")
    policy = literal.content_security_policy(script)
    html = (
        _environment()
        .get_template(template)
        .render(style=Markup(style), script=Markup(script), policy=policy, **context)
    )
    check_alone(html)
    return html
