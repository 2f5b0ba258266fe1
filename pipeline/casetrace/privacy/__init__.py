"""What may be shown of a corpus: whether it is public, and the key of its pseudonyms.

A corpus that is not public may only be shown in aggregate: no row, no case, and no count of 1 to 10
(`casetrace.privacy.disclosure`, docs/privacy.md).
"""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.paths import Corpus

#: A key shorter than this could be tried out.
SHORTEST_KEY = 16


@dataclass(frozen=True)
class CorpusInfo:
    """What an imported corpus is: where it comes from, what a case is, and whether it is public."""

    database: str
    unit: str
    public: bool
    pseudonyms: str


def standing_file(corpus: Corpus) -> Path:
    """Where the standing of an imported corpus is kept."""
    return corpus.processed / "import" / "corpus.json"


def write_corpus_info(folder: Path, standing: CorpusInfo) -> None:
    """Keep the standing beside the report of the import."""
    (folder / "corpus.json").write_text(json.dumps(asdict(standing), indent=1) + "\n", encoding="utf-8")


def corpus_info(corpus: Corpus) -> CorpusInfo | None:
    """The standing of an imported corpus; None for published cases, which are public."""
    path = standing_file(corpus)
    return CorpusInfo(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def is_restricted(corpus: Corpus) -> bool:
    """True when nothing but aggregates of the corpus may be shown."""
    found = corpus_info(corpus)
    return found is not None and not found.public


def require_public(corpus: Corpus) -> None:
    """Stop anything that would show rows or single cases of a corpus that is not public.

    Raises:
        CasetraceError: the corpus is not public.
    """
    if is_restricted(corpus):
        raise CasetraceError(
            f"the corpus {corpus.name} is not public: its cases are not shown one by one, only in aggregate "
            f"(casetrace cohort {corpus.name})"
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
