"""A parquet file that grows frame by frame, so that a table may be larger than memory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

#: Rows of a row group in a file of more than one. It is also the most that a table keeps in memory beside one frame.
GROUP_ROWS = 100_000


class GrowingTable:
    """One parquet file that takes frames of one shape; at most `GROUP_ROWS` rows and one frame are in memory."""

    def __init__(self, path: Path, schema: Mapping[str, Any]) -> None:
        self._path = path
        self._waiting = pl.DataFrame(schema=dict(schema))
        self._writer: pq.ParquetWriter | None = None

    def append(self, frame: pl.DataFrame) -> None:
        """Take the next rows; full row groups are written."""
        self._waiting = pl.concat([self._waiting, frame])
        while self._waiting.height > GROUP_ROWS:
            self._write_group(self._waiting.head(GROUP_ROWS))
            self._waiting = self._waiting.slice(GROUP_ROWS)

    def finish(self) -> None:
        """Write what waits. A table of one row group is written as the small tables of every stage are."""
        if self._writer is None:
            self._waiting.rechunk().write_parquet(self._path, compression="zstd", statistics=True)
        else:
            self._write_group(self._waiting)
            self._writer.close()

    def close(self) -> None:
        """Let go of the file, finished or not; more than once does no harm."""
        if self._writer is not None:
            self._writer.close()

    def _write_group(self, rows: pl.DataFrame) -> None:
        table = rows.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table, row_group_size=GROUP_ROWS)
