"""Settings shared by every test: how many examples the property tests try, and that they are the same in every run.

The metrics of the small cases of a test file are computed in one run (`tests/one_run.py`).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from casetrace.core.params import load
from casetrace.core.paths import Corpus
from casetrace.report.case_reports import report
from hypothesis import HealthCheck, settings

from tests import spec
from tests.one_run import rehearse
from tests.report.corpus import write_corpus

SLOW_BUT_MEANT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile(
    "default", deadline=None, derandomize=True, suppress_health_check=SLOW_BUT_MEANT, database=None
)
settings.register_profile("thorough", parent=settings.get_profile("default"), derandomize=False)
settings.load_profile(os.environ.get("CASETRACE_PROFILE", "default"))

ROOT = Path(__file__).resolve().parents[1]
#: Tests that share one browser and the reports of two cases.
WITH_REPORTS = ("tests/pages/", "tests/report/test_case_reports.py")
REHEARSED_FILES: set[str] = set()


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The two invented cases of the report tests with their reports, for tests that read them."""
    root = tmp_path_factory.mktemp("reported")
    shutil.copy(ROOT / "params.yaml", root)
    corpus = write_corpus(root)
    report(corpus, load(corpus.project.params))
    return corpus


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow files first, so that no worker is left with one at the end; tests that share what is dear share a worker."""
    items.sort(key=lambda item: not (item.get_closest_marker("slow") or item.nodeid.startswith(WITH_REPORTS)))
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            if item.get_closest_marker("xdist_group") is None:
                shared = item.nodeid.startswith(WITH_REPORTS)
                item.add_marker(pytest.mark.xdist_group("reports" if shared else item.nodeid.split("::")[0]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Before the first test of a file that measures small cases runs, all its tests are rehearsed."""
    if isinstance(item, pytest.Function) and _measures(item):
        file = item.nodeid.split("::")[0]
        if file not in REHEARSED_FILES:
            REHEARSED_FILES.add(file)
            spec.REHEARSED.calls.clear()
            mine = [other for other in item.session.items if other.nodeid.split("::")[0] == file]
            rehearse(
                spec.REHEARSED,
                {other.nodeid: _call(other) for other in mine if _can_be_called(other)},
                spec.measured_alone,
            )
        spec.REHEARSED.begin(item.nodeid)
    try:
        return (yield)
    finally:
        spec.REHEARSED.begin(None)


def _measures(item: pytest.Function) -> bool:
    """Whether the test's file uses the small language of `tests/spec.py`."""
    return any(
        value in (spec.check, spec.result, spec.measured) for value in vars(item.module).values() if callable(value)
    )


def _can_be_called(item: pytest.Item) -> bool:
    """Whether the test needs nothing but its parameters."""
    if not isinstance(item, pytest.Function) or hasattr(item.obj, "hypothesis"):
        return False
    given = item.callspec.params if hasattr(item, "callspec") else {}
    return set(item._fixtureinfo.argnames) == set(given)


def _call(item: Any) -> Callable[[], Any]:
    given = item.callspec.params if hasattr(item, "callspec") else {}
    return lambda: item.obj(**given)
