"""Characteristics of one variable, typed as the values of the cases."""

import polars as pl
from casetrace.cohort.limits import limits_of
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import Characteristics

from tests.case_builder import params

LIMITS = limits_of(params())


def frame(kind="number", **cases):
    """Characteristics of one variable: a number or word per case; None is missing, a pair is bounds only."""
    rows = []
    for case, given in cases.items():
        row = {
            "case_id": case,
            "section": "S",
            "variable": "x",
            "label": "X",
            "kind": kind,
            "value": None,
            "low": None,
            "high": None,
            "word": None,
            "unit": "mg" if kind == "number" else "",
            "state": "known",
            "reason": None,
            "reasons": [],
        }
        if given is None:
            row |= {"state": "missing", "reason": "the article does not tell"}
        elif isinstance(given, tuple):
            row |= {"state": "open", "low": given[0], "high": given[1], "reason": "bounds"}
        elif kind == "choice":
            row["word"] = given
        else:
            row["value"] = float(given)
        rows.append(row)
    return pl.DataFrame(rows, schema=dtypes(Characteristics), orient="row")


def numbered(values, kind="number"):
    return frame(kind, **{f"c{place:02d}": value for place, value in enumerate(values)})


def everyone(rows):
    return [("all", rows["case_id"].to_list())]


def parted(rows, *sizes):
    """Groups a, b, c ... of so many cases each, in the order of the cases."""
    ids, groups = rows["case_id"].to_list(), []
    for name, size in zip("abcdefgh", sizes, strict=False):
        groups.append((f"g: {name}", ids[:size]))
        ids = ids[size:]
    return groups
