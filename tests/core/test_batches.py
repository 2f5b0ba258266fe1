"""Cases in batches."""

import pytest
from casetrace.core.batches import in_batches

SIZES = [("a", 3), ("b", 3), ("c", 9), ("d", 0), ("e", 4), ("f", 1)]


@pytest.mark.parametrize(
    ("most_cases", "most_rows", "expected"),
    [
        (10, 100, ["abcdef"]),
        (2, 100, ["ab", "cd", "ef"]),
        (10, 6, ["ab", "c", "def"]),
        (10, 5, ["a", "b", "c", "def"]),
        (1, 100, ["a", "b", "c", "d", "e", "f"]),
        (10, 0, ["a", "b", "c", "d", "e", "f"]),
    ],
)
def test_batches_keep_to_both_limits(most_cases, most_rows, expected):
    assert in_batches(SIZES, most_cases, most_rows) == [list(ids) for ids in expected]


def test_without_cases_there_is_one_empty_batch():
    assert in_batches([], 5, 5) == [[]]
