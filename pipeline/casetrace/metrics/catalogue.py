"""The headers of the metric files, read as data: what each metric is, its unit and source, what missing data do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from casetrace.core.errors import CasetraceError
from casetrace.core.paths import METRIC_SQL

#: Keys that every header must have, in this order.
KEYS = ("title", "grain", "reads", "params", "missing", "source", "returns")
MACROS = "macros"
VIEW = "view"
METRIC_ROWS = "metrics"
SERIES_PREFIX = "series:"
#: Unit of a metric whose unit depends on its stratum (the drug).
VARIES = "varies"


@dataclass(frozen=True)
class MetricEntry:
    """One metric as its file declares it. `stratum` says what it is split by; None when it is not split."""

    name: str
    unit: str
    label: str
    stratum: str | None
    file: str
    title: str
    source: str
    missing: str


@dataclass(frozen=True)
class SqlFile:
    """One SQL file: its header and its text."""

    name: str
    path: Path
    header: dict[str, str]
    sql: str
    metrics: tuple[MetricEntry, ...] = field(default=())

    @property
    def reads(self) -> tuple[str, ...]:
        """Tables and files that it reads."""
        return _names(self.header["reads"])

    @property
    def params(self) -> tuple[str, ...]:
        """Parameters that it uses, by the last part of their names."""
        return tuple(name.split(" ")[0] for name in _names(self.header["params"]))

    @property
    def returns(self) -> str:
        """What it returns: macros, view, metrics or series:<name>."""
        return self.header["returns"]


@cache
def sql_files() -> tuple[SqlFile, ...]:
    """Every SQL file, each after all that it reads.

    Raises:
        CasetraceError: when a header is incomplete or the files read each other in a circle.
    """
    files = [read_sql_file(path) for path in sorted(METRIC_SQL.rglob("*.sql"))]
    return tuple(_in_order(files))


def needed_files(names: Iterable[str]) -> tuple[SqlFile, ...]:
    """The named files and everything that they read, in order.

    Raises:
        CasetraceError: when there is no such file.
    """
    by_name = {file.name: file for file in sql_files()}
    wanted = list(names)
    unknown = [name for name in wanted if name not in by_name]
    if unknown:
        raise CasetraceError(f"no metric file {', '.join(unknown)}")
    needed = {file.name for file in by_name.values() if file.returns == MACROS}
    while wanted:
        name = wanted.pop()
        if name not in needed and name in by_name:
            needed.add(name)
            wanted += by_name[name].reads
    return tuple(file for file in sql_files() if file.name in needed)


@cache
def catalogue() -> dict[str, MetricEntry]:
    """Metric name -> what its file declares."""
    return {entry.name: entry for file in sql_files() for entry in file.metrics}


def read_sql_file(path: Path) -> SqlFile:
    """One file, its header parsed and checked.

    Raises:
        CasetraceError: when a key is missing, unknown or out of order, or a metric line is incomplete.
    """
    text = path.read_text(encoding="utf-8")
    entries = _header_entries(text)
    keys = tuple(key for key, _ in entries if key != "metric")
    if keys != KEYS:
        raise CasetraceError(f"{path.name}: the header has {', '.join(keys)}; it needs {', '.join(KEYS)}")
    header = {key: value for key, value in entries if key != "metric"}
    metrics = tuple(_metric(path.stem, value, header) for key, value in entries if key == "metric")
    if bool(metrics) != (header["returns"] == METRIC_ROWS):
        raise CasetraceError(f"{path.name}: a file that returns metrics declares them, and no other file does")
    return SqlFile(path.stem, path, header, text, metrics)


def _header_entries(text: str) -> list[tuple[str, str]]:
    """``-- key: value`` lines at the head of the file; a line indented by three spaces continues the one before."""
    entries: list[tuple[str, str]] = []
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        found = re.match(r"-- (\w+): (.*)", line)
        if found:
            entries.append((found[1], found[2].strip()))
        elif line.startswith("--   ") and entries:
            key, value = entries.pop()
            entries.append((key, f"{value} {line[2:].strip()}"))
        else:
            break
    return entries


def _metric(file: str, line: str, header: dict[str, str]) -> MetricEntry:
    parts = [part.strip() for part in line.split(" | ")]
    if len(parts) != 4 or not all(parts) or not parts[3].startswith("stratum: "):
        raise CasetraceError(f"{file}.sql: '{line}' is not: name | unit | label | stratum: ...")
    stratum = parts[3].removeprefix("stratum: ")
    return MetricEntry(
        name=parts[0],
        unit=parts[1],
        label=parts[2],
        stratum=None if stratum == "none" else stratum,
        file=f"{file}.sql",
        title=header["title"],
        source=header["source"],
        missing=header["missing"],
    )


def _names(text: str) -> tuple[str, ...]:
    return () if text.startswith("none") else tuple(part.strip() for part in text.split(","))


def _in_order(files: list[SqlFile]) -> list[SqlFile]:
    """The files, each after those that it reads; ties by name, macros first."""
    by_name = {file.name: file for file in files}
    ordered: dict[str, SqlFile] = {}
    waiting = sorted(files, key=lambda file: (file.returns != MACROS, file.name))
    while waiting:
        ready = [file for file in waiting if all(name in ordered or name not in by_name for name in file.reads)]
        if not ready:
            raise CasetraceError(f"metric files read each other in a circle: {', '.join(f.name for f in waiting)}")
        ordered |= {file.name: file for file in ready}
        waiting = [file for file in waiting if file.name not in ordered]
    return list(ordered.values())
