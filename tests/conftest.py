"""Settings shared by every test: how many examples the property tests try, and that they are the same in every run."""

import os

from hypothesis import HealthCheck, settings

SLOW_BUT_MEANT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile(
    "default", deadline=None, derandomize=True, suppress_health_check=SLOW_BUT_MEANT, database=None
)
settings.register_profile("thorough", parent=settings.get_profile("default"), derandomize=False)
settings.load_profile(os.environ.get("CASETRACE_PROFILE", "default"))
