"""The verdict on every statement of the transcribed cases, and the number that the printed ones give for it."""

from functools import cache

import polars as pl
import pytest
from casetrace.audit import audit_tables
from casetrace.core.params import load
from casetrace.extract.case_folder import read_case
from casetrace.metrics.run import run_metrics

from tests.cases import known
from tests.cases.raw_rows import CASES, ROOT, rows

R, P, TWO, N = "reproduced", "possible", "two places differ", "nothing to test against"

#: case, claim, verdict, best number in the canonical unit (rates per hour; None where only bounds or nothing is given).
EXPECTED = [
    (known.ACP, "C-FALL", R, 57.14),
    (known.ACP, "C-DAY", R, 625),
    (known.HIGH_DOSE, "C-FALL", R, 93.22),
    (known.HIGH_DOSE, "C-4T-PLT", P, None),
    (known.HIGH_DOSE, "C-RATIO", R, 7.75),
    (known.HIGH_DOSE, "C-APTT", R, 56),
    (known.CPB, "C-DAY", N, None),
    (known.CPB, "C-4T-TIME", P, None),
    (known.PSEUDO, "C-AVERAGE", R, 2333.33),
    (known.PSEUDO, "C-PERKG", R, 20.65),
    (known.PSEUDO, "C-35000", R, None),
    (known.PSEUDO, "C-DISCORD", N, None),
    (known.PSEUDO, "C-FVIII", N, None),
    (known.PSEUDO, "C-CAUSE", N, None),
    (known.GIRL, "C-FALL", R, 62.07),
    (known.DELRUE, "C-FALL", R, 69.96),
    (known.DELRUE, "C-4T", P, None),
    (known.GREEN, "C-FALL", R, 76.99),
    (known.GREEN, "C-RISE", R, 84),
    (known.GREEN, "C-DAYS", R, 4),
    (known.FONDA, "C-DAY", R, 700),
    (known.FONDA, "C-4T", P, None),
    (known.FONDA, "C-BAND", R, None),
    (known.FONDA, "C-PROB", N, None),
    (known.FONDA, "C-FIRST", N, None),
    (known.RIVA, "C-FALL", R, 95.68),
    (known.RIVA, "C-4T", P, None),
    (known.RIVA, "C-4T-PLT", P, None),
    (known.BOY, "C-FALL110", R, 63.64),
    (known.BOY, "C-FALL220", R, 81.82),
    (known.OGAWA, "C-BMI", R, 35.92),
    (known.OGAWA, "C-DAY", R, 300),
    (known.OGAWA, "C-PERKG", R, 2.73),
    (known.OGAWA, "C-FIRST24", P, None),
    (known.OGAWA, "C-CLOCK", R, 10),
    (known.OGAWA, "C-4T-TIME", P, None),
    (known.PHAN, "C-SUM", R, 5),
    (known.PHAN, "C-4T", P, None),
    (known.PHAN, "C-BAND", R, None),
    (known.PCI, "C-16000", N, None),
    (known.PCI, "C-AT-RISE", R, 25),
    (known.PCI, "C-AT-UNIT", R, 0.0104),
    (known.PCI, "C-21000", R, 21000),
    (known.PCI, "C-ACT-RISE", R, 116),
    (known.PCI, "C-USUAL", N, None),
    (known.PCI, "C-COAG", N, None),
    (known.PAROTID, "C-FALL", R, 97),
    (known.PAROTID, "C-CLOCKS", N, None),
    (known.PAROTID, "C-4T-PLT", P, None),
    (known.PAROTID, "C-4T-TIME", P, None),
    (known.PAROTID, "C-4T-THROMB", P, None),
    (known.PAROTID, "C-4T-CAUSES", P, None),
    (known.POSTPARTUM, "C-DAY", R, 400),
    (known.POSTPARTUM, "C-TOTAL", P, 38400),
    (known.POSTPARTUM, "C-NO-FALL", R, 434),
    (known.POSTPARTUM, "C-THROMBO", R, 6),
    (known.POSTPARTUM, "C-SWAB1", TWO, None),
    (known.POSTPARTUM, "C-SWAB4", TWO, None),
    (known.POSTPARTUM, "C-SWAB5", TWO, None),
    (known.POSTPARTUM, "C-STOP", TWO, None),
    (known.TABLE, "C-FIB", R, 1.62),
    (known.TABLE, "C-RVT2", TWO, None),
    (known.TABLE, "C-LOS", N, None),
    (known.TABLE, "C-WORSE", N, None),
    (known.DOG_BITE, "C-FALL", R, 61.11),
    (known.DOG_BITE, "C-EARLY", P, 1),
    (known.DOG_BITE, "C-4T-TIME", P, None),
    (known.DOG_BITE, "C-WORKUP", N, None),
]


@cache
def audited() -> dict[tuple[str, str], dict[str, object]]:
    """Verdict and number of every claim, all cases measured together."""
    params = load(ROOT / "params.yaml")
    cases = [read_case(CASES / case, params)[0] for case in known.ALL]
    tables = {name: pl.concat([case[name] for case in cases]) for name in cases[0]}
    frame = audit_tables(tables, run_metrics(tables, params.for_sql()), params)
    return {(row["case_id"], row["claim_id"]): row for row in frame.iter_rows(named=True)}


@pytest.mark.parametrize(("case", "claim", "verdict", "value"), EXPECTED)
def test_verdict(case: str, claim: str, verdict: str, value: float | None) -> None:
    found = audited()[case, claim]
    assert found["verdict"] == verdict, found["explanation"]
    assert found["value"] == (None if value is None else pytest.approx(value, abs=0.006))


def test_no_claim_is_without_an_expected_verdict() -> None:
    typed = {(case, row["id"]) for case in known.ALL for sheet in ("claims", "checks") for row in rows(case, sheet)}
    assert typed == {(case, claim) for case, claim, *_ in EXPECTED} == audited().keys()


def test_what_the_curator_worked_out_is_no_statement_of_the_authors() -> None:
    typed = {(case, row["id"]) for case in known.ALL for row in rows(case, "checks")}
    assert {key for key, row in audited().items() if row["by"] == "curator"} == typed
    assert len(typed) > 30


def test_no_statement_of_the_authors_says_that_it_is_not_theirs() -> None:
    notes = [row.get("note") or "" for case in known.ALL for row in rows(case, "claims")]
    assert not [note for note in notes if "not printed itself" in note or "worked out from" in note]
