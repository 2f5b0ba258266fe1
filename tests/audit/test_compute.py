"""Each kind of claim on small tables: what the numbers give, and when there is nothing to give."""

import polars as pl
import pytest
from casetrace.audit import audit_tables
from casetrace.core.params import load
from casetrace.metrics.run import run_metrics
from casetrace.schemas import CANONICAL
from casetrace.schemas.base import dtypes

from tests.spec import PARAMS, case

LABS = """
    id | analyte   | value  | when
    P1 | platelets | 200    | D1
    P2 | platelets | 50     | D4T08:00
    P3 | platelets | 60..80 | D6
    A1 | aptt      | >150   | D2T08:00
    A2 | aptt      | 40     | D2T12:00
    A3 | aptt      | 60     | D3
    """
DOSES = """
    id | drug                 | kind     | amount | per_kg | start    | end
    B1 |                      | bolus    | 5000   |        | D1T08:00 |
    B2 |                      | bolus    | 3000   |        | D2       |
    I1 |                      | infusion | 1600   | 20     | D1T08:00 | D1T20:00
    T1 | argatroban           | total    | 240    |        | D5T00:00 | +24h
    """
EVENTS = """
    id  | event      | when
    ADM | admission  | D0
    OPE | ecmo_start | D1T06:00
    END | ecmo_end   | @OPE+96h
    """


@pytest.fixture(scope="module")
def params(request):
    return load(request.config.rootpath / "params.yaml")


def claim(**cells):
    """One claim as extract would type it, in canonical form."""
    value = cells.pop("value", None)
    number = None if value is None else [float(x) for x in value.split("..")]
    base = {
        "case_id": "c1", "row_id": "C1", "claim": "a claim", "comparator": "=", "raw_file": "claims.csv", "raw_row": 2,
        "value_reported": value, "unit_reported": cells.pop("unit", None),
        "value_low": number and number[0], "value_high": number and number[-1],
        "decimals": None if value is None else max(len(x.partition(".")[2]) for x in value.split("..")),
    }  # fmt: skip
    columns = dtypes(CANONICAL["claims"])
    row = {name: (base | cells).get(name) for name in columns}
    return CANONICAL["claims"].checked(pl.DataFrame([row], schema=columns, orient="row"))


@pytest.fixture(scope="module")
def tested(params):
    tables = case(
        labs=LABS, doses=DOSES, events=EVENTS, weight="80", patient="id | item | value\nHT | body_height | 200"
    )
    results = run_metrics(tables, PARAMS)

    def test(**cells):
        frame = audit_tables(tables | {"claims": claim(**cells)}, results, params)
        return frame.row(0, named=True)

    return test


@pytest.mark.parametrize(
    ("cells", "verdict", "low", "high"),
    [
        ({"compute": "level", "of": "P2", "value": "50"}, "reproduced", 50, 50),
        ({"compute": "level", "of": "P3", "value": "70"}, "possible", 60, 80),
        ({"compute": "level", "of": "platelets", "value": "50"}, "not computable", None, None),
        ({"compute": "min", "of": "platelets", "value": "50"}, "reproduced", 50, 50),
        ({"compute": "min", "of": "platelets", "since": "@P3", "value": "70"}, "possible", 60, 80),
        ({"compute": "max", "of": "aptt", "value": "60"}, "contradicted by the printed numbers", 150, None),
        ({"compute": "max", "of": "aptt", "since": "@A2", "value": "60"}, "reproduced", 60, 60),
        ({"compute": "max", "of": "aptt", "since": "D3", "value": "60"}, "reproduced", 60, 60),
        ({"compute": "mean", "of": "aptt", "since": "@A2", "value": "50"}, "reproduced", 50, 50),
        ({"compute": "mean", "of": "aptt", "value": "100"}, "possible", 250 / 3, None),
        (
            {"compute": "change", "of": "platelets", "since": "P1", "until": "P2", "value": "-150"},
            "reproduced",
            -150,
            -150,
        ),
        (
            {"compute": "change", "of": "platelets", "since": "P1", "until": "P2", "per": "B1 B2", "value": "-0.019"},
            "reproduced",
            -150 / 8000,
            -150 / 8000,
        ),
        (
            {"compute": "change", "of": "platelets", "since": "P1", "until": "P3", "per": "B1", "value": "-0.025"},
            "possible",
            -140 / 5000,
            -120 / 5000,
        ),
        (
            {"compute": "change", "of": "platelets", "since": "P1", "until": "P2", "per": "P3", "value": "1"},
            "not computable",
            None,
            None,
        ),
        (
            {"compute": "fall_pct", "of": "platelets", "since": "P1", "until": "P3", "value": "65", "unit": "%"},
            "possible",
            60,
            70,
        ),
        (
            {"compute": "rise_pct", "of": "platelets", "since": "P2", "until": "P3", "value": "40", "unit": "%"},
            "possible",
            20,
            60,
        ),
        ({"compute": "ratio", "of": "aptt", "since": "A2", "until": "A3", "value": "1.5"}, "reproduced", 1.5, 1.5),
        (
            {"compute": "dose_total", "of": "unfractionated heparin", "value": "27200", "unit": "U"},
            "reproduced",
            27200,
            27200,
        ),
        ({"compute": "dose_total", "of": "argatroban", "value": "240", "unit": "mg"}, "reproduced", 240, 240),
        ({"compute": "dose_total", "of": "argatroban", "window": "12h", "value": "9"}, "not computable", None, None),
        ({"compute": "dose_rate", "of": "T1", "value": "10", "unit": "mg/h"}, "reproduced", 10, 10),
        (
            {"compute": "dose_rate", "of": "unfractionated heparin", "unit": "U/kg/h", "value": "20"},
            "reproduced",
            20,
            20,
        ),
        ({"compute": "duration", "since": "OPE", "until": "P2", "value": "74", "unit": "h"}, "reproduced", 74, 74),
        ({"compute": "duration", "since": "OPE", "until": "P2", "value": "3", "unit": "d"}, "reproduced", 3, 3),
        (
            {"compute": "duration", "since": "OPE", "until": "END", "value": "4", "unit": "d"},
            "nothing to test against",
            None,
            None,
        ),
        (
            {"compute": "duration", "since": "OPE", "until": "NOPE", "value": "4", "unit": "d"},
            "not computable",
            None,
            None,
        ),
        ({"compute": "count", "of": "unfractionated heparin bolus", "value": "2"}, "reproduced", 2, 2),
        (
            {"compute": "count", "of": "unfractionated heparin bolus", "since": "D2T12:00", "value": "1"},
            "possible",
            0,
            1,
        ),
        ({"compute": "count", "of": "platelets", "value": "3"}, "reproduced", 3, 3),
        ({"compute": "bmi", "value": "20", "unit": "kg/m2"}, "reproduced", 20, 20),
        ({"compute": "agrees", "of": "P1 P2"}, "two places differ", 50, 200),
        ({"compute": "score_sum", "of": "4ts", "value": "1"}, "not computable", None, None),
        ({"compute": "score_band", "of": "4ts low", "value": "0..3"}, "reproduced", 0, 3),
        ({"compute": "score_band", "of": "4ts low", "value": "1..3"}, "two places differ", 0, 3),
        ({"compute": "other", "of": "platelets_nadir", "value": "50"}, "reproduced", 50, 50),
        ({"compute": "other", "of": "no_such_metric", "value": "50"}, "not computable", None, None),
        ({"compute": "other", "value": "50"}, "nothing to test against", None, None),
        ({"compute": "other", "of": "P1 P2", "value": "50"}, "nothing to test against", None, None),
    ],
)
def test_a_claim(tested, cells, verdict, low, high):
    row = tested(**cells)
    assert row["verdict"] == verdict, row["explanation"]
    assert row["low"] == (None if low is None else pytest.approx(low))
    assert row["high"] == (None if high is None else pytest.approx(high))


def test_a_claim_in_another_unit_is_compared_in_the_unit_of_the_test(tested):
    row = tested(compute="level", of="P2", value="50000", unit="/uL")
    assert row["verdict"] == "reproduced"
    assert "50 000/uL" in row["explanation"].replace("\u202f", " ").replace("\u00a0", "")


def test_a_unit_that_does_not_measure_the_same_is_not_compared(tested):
    row = tested(compute="level", of="P2", value="50", unit="g/L")
    assert row["verdict"] == "not computable"
    assert "cannot be compared" in row["explanation"]


def test_what_is_missing_is_said(tested):
    assert "3 results of platelets: name one row" in tested(compute="level", of="platelets", value="1")["explanation"]
    assert "no row 'NOPE'" in tested(compute="duration", since="ADM", until="NOPE", value="1", unit="d")["explanation"]
