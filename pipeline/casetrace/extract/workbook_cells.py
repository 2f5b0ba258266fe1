"""One cell of a workbook as the text that a CSV file would hold, or why it cannot be told."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from casetrace.core.errors import CellError

_DECIMALS = re.compile(r"(?:#,##)?0(?:\.(0+))?")
_AS_TEXT = "the cell typed as text (format the cell as 'Text', then type it again)"
#: LibreOffice opens anti_xa_ufh as two lines, taking `_xa_` for a character's number.
_ONE_LINE = "one line; where a spreadsheet broke a name at '_x', type it with spaces: anti xa ufh"
#: How a workbook may hold the return before a line break.
_RETURN = "_x000D_"
_LONG = ("note", "claim", "evidence", "label", "meaning")
_TIMES = ("when", "start", "end", "from", "to")


def text_of(cell: Any, heading: str = "") -> str:
    """What the cell says, as it would be typed in a CSV file.

    Args:
        cell: A cell of openpyxl.
        heading: The heading of its column, for advice that fits.

    Raises:
        CellError: the cell holds a formula, or what the spreadsheet made of something else (a date, a percentage).
    """
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise CellError(f"the cell holds a formula, {_formula(value)}", "the value itself, as the source prints it")
    if isinstance(value, bool):
        raise CellError(f"the spreadsheet made {str(value).upper()} of what was typed", _AS_TEXT)
    if isinstance(value, date | datetime | time | timedelta):
        raise CellError(f"the spreadsheet made {_shown(value)} of what was typed", f"{_AS_TEXT}{_advice(heading)}")
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    text = str(value).replace(_RETURN, "").strip()
    if "\n" in text and heading not in _LONG:
        shown = " / ".join(line.strip() for line in text.split("\n"))
        raise CellError(f"the cell holds a line break: {shown}", _ONE_LINE)
    return text


def _formula(value: Any) -> str:
    """The formula as typed; that of an array is an object with its text."""
    return str(getattr(value, "text", value))


def _shown(value: date | datetime | time | timedelta) -> str:
    """A date or time in the words in which the curator sees it."""
    if isinstance(value, timedelta):
        return "a length of time"
    if isinstance(value, time):
        return f"the clock time {value:%H:%M}"
    return f"the date {value.day} {value:%B %Y}"


def _advice(heading: str) -> str:
    return "; a time is D4T03:15, a day D4" if heading in _TIMES else "; a range is 5..10"


def _number(value: int | float, shown_as: str) -> str:
    """The number with the decimals that the sheet shows, never fewer than it has."""
    number = Decimal(repr(value))
    if "%" in shown_as:
        shown = f"{(number * 100).normalize():f} %"
        raise CellError(f"the cell is shown as a percentage ({shown}) and holds {number:f}", _AS_TEXT)
    if "?/" in shown_as:
        raise CellError(f"the cell is shown as a fraction and holds {number:f}", _AS_TEXT)
    if number == number.to_integral_value():
        number = number.to_integral_value()
    decimals = _DECIMALS.fullmatch(shown_as)
    if decimals is not None and decimals[1] and -int(number.as_tuple().exponent) < len(decimals[1]):
        number = number.quantize(Decimal(1).scaleb(-len(decimals[1])))
    return f"{number:f}"
