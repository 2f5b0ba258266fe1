"""What `casetrace check` says of one case folder: its own faults, rows without a place, and likely duplicates."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from casetrace.core.errors import Problem
from casetrace.core.params import Params, load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.case_folder import Frames, among_cases, read_case, read_sheets
from casetrace.extract.duplicates import likely_duplicates
from casetrace.extract.raw_tables import RawRow
from casetrace.extract.wide_labs import OF_COLUMN

#: The canonical tables in which two cases are held against each other.
_COMPARED = ("cases", "sources", "patient", "doses", "labs")
#: What the source does not say stands in no place of it.
_SILENT = ("not_reported", "not_read")


def check_case(project: ProjectFolder, folder: Path) -> tuple[Frames, list[Problem]]:
    """The canonical tables of a case folder and everything to say about it; nothing is written.

    Other cases of its corpus are read from their folders (some milliseconds each), never from `data/processed`: what
    is said does not depend on when the last run was, or on which version of casetrace made it. A case among them that
    has errors is left out; its own check names them.
    """
    params = load(project.params)
    frames, problems = read_case(folder, params)
    problems += [among_cases(folder.parent, problem) for problem in _without_a_place(folder)]
    if frames["cases"].height and folder.parent == project.corpus(folder.parent.name).raw.resolve():
        twins = likely_duplicates(_with_others(folder, frames, params), about=folder.name)
        problems += [among_cases(folder.parent, twin) for twin in twins]
    return frames, problems


def rows_typed(frames: Frames) -> int:
    """Rows of the sheets with a fact; a dose that is repeated and a row of a table by time count once."""
    typed = [frame.select("raw_file", "raw_row") for frame in frames.values() if "raw_row" in frame.columns]
    return pl.concat(typed).unique().height


def _without_a_place(folder: Path) -> Iterator[Problem]:
    """One warning for each sheet with rows that do not say where the source has them."""
    for name, rows in read_sheets(folder)[0].items():
        missing = [row.row for row in rows if row.get("evidence") is None and not _needs_none(row)]
        if missing:
            what = f"no place in the article in {_rows(missing)}"
            allowed = "Table 1; Case, par. 3: a number without its place cannot be traced"
            yield Problem(f"{folder.name}/{name}", None, "evidence", what, allowed, "warning")


def _needs_none(row: RawRow) -> bool:
    return row.get("status") in _SILENT or row.get("when") in OF_COLUMN or row.get("by") == "curator"


def _rows(numbers: Iterable[int]) -> str:
    """`row 2`, `rows 2 to 5, 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"row{'s' if len(runs) > 1 or len(runs[0]) > 1 else ''} {', '.join(said)}"


def _with_others(folder: Path, frames: Frames, params: Params) -> Frames:
    others = [path for path in sorted(folder.parent.iterdir()) if path.is_dir() and path.name[0] != "."]
    read = [read_case(path, params, validate=False)[0] for path in others if path.name != folder.name]
    return {name: pl.concat([*(other[name] for other in read), frames[name]]) for name in _COMPARED}
