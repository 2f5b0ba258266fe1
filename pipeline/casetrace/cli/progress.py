"""Progress bars: on a terminal, for work of more than two seconds; nothing at all where nobody watches."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click

T = TypeVar("T")

#: Work that is done sooner needs no bar.
QUICK_S = 2.0
_REDRAWN_S = 0.2
#: A bar moves in hundredths of an entry.
_PARTS = 100


def progress_bar(label: str, items: Sequence[T], within: Callable[[], float] | None = None) -> Iterable[T]:
    """The entries one by one; a bar on standard error moves on with them, if that is a terminal.

    Args:
        label: What is being done.
        items: The entries of the work.
        within: How much of the entry under work is done, 0 to 1; asked from another thread.
    """
    return _drawn(label, items, within or (lambda: 0.0)) if sys.stderr.isatty() else items


def _drawn(label: str, items: Sequence[T], within: Callable[[], float]) -> Iterator[T]:
    done = 0
    with _bar(label, len(items), lambda: min(done + within(), done + 1)):
        for item in items:
            yield item
            done += 1


@contextmanager
def _bar(label: str, length: int, place: Callable[[], float]) -> Iterator[None]:
    """A bar that is drawn from a thread of its own, so that it moves while one entry takes long."""
    over = threading.Event()
    thread = threading.Thread(target=_draw, args=(label, length * _PARTS, place, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _draw(label: str, length: int, place: Callable[[], float], over: threading.Event) -> None:
    if over.wait(QUICK_S):
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, show_eta=False) as bar:
        last = False
        while not last:
            last = over.wait(_REDRAWN_S)
            bar.update(max(0, int(place() * _PARTS) - bar.pos))
