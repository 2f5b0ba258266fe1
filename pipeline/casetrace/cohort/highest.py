"""The highest rate or single dose of a drug in one case, with what the rows leave open.

As for the rates of heparin: an initial, mean or lowest rate bounds the highest one from below and no more, of a
range the upper end counts, and a row without a number leaves the highest one open above.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from casetrace.values import units

Row = dict[str, Any]
#: Kind of the rows that hold a rate, or a single dose; a total holds neither and leaves both open.
_KINDS = {"rate": "infusion", "dose": "bolus"}


def highest(doses: Sequence[Row], what: str, unit: str) -> Row | None:
    """Value, bounds and reason in ``unit``; None where no row has a rate, or a dose, or may hold one.

    Args:
        doses: Rows of `doses` of one case and drug.
        what: ``rate`` or ``dose``.
        unit: A unit of that kind, per kg or not.
    """
    # A repeated dose is printed once; its later occurrences may not have been given and hold nothing higher.
    rows = [row for row in doses if row["kind"] in (_KINDS[what], "total") and row["occurrence"] == 1]
    if not rows:
        return None
    sides = [_sides(row, what, unit) for row in rows]
    best, sure, high = ([side[place] for side in sides] for place in range(3))
    reasons = {_gap(row, what, unit) for row, side in zip(rows, sides, strict=True) if side[0] is None}
    return {
        "value": _largest(best) if None not in best else None,
        "low": _largest(sure),
        "high": _largest(high) if None not in high else None,
        "unit": unit,
        "reason": "; ".join(sorted(reasons)) or None,
    }


def _sides(row: Row, what: str, unit: str) -> tuple[float | None, float | None, float | None]:
    """What a row says of the highest one: its best value, what it surely reached, what it cannot exceed."""
    name = "amount_per_kg" if "/kg" in unit else "amount"
    by = units.factor(row["unit_per_kg" if "/kg" in unit else "unit"] or "", unit)
    if row["kind"] != _KINDS[what] or by is None:
        return None, None, None

    def of(amount: Decimal | None) -> float | None:
        return None if amount is None else float(units.convert(amount, by))

    amount, low, high = of(row[name]), of(row[f"{name}_low"]), of(row[f"{name}_high"])
    if row["stat"] is None:
        return amount, low, high
    if row["stat"] == "range":
        return high, high, high
    if row["stat"] == "max":
        return None, high, high
    return None, low if amount is None else amount, None


def _gap(row: Row, what: str, unit: str) -> str:
    if row["amount_status"] == "not_printed":
        return f"the {what} of {row['row_id']} is not printed"
    if row["kind"] == "total":
        return f"of {row['row_id']} only the total is printed, not the {what}"
    if row["stat"] is not None:
        return f"{row['row_id']} is printed as {row['stat']} only"
    if row["amount_status"] == "known" and row["amount"] is None and row["amount_per_kg"] is None:
        return f"the {what} of {row['row_id']} is printed as a bound only"
    return f"the {what} of {row['row_id']} is not given in {unit}"


def _largest(numbers: Iterable[float | None]) -> float | None:
    return max((number for number in numbers if number is not None), default=None)
