"""What every table has in common: strict and ordered columns, no coercion, no NaN and no infinity."""

from typing import Annotated, Any, Literal

import pandera.polars as pa
import polars as pl

#: An amount or a rate. What is printed is exact; a rate that does not end (17 500 U a day per hour) is cut at this many digits.
AMOUNT = pl.Decimal(38, 12)
#: A list of names or ids in one cell.
StringList = Annotated[pl.List, pl.String]
#: Reasons as data: see `casetrace.vocabulary.reasons`.
REASON = pl.Struct(
    {"code": pl.String, "rows": pl.List(pl.String), "number": pl.Float64, "term": pl.String, "part": pl.String}
)
ReasonList = Annotated[pl.List, REASON]


def column(description: str, unit: str | None = None, **checks: Any) -> Any:
    """A pandera field with the description and the unit that the data dictionary prints."""
    return pa.Field(description=description, metadata={"unit": unit}, **checks)


class Table(pa.DataFrameModel):
    """Base of every table. Grain and meaning are in the docstring of each subclass."""

    class Config:
        strict = True
        ordered = True
        coerce = False

    @pa.dataframe_check
    def _all_numbers_finite(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805
        """NaN and infinity pass pandera's own range checks, so they are refused here."""
        floats = [n for n, t in data.lazyframe.collect_schema().items() if t.is_float()]
        return data.lazyframe.select(
            pl.all_horizontal([pl.lit(True)] + [pl.col(n).is_null() | pl.col(n).is_finite() for n in floats])
        )

    @classmethod
    def checked(cls, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame, validated with all failures collected.

        Only a collected frame is accepted: pandera skips value checks on a LazyFrame without a word.

        Raises:
            TypeError: for anything but a collected ``polars.DataFrame``.
            pandera.errors.SchemaErrors: with every failure.
        """
        if not isinstance(frame, pl.DataFrame):
            raise TypeError(f"{cls.__name__}: only a collected DataFrame can be validated, got {type(frame).__name__}")
        return cls.validate(frame, lazy=True)


def dtypes(model: type[Table]) -> dict[str, Any]:
    """Column name -> polars data type, in order."""
    return {name: col.dtype.type for name, col in model.to_schema().columns.items()}


def empty(model: type[Table]) -> pl.DataFrame:
    """The table without rows, typed."""
    return pl.DataFrame(schema=dtypes(model))


def required_columns(model: type[Table]) -> list[str]:
    """Names of the columns that may not be null."""
    return [name for name, col in model.to_schema().columns.items() if not col.nullable]


def dictionary(model: type[Table]) -> list[dict[str, str | bool | None]]:
    """One entry per column: name, type, unit, whether it may be empty, description."""
    return [
        {
            "name": name,
            "type": str(col.dtype),
            "unit": (col.metadata or {}).get("unit"),
            "nullable": bool(col.nullable),
            "description": col.description,
        }
        for name, col in model.to_schema().columns.items()
    ]


TimeForm = Literal["minute", "day", "interval", "approximate", "open", "unknown"]
TIME_FORMS = ["minute", "day", "interval", "approximate", "open", "unknown"]
