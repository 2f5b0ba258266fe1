"""The claims audit: what the authors state against what their own printed numbers give.

Claims are data (`claims.csv`); adding one needs no code unless it needs a metric that does not exist.
The wording is neutral: what follows from which numbers, and what would have to be true for the
statement to hold.
"""

import os
import re
from pathlib import Path
from typing import Any

import polars as pl

from casetrace.audit import verdict as v
from casetrace.audit.bounds import Discrepancy, Given, Missing, NotIndependent, Outcome
from casetrace.audit.case_rows import CaseRows
from casetrace.audit.compute import COMPUTE
from casetrace.audit.stated import scale_of, stated_number, stated_text
from casetrace.audit.wording import consequence, gives
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import dtypes
from casetrace.schemas.results import Audit
from casetrace.vocabulary import Vocabulary, load

ABOUT_PCT = "values.approximate_value_pct"


def audit(corpus: Corpus, params: Params, earlier: pl.DataFrame | None = None) -> pl.DataFrame:
    """Test every claim of a corpus and write `audit.parquet` beside its metrics.

    Args:
        corpus: A corpus with tables and metrics.
        params: For what 'about' means.
        earlier: Verdicts that still hold; claims that have one are not tested again.

    Returns:
        One row per claim (`schemas.results.Audit`), in the order of the cases' claims.
    """
    # Only cases with claims are read: an imported corpus has millions of rows and no claims.
    done = set() if earlier is None else set(earlier["case_id"])
    claimants = pl.read_parquet(corpus.table("claims"))["case_id"].unique(maintain_order=True).to_list()
    claimed = pl.col("case_id").is_in([case_id for case_id in claimants if case_id not in done])
    tables = {name: pl.scan_parquet(corpus.table(name)).filter(claimed).collect() for name in CANONICAL}
    results = {
        "metrics": pl.scan_parquet(corpus.metrics / "metrics.parquet").filter(claimed).collect(),
        "score_items": pl.scan_parquet(corpus.series / "score_items.parquet").filter(claimed).collect(),
    }
    frame = audit_tables(tables, results, params)
    if earlier is not None:
        frame = pl.concat([frame, earlier]).sort("case_id", maintain_order=True)
    target = corpus.metrics / "audit.parquet"
    part = Path(f"{target}.part")
    frame.write_parquet(part, compression="zstd")
    os.replace(part, target)
    return frame


def audit_tables(tables: dict[str, pl.DataFrame], results: dict[str, pl.DataFrame], params: Params) -> pl.DataFrame:
    """The audit of canonical tables and their metrics, without touching files."""
    vocabulary = load()
    rows: list[dict[str, Any]] = []
    for case_id in tables["cases"]["case_id"]:
        mine = pl.col("case_id") == case_id
        case = CaseRows(
            case_id,
            {name: frame.filter(mine) for name, frame in tables.items()},
            {name: frame.filter(mine) for name, frame in results.items()},
        )
        rows += [_tested(case, claim, vocabulary, params) for claim in case.rows("claims")]
    return Audit.checked(pl.DataFrame(rows, schema=dtypes(RESULTS["audit"])))


def _not_circular(outcome: Outcome, claim: dict[str, Any]) -> Outcome:
    """The outcome, unless it rests on a row that was typed from the statement itself."""
    used = outcome.row_ids if isinstance(outcome, Given) else ()
    typed = [row_id for row_id in re.split(r"[ ,;]+", claim["gave"] or "") if row_id in used]
    return NotIndependent(f"{', '.join(typed)} was typed from this statement", used) if typed else outcome


def _tested(case: CaseRows, claim: dict[str, Any], vocabulary: Vocabulary, params: Params) -> dict[str, Any]:
    outcome = _not_circular(COMPUTE[claim["compute"]](case, claim, vocabulary), claim)
    row: dict[str, Any] = {
        "case_id": case.case_id,
        "claim_id": claim["row_id"],
        "claim": claim["claim"],
        "evidence": claim["evidence"],
        "stated": stated_text(claim),
        "row_ids": list(outcome.given.row_ids if isinstance(outcome, Discrepancy) else outcome.row_ids),
    }
    if isinstance(outcome, Missing):
        return row | {"verdict": v.NOT_COMPUTABLE, "explanation": f"Not computable: {outcome.reason}."}
    if isinstance(outcome, NotIndependent):
        return row | {"verdict": v.NOTHING, "explanation": f"Nothing to test against: {outcome.reason}."}
    given = outcome.given if isinstance(outcome, Discrepancy) else outcome
    scale = scale_of(case, claim, given, vocabulary)
    if isinstance(scale, Missing):
        return row | {"verdict": v.NOT_COMPUTABLE, "explanation": f"Not computable: {scale.reason}."}
    stated = stated_number(claim, scale, float(params.value(ABOUT_PCT)))
    word, margin = v.judge(stated, given) if stated else (v.REPRODUCED, None)
    if isinstance(outcome, Discrepancy) and (stated is None or word != v.REPRODUCED):
        word, explanation = v.TWO_PLACES, f"{gives(given, scale)} Two places differ: {outcome.reason}.".lstrip()
    else:
        explanation = f"{gives(given, scale)} {consequence(word, margin, given, stated, scale)}".rstrip()
    numbers = {"value": given.value, "low": given.low, "high": given.high, "unit": given.unit, "margin": margin}
    return row | numbers | {"verdict": word, "explanation": explanation}
