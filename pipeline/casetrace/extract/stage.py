"""Stage one: raw case folders -> validated canonical tables, all or nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casetrace.core.atomic import atomic_folder
from casetrace.core.cached_cases import Entry, record, unchanged_cases
from casetrace.core.errors import InputError, NotFoundError, Problem
from casetrace.core.fingerprints import keys_of_folders
from casetrace.core.params import Params
from casetrace.core.paths import Corpus
from casetrace.core.stages import STAGES
from casetrace.extract.case_folder import Frames, among_cases, read_case
from casetrace.extract.duplicates import likely_duplicates
from casetrace.schemas import CANONICAL, empty

Progress = Callable[[Sequence[Path]], Iterable[Path]]

#: Beside case folders a corpus folder may hold this.
_NOT_CASES = ("README.md",)


@dataclass(frozen=True)
class ExtractResult:
    """What was written: rows by table, and what is worth a look; ``read`` are the cases that had changed."""

    cases: int
    read: tuple[str, ...]
    rows: dict[str, int]
    warnings: list[Problem]

    def summary(self) -> str:
        """One line for a person."""
        counted = ", ".join(f"{self.rows[name]} {name}" for name in ("labs", "doses", "events", "findings", "claims"))
        done = f"{len(self.read)} read, {self.cases - len(self.read)} up to date"
        return f"{self.cases} cases ({done}): {counted}; {len(self.warnings)} warnings"


def extract(corpus: Corpus, params: Params, progress: Progress = iter) -> ExtractResult:
    """Read and check every case folder that has changed and write one parquet file per canonical table.

    Grain and units of the tables are in `casetrace.schemas.canonical`. Equal input gives equal bytes, whichever cases
    were read again: the rows of a case whose key (`casetrace.core.fingerprints`) is unchanged stay as they were.

    Args:
        corpus: Where the raw folders are and the tables go.
        params: For what 'about' means.
        progress: Wraps the list of folders that are read, for a progress bar.

    Raises:
        NotFoundError: no such corpus.
        InputError: every problem of every changed case at once. Tables written before stay untouched.
    """
    folders = _folders(corpus)
    keys = keys_of_folders("extract", corpus.project, folders)
    manifest = corpus.manifests / "extract.json"
    entries = unchanged_cases(manifest, keys, [corpus.tables])
    changed = [folder for folder in folders if folder.name not in entries]
    frames, problems = _read_all(progress(changed), params.only(STAGES["extract"].only_params))
    found = [problem for case in problems.values() for problem in case]
    if any(problem.severity == "error" for problem in found):
        raise InputError(found)
    tables = _with_kept(corpus, frames, list(entries))
    entries |= {case: Entry(keys[case], tuple(own)) for case, own in problems.items()}
    _write(corpus, tables)
    record(manifest, entries, [corpus.tables])
    warnings = [problem for case in sorted(entries) for problem in entries[case].warnings]
    rows = {name: table.height for name, table in tables.items()}
    return ExtractResult(
        len(folders),
        tuple(folder.name for folder in changed),
        rows,
        warnings + [among_cases(corpus.raw, p) for p in _unknown_patients(tables["cases"]) + likely_duplicates(tables)],
    )


def _folders(corpus: Corpus) -> list[Path]:
    """The case folders; anything else in the corpus folder is refused."""
    if not corpus.raw.is_dir():
        raise NotFoundError(f"no corpus '{corpus.name}': there is no folder {corpus.raw}")
    strange = [p.name for p in sorted(corpus.raw.iterdir()) if p.is_file() and not p.name.startswith(".")]
    if problems := [
        Problem(name, what="this file stands beside the case folders", allowed="one folder for each case")
        for name in strange
        if name not in _NOT_CASES
    ]:
        raise InputError(problems)
    return [path for path in sorted(corpus.raw.iterdir()) if path.is_dir() and not path.name.startswith(".")]


def _read_all(folders: Iterable[Path], params: Params) -> tuple[list[Frames], dict[str, list[Problem]]]:
    """The tables of each folder, and the problems of each by its name."""
    frames: list[Frames] = []
    problems: dict[str, list[Problem]] = {}
    for folder in folders:
        # All cases are validated together before writing.
        case, problems[folder.name] = read_case(folder, params, validate=False)
        frames.append(case)
    return frames, problems


def _unknown_patients(cases: pl.DataFrame) -> list[Problem]:
    """A warning where `same_patient_as` names a case that the corpus does not hold."""
    known = set(cases["case_id"])
    return [
        Problem(
            f"{case_id}/source.yaml", None, "same_patient_as", f"there is no case '{other}' in this corpus",
            severity="warning",
        )
        for case_id, others in cases.select("case_id", "same_patient_as").iter_rows()
        for other in others
        if other not in known
    ]  # fmt: skip


def _with_kept(corpus: Corpus, frames: list[Frames], unchanged: list[str]) -> dict[str, pl.DataFrame]:
    """Every table: the rows read now, and those written before of cases that have not changed."""
    stay = pl.col("case_id").is_in(unchanged)
    before = {name: pl.read_parquet(corpus.table(name)).filter(stay) for name in CANONICAL} if unchanged else {}
    return {name: _joined(name, [case[name] for case in [*frames, before] if name in case]) for name in CANONICAL}


def _joined(name: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """All cases in one table, sorted by case; within a case the rows are sorted already."""
    model = CANONICAL[name]
    if not frames:
        return empty(model)
    return model.checked(pl.concat(frames).sort("case_id", maintain_order=True))


def _write(corpus: Corpus, tables: dict[str, pl.DataFrame]) -> None:
    with atomic_folder(corpus.tables) as folder:
        for name, table in tables.items():
            # Fixed settings and no file metadata: equal tables are equal bytes.
            table.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=3, statistics=True)
