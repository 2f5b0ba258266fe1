"""Random cases for tests that measure many of them in one run of the metrics."""

import os
from typing import TypeVar

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")
#: Times as many cases for a long search: CASETRACE_BATCHES=50 CASETRACE_PROFILE=thorough pytest tests/metrics
SCALE = int(os.environ.get("CASETRACE_BATCHES", "1"))


def examples(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """That many random examples, the same ones in every run but under the profile `thorough`."""
    found: list[T] = []

    @settings(max_examples=count * SCALE, phases=[Phase.generate])
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    collect()
    return found


def batches(runs: int) -> settings:
    """Settings of a property test that measures a whole batch of random cases in each of its runs."""
    return settings(max_examples=runs * SCALE)
