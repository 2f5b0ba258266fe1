"""Names of corpora and cases are pieces of paths, so they are names and nothing else."""

import re
from pathlib import Path

from casetrace.core.errors import EXIT_BAD_INPUT, CasetraceError

NAME_RULE = "letters, digits, hyphens and underscores, a letter or digit first, at most 100"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class NameRefusedError(CasetraceError):
    """What was given cannot be the name of a corpus or a case."""

    exit_code = EXIT_BAD_INPUT


def is_name(text: object) -> bool:
    """True for text that may be the name of a corpus or a case."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def checked_name(text: str, what: str) -> str:
    """The text, which is a name.

    Args:
        text: What a user or a file gave.
        what: What it should name: corpus, case.

    Raises:
        NameRefusedError: it is none.
    """
    if not is_name(text):
        raise NameRefusedError(f"{text!r} is not the name of a {what} (allowed: {NAME_RULE})")
    return text


def inside(parent: Path, name: str, what: str) -> Path:
    """The place of that name in a folder, links followed no further than the folder.

    Raises:
        NameRefusedError: it is no name, or the place is a link that leads out of the folder.
    """
    place = parent / checked_name(name, what)
    if place.is_symlink() and not place.resolve().is_relative_to(parent.resolve()):
        raise NameRefusedError(f"{name!r} leads out of {parent}: it is a link to {place.resolve()}")
    return place
