"""The verdict on every statement of the transcribed cases, and the number that the printed ones give for it."""

from functools import cache

import polars as pl
import pytest

from pipeline.audit import audit_tables
from pipeline.measure import run_metrics
from pipeline.params import load
from pipeline.sources.case_folder import read_case
from tests.cases.raw_rows import (
    ACP,
    ALL,
    BOY,
    CASES,
    CPB,
    DELRUE,
    DOG_BITE,
    FONDA,
    GIRL,
    GREEN,
    HIGH_DOSE,
    OGAWA,
    PAROTID,
    PCI,
    PHAN,
    POSTPARTUM,
    PSEUDO,
    RIVA,
    ROOT,
    TABLE,
    rows,
)  # fmt: skip

R, P, TWO, N = "reproduced", "possible", "two places differ", "nothing to test against"
OPEN = "not computable"

#: case, claim, verdict, best number in the canonical unit (rates per hour; None where only bounds or nothing is given).
EXPECTED = [
    (ACP, "C-FALL", R, 57.14),
    (ACP, "C-DAY", R, 625),
    (HIGH_DOSE, "C-FALL", R, 93.22),
    (HIGH_DOSE, "C-4T-PLT", P, None),
    (HIGH_DOSE, "C-RATIO", R, 7.75),
    (HIGH_DOSE, "C-APTT", R, 56),
    (CPB, "C-DAY", R, 6),
    (CPB, "C-4T-TIME", P, None),
    (PSEUDO, "C-AVERAGE", R, 2333.33),
    (PSEUDO, "C-PERKG", R, 20.65),
    (PSEUDO, "C-35000", R, None),
    (PSEUDO, "C-DISCORD", N, None),
    (PSEUDO, "C-FVIII", R, None),
    (PSEUDO, "C-CAUSE", N, None),
    (GIRL, "C-FALL", R, 62.07),
    (DELRUE, "C-FALL", R, 69.96),
    (DELRUE, "C-4T", P, None),
    (GREEN, "C-FALL", R, 76.99),
    (GREEN, "C-RISE", R, 84),
    (GREEN, "C-DAYS", R, 4),
    (FONDA, "C-DAY", R, 700),
    (FONDA, "C-4T", P, None),
    (FONDA, "C-BAND", R, None),
    (FONDA, "C-PROB", N, None),
    (FONDA, "C-FIRST", N, None),
    (RIVA, "C-FALL", R, 95.68),
    (RIVA, "C-4T", P, None),
    (RIVA, "C-4T-PLT", P, None),
    (BOY, "C-FALL110", R, 63.64),
    (BOY, "C-FALL220", R, 81.82),
    (OGAWA, "C-BMI", R, 35.92),
    (OGAWA, "C-DAY", R, 300),
    (OGAWA, "C-PERKG", R, 2.73),
    (OGAWA, "C-FIRST24", OPEN, None),  # printed as prophylactic: outside the totals of therapeutic heparin
    (OGAWA, "C-CLOCK", R, 10),
    (OGAWA, "C-4T-TIME", P, None),
    (PHAN, "C-SUM", R, 5),
    (PHAN, "C-4T", P, None),
    (PHAN, "C-BAND", R, None),
    (PCI, "C-16000", N, None),
    (PCI, "C-AT-RISE", R, 25),
    (PCI, "C-AT-UNIT", R, 0.0104),
    (PCI, "C-21000", R, 21000),
    (PCI, "C-ACT-RISE", R, 116),
    (PCI, "C-USUAL", N, None),
    (PCI, "C-COAG", N, None),
    (PAROTID, "C-FALL", R, 97),
    (PAROTID, "C-CLOCKS", N, None),
    (PAROTID, "C-4T-PLT", P, None),
    (PAROTID, "C-4T-TIME", P, None),
    (PAROTID, "C-4T-THROMB", P, None),
    (PAROTID, "C-4T-CAUSES", P, None),
    (POSTPARTUM, "C-DAY", R, 400),
    (POSTPARTUM, "C-TOTAL", P, 38400),
    (POSTPARTUM, "C-NO-FALL", R, 434),
    (POSTPARTUM, "C-THROMBO", R, 6),
    (POSTPARTUM, "C-SWAB1", TWO, None),
    (POSTPARTUM, "C-SWAB4", TWO, None),
    (POSTPARTUM, "C-SWAB5", TWO, None),
    (POSTPARTUM, "C-STOP", TWO, None),
    (TABLE, "C-FIB", R, 1.62),
    (TABLE, "C-RVT2", TWO, None),
    (TABLE, "C-LOS", N, None),
    (TABLE, "C-WORSE", N, None),
    (DOG_BITE, "C-FALL", R, 61.11),
    (DOG_BITE, "C-EARLY", R, 1),
    (DOG_BITE, "C-4T-TIME", P, None),
    (DOG_BITE, "C-WORKUP", N, None),
]


@cache
def audited() -> dict[tuple[str, str], dict[str, object]]:
    """Verdict and number of every claim, all cases measured together."""
    params = load(ROOT / "params.yaml")
    cases = [read_case(CASES / case, params)[0] for case in ALL]
    tables = {name: pl.concat([case[name] for case in cases]) for name in cases[0]}
    frame = audit_tables(tables, run_metrics(tables, params.for_sql()), params)
    return {(row["case_id"], row["claim_id"]): row for row in frame.iter_rows(named=True)}


@pytest.mark.parametrize(("case", "claim", "verdict", "value"), EXPECTED)
def test_verdict(case: str, claim: str, verdict: str, value: float | None) -> None:
    found = audited()[case, claim]
    assert found["verdict"] == verdict, found["explanation"]
    assert found["value"] == (None if value is None else pytest.approx(value, abs=0.006))


def test_no_claim_is_without_an_expected_verdict() -> None:
    typed = {(case, row["id"]) for case in ALL for row in rows(case, "claims")}
    assert typed == {(case, claim) for case, claim, *_ in EXPECTED} == audited().keys()
