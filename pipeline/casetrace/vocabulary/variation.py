"""How far two laboratories may lie apart in one sample: the limits of proficiency testing, by analyte."""

import csv
from dataclasses import dataclass
from functools import cache

from casetrace.core.paths import VOCABULARY

FILE = VOCABULARY / "analytical_variation.csv"


@dataclass(frozen=True)
class Variation:
    """The larger of a share of the result and an absolute distance, in the canonical unit of the analyte."""

    analyte: str
    pct: float
    absolute: float
    unit: str
    source: str

    def around(self, result: float) -> float:
        """How far from a result another one of the same sample may lie."""
        return max(abs(result) * self.pct / 100, self.absolute)


@cache
def variations() -> dict[str, Variation]:
    """Every analyte whose variation is known."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return {
        r["analyte"]: Variation(r["analyte"], float(r["pct"] or 0), float(r["absolute"] or 0), r["unit"], r["source"])
        for r in rows
    }
