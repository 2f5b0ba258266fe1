"""Find and check the characters of an article behind each row of a case: `casetrace verify`.

The article itself stays outside the project. What is kept, in `evidence.csv` beside the rows, is where each number
stands in the normalised text, the number as printed, and the hash of that text.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from casetrace import vocabulary
from casetrace.core.errors import InputError, Problem
from casetrace.core.params import Params
from casetrace.extract.case_folder import read_case
from casetrace.verify import ledger
from casetrace.verify.candidates import Reading
from casetrace.verify.finder import find_all
from casetrace.verify.picks import Pick, apply_picks, keep_earlier
from casetrace.verify.recheck import recheck
from casetrace.verify.result import Verification
from casetrace.verify.search_targets import sought
from casetrace.verify.source_text import SourceText, read_source

__all__ = ["Verification", "verify"]


def verify(
    folder: Path, source: Path, params: Params, *, write: bool = False, picks: list[Pick] | None = None
) -> Verification:
    """Find the places of a case's rows and keep them (write), or check those that are kept.

    Args:
        folder: The case folder.
        source: The article's text (UTF-8); it is read, never copied.
        params: The project's parameters.
        write: Find the places anew and write `evidence.csv`. Choices of a curator stay where they still fit.
        picks: A curator's choices; only with ``write``.

    Returns:
        The lines and every problem; a row whose number stands nowhere is a problem, one with several places is not.

    Raises:
        NotFoundError: no such folder or source.
        InputError: the case itself has errors, the kept file cannot be read, or a choice names nothing.
    """
    tables = _tables(folder, params)
    words = vocabulary.load()
    text = read_source(source)
    wanted = sought(tables, words)
    reading = Reading(text, words, wanted, _score_items(tables))
    path = folder / ledger.FILE
    kept = ledger.read(path) if path.is_file() else None
    if write:
        located = keep_earlier(find_all(wanted, reading), kept or [], text.sha256)
        lines = ledger.lines_of(apply_picks(located, picks or []), text.text, text.sha256)
        ledger.write(path, lines)
        problems = recheck(wanted, lines, reading)
    elif kept is None:
        missing = Problem(f"{folder.name}/{ledger.FILE}", what="no places are kept yet", allowed="run with --write")
        raise InputError([missing])
    else:
        lines, problems = kept, recheck(wanted, kept, reading)
    problems += _other_text(tables, text)
    return Verification(folder.name, text, lines, [replace(p, file=f"{folder.name}/{p.file}") for p in problems])


def _tables(folder: Path, params: Params) -> Mapping[str, pl.DataFrame]:
    tables, problems = read_case(folder, params)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    return tables


def _score_items(tables: Mapping[str, pl.DataFrame]) -> dict[str, list[str]]:
    items = tables["reported_scores"]["item"].unique().sort().to_list()
    return {item: [item] for item in items}


def _other_text(tables: Mapping[str, pl.DataFrame], text: SourceText) -> list[Problem]:
    """The hash in source.yaml, when one is given, must be the one of this text."""
    given = tables["sources"]["source_text_sha256"].item()
    if given is None or given == text.sha256:
        return []
    what = f"the rows were checked against another text (sha-256 of this one: {text.sha256})"
    return [Problem("source.yaml", None, "source_text", what, "the sha-256 of the normalised text")]
