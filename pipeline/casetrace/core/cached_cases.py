"""Which cases a stage need not work on again: ``data/processed/<corpus>/manifests/<stage>.json``.

The manifest holds the key of every case (see `casetrace.core.fingerprints`), the warnings that its rows gave, and the
hash of every file that the stage wrote. The rows of a case are kept when its key is the same and no file was touched
since; with a manifest that is missing or cannot be read, none are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from casetrace.core.atomic import atomic_write
from casetrace.core.errors import Problem
from casetrace.core.fingerprints import hashes_below


@dataclass(frozen=True)
class Entry:
    """One case: the key of its work, and the warnings that it gave."""

    key: str
    warnings: Sequence[Problem] = field(default_factory=tuple)


def unchanged_cases(manifest: Path, keys: Mapping[str, str], outputs: Sequence[Path]) -> dict[str, Entry]:
    """The cases whose rows may stay as they are.

    Args:
        manifest: The file that `record` wrote.
        keys: The key of each case now.
        outputs: The folders that the stage writes.
    """
    if not manifest.is_file():
        return {}
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        entries = {
            case: Entry(e["key"], tuple(Problem(**w) for w in e["warnings"])) for case, e in found["cases"].items()
        }
        if found["files"] != _files(outputs):
            return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {case: entry for case, entry in entries.items() if keys.get(case) == entry.key}


def record(manifest: Path, entries: Mapping[str, Entry], outputs: Sequence[Path]) -> None:
    """Write what the stage has done; call it when the outputs stand in their places."""
    text = {"cases": {case: asdict(entry) for case, entry in entries.items()}, "files": _files(outputs)}
    atomic_write(manifest, json.dumps(text, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _files(outputs: Sequence[Path]) -> dict[str, dict[str, str]]:
    return {folder.name: hashes_below(folder) for folder in outputs}
