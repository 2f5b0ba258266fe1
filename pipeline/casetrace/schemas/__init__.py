"""The only declaration of every column that casetrace writes."""

from casetrace.schemas.base import Table, empty, required_columns
from casetrace.schemas.canonical import CANONICAL
from casetrace.schemas.results import RESULTS, SERIES

__all__ = ["CANONICAL", "RESULTS", "SERIES", "Table", "empty", "required_columns"]
