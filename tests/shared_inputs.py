"""Made-up case folders with known answers that may lie beside the project; tests that use them skip where they do not."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from casetrace.audit import audit
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.metrics.run import compute_metrics

ROOT = Path(__file__).resolve().parents[1]
INPUTS = ROOT.parent / "shared" / "inputs"


@cache
def results(name: str) -> dict[str, pl.DataFrame]:
    """Tables of results of one folder of ``inputs/clinical``, after extract, metrics and the audit of claims.

    Keys are the names of the result files (``metrics``, ``audit``, ``score_items`` ...).

    Raises:
        InputError: when the folder is refused.
    """
    source = INPUTS / "clinical" / name
    if not source.is_dir():
        pytest.skip("the made-up inputs do not lie beside the project")
    with TemporaryDirectory() as scratch:
        root = Path(scratch)
        shutil.copy(ROOT / "params.yaml", root)
        shutil.copytree(source, root / "data" / "raw" / "case_reports" / name)
        corpus, params = ProjectFolder(root).corpus(), load(root / "params.yaml")
        extract(corpus, params)
        compute_metrics(corpus, params)
        audit(corpus, params)
        return {path.stem: pl.read_parquet(path) for path in corpus.metrics.rglob("*.parquet")}


def metric(name: str, metric: str, stratum: str = "") -> dict[str, object]:
    """The one row of a metric of a made-up case."""
    rows = results(name)["metrics"].filter((pl.col("metric") == metric) & (pl.col("stratum") == stratum))
    assert rows.height == 1, rows
    return rows.row(0, named=True)
