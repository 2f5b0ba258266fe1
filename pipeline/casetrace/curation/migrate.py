"""`casetrace migrate`: `params.yaml` of an earlier release as this one reads it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casetrace.core.atomic import atomic_write
from casetrace.core.errors import CellError, InputError, NotFoundError, Problem
from casetrace.core.params import load
from casetrace.core.paths import PARAMS, ProjectFolder
from casetrace.core.yaml_files import read_mapping

#: What the file is kept as.
BEFORE = "params.before.yaml"
_NO_CORPUS = "none"


@dataclass(frozen=True)
class Migration:
    """What was done, a line for each parameter; nothing where the file is as this release reads it."""

    lines: tuple[str, ...]


def migrate(project: ProjectFolder) -> Migration:
    """Bring the parameters of a project to this release; every value that it has and that still counts stays.

    A parameter that the project lacks comes with the value of this release. One that is no longer known is left out
    and named. The file as it was stays beside as `params.before.yaml`. Raw cases are not touched.

    Raises:
        NotFoundError: there are no parameters.
        InputError: the file cannot be read, or a value of it is not valid now; nothing is written then.
    """
    if not project.params.is_file():
        raise NotFoundError(f"{project.root}: no params.yaml")
    before = _sections(project.params)
    lines: list[str] = []
    own = _renamed(before, lines)
    known = _sections(PARAMS)
    text = PARAMS.read_text(encoding="utf-8")
    for section, names in known.items():
        for name, ours in names.items():
            if name not in own.get(section, {}):
                if (section, name) != ("comparison", "corpora"):
                    lines.append(f"added {section}.{name}: {_value(ours)}")
            elif own[section][name] != ours:
                text = _replaced(text, section, name, own[section][name])
                lines.append(f"kept {section}.{name}: {_value(own[section][name])} (here: {_value(ours)})")
    for section, names in own.items():
        lines += [f"left out {section}.{name}: not known" for name in names if name not in known.get(section, {})]
    if not any(not line.startswith("kept") for line in lines):
        return Migration(())
    draft = atomic_write(project.root / ".params.draft.yaml", text)
    try:
        load(draft)
    finally:
        draft.unlink()
    if not (project.root / BEFORE).exists():
        atomic_write(project.root / BEFORE, project.params.read_text(encoding="utf-8"))
    atomic_write(project.params, text)
    return Migration(tuple(lines))


def _sections(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = read_mapping(path, numbers=True)
    except CellError as error:
        raise InputError([Problem(path.name, what=error.what, allowed=error.allowed)]) from error
    if wrong := [str(section) for section, names in found.items() if not isinstance(names, dict)]:
        raise InputError([Problem(path.name, None, section, "the section holds no parameters") for section in wrong])
    return found


def _renamed(sections: Mapping[str, dict[str, Any]], lines: list[str]) -> dict[str, dict[str, Any]]:
    """Parameters under the names that they have now: 0.1 named one comparison corpus, or `none`."""
    own = {section: dict(names) for section, names in sections.items()}
    comparison = own.get("comparison", {})
    if "corpus" in comparison:
        corpus = comparison.pop("corpus")
        comparison.setdefault("corpora", [] if corpus == _NO_CORPUS else [corpus])
        lines.append(f"comparison.corpus: {corpus} is now comparison.corpora: {json.dumps(comparison['corpora'])}")
    return own


def _replaced(text: str, section: str, name: str, value: Any) -> str:
    """The text with another value of one parameter, which stands on a line of its own below its section."""
    lines = text.splitlines(keepends=True)
    start = lines.index(f"{section}:\n")
    place = next(number for number in range(start + 1, len(lines)) if lines[number].startswith(f"  {name}:"))
    # JSON is YAML, and quotes what would be read as something else.
    lines[place] = f"  {name}: {json.dumps(value, ensure_ascii=False)}\n"
    return "".join(lines)


def _value(entry: Any) -> Any:
    return entry["value"] if isinstance(entry, dict) and "value" in entry else entry
