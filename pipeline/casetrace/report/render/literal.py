"""Text from outside as data: what pandoc, a browser and a spreadsheet would read as instructions, taken literally."""

import base64
import hashlib
import re

#: Signs that pandoc's markdown may give a meaning; a backslash before any of them takes it away.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
#: First signs that make a spreadsheet read a cell as a formula, and the mark that is put before them.
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
TEXT_MARK = "'"


def markdown(text: str) -> str:
    r"""Text for pandoc's metadata, which it reads as markdown: every sign stays what it is.

    >>> print(markdown("#panic, @smith and <b>"))
    \#panic\, \@smith and \<b\>
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def typst(text: str) -> str:
    r"""Text between the quotation marks of a typst string, where nothing but they and the backslash has a meaning.

    >>> print(typst('1. "a" \\ #b'))
    1. \"a\" \\ #b
    """
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')


def spreadsheet(text: str) -> str:
    """A cell of a CSV file that a spreadsheet shows and never computes; a number stays a number.

    A cell that would be read as a formula gets an apostrophe before it; `from_spreadsheet` takes it away again.

    >>> [spreadsheet(cell) for cell in ("=1+1", "@ECMO+4d", "-3.5", "'=x", "heparin")]
    ["'=1+1", "'@ECMO+4d", '-3.5', "''=x", 'heparin']
    """
    return TEXT_MARK + text if _FORMULA.match(text) and not _NUMBER.match(text) else text


def from_spreadsheet(cell: str) -> str:
    """The text that `spreadsheet` was given."""
    return cell[1:] if cell.startswith(TEXT_MARK) and _FORMULA.match(cell) else cell


def content_security_policy(*scripts: str) -> str:
    """What a page may do: run these scripts and no other, show its own pictures, load nothing.

    Styles stand in the page and on marks of its drawings; they can load nothing either.
    """
    allowed = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    runs = allowed or "'none'"
    return (
        f"default-src 'none'; script-src {runs}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
