"""Floating-point numbers as a reader may cite them: without the noise of their last binary digits."""

import polars as pl

#: A double holds 15 to 17 significant digits, and sums of doses lose the last few: 46710.655999999995 is 46710.656.
SIGNIFICANT_DIGITS = 12


def citable(value: float) -> float:
    """The number rounded to `SIGNIFICANT_DIGITS`; order and equality of numbers stay as they are."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def citable_table(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with every floating-point column rounded in the same way; other columns are untouched."""
    rounded = [
        pl.Series(name, [None if v is None else citable(v) for v in frame[name]], dtype=dtype)
        for name, dtype in frame.schema.items()
        if dtype.is_float()
    ]
    return frame.with_columns(rounded)
