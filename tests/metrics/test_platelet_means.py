"""A mean or a median of platelet counts is no count, but below or above all of them it tells of one."""

import pytest

from tests.spec import case, check, measured, pick

HEPARIN = "id | kind | amount | start | end\nA | infusion | 1000 | D0T08:00 | D16T08:00"
COUNTS = "id | when | value | stat\nP0 | D0T06:00 | 250 |\nP1 | D1T08:00 | 250 |\nP2 | D5T08:00 | 245 |\n"


@pytest.mark.parametrize("stat", ["mean", "median"])
def test_below_every_count_it_opens_the_nadir(stat: str) -> None:
    tables = case(doses=HEPARIN, labs=COUNTS + f"P3 | D7..D9 | 90 | {stat}")
    check(
        tables,
        """
        metric              | stratum              | value | low  | high  | status         | rows
        platelets_nadir     |                      | -     | 0    | 90    | not_computable | P2,P3
        platelets_nadir_day |                      | -     | 7    | 9     | not_computable | P3
        platelets_fall_pct  | highest_before_nadir | -     | 64   | 100   | not_computable | P0,P1,P3
        platelets_n         |                      | 3     | 3    | 3     | ok             | P0,P1,P2
        platelets_last      |                      | 245   | 245  | 245   | ok             | P2
        """,
    )
    onset = pick(measured(tables, "platelets_course"), "platelets_fall_onset")
    assert (onset["low"], onset["high"]) == (5 * 1440 + 480, 10 * 1440 - 1)


def test_above_every_count_it_opens_the_peak() -> None:
    tables = case(doses=HEPARIN, labs=COUNTS + "M | D2..D3 | 400 | mean\nP3 | D7T08:00 | 190 |")
    check(
        tables,
        """
        metric                            | stratum       | value | low  | high | status
        platelets_baseline_since_heparin  |               | -     | 400  | -    | not_computable
        platelets_fall_pct                | since_heparin | -     | 52.5 | 100  | not_computable
        platelets_nadir                   |               | 190   | 190  | 190  | ok
        """,
    )


@pytest.mark.parametrize("mean", ["90", "150", "250"])
def test_between_the_counts_it_changes_nothing(mean: str) -> None:
    tables = case(doses=HEPARIN, labs=COUNTS + f"P3 | D7T08:00 | 90 |\nM | D7..D9 | {mean} | mean")
    check(
        tables,
        """
        metric             | stratum              | value | low | high | status
        platelets_nadir    |                      | 90    | 90  | 90   | ok
        platelets_fall_pct | highest_before_nadir | 64    | 64  | 64   | ok
        """,
    )
