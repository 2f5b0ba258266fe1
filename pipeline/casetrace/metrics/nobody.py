"""The comparison corpus ``none``: results of nobody.

DVC knows no dependency that is there only sometimes. So that the metrics stage can depend on what a placing reads of
whatever corpus `comparison.corpus` names, the name that stands for no corpus has it as well: tables without a row.
"""

from pathlib import Path

from casetrace.core.paths import Corpus
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import empty


def write_nobody(corpus: Corpus) -> Path:
    """Write the cases and the metrics of a corpus without cases, typed, and return its folder."""
    tables = {corpus.table("cases"): CANONICAL["cases"], corpus.metrics / "metrics.parquet": RESULTS["metrics"]}
    for path, model in tables.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        empty(model).write_parquet(path, compression="zstd", statistics=True)
    return corpus.processed
