"""How much a contradiction matters: whether it turns a criterion or a score, or is rounding or assay variation."""

from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from casetrace.audit.case_rows import CaseRows
from casetrace.audit.dose_claims import HEPARIN
from casetrace.audit.outcome import Answer
from casetrace.audit.verdict import CONTRADICTED, TWO_PLACES, Judgement, Stated
from casetrace.core.params import Params
from casetrace.schemas.results import CONSEQUENCES
from casetrace.values.estimate import Estimate
from casetrace.vocabulary import scores
from casetrace.vocabulary.variation import variations

TURNS, PLAIN, NOISE = CONSEQUENCES

#: Parameters that a number of a claim may lie on either side of, by test and subject.
_LIMITS = {
    ("dose_total", HEPARIN): ("heparin.resistance_dose_24h_u",),
    ("dose_rate", HEPARIN): ("heparin.resistance_rate_u_kg_h", "heparin.resistance_rate_icu_u_kg_h"),
    ("fall_pct", "platelets"): ("platelets.fall_onset_pct", "audit.four_ts_fall_pct"),
    ("min", "platelets"): ("audit.four_ts_nadir_low_10e9_l", "audit.four_ts_nadir_high_10e9_l"),
}
#: Tests whose number is one laboratory result, or the difference of two.
_OF_RESULTS = ("level", "min", "max", "mean", "change", "agrees")
_COUNTED = ("{count}", "{score}", "d")


class Consequence(NamedTuple):
    """One of `schemas.results.CONSEQUENCES`, and a sentence on it where there is more to say."""

    word: str | None
    sentence: str = ""


def consequence_of(
    case: CaseRows,
    claim: dict[str, Any],
    answer: Answer,
    stated: Stated | None,
    judged: Judgement,
    params: Params,
    factor: float,
) -> Consequence:
    """The consequence of a contradiction or of two places that differ; none for any other verdict.

    Args:
        case: The case, for the printed total of a score and the results that a change is between.
        claim: A canonical claim.
        answer: What the printed numbers give.
        stated: What is stated; None where no number is.
        judged: The verdict, with the margin of a contradiction in the unit of the statement.
        params: For the limits of the criteria.
        factor: What one unit of the statement is in the unit of the answer.
    """
    if judged.verdict not in (CONTRADICTED, TWO_PLACES):
        return Consequence(None)
    if claim["of_kind"] == "score":
        is_turned = claim["compute"] != "score_band" or _band_turns(case, claim, stated)
        return Consequence(TURNS if is_turned else PLAIN)
    if stated is None or judged.margin is None:
        return Consequence(PLAIN)
    if _turns_a_criterion(case, claim, answer.estimate, stated, params, factor):
        return Consequence(TURNS)
    if _is_cut_off(answer.estimate, stated, factor):
        return Consequence(NOISE, "It is that number with its further digits cut off.")
    source = _assay_noise(case, claim, answer.estimate, judged, factor)
    if source is not None:
        return Consequence(NOISE, f"Results of one sample may lie so far apart between laboratories ({source}).")
    return Consequence(PLAIN)


def _nearest(found: Estimate, stated: Stated, factor: float) -> float:
    """The possible number that lies nearest to the statement, in the unit of the test."""
    bounds = [b for b in (found.low, found.high) if b is not None]
    return min(bounds, key=lambda bound: abs(bound - float(stated.low) * factor))


def _turns_a_criterion(
    case: CaseRows, claim: dict[str, Any], found: Estimate, stated: Stated, params: Params, factor: float
) -> bool:
    """Whether the stated and the printed number lie on two sides of a limit."""
    subject = claim["of_name"]
    if claim["compute"] == "fall_pct" and subject is None:
        subject = case.by_id[claim["since_row"]][1].get("analyte")
    is_whole_day = claim["compute"] != "dose_total" or claim["window"] in ("24h", "1d")
    is_per_kg = claim["compute"] != "dose_rate" or "/kg" in (found.unit or "")
    if not (is_whole_day and is_per_kg):
        return False
    printed, told = _nearest(found, stated, factor), float(stated.low) * factor
    limits = [float(params.number(name)) for name in _LIMITS.get((claim["compute"], subject), ())]
    return any(min(printed, told) <= limit <= max(printed, told) for limit in limits)


def _is_cut_off(found: Estimate, stated: Stated, factor: float) -> bool:
    """Whether the statement is the number with its further digits cut off, not rounded."""
    if stated.comparator != "=" or stated.low != stated.high or found.unit in _COUNTED:
        return False
    number = Decimal(f"{_nearest(found, stated, factor) / factor:.12g}")
    return (number / stated.printed_step).quantize(Decimal(1), rounding=ROUND_DOWN) * stated.printed_step == stated.low


def _assay_noise(
    case: CaseRows, claim: dict[str, Any], found: Estimate, judged: Judgement, factor: float
) -> str | None:
    """The source of the analytical variation within which the margin lies; None where it does not, or none is known."""
    if claim["compute"] not in _OF_RESULTS or claim["per_rows"] or judged.margin is None:
        return None
    rows = [case.by_id[row_id][1] for row_id in found.rows if case.by_id[row_id][0] == "labs"]
    known = {row["analyte"] for row in rows}
    variation = variations().get(next(iter(known))) if len(known) == 1 else None
    if variation is None or variation.unit != found.unit:
        return None
    results = [n for row in rows for n in (row["value_low"], row["value_high"]) if n is not None]
    ends = results if claim["compute"] == "change" else [n for n in (found.low, found.high) if n is not None]
    is_within = judged.margin * factor <= variation.around(max(ends, key=abs)) + 1e-9
    return variation.source if is_within else None


def _band_turns(case: CaseRows, claim: dict[str, Any], stated: Stated | None) -> bool:
    """Whether the printed total lies in the stated band and not in the published one, or the other way round."""
    limits = scores.band_limits(claim["of_name"], claim["of_part"] or "")
    totals = [
        r["points"] for r in case.rows("reported_scores") if (r["score"], r["item"]) == (claim["of_name"], "total")
    ]
    if stated is None or limits is None:
        return False
    return any((stated.low <= t <= stated.high) != (limits[0] <= t <= limits[1]) for t in totals if t is not None)
