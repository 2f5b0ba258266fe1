"""A rate or an amount of 0 adds nothing, is no exposure and starts no course."""

import pytest

from tests.shared_inputs import metric, results
from tests.spec import case, check


def test_an_infusion_held_at_zero_as_the_only_one_is_no_heparin() -> None:
    for name in ("iv_ufh_total", "iv_ufh_max_24h"):
        found = metric("rate-of-zero", name)
        assert (found["value"], found["status"]) == (0, "ok"), name
    for name in ("iv_ufh_highest_rate", "iv_ufh_first_start", "iv_ufh_n_boluses", "any_heparin_first_exposure"):
        found = metric("rate-of-zero", name)
        assert (found["value"], found["status"]) == (None, "no_data"), name
    assert "iv_ufh_day_total" not in set(results("rate-of-zero")["metrics"]["metric"])


@pytest.mark.parametrize(
    "zero",
    [
        "Z | infusion | 0 | | D0T08:00 | D5T08:00 | iv",
        "Z | infusion | 0 | max | D0T08:00 | D5T08:00 | iv",
        "Z | bolus | 0 | | D0T08:00 | | iv",
        "Z | total | 0 | | D0 | D3 | iv",
        "Z | infusion | 0 | | D0T08:00 | | iv",
    ],
)
def test_zero_before_a_course_changes_nothing_of_it(zero: str) -> None:
    tables = case(
        doses=f"""
        id | kind | amount | stat | start | end | route
        {zero}
        A | infusion | 1000 | | D5T08:00 | D6T08:00 | iv
        """
    )
    check(
        tables,
        """
        metric              | value | low   | high  | status | rows
        iv_ufh_total        | 24000 | 24000 | 24000 | ok     | A
        iv_ufh_max_24h      | 24000 | 24000 | 24000 | ok     | A
        iv_ufh_highest_rate | 1000  | 1000  | 1000  | ok     | A
        iv_ufh_first_start  | 7680  | 7680  | 7680  | ok     | A
        """,
    )


def test_another_drug_held_at_zero_begins_no_course() -> None:
    tables = case(
        doses="""
        id | drug       | kind     | amount | start    | end
        H  |            | infusion | 1000   | D1T00:00 | D4T00:00
        Z  | argatroban | infusion | 0      | D2T00:00 | D3T00:00
        """,
        labs="id | when | analyte | value\nA1 | D3T12:00 | aptt | 60",
    )
    check(tables, "metric | stratum | value | rows\naptt_n | unfractionated heparin | 1 | A1")


def test_heparin_under_the_skin_has_totals_of_its_own() -> None:
    tables = case(
        doses="""
        id | kind     | amount | start    | end      | route | purpose
        S1 | bolus    | 5000   | D0T08:00 |          | sc    | prophylactic
        S2 | bolus    | 5000   | D0T20:00 |          | sc    |
        U  | bolus    | 1000   | D3T08:00 |          |       | prophylactic
        I  | infusion | 1000   | D1T00:00 | D2T00:00 | iv    | therapeutic
        J  | infusion | 500    | D5T00:00 | D6T00:00 |       | prophylactic
        """
    )
    check(
        tables,
        """
        metric         | value | low   | high  | status         | rows
        sc_ufh_total   | -     | 10000 | 11000 | not_computable | S1,S2,U
        sc_ufh_max_24h | 10000 | 10000 | 10000 | ok             | S1,S2,U
        iv_ufh_total   | 24000 | 24000 | 24000 | ok             | I
        """,
    )
    check(case(), "metric | value | status\nsc_ufh_total | - | no_data\nsc_ufh_max_24h | - | no_data")
