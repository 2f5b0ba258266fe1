"""A mapping file: which table, column and word of a source is which of ours. Read and checked key by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casetrace.core.errors import CellError, InputError, NotFoundError, Problem
from casetrace.core.yaml_files import read_mapping

#: Kind of row -> columns that it must have, and columns that it may have.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "cases": ("case_key", "subject", "starts", "ends"),
    "labs": ("subject", "charted", "term", "value"),
    "doses": ("subject", "starts", "term", "kind"),
    "events": ("subject", "charted", "term"),
    "patient": ("subject", "term", "value"),
}
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "cases": ("hadm", "stay", "place", "seen_from", "seen_until"),
    "labs": ("hadm", "unit", "ref_low", "ref_high", "note"),
    "doses": ("amount", "rate", "order_key", "hadm", "stay", "ends", "unit", "route", "purpose", "weight_kg", "note"),
    "events": ("hadm", "stay", "note"),
    "patient": ("hadm", "stay", "charted", "unit", "note"),
}
_KEYS = ("database", "unit", "units", "tables")
_TABLE_KEYS = ("from", "query", "columns", "values", "terms")
#: Of the doses only: where an infusion ends whose row has no end.
INFUSIONS_END = "infusions_end"
_ENDS = ("open", "at_next_change")


@dataclass(frozen=True)
class MappedTable:
    """One kind of row: where it is read, and what its columns and words mean."""

    kind: str
    file: Path | None
    query: str | None
    columns: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    infusions_end: str = "open"


@dataclass(frozen=True)
class TableMapping:
    """A whole mapping file."""

    database: str
    unit: str
    units: Mapping[str, str | None]
    tables: Mapping[str, MappedTable]


def read(path: Path) -> TableMapping:
    """Read and check a mapping file.

    Raises:
        NotFoundError: no such file.
        InputError: unknown, missing or misshapen keys, all at once.
    """
    if not path.is_file():
        raise NotFoundError(f"{path}: no such mapping file")
    try:
        raw = read_mapping(path, numbers=False)
    except CellError as error:
        raise InputError([Problem(path.name, what=error.what, allowed=error.allowed)]) from error
    problems = [Problem(path.name, None, key, "no such key", ", ".join(_KEYS)) for key in raw if key not in _KEYS]
    tables = {}
    for kind, entry in _section(raw, "tables", path.name, problems).items():
        if kind not in REQUIRED:
            problems.append(Problem(path.name, None, f"tables.{kind}", "no such table", ", ".join(REQUIRED)))
        elif not isinstance(entry, dict):
            problems.append(Problem(path.name, None, f"tables.{kind}", "the table has no keys", ", ".join(_TABLE_KEYS)))
        else:
            tables[kind] = _table(kind, entry, path, problems)
    if "cases" not in tables and not problems:
        problems.append(Problem(path.name, None, "tables", "the table cases is missing"))
    unit = str(raw.get("unit", "stay"))
    if unit not in ("stay", "admission", "patient"):
        problems.append(Problem(path.name, None, "unit", f"'{unit}' is not a unit", "stay, admission, patient"))
    units = {str(k): str(v) or None for k, v in _section(raw, "units", path.name, problems).items()}
    if problems:
        raise InputError(problems)
    return TableMapping(str(raw.get("database", path.stem)), unit, units, tables)


def _section(raw: Mapping[str, Any], key: str, file: str, problems: list[Problem]) -> dict[str, Any]:
    found = raw.get(key) or {}
    if not isinstance(found, dict):
        problems.append(Problem(file, None, key, "the section holds no keys"))
        return {}
    return found


def _table(kind: str, entry: Mapping[str, Any], path: Path, problems: list[Problem]) -> MappedTable:
    place = f"tables.{kind}"
    keys = (*_TABLE_KEYS, INFUSIONS_END) if kind == "doses" else _TABLE_KEYS
    problems += [
        Problem(path.name, None, f"{place}.{key}", "no such key", ", ".join(keys)) for key in entry if key not in keys
    ]
    if ("from" in entry) == ("query" in entry):
        problems.append(Problem(path.name, None, place, "one of the keys is needed", "from (a file) or query (DuckDB)"))
    words = {
        key: {str(k): str(v) for k, v in _section(entry, key, path.name, problems).items()} for key in _TABLE_KEYS[2:]
    }
    given = {*words["columns"], *words["values"]}
    known = (*REQUIRED[kind], *OPTIONAL[kind])
    problems += [
        Problem(path.name, None, f"{place}.{c}", "no such column", ", ".join(known)) for c in sorted(given - {*known})
    ]
    problems += [
        Problem(path.name, None, f"{place}.{c}", "the column is missing") for c in REQUIRED[kind] if c not in given
    ]
    if kind == "doses" and not given & {"amount", "rate"}:
        problems.append(Problem(path.name, None, place, "one of the columns is needed", "amount or rate"))
    ends = str(entry.get(INFUSIONS_END, "open"))
    if ends not in _ENDS:
        problems.append(Problem(path.name, None, f"{place}.{INFUSIONS_END}", f"'{ends}' is no end", ", ".join(_ENDS)))
    file = path.parent / str(entry["from"]) if "from" in entry else None
    return MappedTable(kind, file, entry.get("query"), words["columns"], words["values"], words["terms"], ends)
