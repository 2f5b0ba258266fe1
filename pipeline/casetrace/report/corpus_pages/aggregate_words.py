"""How counts that are told as classes, and classes of values, are written."""

from typing import Any

from casetrace.values import display

Row = dict[str, Any]


def count(low: int, high: int | None) -> str:
    """``61 to 70``, ``10 or fewer``, a number that is known exactly, or that nothing is told."""
    if high is None:
        return "withheld"
    if low == 0 and high > 0:
        return f"{display.number(high)} or fewer"
    return display.span(low, high)


def state(row: Row, name: str) -> str:
    """The count of a state (known, open, missing, not_applicable) of a variable."""
    return count(row[f"{name}_low"], row[f"{name}_high"])


def class_of_values(low: float | None, high: float | None) -> str:
    """``45 to under 55``, ``under 45``, ``80 or more``; ``any`` for the only class."""
    if low is None and high is None:
        return "any"
    if low is None:
        return f"under {display.exact(high or 0.0)}"
    if high is None:
        return f"{display.exact(low)} or more"
    return f"{display.exact(low)} to under {display.exact(high)}"


def answer(row: Row) -> str:
    """The class of a choice or of yes and no."""
    if row["is_pooled"]:
        return "other answers, together"
    return str(row["word"])


def quantile(row: Row, decimals: int, *, is_exact: bool) -> str:
    """A quantile: the number, or the ends of the class that it lies in."""
    if is_exact:
        return display.number(row["low"], decimals)
    low, high = row["low"], row["high"]
    return class_of_values(low, high).replace("to under", "to")
