"""Tables and drawings as files to take away: links that hold the file itself, so that the page needs nothing else."""

import base64
import csv
import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from casetrace.report.render.literal import spreadsheet
from casetrace.schemas.base import REASON

#: Between the parts of a list in a cell of CSV.
LIST_SIGN = "; "
TAG = re.compile(r"<[^>]+>")
#: Signs of a printed page, and what a spreadsheet reads in their place.
PLAIN = str.maketrans({"\u202f": "", "\u00a0": " ", "\u2212": "-"})


@dataclass(frozen=True)
class Download:
    """A file inside the page: its name, what kind it is, and a ``data:`` address that holds it."""

    name: str
    kind: str
    address: str


def download(name: str, kind: str, media_type: str, content: bytes) -> Download:
    """The file as a link; ``kind`` is what the link says."""
    return Download(name, kind, f"data:{media_type};base64,{base64.b64encode(content).decode()}")


def csv_of(headings: Sequence[str], rows: Sequence[Sequence[Markup | str]]) -> bytes:
    """A table as shown: UTF-8 with a mark that spreadsheets look for, numbers without spaces between thousands."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([spreadsheet(as_text(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_text(cell: Markup | str) -> str:
    """A cell in signs that a spreadsheet reads: without its links where it is markup, whole where it is text."""
    text = html.unescape(TAG.sub("", cell)) if isinstance(cell, Markup) else str(cell)
    return text.translate(PLAIN)


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with its lists as texts; of reasons their codes."""
    coded = [name for name, dtype in frame.schema.items() if dtype == pl.List(REASON)]
    frame = frame.with_columns(pl.col(coded).list.eval(pl.element().struct.field("code")))
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(lists).list.eval(pl.element().cast(pl.String)).list.join(LIST_SIGN))


def safe_csv(frame: pl.DataFrame) -> bytes:
    """A table of data as CSV, its texts so that a spreadsheet computes none of them."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    safe = frame.with_columns(pl.col(name).map_elements(spreadsheet, pl.String) for name in texts)
    return safe.write_csv().encode()
