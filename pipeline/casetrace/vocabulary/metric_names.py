"""The names of the metrics, as the heads of their SQL files declare them; for claims that name one."""

import re
from functools import cache

from casetrace.core.paths import PACKAGE


@cache
def metric_names() -> frozenset[str]:
    """Every metric that is computed."""
    files = sorted((PACKAGE / "metrics" / "sql").rglob("*.sql"))
    heads = (re.findall(r"^-- metric: (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE) for file in files)
    return frozenset(name for names in heads for name in names)
