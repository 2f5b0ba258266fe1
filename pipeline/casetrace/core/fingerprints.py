"""What a case's work is made from, as one hash: its key. Work whose key has not changed is not done again.

A key covers the case's own input, the parameters, the whole package (code, queries, vocabulary, templates) and the
lock file, so that no result outlives what made it. A case that is added changes the key of no other.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import polars as pl

from casetrace.core.paths import PACKAGE, Project

_CODE = (".py", ".sql", ".csv", ".j2", ".css", ".js", ".lua", ".html", ".typ", ".yml", ".yaml", ".json")


def keys_of_folders(project: Project, folders: Iterable[Path]) -> dict[str, str]:
    """The key of each case that is a folder: every file in it, by name and content."""
    common = _common(project)
    found = {}
    for folder in folders:
        hashed = common.copy()
        for name, content in hashes_below(folder).items():
            hashed.update(f"{name}\0{content}\n".encode())
        found[folder.name] = hashed.hexdigest()
    return found


def keys_of_rows(
    project: Project, tables: Mapping[str, pl.DataFrame], known: Sequence[str], more: str = ""
) -> dict[str, str]:
    """The key of each case that is rows: its own rows in every table; of a table without cases, all rows.

    Args:
        project: For the parameters and the lock file.
        tables: Tables by a name that is part of the key.
        known: Case ids.
        more: Whatever else the work depends on.
    """
    common = _common(project)
    common.update(f"{more}\n".encode())
    hashed = {case: common.copy() for case in known}
    for name, table in tables.items():
        for case, rows in _by_case(table, known):
            hashed[case].update(name.encode() + b"\0" + rows)
    return {case: found.hexdigest() for case, found in hashed.items()}


def hashes_below(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder by its name there; empty when there is none."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@cache
def code() -> str:
    """One hash over the package: code, queries, vocabulary and templates."""
    return hash_of(p for p in sorted(PACKAGE.rglob("*")) if p.suffix in _CODE and "__pycache__" not in p.parts)


def hash_of(files: Iterable[Path]) -> str:
    """One hash over names and contents of files of the package."""
    hashed = hashlib.sha256()
    for path in files:
        hashed.update(
            path.relative_to(PACKAGE).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest()
        )
    return hashed.hexdigest()


def _common(project: Project) -> "hashlib._Hash":
    hashed = hashlib.sha256(f"{code()}\n".encode())
    for path in (project.params, project.root / "requirements.lock"):
        hashed.update(path.read_bytes() if path.is_file() else b"")
    return hashed


def _by_case(frame: pl.DataFrame, known: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    if "case_id" not in frame.columns:
        rows = frame.write_ndjson().encode()
        yield from ((case, rows) for case in known)
        return
    parts = {str(case): part for (case,), part in frame.group_by(["case_id"], maintain_order=True)}
    yield from ((case, _told(parts[case])) for case in known if case in parts)


def _told(rows: pl.DataFrame) -> bytes:
    """Rows without the columns that tell nothing: a wide table gets a column for what only another case has."""
    return rows.select(column.name for column in rows if column.null_count() < rows.height).write_ndjson().encode()
