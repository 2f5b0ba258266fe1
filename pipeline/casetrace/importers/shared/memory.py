"""The limit of memory of an import: that of the whole process, of which DuckDB gets a share."""

import os
import re
from dataclasses import dataclass

from casetrace.core.errors import InputError, Problem

MB = 10**6
_UNITS = {"MB": MB, "GB": 10**9, "TB": 10**12, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
#: The interpreter, its libraries and one batch of rows.
OUTSIDE_DUCKDB = 500 * MB
#: Share of the rest that DuckDB is told to keep to: some of what it takes is not counted by its limit.
SHARE = 0.8
#: Least memory that an import works with.
LEAST = 10**9
#: Each thread of DuckDB needs this much of its share.
PER_THREAD = 400 * MB


@dataclass(frozen=True)
class Limits:
    """What DuckDB is told: bytes and threads, and the words of the limit that they follow from."""

    stated: str
    duckdb_bytes: int
    threads: int


def limits(stated: str) -> Limits:
    """The limits of the working store from the limit of the process (``2GB``, ``1500MB``, ``4 GiB``).

    Raises:
        InputError: not such a limit, or less than an import needs.
    """
    allowed = f"a number with MB, GB or TB, at least {LEAST // 10**9}GB"
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([MGT]i?B)\s*", stated, re.IGNORECASE)
    if found is None:
        raise InputError([Problem("--memory", what=f"'{stated}' is no limit of memory", allowed=allowed)])
    whole = int(float(found[1]) * _UNITS[found[2].upper()])
    if whole < LEAST:
        raise InputError([Problem("--memory", what=f"{stated} is too little for an import", allowed=allowed)])
    share = int((whole - OUTSIDE_DUCKDB) * SHARE)
    return Limits(stated, share, max(1, min(os.cpu_count() or 1, share // PER_THREAD)))
