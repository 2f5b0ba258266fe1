"""Metrics of one small case folder, through extract and the real schema."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from casetrace.metrics.run import run_metrics

from tests.case_builder import CASE_ID, tables
from tests.spec import PARAMS, pick

Found = tuple[float | None, float | None, float | None, str]


def metric_of(folder: Path, files: Mapping[str, str | bytes | None]) -> Callable[..., Found]:
    """Value, low, high and status of any heparin metric of the small case with files replaced."""
    results = run_metrics(
        tables(folder, files),
        PARAMS,
        ("heparin_totals", "heparin_window", "heparin_rates", "heparin_times", "heparin_days", "drug_totals",
         "subcutaneous_heparin", "resistance", "terms"),
    )  # fmt: skip

    def found(metric: str, stratum: str = "") -> Found:
        row: dict[str, Any] = pick(results, metric, stratum, CASE_ID)
        return row["value"], row["low"], row["high"], row["status"]

    return found
