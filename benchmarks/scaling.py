"""How the metrics scale with the number of cases: time per case, as a ratio to the smallest corpus of the same run."""

from time import perf_counter

import polars as pl

from tests.laws.corpus import FULL, UNCERTAIN
from tests.spec import Tables, measured

SIZES = (10, 100, 1000)


def corpus(size: int) -> Tables:
    """``size`` cases: a complete and an uncertain one in turn, under new ids."""
    kinds = (FULL, UNCERTAIN)
    return {
        name: pl.concat([kinds[i % 2][name].with_columns(case_id=pl.lit(f"c{i:06d}")) for i in range(size)])
        for name in FULL
    }


def main() -> None:
    """Print the time of all metrics per case, relative to the smallest corpus."""
    times = []
    for size in SIZES:
        tables = corpus(size)
        start = perf_counter()
        measured(tables)
        times.append((perf_counter() - start) / size)
    print("Time per case of all metrics, relative to a corpus of", SIZES[0], "cases")
    for size, time in zip(SIZES, times, strict=True):
        print(f"{size:>6} cases  {time / times[0]:.3f}")
