"""Small cells are withheld so that no subtraction gives them back."""

from itertools import combinations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy import SMALLEST_CELL, without_small_cells

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=8)


def shown(counts):
    return without_small_cells(pl.DataFrame({"n": counts}), ["n"])["n"].to_list()


def test_small_cells_are_withheld_and_zero_is_not():
    assert shown([0, 3, 4, 5, 50]) == [0, None, None, None, 50]


def test_one_small_cell_takes_the_next_with_it():
    assert shown([3, 20, 50]) == [None, None, 50]


def test_a_cell_at_the_limit_is_shown():
    assert shown([10, 11, 12, 40]) == [None, None, 12, 40]
    assert shown([11, 12]) == [11, 12]


def test_the_rows_with_a_withheld_cell_are_marked():
    table = without_small_cells(pl.DataFrame({"sex": ["f", "m", "x"], "n": [30, 20, 2]}), ["n"])
    assert table["is_withheld"].to_list() == [False, True, True]


@given(COUNTS)
def test_a_known_total_gives_no_small_cell_back(counts):
    """What is withheld is never one cell alone, and never few enough that the rest of a total would be a small count."""
    found = shown(counts)
    withheld = [n for n, cell in zip(counts, found, strict=True) if cell is None]
    assert all(cell is None or cell == 0 or cell >= SMALLEST_CELL for cell in found)
    rest = sum(counts) - sum(cell for cell in found if cell is not None)
    assert rest == sum(withheld)
    if withheld and len(withheld) < sum(
        n > 0 for n in counts
    ):  # else everything is withheld and nothing can be subtracted
        assert len(withheld) > 1
        assert rest >= SMALLEST_CELL


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_subtraction_across_columns_that_share_rows_recovers_no_cell(rows):
    """Every column is protected by itself, so no difference of two shown cells of one row is needed to hide a third."""
    names = ["a", "b", "c"]
    table = pl.DataFrame({name: [row[i] for row in rows] for i, name in enumerate(names)})
    found = without_small_cells(table, names)
    for first, second in combinations(names, 2):
        for row in range(table.height):
            pair = (found[first][row], found[second][row])
            assert all(cell is None or cell == 0 or cell >= SMALLEST_CELL for cell in pair)
