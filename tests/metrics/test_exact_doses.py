"""Doses that hit a threshold exactly are answered by its sign, whatever the unit of the weight or of the rate."""

from decimal import Decimal

import pytest

from tests.case_builder import SOURCE, rows, sheet, tables
from tests.metrics.from_folder import metric_of
from tests.shared_inputs import metric
from tests.spec import case, check, measured, together

WITHOUT = {"labs.csv": None, "claims.csv": None, "targets.csv": None, "patient.csv": None}
HEAD = "id | drug | kind | route | purpose | amount | unit | start | end\n"
KG_PER_LB = Decimal("0.45359237")
POUNDS = range(40, 401)


def test_the_made_up_thresholds() -> None:
    assert metric("threshold-dose", "iv_ufh_max_24h")["value"] == 35000
    assert metric("threshold-dose", "resistance_dose_24h")["value"] == 0
    for name in ("iv_ufh_highest_rate_per_kg", "iv_ufh_max_24h_mean_rate_per_kg"):
        assert metric("threshold-rate-lb", name)["value"] == 25
    for name in ("resistance_mean_rate_icu", "resistance_highest_rate_icu", "resistance_mean_rate"):
        assert metric("threshold-rate-lb", name)["value"] == 1


def test_a_rate_at_a_threshold_is_exact_per_kg_for_every_whole_pound(tmp_path):
    """A weight for each day, and on each day 20 and 25 U/kg/h, typed per kg and as the absolute rate."""
    weights = [f"body_weight,{pounds},lb,D{day}T00:00,W{pounds}" for day, pounds in enumerate(POUNDS)]
    doses = []
    for day, pounds in enumerate(POUNDS):
        for hour, threshold in ((1, 20), (2, 25)):
            doses += [
                f"P{pounds}-{threshold},heparin,infusion,{threshold},U/kg/h,D{day}T0{hour}:00,+15min",
                f"A{pounds}-{threshold},heparin,infusion,{threshold * KG_PER_LB * pounds},U/h,D{day}T0{hour}:30,+15min",
            ]
    found = tables(
        tmp_path,
        WITHOUT
        | {
            "source.yaml": SOURCE.replace("D0/D25", "D0/D400"),
            "patient.csv": "item,value,unit,when,id\n" + "\n".join(weights) + "\n",
            "doses.csv": "id,drug,kind,amount,unit,start,end\n" + "\n".join(doses) + "\n",
        },
    )["doses"]
    assert found.height == 4 * len(POUNDS)
    for row_id, amount, per_kg in rows(found, "row_id", "amount", "amount_per_kg"):
        pounds, threshold = (int(part) for part in str(row_id)[1:].split("-"))
        assert (amount, per_kg) == (threshold * KG_PER_LB * pounds, threshold), row_id


def test_a_threshold_per_kg_is_answered_by_its_sign_for_every_whole_pound() -> None:
    some = []
    for pounds in POUNDS:
        weight = KG_PER_LB * pounds
        for threshold in (20, 25):
            # With the amount per kg of the row, and without it, by the weight of the case.
            for form, per_kg in (("row", threshold), ("case", "")):
                text = "id | kind | amount | per_kg | start | end\n"
                text += f"A | infusion | {threshold * weight} | {per_kg} | D0T00:00 | D1T00:00"
                some.append(case(f"{pounds}-{threshold}-{form}", weight=str(weight), doses=text))
    results = measured(together(*some), "resistance", "heparin_window", "heparin_rates")["metrics"]
    found = {(row["case_id"], row["metric"]): row["value"] for row in results.iter_rows(named=True)}
    for pounds in POUNDS:
        for threshold in (20, 25):
            for form in ("row", "case"):
                name = f"{pounds}-{threshold}-{form}"
                assert found[name, "iv_ufh_max_24h_mean_rate_per_kg"] == threshold, name
                assert found[name, "iv_ufh_highest_rate_per_kg"] == threshold, name
                assert found[name, "resistance_mean_rate"] == found[name, "resistance_highest_rate"] == (threshold > 20)
                assert found[name, "resistance_mean_rate_icu"] == (threshold >= 25), name


@pytest.mark.parametrize(
    ("doses", "exact"),
    [
        # A rate per day, per minute, an odd length, a total over its span, and three at once.
        ("A | heparin | infusion | iv | therapeutic | 35000 | U/d | D0T00:00 | D3T00:00", 35000),
        ("A | heparin | infusion | iv | therapeutic | 7 | U/min | D0T00:00 | +5000min", 10080),
        ("A | heparin | total | iv | therapeutic | 35000 | U | D0T00:00 | +7min", 35000),
        ("A | heparin | total | iv | therapeutic | 70000 | U | D0T00:00 | D2T00:00", 35000),
        (
            "A | heparin | infusion | iv | therapeutic | 17500 | U/d | D0T00:00 | D1T00:00\n"
            "B | heparin | bolus | iv | therapeutic | 5833.3 | U | D0T07:00 |\n"
            "C | heparin | bolus | iv | therapeutic | 11666.7 | U | D0T11:00 |",
            35000,
        ),
    ],
)  # fmt: skip
def test_amounts_come_back_exactly(tmp_path, doses, exact):
    found = metric_of(tmp_path, WITHOUT | {"doses.csv": sheet(HEAD + doses)})
    value, low, high, status = found("iv_ufh_max_24h")
    assert (value, status) == (exact, "ok")
    if "total" not in doses:
        assert low == high == exact
    assert found("resistance_dose_24h")[0] in (0, None)


@pytest.mark.parametrize("minutes", [1, 7, 11, 13, 17, 37, 59, 61, 1439, 1441, 9973])
def test_an_amount_that_an_import_made_a_rate_of_comes_back_exactly(minutes: int) -> None:
    rate = (Decimal(1000) * 60 / minutes).quantize(Decimal("1e-12"))
    tables_ = case(doses=f"id | kind | amount | start | end\nA | infusion | {rate} | 0 | {minutes}")
    results = measured(tables_, "heparin_totals", "terms")
    found = {row["metric"]: row["value"] for row in results["metrics"].iter_rows(named=True)}
    assert found["iv_ufh_total"] == 1000
    amounts = results["terms"]
    assert set(amounts.filter(amounts["metric"] == "iv_ufh_total")["amount"]) == {1000.0}


def test_one_unit_above_the_threshold_is_above_it() -> None:
    for amount, answer in (("34999.999999", 0), ("35000", 0), ("35000.000001", 1)):
        tables_ = case(doses=f"id | amount | start\nA | {amount} | 0")
        check(tables_, f"metric | value\nresistance_dose_24h | {answer}")


def test_equal_bounds_are_the_value_in_every_dose_metric() -> None:
    """An end that is not stated leaves the largest amount of a day, of a rate and of a known length what it is."""
    tables_ = case(
        weight="80",
        doses="""
        id | kind     | amount | start      | end
        A  | infusion | 1000   | D0..D0     | D4..
        B  | bolus    | 9000   | D9..       |
        """,
    )
    check(
        tables_,
        """
        metric              | stratum | value | low   | high  | status
        iv_ufh_max_24h      |         | -     | 24000 | 33000 | not_computable
        iv_ufh_bolus_total  |         | 9000  | 9000  | 9000  | ok
        iv_ufh_highest_rate |         | 1000  | 1000  | 1000  | ok
        iv_ufh_day_total    | D2      | 24000 | 24000 | 24000 | ok
        """,
    )


def test_a_printed_highest_rate_is_the_highest_rate() -> None:
    tables_ = case(
        doses="""
        id | kind     | amount | stat | start    | end
        A  | infusion | 1500   | max  | D0T00:00 | D4T00:00
        """
    )
    check(tables_, "metric | value | low | high | status\niv_ufh_highest_rate | 1500 | 1500 | 1500 | ok")


def test_two_pumps_add_up_in_the_highest_rate() -> None:
    tables_ = case(
        doses="""
        id | kind     | amount | start    | end
        A  | infusion | 1000   | D0T00:00 | D2T00:00
        B  | infusion | 500    | D0T06:00 | D0T12:00
        C  | infusion | 400    | D1T06:00 | D1T12:00
        D  | infusion | 1200   | D2T00:00 | D3T00:00
        """
    )
    check(tables_, "metric | value | low | high\niv_ufh_highest_rate | 1500 | 1500 | 1500")
