"""What a case's work is made from, as one hash: its key. Work whose key has not changed is not done again.

A key belongs to a stage. It covers the case's own input, the parameters that the stage reads, the packages that it is
made of (code, queries, vocabulary, templates), the project's own vocabulary, and the versions of the engines that are
installed, so that no result outlives what made it (`casetrace.core.stages`). A case that is added changes the key of no
other.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import polars as pl

from casetrace.core.errors import CellError
from casetrace.core.paths import PACKAGE, ProjectFolder
from casetrace.core.stages import STAGES
from casetrace.core.yaml_files import read_mapping


def keys_of_folders(stage: str, project: ProjectFolder, folders: Iterable[Path]) -> dict[str, str]:
    """The key of each case that is a folder: every file in it, by name and content."""
    common = _common(stage, project)
    found = {}
    for folder in folders:
        hashed = common.copy()
        for name, content in hashes_below(folder).items():
            hashed.update(f"{name}\0{content}\n".encode())
        found[folder.name] = hashed.hexdigest()
    return found


def keys_of_rows(
    stage: str, project: ProjectFolder, tables: Mapping[str, pl.DataFrame], known: Sequence[str], more: str = ""
) -> dict[str, str]:
    """The key of each case that is rows: its own rows in every table; of a table without cases, all rows.

    Args:
        stage: Whose work it is.
        project: For the parameters and the project's own vocabulary.
        tables: Tables by a name that is part of the key.
        known: Case ids.
        more: Whatever else the work depends on.
    """
    common = _common(stage, project)
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
def code(stage: str) -> str:
    """One hash over the packages of a stage: code, queries, vocabulary and templates."""
    folders = [PACKAGE / name for name in STAGES[stage].packages]
    return hash_of(
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    )


def engines(stage: str) -> dict[str, str]:
    """The installed version of each engine of a stage, and of Python without its patch number."""
    found = {name: _installed(name) for name in STAGES[stage].engines}
    return found | {"python": ".".join(map(str, sys.version_info[:2]))}


def hash_of(files: Iterable[Path]) -> str:
    """One hash over names and contents of files of the package."""
    hashed = hashlib.sha256()
    for path in files:
        hashed.update(
            path.relative_to(PACKAGE).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest()
        )
    return hashed.hexdigest()


def of_stage(stage: str) -> str:
    """One hash over what a stage is made of, in whichever project it runs: its packages and engines."""
    return hashlib.sha256(json.dumps([code(stage), engines(stage)], sort_keys=True).encode()).hexdigest()


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _common(stage: str, project: ProjectFolder) -> "hashlib._Hash":
    hashed = hashlib.sha256(f"{of_stage(stage)}\n".encode())
    read = _params_read(stage, project)
    hashed.update(json.dumps([read, hashes_below(project.vocabulary)], sort_keys=True).encode())
    return hashed


def _params_read(stage: str, project: ProjectFolder) -> object:
    """The parameters that the stage reads; of a file that holds none that can be read, all of its bytes."""
    if not project.params.is_file():
        return {}
    try:
        params = read_mapping(project.params, numbers=False)
    except CellError:
        return hashlib.sha256(project.params.read_bytes()).hexdigest()
    return {section: content for section, content in params.items() if STAGES[stage].reads(section)}


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
