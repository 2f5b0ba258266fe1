"""Reference limits with a sign, and what normal, low and high mean by them."""

from pathlib import Path

import pytest

from tests.case_builder import read, sheet, tables


@pytest.mark.parametrize(
    ("word", "ref_low", "ref_high", "low", "low_is_strict", "high", "high_is_strict"),
    [
        # A limit without a sign, or with <= or >=, belongs to the range.
        ("normal", "150", "400", 150.0, False, 400.0, False),
        ("high", "150", "400", 400.0, True, None, False),
        ("low", "150", "400", None, False, 150.0, True),
        ("high", "", "<=400", 400.0, True, None, False),
        # A limit with < or > lies outside: a normal value does not reach it, a high one may.
        ("normal", "", "<400", None, False, 400.0, True),
        ("high", "", "<400", 400.0, False, None, False),
        ("normal", ">150", "", 150.0, True, None, False),
        ("low", ">150", "", None, False, 150.0, False),
    ],
)
def test_words_against_a_range(
    tmp_path: Path,
    word: str,
    ref_low: str,
    ref_high: str,
    low: float | None,
    low_is_strict: bool,
    high: float | None,
    high_is_strict: bool,
) -> None:
    typed = f"id | when | analyte | value | unit | ref_low | ref_high\nL | D3 | PLT | {word} | 10*9/L | {ref_low} | {ref_high}\n"
    found = tables(tmp_path, {"labs.csv": sheet(typed), "claims.csv": None})["labs"].row(0, named=True)
    assert (found["value_low"], found["low_is_strict"]) == (low, low_is_strict)
    assert (found["value_high"], found["high_is_strict"]) == (high, high_is_strict)
    assert (found["ref_low_reported"] or "", found["ref_high_reported"] or "") == (ref_low, ref_high)


@pytest.mark.parametrize(("ref_low", "ref_high", "column"), [("<5", "", "ref_low"), ("", ">5", "ref_high")])
def test_a_sign_on_the_wrong_side_is_refused(tmp_path: Path, ref_low: str, ref_high: str, column: str) -> None:
    typed = (
        f"id | when | analyte | value | unit | ref_low | ref_high\nL | D3 | PLT | 7 | 10*9/L | {ref_low} | {ref_high}\n"
    )
    _, problems = read(tmp_path, {"labs.csv": sheet(typed), "claims.csv": None})
    assert [(p.row, p.column, p.what) for p in problems if p.severity == "error"] == [
        (2, column, f"'{ref_low or ref_high}' is not a plain number")
    ]
