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
    "labs": ("hadm", "unit", "text", "ref_low", "ref_high", "note"),
    "doses": (
        "amount",
        "rate",
        "concentration",
        "concentration_unit",
        "order_key",
        "hadm",
        "stay",
        "ends",
        "unit",
        "route",
        "purpose",
        "weight_kg",
        "note",
    ),
    "events": ("hadm", "stay", "note"),
    "patient": ("hadm", "stay", "charted", "unit", "note"),
}
#: Columns that hold numbers, and columns that hold times: they follow the keys on the form of each.
NUMBERS = ("value", "text", "amount", "rate", "concentration", "weight_kg", "ref_low", "ref_high")
TIMES = ("starts", "ends", "charted", "seen_from", "seen_until")
_KEYS = ("database", "unit", "units", "duplicates", "tables")
_SECTIONS = ("columns", "values", "terms")
#: Key of every table -> what it may say; the first is what holds without the key.
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "decimal": ("point", "comma"),
    "thousands": ("none", "comma", "point", "space"),
}
_TABLE_KEYS = ("from", "query", *_SECTIONS, "leave_out", "time_format", *_CHOICES)
_DUPLICATES = ("drop", "keep", "fail")
#: Of the doses only: where an infusion ends whose row has no end, and what infusions of one drug at one time are.
_OF_DOSES: Mapping[str, tuple[str, ...]] = {
    "infusions_end": ("open", "at_next_change"),
    "concurrent_rows": ("may_be_one_pump", "separate_pumps"),
}


@dataclass(frozen=True)
class MappedTable:
    """One kind of row: where it is read, and what its columns and words mean."""

    kind: str
    file: Path | None
    query: str | None
    columns: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    time_format: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TableMapping:
    """A whole mapping file."""

    database: str
    unit: str
    units: Mapping[str, str | None]
    tables: Mapping[str, MappedTable]
    duplicates: str = "drop"


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
    duplicates = _choice(raw, "", "duplicates", _DUPLICATES, path.name, problems)
    if problems:
        raise InputError(problems)
    return TableMapping(str(raw.get("database", path.stem)), unit, units, tables, duplicates)


def _choice(
    entry: Mapping[str, Any], place: str, key: str, allowed: tuple[str, ...], file: str, problems: list[Problem]
) -> str:
    said = str(entry.get(key, allowed[0]))
    if said not in allowed:
        problems.append(Problem(file, None, f"{place}{key}", f"'{said}' is none of its words", ", ".join(allowed)))
    return said


def _section(raw: Mapping[str, Any], key: str, file: str, problems: list[Problem]) -> dict[str, Any]:
    found = raw.get(key) or {}
    if not isinstance(found, dict):
        problems.append(Problem(file, None, key, "the section holds no keys"))
        return {}
    return found


def _table(kind: str, entry: Mapping[str, Any], path: Path, problems: list[Problem]) -> MappedTable:
    place = f"tables.{kind}"
    choices = {**_CHOICES, **(_OF_DOSES if kind == "doses" else {})}
    keys = (*_TABLE_KEYS, *(key for key in choices if key not in _TABLE_KEYS))
    problems += [
        Problem(path.name, None, f"{place}.{key}", "no such key", ", ".join(keys)) for key in entry if key not in keys
    ]
    if ("from" in entry) == ("query" in entry):
        problems.append(Problem(path.name, None, place, "one of the keys is needed", "from (a file) or query (DuckDB)"))
    words = {key: {str(k): str(v) for k, v in _section(entry, key, path.name, problems).items()} for key in _SECTIONS}
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
    said = {key: _choice(entry, f"{place}.", key, allowed, path.name, problems) for key, allowed in choices.items()}
    if said["decimal"] == said["thousands"]:
        problems.append(
            Problem(path.name, None, f"{place}.thousands", "the sign of the decimals is that of the thousands")
        )
    leave_out = entry.get("leave_out") or []
    if not isinstance(leave_out, list):
        problems.append(Problem(path.name, None, f"{place}.leave_out", "not a list of words"))
        leave_out = []
    time_format = str(entry["time_format"]) if entry.get("time_format") else None
    if time_format is not None and "%" not in time_format:
        problems.append(
            Problem(path.name, None, f"{place}.time_format", f"'{time_format}' holds no part", "such as %d.%m.%Y %H:%M")
        )
    file = path.parent / str(entry["from"]) if "from" in entry else None
    return MappedTable(
        kind,
        file,
        entry.get("query"),
        words["columns"],
        words["values"],
        words["terms"],
        tuple(str(word) for word in leave_out),
        time_format,
        said,
    )
