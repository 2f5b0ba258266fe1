"""Tables as they lie on disk, refused where another version of casetrace wrote them in another form."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from casetrace.core.errors import CasetraceError
from casetrace.schemas.base import Table, dtypes


def require_schema(tables: Mapping[Path, type[Table]]) -> None:
    """Say so when a parquet file has not the columns of its model, instead of failing on one of them later.

    Args:
        tables: Files that exist, with the model that each should have.

    Raises:
        CasetraceError: names each such file and its first difference, and says what to run.
    """
    found = [(path, _difference(dict(pl.read_parquet_schema(path)), dtypes(model))) for path, model in tables.items()]
    if wrong := [f"{path.name} ({what})" for path, what in found if what]:
        raise CasetraceError(
            f"written by another version of casetrace: {', '.join(wrong)}; run every stage anew (casetrace run), or "
            "import the corpus again"
        )


def _difference(found: Mapping[str, pl.DataType], wanted: Mapping[str, pl.DataType]) -> str:
    for name in wanted:
        if name not in found:
            return f"no column {name}"
        if found[name] != wanted[name]:
            return f"column {name} is {found[name]}, not {wanted[name]}"
    more = [name for name in found if name not in wanted]
    return f"unknown column {more[0]}" if more else ("" if list(found) == list(wanted) else "columns in another order")
