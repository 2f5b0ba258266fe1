"""What `casetrace check` says of one case folder: its own faults, and likely duplicates among the cases extracted."""

from pathlib import Path

import polars as pl

from pipeline.errors import Problem
from pipeline.params import load
from pipeline.paths import Corpus, Project
from pipeline.schemas import CANONICAL
from pipeline.sources.case_folder import Frames, read_case
from pipeline.sources.duplicates import likely_duplicates

#: The canonical tables in which two cases are held against each other.
_COMPARED = ("cases", "sources", "patient", "doses", "labs")


def check_case(project: Project, folder: Path) -> tuple[Frames, list[Problem]]:
    """The canonical tables of a case folder and everything to say about it; nothing is written.

    Other cases are taken as the last extract left them; before the first one there is nothing to compare with.
    """
    frames, problems = read_case(folder, load(project.params))
    corpus = project.corpus(folder.parent.name)
    if frames["cases"].height and all(corpus.table(name).is_file() for name in _COMPARED):
        problems = problems + likely_duplicates(_with_others(corpus, frames, folder.name), about=folder.name)
    return frames, problems


def _with_others(corpus: Corpus, frames: Frames, case_id: str) -> Frames:
    return {
        name: pl.concat([pl.read_parquet(corpus.table(name)).filter(pl.col("case_id") != case_id), frames[name]])
        for name in CANONICAL
        if name in _COMPARED
    }
