"""Stage one: raw case folders -> validated canonical tables, all or nothing."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.errors import InputError, NotFoundError, Problem
from pipeline.params import Params
from pipeline.paths import Corpus
from pipeline.replacing import replaced
from pipeline.schemas import CANONICAL, empty
from pipeline.sources.case_folder import Frames, read_case
from pipeline.sources.duplicates import likely_duplicates

Progress = Callable[[Sequence[Path]], Iterable[Path]]

#: Beside case folders a corpus folder may hold this.
_NOT_CASES = ("README.md",)


@dataclass(frozen=True)
class ExtractResult:
    """What was written: rows by table, and what is worth a look."""

    cases: int
    rows: dict[str, int]
    warnings: list[Problem]

    def summary(self) -> str:
        """One line for a person."""
        counted = ", ".join(f"{self.rows[name]} {name}" for name in ("labs", "doses", "events", "findings", "claims"))
        return f"{self.cases} cases: {counted}; {len(self.warnings)} warnings"


def extract(
    corpus: Corpus, params: Params, only: Sequence[str] | None = None, progress: Progress = iter
) -> ExtractResult:
    """Read and check every case folder of a corpus and write one parquet file per canonical table.

    Grain and units of the tables are in `pipeline.schemas.canonical`. Equal input gives equal bytes.

    Args:
        corpus: Where the raw folders are and the tables go.
        params: For what 'about' means.
        only: Case ids to read anew; the rows of all other cases stay as they were written before.
        progress: Wraps the list of folders, for a progress bar.

    Raises:
        NotFoundError: no such corpus or case.
        InputError: every problem of every case at once. Tables written before stay untouched.
    """
    folders = _folders(corpus, only)
    frames, problems = _read_all(progress(folders), params)
    problems += _unknown_patients(frames, _case_ids(corpus))
    if any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
    if only is not None:
        frames.append(_kept(corpus, only))
    tables = {name: _joined(name, [case[name] for case in frames if name in case]) for name in CANONICAL}
    problems += likely_duplicates(tables)
    _write(corpus, tables)
    return ExtractResult(tables["cases"].height, {name: table.height for name, table in tables.items()}, problems)


def _case_ids(corpus: Corpus) -> list[str]:
    return [path.name for path in sorted(corpus.raw.iterdir()) if path.is_dir() and not path.name.startswith(".")]


def _folders(corpus: Corpus, only: Sequence[str] | None) -> list[Path]:
    """The case folders to read; anything else in the corpus folder is refused."""
    if not corpus.raw.is_dir():
        raise NotFoundError(f"no corpus '{corpus.name}': there is no folder {corpus.raw}")
    strange = [p.name for p in sorted(corpus.raw.iterdir()) if p.is_file() and not p.name.startswith(".")]
    if problems := [
        Problem(name, what="this file stands beside the case folders", allowed="one folder for each case")
        for name in strange
        if name not in _NOT_CASES
    ]:
        raise InputError(problems)
    known = _case_ids(corpus)
    for case_id in only or []:
        if case_id not in known:
            near = difflib.get_close_matches(case_id, known, n=1)
            raise NotFoundError(
                f"no case '{case_id}' in {corpus.name}" + (f"; did you mean '{near[0]}'?" if near else "")
            )
    return [corpus.raw / case_id for case_id in known if only is None or case_id in only]


def _read_all(folders: Iterable[Path], params: Params) -> tuple[list[Frames], list[Problem]]:
    frames: list[Frames] = []
    problems: list[Problem] = []
    for folder in folders:
        case, found = read_case(folder, params, validate=False)  # all cases are validated together before writing
        frames.append(case)
        problems += found
    return frames, problems


def _unknown_patients(frames: list[Frames], known: list[str]) -> list[Problem]:
    """A warning where `same_patient_as` names a case that the corpus does not hold."""
    return [
        Problem(
            f"{case_id}/source.yaml", None, "same_patient_as", f"there is no case '{other}' in this corpus",
            severity="warning",
        )
        for frame in frames
        for case_id, others in frame["cases"].select("case_id", "same_patient_as").iter_rows()
        for other in others
        if other not in known
    ]  # fmt: skip


def _kept(corpus: Corpus, only: Sequence[str]) -> Frames:
    """Rows written before of cases that still exist and are not read anew."""
    stay = [case_id for case_id in _case_ids(corpus) if case_id not in only]
    return {
        name: pl.read_parquet(corpus.table(name)).filter(pl.col("case_id").is_in(stay))
        for name in CANONICAL
        if corpus.table(name).is_file()
    }


def _joined(name: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """All cases in one table, sorted by case; within a case the rows are sorted already."""
    model = CANONICAL[name]
    if not frames:
        return empty(model)
    return model.checked(pl.concat(frames).sort("case_id", maintain_order=True))


def _write(corpus: Corpus, tables: dict[str, pl.DataFrame]) -> None:
    with replaced(corpus.tables) as folder:
        for name, table in tables.items():
            # Fixed settings and no file metadata: equal tables are equal bytes.
            table.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=3, statistics=True)
