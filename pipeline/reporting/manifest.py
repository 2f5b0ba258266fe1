"""Which reports are up to date: ``reports/<corpus>/manifest.json``.

A case's report is current when its key and the hashes of all its files are those of the manifest. The key covers
everything that a report is made from: the case's own rows in every processed table, the parameters, the code with its
templates, the lock file, and the engine. A report that was edited by hand, or lost a file, is made anew; a case that
was added changes the key of no other.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.paths import PACKAGE, Corpus
from pipeline.reporting.collection import written

FILE = "manifest.json"
_CODE = (".py", ".sql", ".csv", ".j2", ".css", ".js", ".lua", ".html", ".typ", ".yml", ".yaml", ".json")


@dataclass(frozen=True)
class Plan:
    """The cases whose reports have to be made, and the keys that they will have."""

    known: tuple[str, ...]
    stale: tuple[str, ...]
    keys: dict[str, str]


def plan(corpus: Corpus, known: Sequence[str], engine: str) -> Plan:
    """Compare every case with the manifest.

    Args:
        corpus: A corpus with tables and metrics.
        known: Its case ids.
        engine: What renders the pages, with its versions.
    """
    keys = _keys(corpus, known, engine)
    entries = _read(corpus)
    stale = [case for case in known if entries.get(case) != {"key": keys[case], "files": _files(corpus, case)}]
    return Plan(tuple(known), tuple(stale), keys)


def record(corpus: Corpus, done: Plan) -> None:
    """Remove the reports of cases that are gone and write the manifest of those that stand there."""
    for page in corpus.reports.glob("*/report.html"):
        if page.parent.name not in done.known:
            shutil.rmtree(page.parent)
    entries = {case: {"key": done.keys[case], "files": _files(corpus, case)} for case in done.known}
    written(corpus.reports / FILE, json.dumps(entries, indent=1, sort_keys=True) + "\n")


def _read(corpus: Corpus) -> dict[str, dict[str, object]]:
    """The manifest; one that is missing or cannot be read vouches for nothing, so every report is made anew."""
    path = corpus.reports / FILE
    if not path.is_file():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return entries if isinstance(entries, dict) else {}


def _files(corpus: Corpus, case_id: str) -> dict[str, str]:
    """The hash of every file of a report; empty when there is none."""
    folder = corpus.case_report(case_id)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _keys(corpus: Corpus, known: Sequence[str], engine: str) -> dict[str, str]:
    common = hashlib.sha256(f"{engine}\n{_code()}\n".encode())
    root = corpus.project.root
    for path in (corpus.project.params, root / "requirements.lock"):
        common.update(path.read_bytes() if path.is_file() else b"")
    hashes = {case: common.copy() for case in known}
    for path in _tables(corpus):
        name = path.relative_to(corpus.processed).as_posix().encode()
        for case, rows in _by_case(pl.read_parquet(path), known):
            hashes[case].update(name + rows)
    return {case: hashed.hexdigest() for case, hashed in hashes.items()}


def _tables(corpus: Corpus) -> list[Path]:
    """Every processed table that a report may show; what compares the cases is none of them."""
    found = sorted(corpus.processed.rglob("*.parquet"))
    return [path for path in found if not path.is_relative_to(corpus.cohort)]


def _by_case(frame: pl.DataFrame, known: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The rows of each case as bytes; of a table without cases, all rows for every case."""
    if "case_id" not in frame.columns:
        rows = frame.write_ndjson().encode()
        yield from ((case, rows) for case in known)
        return
    parts = {str(case): part for (case,), part in frame.group_by(["case_id"], maintain_order=True)}
    yield from ((case, _told(parts[case])) for case in known if case in parts)


def _told(rows: pl.DataFrame) -> bytes:
    """Rows without the columns that tell nothing: a wide table gets a column for what only another case has."""
    return rows.select(column.name for column in rows if column.null_count() < rows.height).write_ndjson().encode()


@cache
def _code() -> str:
    """One hash over the package: code, queries, vocabulary and templates."""
    return hash_of(p for p in sorted(PACKAGE.rglob("*")) if p.suffix in _CODE and "__pycache__" not in p.parts)


def hash_of(files: Iterable[Path]) -> str:
    """One hash over names and contents."""
    hashed = hashlib.sha256()
    for path in files:
        hashed.update(
            path.relative_to(PACKAGE).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest()
        )
    return hashed.hexdigest()
