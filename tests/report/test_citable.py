"""Numbers to cite: no noise, the same order, nothing else touched."""

import math

import polars as pl
import pytest
from casetrace.report.text.citable import SIGNIFICANT_DIGITS, citable, citable_table
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("noisy", "cited"),
    [(46710.655999999995, 46710.656), (0.1 + 0.2, 0.3), (7.0, 7.0), (-31.132075471698112, -31.1320754717), (0.0, 0.0)],
)
def test_noise_goes(noisy: float, cited: float) -> None:
    assert citable(noisy) == cited


@given(NUMBERS, NUMBERS)
def test_order_stays_and_the_change_is_small(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert citable(low) <= citable(high)
    assert math.isclose(citable(one), one, rel_tol=10.0 ** (1 - SIGNIFICANT_DIGITS), abs_tol=5e-324)
    assert citable(citable(one)) == citable(one)


def test_a_table_keeps_its_shape_and_its_gaps() -> None:
    table = pl.DataFrame({"name": ["a", "b"], "amount": [46710.655999999995, None], "n": [1, 2], "ids": [["x"], []]})
    found = citable_table(table)
    assert found.schema == table.schema
    assert found["amount"].to_list() == [46710.656, None]
    assert found.drop("amount").equals(table.drop("amount"))
