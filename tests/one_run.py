"""The small cases of a test file measured in one run instead of one run for each call.

A run of the metrics costs the same for one case as for a hundred, and no metric reads across cases (`tests/laws` tests
that). So before the first test of a file runs, its tests are called once to see which tables they measure: a call of
`measured` ends such a rehearsal. What they asked for is measured together, under case ids of its own, and handed out
when the tests really run. What a rehearsal did not see, or what cannot be measured, is measured by itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from casetrace.metrics.catalogue import METRIC_ROWS, SERIES_PREFIX, needed_files, sql_files
from casetrace.schemas import CANONICAL

Tables = Mapping[str, pl.DataFrame]
Results = dict[str, pl.DataFrame]
Run = Callable[[Tables, tuple[str, ...]], Results]
#: Calls of `measured` of one test that are foreseen; further ones are measured by themselves.
CALLS = 12


class Asked(BaseException):
    """Ends a rehearsal: its tables are known now."""


@dataclass
class Call:
    """One call of `measured`: what was asked, and the answer once there is one."""

    tables: Tables
    files: tuple[str, ...]
    answer: Results | None = None
    is_alone: bool = False


@dataclass
class Rehearsed:
    """The calls of each test of a file, in their order."""

    calls: dict[str, list[Call]] = field(default_factory=dict)
    test: str | None = None
    position: int = 0
    is_rehearsal: bool = False

    def begin(self, test: str | None, is_rehearsal: bool = False) -> None:
        """The next calls are those of this test; None: of no test."""
        self.test, self.position, self.is_rehearsal = test, 0, is_rehearsal

    def answer(self, tables: Tables, files: tuple[str, ...], run: Run) -> Results:
        """The results of the tables: foreseen, or measured now."""
        known = self.calls.setdefault(self.test, []) if self.test else []
        at, self.position = self.position, self.position + 1
        if self.is_rehearsal and at == len(known):
            known.append(Call(dict(tables), files, is_alone=at >= CALLS))
            raise Asked
        if at < len(known) and known[at].answer is not None and _is_same(known[at], tables, files):
            return dict(known[at].answer or {})
        if self.is_rehearsal:
            raise Asked
        return run(tables, files)


def rehearse(rehearsed: Rehearsed, tests: Mapping[str, Callable[[], Any]], run: Run) -> None:
    """Call each test until it asks for nothing new, measuring in between all that was asked."""
    waiting = dict(tests)
    while waiting:
        new = []
        for name, test in list(waiting.items()):
            rehearsed.begin(name, is_rehearsal=True)
            before = len(rehearsed.calls.get(name, []))
            try:
                test()
            except Asked:
                new += rehearsed.calls[name][before:]
            except Exception:  # the test fails, and says so when it really runs
                pass
            if len(rehearsed.calls.get(name, [])) == before or rehearsed.calls[name][-1].is_alone:
                del waiting[name]
        rehearsed.begin(None)
        for calls in _alike([call for call in new if not call.is_alone]):
            _measure(calls, run)


def _alike(calls: list[Call]) -> Iterable[list[Call]]:
    """The calls parted so that those of a part need the same files of every series."""
    parts: dict[frozenset[str], list[Call]] = {}
    for call in calls:
        needed = sql_files() if not call.files else needed_files(call.files)
        series = frozenset(file.name for file in needed if file.returns.startswith(SERIES_PREFIX))
        parts.setdefault(series, []).append(call)
    return parts.values()


def _measure(calls: list[Call], run: Run) -> None:
    """Measure the tables of all calls at once; where that fails, in halves, so that only the faulty one stays."""
    files = () if any(not call.files for call in calls) else tuple(sorted({f for call in calls for f in call.files}))
    together = {
        name: pl.concat([_renamed(call.tables[name], _mark(at)) for at, call in enumerate(calls)]) for name in CANONICAL
    }
    try:
        results = run(together, files)
    except Exception:
        if len(calls) > 1:
            half = len(calls) // 2
            _measure(calls[:half], run)
            _measure(calls[half:], run)
        return
    for at, call in enumerate(calls):
        call.answer = {name: _own(frame, _mark(at)) for name, frame in results.items()}
        if call.files:
            metrics = [m.name for f in needed_files(call.files) if f.returns == METRIC_ROWS for m in f.metrics]
            call.answer["metrics"] = call.answer["metrics"].filter(pl.col("metric").is_in(metrics))


def _mark(number: int) -> str:
    return f"{number:05}:"


def _renamed(frame: pl.DataFrame, mark: str) -> pl.DataFrame:
    return frame.with_columns((pl.lit(mark) + pl.col("case_id")).alias("case_id"))


def _own(frame: pl.DataFrame, mark: str) -> pl.DataFrame:
    mine = frame.filter(pl.col("case_id").str.starts_with(mark))
    return mine.with_columns(pl.col("case_id").str.strip_prefix(mark))


def _is_same(call: Call, tables: Tables, files: tuple[str, ...]) -> bool:
    return call.files == files and all(call.tables[name].equals(tables[name]) for name in CANONICAL)
