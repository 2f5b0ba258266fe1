"""How often a property test of the metrics runs: each run measures a whole corpus of random cases at once."""

import os

from hypothesis import settings

#: Times as many runs for a long search: CASETRACE_BATCHES=50 CASETRACE_PROFILE=thorough pytest tests/metrics
SCALE = int(os.environ.get("CASETRACE_BATCHES", "1"))


def batches(runs: int) -> settings:
    return settings(max_examples=runs * SCALE)
