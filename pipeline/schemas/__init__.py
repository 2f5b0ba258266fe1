"""The only declaration of every column that casetrace writes."""

from pipeline.schemas.base import Table, empty, required_columns
from pipeline.schemas.canonical import CANONICAL
from pipeline.schemas.results import RESULTS, SERIES

__all__ = ["CANONICAL", "RESULTS", "SERIES", "Table", "empty", "required_columns"]
