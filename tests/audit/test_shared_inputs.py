"""Made-up articles that print a selection, and numbers with zeros at their end: verdicts that are known."""

import pytest

from tests.audit.claim_case import plain
from tests.shared_inputs import results

NOT_SHOWN = "not shown by the printed numbers"


@pytest.mark.parametrize(
    ("name", "claim", "verdict", "said"),
    [
        ("selective-printing", "C1", NOT_SHOWN, "One aPTT is printed: 70 s."),
        ("selective-printing", "C2", NOT_SHOWN, "One aPTT is printed: 70 s."),
        ("selective-printing", "C3", NOT_SHOWN, "Two platelet counts are printed: 200 and 80 × 10⁹/L."),
        ("selective-printing", "C4", NOT_SHOWN, "One of the 12 aPTTs is printed: 70 s."),
        ("rounding", "C1", "reproduced", "61 000 U may be rounded: it is tested to the nearest 1000 U."),
        ("rounding", "C2", "contradicted by the printed numbers", "The statement is 1400 U less"),
    ],
)
def test_verdict(name, claim, verdict, said):
    [row] = [r for r in results(name)["audit"].iter_rows(named=True) if r["claim_id"] == claim]
    assert row["verdict"] == verdict
    assert said in plain(row["explanation"])
