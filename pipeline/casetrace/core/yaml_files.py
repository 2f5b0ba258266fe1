"""Read a YAML file as a plain mapping; a key that stands twice is an error, not a silent overwrite."""

from pathlib import Path
from typing import Any

import yaml

from casetrace.core.errors import CellError


class _AsTyped(yaml.BaseLoader):
    """Every scalar stays text as typed, so that `0306`, `no` and `12:30` are not reinterpreted."""


class _AsNumbers(yaml.SafeLoader):
    """Scalars become numbers where they look like numbers."""


def _mapping_without_twins(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise CellError(f"a key is no word (line {key.start_mark.line + 1})", "key: value, one a line")
        if key.value in seen:
            raise CellError(f"the key '{key.value}' stands twice (line {key.start_mark.line + 1})", "each key once")
        seen.add(key.value)
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in node.value
    }


for _loader in (_AsTyped, _AsNumbers):
    _loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_twins)


def read_mapping(path: Path, *, numbers: bool) -> dict[str, Any]:
    """The file as a mapping.

    Args:
        path: A YAML file.
        numbers: Whether scalars that look like numbers become numbers; otherwise all stay text.

    Raises:
        CellError: not UTF-8, not YAML, not a mapping, or a key that stands twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CellError("the file is not UTF-8 text", "save it with the encoding UTF-8") from error
    try:
        # Both loaders are safe ones: they build only mappings, lists, text and numbers.
        loaded = yaml.load(text, Loader=_AsNumbers if numbers else _AsTyped)
    except yaml.MarkedYAMLError as error:
        line = f" near line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CellError(f"the file cannot be read as YAML{line}", "key: value, one a line") from error
    if not isinstance(loaded, dict):
        raise CellError("the file holds no keys", "key: value, one a line")
    return loaded
