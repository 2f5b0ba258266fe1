"""What may be shown of a corpus: pseudonyms at import, and small cells withheld so that they cannot be had back.

A corpus that is not public may only be shown in aggregate: no row, no case, and no count of 1 to 10. Where a cell is
withheld its table is given without margins, since a total less the other cells would give it back.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from pipeline.errors import CasetraceError, NotFoundError
from pipeline.paths import Corpus

#: The smallest count that may be shown of a corpus that is not public (the rule of CMS and of many ethics boards).
SMALLEST_CELL = 11
#: A key shorter than this could be tried out.
SHORTEST_KEY = 16


@dataclass(frozen=True)
class Standing:
    """What an imported corpus is: where it comes from, what a case is, and whether it is public."""

    database: str
    unit: str
    public: bool
    pseudonyms: str


def standing_file(corpus: Corpus) -> Path:
    """Where the standing of an imported corpus is kept."""
    return corpus.processed / "import" / "corpus.json"


def write_standing(folder: Path, standing: Standing) -> None:
    """Keep the standing beside the report of the import."""
    (folder / "corpus.json").write_text(json.dumps(asdict(standing), indent=1) + "\n", encoding="utf-8")


def standing(corpus: Corpus) -> Standing | None:
    """The standing of an imported corpus; None for published cases, which are public."""
    path = standing_file(corpus)
    return Standing(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def is_restricted(corpus: Corpus) -> bool:
    """True when nothing but aggregates of the corpus may be shown."""
    found = standing(corpus)
    return found is not None and not found.public


def refuse_rows(corpus: Corpus) -> None:
    """Stop anything that would show rows or single cases of a corpus that is not public.

    Raises:
        CasetraceError: the corpus is not public.
    """
    if is_restricted(corpus):
        raise CasetraceError(
            f"the corpus {corpus.name} is not public: its cases are not shown one by one, only in aggregate"
        )


def read_key(path: Path | None) -> tuple[bytes, str]:
    """The key of the pseudonyms and what it is called: ``keyed``, or ``random`` when there is no file.

    Raises:
        NotFoundError: no such file.
        CasetraceError: the key is too short to protect anything.
    """
    if path is None:
        return secrets.token_bytes(32), "random"
    if not path.is_file():
        raise NotFoundError(f"{path}: no such key file")
    key = path.read_bytes().strip()
    if len(key) < SHORTEST_KEY:
        raise CasetraceError(f"{path.name}: the key has {len(key)} characters; it needs at least {SHORTEST_KEY}")
    return key, "keyed"


def without_small_cells(table: pl.DataFrame, counts: Sequence[str]) -> pl.DataFrame:
    """The table with every count of 1 to 10 withheld (null), and a column ``is_withheld``.

    Zero is kept: it tells of no person. The rows of a column must part the cases; a column with exactly one withheld
    cell loses its next smallest cell too, so that a total that is known from elsewhere does not give the cell back.
    """
    hidden = [_hidden(table[name]) for name in counts]
    shown = table.with_columns(
        pl.when(~mask).then(pl.col(name)).alias(name) for name, mask in zip(counts, hidden, strict=True)
    )
    withheld = pl.DataFrame(hidden).max_horizontal().cast(pl.Boolean) if hidden else pl.Series([False] * table.height)
    return shown.with_columns(withheld.alias("is_withheld"))


def _hidden(cells: pl.Series) -> pl.Series:
    """Which cells of one column are withheld: the small ones, and more while their sum would itself be small."""
    mask = [value is not None and 0 < value < SMALLEST_CELL for value in cells]
    while any(mask) and (sum(mask) == 1 or sum(v for v, m in zip(cells, mask, strict=True) if m) < SMALLEST_CELL):
        rest = [(value, i) for i, value in enumerate(cells) if not mask[i] and value]
        if not rest:
            break
        mask[min(rest)[1]] = True
    return pl.Series(cells.name, mask, dtype=pl.Boolean)
