"""Which reports are up to date: ``reports/<corpus>/manifest.json``.

A case's report is current when its key and the hashes of all its files are those of the manifest. The key covers
everything that a report is made from: the case's own rows in every processed table, the parameters, the code with its
templates, the engines that are installed, and the one that renders. A report that was edited by hand, or lost a file,
is made anew; a case that was added changes the key of no other.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casetrace.core import fingerprints
from casetrace.core.atomic import atomic_write
from casetrace.core.paths import Corpus

FILE = "manifest.json"


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
    found = _keys(corpus, known, engine)
    entries = _read(corpus)
    stale = [case for case in known if entries.get(case) != {"key": found[case], "files": _files(corpus, case)}]
    return Plan(tuple(known), tuple(stale), found)


def record(corpus: Corpus, done: Plan) -> None:
    """Remove the reports of cases that are gone and write the manifest of those that stand there."""
    for page in corpus.reports.glob("*/report.html"):
        if page.parent.name not in done.known:
            shutil.rmtree(page.parent)
    entries = {case: {"key": done.keys[case], "files": _files(corpus, case)} for case in done.known}
    atomic_write(corpus.reports / FILE, json.dumps(entries, indent=1, sort_keys=True) + "\n")


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
    return fingerprints.hashes_below(corpus.case_report(case_id))


def _keys(corpus: Corpus, known: Sequence[str], engine: str) -> dict[str, str]:
    tables = {path.relative_to(corpus.processed).as_posix(): pl.read_parquet(path) for path in _tables(corpus)}
    return fingerprints.keys_of_rows("report", corpus.project, tables, known, engine)


def _tables(corpus: Corpus) -> list[Path]:
    """Every processed table that a report may show; what compares the cases is none of them."""
    found = sorted(corpus.processed.rglob("*.parquet"))
    return [path for path in found if not path.is_relative_to(corpus.cohort)]
