"""The claims audit: what the authors state against what their own printed numbers give.

Claims are data (`claims.csv`, and `checks.csv` for what the curator works out); adding one needs no code unless it
needs a metric that does not exist. It judges what is printed, not what happened: a statement that numbers which are not
printed could bear out is not contradicted.
"""

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import polars as pl

from casetrace.audit import verdict as v
from casetrace.audit.case_rows import CaseRows
from casetrace.audit.compute import COMPUTE
from casetrace.audit.consequence import consequence_of
from casetrace.audit.lookup import printed_labs
from casetrace.audit.outcome import Answer, BothTrue, Missing, NotIndependent, Outcome, TwoPlaces
from casetrace.audit.stated import scale_of, stated_number, stated_text
from casetrace.audit.wording import Scale, consequence, given, gives, printed_sentence
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.schemas import CANONICAL, RESULTS
from casetrace.schemas.base import dtypes
from casetrace.schemas.claim_tests import CLAIM_TESTS, Unprinted
from casetrace.schemas.results import Audit
from casetrace.vocabulary import Vocabulary, load
from casetrace.vocabulary.reasons import Reason

ABOUT_PCT = "values.approximate_value_pct"


def audit(corpus: Corpus, params: Params, earlier: pl.DataFrame | None = None) -> pl.DataFrame:
    """Test every claim of a corpus and write `audit.parquet` beside its metrics.

    Args:
        corpus: A corpus with tables and metrics.
        params: For what 'about' means, and the limits of the criteria.
        earlier: Verdicts that still hold; claims that have one are not tested again.

    Returns:
        One row per claim (`schemas.results.Audit`), case by case: the statements of the authors, then the checks.
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
        claims = sorted(case.rows("claims"), key=lambda claim: claim["by"] != "authors")
        rows += [_tested(case, claim, vocabulary, params) for claim in claims]
    return Audit.checked(pl.DataFrame(rows, schema=dtypes(RESULTS["audit"])))


def unprinted_of(claim: dict[str, Any]) -> Unprinted:
    """What values that are not printed could do to what the printed ones give for a claim."""
    if claim["complete"] or claim["of_kind"] == "rows":
        return "none"
    return CLAIM_TESTS[claim["compute"]].unprinted


def _tested(case: CaseRows, claim: dict[str, Any], vocabulary: Vocabulary, params: Params) -> dict[str, Any]:
    outcome = _not_circular(COMPUTE[claim["compute"]](case, claim), claim)
    answer = outcome.answer if isinstance(outcome, TwoPlaces | BothTrue) else outcome
    row: dict[str, Any] = {
        "case_id": case.case_id, "claim_id": claim["row_id"], "by": claim["by"], "claim": claim["claim"],
        "evidence": claim["evidence"], "stated": stated_text(case, claim), "reasons": [],
        "row_ids": list(dict.fromkeys(answer.rows)),
    }  # fmt: skip
    scale = scale_of(case, claim, answer.estimate, vocabulary) if isinstance(answer, Answer) else answer
    if isinstance(scale, NotIndependent):
        coded = [asdict(reason) for reason in scale.reasons]
        text = f"Nothing to test against: {scale.reason}."
        return row | {"verdict": v.NOTHING, "explanation": text, "reasons": coded}
    if isinstance(scale, Missing) or not isinstance(answer, Answer):
        missing = scale if isinstance(scale, Missing) else Missing("")
        coded = [asdict(reason) for reason in missing.reasons]
        return row | {
            "verdict": v.NOT_COMPUTABLE,
            "explanation": f"Not computable: {missing.reason}.",
            "reasons": coded,
        }
    stated = stated_number(claim, float(params.value(ABOUT_PCT)))
    if claim["value_reported"] is not None and stated is None:
        return row | {"verdict": v.NOT_COMPUTABLE, "explanation": "Not computable: a word is stated, and no number."}
    if stated is None and claim["compute"] != "agrees":
        return row | {"verdict": v.NOTHING, "explanation": "Nothing to test against: no number is stated."}
    judged = _judged(claim, outcome, answer, stated, scale)
    found = answer.estimate
    weight = consequence_of(case, claim, answer, stated, judged, params, scale.factor)
    margin = None if judged.margin is None else judged.margin * scale.factor
    numbers = {"value": found.best, "low": found.low, "high": found.high, "unit": found.unit, "margin": margin}
    return row | numbers | {
        "given": given(answer, scale),
        "verdict": judged.verdict,
        "consequence": weight.word,
        "explanation": f"{_explained(case, claim, outcome, answer, stated, judged, scale)} {weight.sentence}".rstrip(),
    }  # fmt: skip


def _not_circular(outcome: Outcome, claim: dict[str, Any]) -> Outcome:
    """The outcome, unless it rests on a row that was typed from the statement itself."""
    used = outcome.rows if isinstance(outcome, Answer) else ()
    typed = [row_id for row_id in claim["gave_rows"] if row_id in used]
    if not typed:
        return outcome
    reason = Reason("typed_from_statement", tuple(typed))
    return NotIndependent(reason.sentence(), used, (reason,))


def _judged(
    claim: dict[str, Any], outcome: Outcome, answer: Answer, stated: v.Stated | None, scale: Scale
) -> v.Judgement:
    if isinstance(outcome, BothTrue):
        return v.Judgement(v.POSSIBLE)
    if stated is None:
        return v.Judgement(v.TWO_PLACES if isinstance(outcome, TwoPlaces) else v.REPRODUCED)
    found = scale.of(answer.estimate)
    if claim["compute"] == "score_band":
        is_same = (found.low, found.high) == (float(stated.low), float(stated.high))
        return v.Judgement(v.REPRODUCED if is_same else v.TWO_PLACES)
    judged = v.judge(stated, found, "none" if isinstance(outcome, TwoPlaces) else unprinted_of(claim))
    is_differing = isinstance(outcome, TwoPlaces) and judged.verdict in (v.CONTRADICTED, v.NOT_COMPUTABLE)
    return replace(judged, verdict=v.TWO_PLACES) if is_differing else judged


def _explained(
    case: CaseRows, claim: dict[str, Any], outcome: Outcome, answer: Answer, stated: v.Stated | None,
    judged: v.Judgement, scale: Scale,
) -> str:  # fmt: skip
    if isinstance(outcome, BothTrue):
        return f"{outcome.reason}."
    head = gives(answer, scale)
    if judged.verdict == v.TWO_PLACES and isinstance(outcome, TwoPlaces):
        return f"{head} Two places differ: {outcome.reason}.".lstrip()
    if stated is None:
        return head
    if judged.verdict == v.NOT_SHOWN and claim["compute"] in ("min", "max", "mean", "count"):
        printed = [e for found in printed_labs(case, claim) for e in found] if claim["of_kind"] == "analyte" else []
        is_count = claim["compute"] == "count"
        of_one = replace(scale, unit=printed[0].unit, factor=1.0, decimals=2) if is_count and printed else scale
        head = printed_sentence(claim, printed, answer.estimate, stated, scale, of_one)
    return f"{head} {consequence(judged, answer, stated, scale, claim)}".strip()
