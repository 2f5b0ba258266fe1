"""What differs between two states of results, of this release or an earlier one: each number, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.paths import PUBLISHED_CASES
from casetrace.values.estimate import Estimate

#: Columns of earlier releases and their names now.
_RENAMED = {"value": "best", "reason": "reasons"}
_KEY = ("case_id", "metric", "stratum")
_COMPARED = ("best", "low", "high", "unit", "status")
#: Digits that can be cited: results of 0.1 have the noise of binary fractions behind them.
_DIGITS = 12


@dataclass(frozen=True)
class Change:
    """One metric of one case; a side is None where there is no such result."""

    case_id: str
    metric: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def as_text(self) -> str:
        """`four_ts_total: 4 (3 to 6) -> 5 (4 to 6)`."""
        sides = [_side(side) for side in (self.before, self.after)]
        if sides[0] == sides[1]:
            sides = [_digits(side) for side in (self.before, self.after)]
        return f"{self.metric}: {sides[0]} -> {sides[1]}"


@dataclass(frozen=True)
class Changes:
    """Everything that differs, in the order of cases and metrics, and how many results are the same."""

    changed: tuple[Change, ...]
    same: int

    def as_json(self) -> dict[str, Any]:
        """Plain values for a program to read."""
        rows = [{"case_id": c.case_id, "metric": c.metric, "before": c.before, "after": c.after} for c in self.changed]
        return {"changed": rows, "same": self.same}

    def as_text(self) -> str:
        """One line for each number, by case; then the counts."""
        lines: list[str] = []
        case_id = None
        for change in self.changed:
            if change.case_id != case_id:
                case_id = change.case_id
                lines.append(case_id)
            lines.append(f"  {change.as_text()}")
        new = sum(change.before is None for change in self.changed)
        gone = sum(change.after is None for change in self.changed)
        changed = len(self.changed) - new - gone
        lines.append(f"{changed} results changed, {new} are new, {gone} are gone, {self.same} are the same")
        return "\n".join(lines)


def changes(old: Path, new: Path) -> Changes:
    """Compare the results of two states, metric by metric.

    Args:
        old: A project, a folder ``data/processed/<corpus>``, or a file of results.
        new: The same of the other state.

    Raises:
        NotFoundError: there are no results.
        CasetraceError: a file that holds no results.
    """
    before, after = _results(old), _results(new)
    found: list[Change] = []
    for key in sorted({*before, *after}):
        sides = before.get(key), after.get(key)
        if sides[0] != sides[1]:
            name = f"{key[1]}.{key[2]}" if key[2] else key[1]
            found.append(Change(key[0], name, *sides))
    return Changes(tuple(found), len({*before, *after}) - len(found))


def _results(place: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    path = _file(place)
    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CasetraceError(f"{path}: cannot be read as parquet") from error
    table = table.rename(
        {old: now for old, now in _RENAMED.items() if old in table.columns and now not in table.columns}
    )
    if missing := [name for name in (*_KEY, *_COMPARED) if name not in table.columns]:
        raise CasetraceError(f"{path}: no table of results (without the columns {', '.join(missing)})")
    rows = table.select(*_KEY, *_COMPARED).iter_rows()
    return {row[:3]: dict(zip(_COMPARED, map(_plain, row[3:]), strict=True)) for row in rows}


def _file(place: Path) -> Path:
    inside = Path("metrics") / "metrics.parquet"
    for path in (place, place / "metrics.parquet", place / inside, place / "data/processed" / PUBLISHED_CASES / inside):
        if path.is_file():
            return path
    raise NotFoundError(f"{place}: no results there (a project, data/processed/<corpus>, or metrics.parquet)")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else float(f"{float(value):.{_DIGITS}g}")


def _side(side: Mapping[str, Any] | None) -> str:
    if side is None:
        return "none"
    number = Estimate(side["best"], side["low"], side["high"], side["unit"])
    status = "" if side["status"] == "ok" else f" [{side['status'].replace('_', ' ')}]"
    return f"{'' if number.is_open and status else number}{status}".strip()


def _digits(side: Mapping[str, Any] | None) -> str:
    """Every digit, for numbers that look alike when they are rounded, and the unit as a code."""
    return "none" if side is None else "{best} ({low} to {high}) {unit}, {status}".format(**side)
