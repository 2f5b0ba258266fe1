"""A table of a report: caption, columns with units, rows of linked cells, notes; as semantic HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from casetrace.report.render.block import Block, fill
from casetrace.report.render.downloads import Download, csv_of, download


@dataclass(frozen=True)
class Column:
    """A column: heading, unit below it, whether its cells are numbers (right-aligned) or sentences (wide)."""

    title: str
    unit: str = ""
    is_number: bool = False
    is_prose: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under one heading of their own; the heading is empty in a table without groups."""

    title: str
    rows: Sequence[Sequence[Markup | str]]


@dataclass(frozen=True)
class Table:
    """A table with an id for links; ``number`` is printed before the caption, null for an unnumbered one."""

    id: str
    caption: str
    columns: list[Column]
    groups: list[Group] = field(default_factory=list)
    number: int | None = None
    notes: list[Markup | str] = field(default_factory=list)
    empty: str = "Nothing of this kind is reported."

    @property
    def is_empty(self) -> bool:
        """True when no group has a row."""
        return not any(group.rows for group in self.groups)

    def without_empty_columns(self) -> "Table":
        """The table without the columns in which no row has anything."""
        rows = [row for group in self.groups for row in group.rows]
        kept = [i for i in range(len(self.columns)) if i == 0 or any(str(row[i]) for row in rows)]
        groups = [Group(g.title, [[row[i] for i in kept] for row in g.rows]) for g in self.groups]
        return replace(self, columns=[self.columns[i] for i in kept], groups=groups)

    def csv(self) -> Download:
        """The table as it is shown, the heading of a group in a column of its own."""
        headings = [" ".join(p for p in (c.title, f"[{c.unit}]" if c.unit else "") if p) for c in self.columns]
        has_groups = any(group.title for group in self.groups)
        rows = [[*([g.title] if has_groups else []), *row] for g in self.groups for row in g.rows]
        return download(f"{self.id}.csv", "CSV", "text/csv", csv_of((["Group"] if has_groups else []) + headings, rows))

    def block(self) -> Block:
        """The table as a display object; without rows, its caption and a sentence that says so."""
        shown = self.without_empty_columns()
        files = [] if shown.is_empty else [shown.csv()]
        return Block(f"table: {self.caption}", fill("table", table=shown, files=files))


def single(rows: Sequence[Sequence[Markup | str]]) -> list[Group]:
    """Rows of a table without groups."""
    return [Group("", rows)]
