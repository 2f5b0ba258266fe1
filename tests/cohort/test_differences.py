from collections import Counter
from statistics import fmean

import pytest
from casetrace.cohort.differences import differences, of_shares, of_words
from hypothesis import given
from hypothesis import strategies as st

from tests.cohort.characteristics_builder import LIMITS, everyone, numbered, parted


def halves(rows):
    return parted(rows, rows.height // 2, rows.height - rows.height // 2)


def difference(values, kind="number"):
    rows = numbered(values, kind)
    (row,) = differences(rows, halves(rows), LIMITS).to_dicts()
    return row


def test_of_means_it_is_that_of_the_definition():
    a, b = [1, 2, 3, 4, 5], [3, 5, 7, 9, 11]
    row = difference([*a, *b])
    assert row["smd"] == pytest.approx((fmean(a) - fmean(b)) / ((2.5 + 10) / 2) ** 0.5)
    assert (row["first"], row["second"], row["reason"], row["method"]) == ("g: a", "g: b", None, "means")
    assert (row["n_first"], row["n_second"]) == (5, 5)


def test_of_yes_and_no_it_is_that_of_the_shares():
    # 4 of 5 against 2 of 5: 0.4 over the root of (0.16 + 0.24) / 2
    row = difference([1, 1, 1, 1, 0, 1, 1, 0, 0, 0], "yes_no")
    assert row["smd"] == pytest.approx(0.4 / 0.2**0.5)
    assert row["method"] == "shares"


def test_of_words_it_is_the_distance_of_all_shares():
    """Worked by hand after Yang and Dalton: shares 2/5, 2/5, 1/5 against 1/5, 1/5, 3/5 of x, y, z.

    The mean covariance of the shares of x and y is [[0.2, -0.1], [-0.1, 0.2]], whose inverse is
    [[20/3, 10/3], [10/3, 20/3]]; both shares differ by 0.2, so the squared distance is 0.04 * (20/3 * 2 + 10/3 * 2).
    """
    row = difference(["x", "x", "y", "y", "z", "x", "y", "z", "z", "z"], "choice")
    assert row["smd"] == pytest.approx(0.8**0.5)
    assert row["method"] == "several shares"


def test_of_two_words_it_is_the_size_of_the_difference_of_shares():
    words = ["yes"] * 4 + ["no"], ["yes"] * 2 + ["no"] * 3
    size, _ = of_words(*words)
    signed, _ = of_shares(*([float(word == "no") for word in group] for group in words))
    assert size == pytest.approx(-signed)
    assert signed < 0


WORDS = st.lists(st.sampled_from("vwxyz"), min_size=1, max_size=12)


@given(WORDS, WORDS, st.permutations("vwxyz"))
def test_the_names_of_the_words_and_the_order_of_the_groups_do_not_matter(first, second, names):
    new = dict(zip("vwxyz", names, strict=True))
    distance, reason = of_words(first, second)
    renamed = of_words([new[w] for w in first], [new[w] for w in second])
    assert (renamed[0] is None, renamed[1]) == (distance is None, reason)
    if distance is not None:
        assert renamed[0] == pytest.approx(distance, abs=1e-9)
        assert of_words(second, first)[0] == pytest.approx(distance, abs=1e-9)


@given(WORDS, WORDS)
def test_it_equals_the_weighted_sum_solved_by_elimination(first, second):
    """The same distance in plain Python: Gauss elimination of S x = d, then the root of d x."""
    words = sorted({*first, *second})[:-1]
    p, q = ([Counter(group)[word] / len(group) for word in words] for group in (first, second))
    distance, reason = of_words(first, second)
    if reason is not None:
        assert not words or not {*first} & {*second}
        return
    n = len(words)
    rows = [
        [
            (((p[i] if i == j else 0) - p[i] * p[j]) + ((q[i] if i == j else 0) - q[i] * q[j])) / 2 for j in range(n)
        ] + [p[i] - q[i]]
        for i in range(n)
    ]  # fmt: skip
    for i in range(n):
        best = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for k in range(n):
            if k != i:
                rows[k] = [x - rows[k][i] * y for x, y in zip(rows[k], rows[i], strict=True)]
    expected = max(sum((a - b) * row[-1] for a, b, row in zip(p, q, rows, strict=True)), 0.0) ** 0.5
    assert distance == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "kind", "reason"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], "number", "fewer than 5 known cases in a group"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, None], "number", "fewer than 5 known cases in a group"),
        ([1] * 5 + [2] * 5, "number", "nothing varies within the groups"),
        ([1] * 5 + [0] * 5, "yes_no", "nothing varies within the groups"),
        (["x"] * 10, "choice", "nothing varies within the groups"),
        (["x", "y", "x", "y", "x", "z", "z", "z", "z", "w"], "choice", "no word in common"),
        (["x"] * 5 + ["y"] * 4 + [None], "choice", "fewer than 5 known cases in a group"),
    ],
)
def test_there_is_none_where_it_would_mislead(values, kind, reason):
    row = difference(values, kind)
    assert (row["smd"], row["reason"]) == (None, reason)


def test_cases_that_are_in_no_group_make_no_third_group_and_three_groups_have_no_difference():
    rows = numbered([1, 2, 3, 4, 5, 2, 3, 4, 5, 6])
    assert differences(rows, [*halves(rows), ("g: not known", [])], LIMITS).height == 1
    assert differences(rows, [*halves(rows), ("g: c", [])], LIMITS).height == 0
    assert differences(rows, everyone(rows), LIMITS).height == 0
