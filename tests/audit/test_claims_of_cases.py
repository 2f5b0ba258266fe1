"""Claims about doses and score items, from a case folder to the verdict: regimens, totals of rows, circles, words."""

from pathlib import Path

import polars as pl
import pytest
from casetrace.audit import audit_tables
from casetrace.metrics.run import run_metrics

from tests.case_builder import params, sheet, tables

DOSES = """
id  | drug                   | kind     | route | purpose      | amount | unit      | stat | every | start | end
SC  | heparin                | bolus    | sc    | prophylactic | 5000   | U         |      | 8h    | D1    | D6
ONE | heparin                | bolus    |       |              | 8000   | U         |      |       | D7    |
TOT | heparin                | total    |       |              | 8000   | U         |      |       | D7    |
RUN | heparin                | infusion |       |              | 400    | U/h       |      |       | D9    | D13
LOW | argatroban             | infusion | iv    | therapeutic  | 2      | ug/kg/min |      |       | D14   | @MAX
MAX | argatroban             | infusion | iv    | therapeutic  | 15.5   | ug/kg/min | max  |       | D18   |
DAY | enoxaparin             | bolus    | sc    |              | 30     | mg        |      | 12h   | D14   | +5d
NIL | danaparoid             | infusion | iv    |              |        |           |      |       | D20   |
"""
LABS = """
id | when | analyte    | value    | unit   | stat
P1 | D0   | platelets  | 500      | 10*9/L |
P2 | D8   | platelets  | 15       | 10*9/L |
F8 | D5   | factor VIII| >5.5     | IU/mL  |
S1 | D1   | RT-PCR     | negative |        |
S2 | D2   | RT-PCR     | negative |        |
S3 | D2   | RT-PCR     | positive |        |
S4 | D2   | SRA        | positive |        |
"""


HEADING = "id | claim | compute | of | from | to | per | comparator | value | unit | gave"


def folder(parent: Path, claim: str) -> dict[str, pl.DataFrame]:
    """Canonical tables of the case with one claim: `compute | of | from | to | per | comparator | value | unit | gave`."""
    files = {
        "doses.csv": sheet(DOSES), "labs.csv": sheet(LABS), "patient.csv": None, "targets.csv": None, "scores.csv": None,
        "claims.csv": sheet(f"{HEADING}\nC1 | words | {claim}"),
    }  # fmt: skip
    return tables(parent, files)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """Metrics of the case; no claim changes them."""
    return run_metrics(folder(tmp_path_factory.mktemp("metrics"), "other | | | | | | | |"), params().for_sql())


@pytest.mark.parametrize(
    ("claim", "verdict", "said"),
    [
        # A regimen over the distance of two of its doses, in the unit of the claim.
        ("dose_rate | SC | | | d | = | 15000 | U/day |", "reproduced", "15 000 U/day as mean rate"),
        ("dose_rate | RUN | | | d | = | 9600 | U/day |", "reproduced", "9600 U/day as rate"),
        ("dose_rate | RUN | | | h | = | 500 | U/h |", "contradicted by the printed numbers", "400 U/h as rate"),
        ("dose_total | RUN | | | | ~ | 38400 | U |", "possible", "38 400 U (28 807 to 47 993 U) in all"),
        ("dose_total | DAY | | | | = | 300 | mg |", "reproduced", "300 mg in all"),
        ("dose_total | ONE TOT | | | | = | 16000 | U |", "reproduced", "16 000 U in all"),
        ("dose_total | ONE DAY | | | | = | 16000 | U |", "not computable", "units that cannot be added"),
        ("dose_total | NIL | | | | = | 1 | U |", "not computable", "the weight that it needs, is not printed"),
        # The remainder of a printed total cannot test that total.
        ("dose_total | ONE TOT | | | | = | 16000 | U | TOT", "nothing to test against", "TOT was typed from this statement"),
        ("dose_total | ONE TOT | | | | = | 16000 | U | RUN", "reproduced", "16 000 U in all"),
        # A rate printed as the highest is that number.
        ("ratio | | LOW | MAX | | = | 7.75 | |", "reproduced", "7.75"),
        ("ratio | | LOW | MAX | | = | 8 | |", "reproduced", "7.8"),
        ("ratio | | LOW | MAX | | = | 9 | |", "contradicted by the printed numbers", "7.8"),
        # More than 5.5 is not reached, so 'more than 5.5' holds and 'more than 5.6' is open.
        ("level | F8 | | | | > | 5.5 | IU/mL |", "reproduced", "more than 5.5 IU/mL"),
        ("level | F8 | | | | > | 5.6 | IU/mL |", "possible", "more than 5.5 IU/mL"),
        # Words agree by word and time.
        ("agrees | S1 S2 | | | | | | |", "two places differ", "different times"),
        ("agrees | S2 S3 | | | | | | |", "two places differ", "different results"),
        ("agrees | S3 S4 | | | | | | |", "reproduced", ""),
        # Where no item is printed, the points are those by the data.
        ("score_item | 4ts thrombosis | | | | = | 0 | points |", "possible", "0 to 2 points by the data"),
        ("score_item | 4ts nonsense | | | | = | 0 | points |", "not computable", "is computed"),
    ],
)  # fmt: skip
def test_verdict(tmp_path: Path, results: dict[str, pl.DataFrame], claim: str, verdict: str, said: str) -> None:
    found = audit_tables(folder(tmp_path, claim), results, params()).row(0, named=True)
    assert found["verdict"] == verdict, found["explanation"]
    assert said in found["explanation"].replace("\u202f", " ").replace("\u00a0", " ")
