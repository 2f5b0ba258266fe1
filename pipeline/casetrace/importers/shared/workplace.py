"""Where an import works: one at a time for each corpus, and what a killed one left behind is cleared away first."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casetrace.core.errors import CasetraceError


@contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """An empty folder beside ``target``, removed at the end. Whoever is in it is the only one who writes ``target``.

    Raises:
        CasetraceError: another import of the same corpus is running.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = target.parent / f".import-{target.name}"
    lock = _locked(folder)
    try:
        _clear(folder)
        _clear_leftovers(target)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(folder: Path) -> int:
    """An open handle of the folder that holds its lock. The system lets go of it when the process ends, however."""
    while True:
        folder.mkdir(exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if folder.exists() and os.path.samestat(os.fstat(handle), folder.stat()):
                return handle
        except BlockingIOError as error:
            os.close(handle)
            name = folder.name.removeprefix(".import-")
            raise CasetraceError(f"another import of the corpus {name} is running: wait for it, or stop it") from error
        os.close(handle)  # its owner removed the folder between our two looks at it


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _clear_leftovers(target: Path) -> None:
    """Remove what `casetrace.core.atomic.replaced` could not; a corpus taken from its place returns to it first."""
    leftover = re.compile(rf"\.{re.escape(target.name)}-(new|old)-\w{{8}}")
    for path in sorted(target.parent.iterdir()):
        if leftover.fullmatch(path.name):
            if (path / "before").exists() and not target.exists():
                os.replace(path / "before", target)
            shutil.rmtree(path)
