"""The import stage: a patient database or long tables to the canonical tables of a corpus, all or nothing."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

import duckdb

from casetrace import privacy
from casetrace.core.atomic import atomic_folder
from casetrace.core.errors import CasetraceError
from casetrace.core.paths import PUBLISHED_CASES, Corpus
from casetrace.importers.shared import conversion
from casetrace.importers.shared.case_rows import name_cases, place
from casetrace.importers.shared.import_report import Account, account
from casetrace.importers.shared.memory import limits
from casetrace.importers.shared.store import working_store
from casetrace.importers.shared.tables import keyed_totals, write_tables
from casetrace.importers.shared.workplace import workplace

#: What a source does: fills the working store with found rows and returns the files that it read, by name.
Finder = Callable[[duckdb.DuckDBPyConnection], dict[str, Path]]
#: Called with a line for a person when a step begins.
Tell = Callable[[str], None]
T = TypeVar("T")


class Watch(Protocol):
    """Wraps a list as the work on it goes on, for a progress bar: `casetrace.cli.progress.progress_bar` is one."""

    def __call__(self, label: str, items: Sequence[T], within: Callable[[], float] | None = None) -> Iterable[T]:
        """The entries one by one; ``within`` tells how much of the entry under work is done."""
        ...


def unwatched(label: str, items: Sequence[T], within: Callable[[], float] | None = None) -> Iterable[T]:
    """For programs: the entries and no bar."""
    return items


@dataclass(frozen=True)
class Options:
    """How to import.

    ``max_unknown_pct`` is the share of laboratory results and doses that may be unknown or implausible; ``memory`` is
    the limit of the whole process: DuckDB gets a share of it, and spills to disk beside the corpus. ``duplicates`` says
    what becomes of a row that is equal to an earlier one in every column: drop, keep or fail.
    """

    unit: str = "stay"
    key_file: Path | None = None
    public: bool = False
    licence: str = "not stated"
    memory: str = "2GB"
    max_unknown_pct: float = 5.0
    duplicates: str = "drop"


@dataclass(frozen=True)
class ImportResult:
    """What was imported, and whether the pseudonyms would be the same next time."""

    account: Account
    pseudonyms: str
    unit: str

    def summary(self) -> str:
        """For the command line."""
        lines = [self.account.as_text(), _BELONGING[self.unit]]
        if self.pseudonyms == "random":
            lines.append("pseudonyms are random: another import gives other names (name a key file to keep them)")
        return "\n".join(lines)


_CLIPPED = (
    "totals, counts and extremes are those of the case's own span; trailing windows and platelet baselines may look "
    "back over its start; totals by key and of all visible rows are in import/keyed_totals.parquet"
)
_BELONGING = {
    "stay": f"a case is an ICU stay; the rows of its admission are visible to it; {_CLIPPED}",
    "admission": f"a case is an admission; rows without an admission belong to it by patient and time; {_CLIPPED}",
    "patient": f"a case is a patient; all rows of the patient are visible to it; {_CLIPPED}",
}


def import_found(
    corpus: Corpus,
    database: str,
    find: Finder,
    printed: dict[str, str | None],
    options: Options,
    tell: Tell,
    watch: Watch,
) -> ImportResult:
    """Write the canonical tables and the report of the import; one that fails leaves the earlier corpus alone.

    Writes ``tables/*.parquet`` and ``import/`` (``report.json``, ``keyed_totals.parquet``, ``corpus.json``) as a new
    folder that takes the place of the earlier one in one step; what was derived from the earlier tables goes with it,
    for it belongs to other case ids. An import that was killed leaves a hidden folder, which the next one removes.

    Raises:
        CasetraceError: the corpus is the one of the published cases, too much is unknown, or another import of the same
            corpus is running.
        InputError: files or columns are missing, or the limit of memory is none.
    """
    if corpus.name == PUBLISHED_CASES:
        raise CasetraceError(f"{PUBLISHED_CASES} holds the published cases: choose another name for the corpus")
    limit = limits(options.memory)
    key, pseudonyms = privacy.read_key(options.key_file)
    with workplace(corpus.processed) as folder, working_store(folder, limit) as con:
        tell("reading")
        files = find(con)
        cases = name_cases(con, key)
        if not cases:
            raise CasetraceError("no case: the source has no stay, admission or patient with a start and an end")
        tell(f"placing rows in {cases} cases")
        place(
            con,
            printed,
            options.duplicates,
            lambda steps: watch("placing rows", steps, lambda: con.query_progress() / 100),
        )
        conversion.tabulate(con, printed)
        tell("writing tables")
        standing = privacy.CorpusInfo(database, options.unit, options.public, pseudonyms)
        with atomic_folder(corpus.processed) as fresh:
            tables = fresh / corpus.tables.name
            tables.mkdir()
            words = {"database": database, "licence": options.licence}
            rows = write_tables(con, tables, words, lambda batches: watch("writing tables", batches))
            books = account(con, files, cases, rows)
            _stop_when_unknown(books, options.max_unknown_pct)
            _write_beside(con, fresh / "import", books, standing)
    return ImportResult(books, pseudonyms, options.unit)


def import_mimiciv(
    corpus: Corpus, folder: Path, options: Options, tell: Tell = lambda _: None, watch: Watch = unwatched
) -> ImportResult:
    """Import MIMIC-IV; see `casetrace.importers.mimiciv` and docs/mimic-iv.md."""
    from casetrace.importers import mimiciv

    return import_found(
        corpus,
        mimiciv.DATABASE,
        lambda con: mimiciv.find_rows(con, folder, options.unit),
        mimiciv.printed_units(),
        options,
        tell,
        watch,
    )


def _write_beside(con: duckdb.DuckDBPyConnection, folder: Path, books: Account, standing: privacy.CorpusInfo) -> None:
    """What stands beside the tables: the report, the totals by key, and what the corpus is."""
    folder.mkdir()
    keyed_totals(con, folder / "keyed_totals.parquet")
    text = json.dumps(books.as_json(), indent=1, ensure_ascii=False)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    privacy.write_corpus_info(folder, standing)


def _stop_when_unknown(books: Account, limit_pct: float) -> None:
    if rest := books.unaccounted():
        raise CasetraceError(f"rows that are neither used nor left out for a reason: {rest}")
    if books.share_unknown_pct > limit_pct:
        raise CasetraceError(
            f"{books.share_unknown_pct:.1f} % of laboratory results and doses are unknown, implausible or not "
            f"understood, more than --max-unknown {limit_pct:g}; nothing was changed\n{books.as_text()}"
        )


def import_tables(
    corpus: Corpus, mapping_file: Path, options: Options, tell: Tell = lambda _: None, watch: Watch = unwatched
) -> ImportResult:
    """Import long tables by a mapping file; see docs/mapping-file.md. What a case is stands in the mapping.

    Raises:
        NotFoundError: no such mapping file.
        InputError: the mapping, a file or a column that it names is wrong; all at once.
    """
    from casetrace.importers import table
    from casetrace.importers.table.mapping import read

    mapping = read(mapping_file)
    folder = mapping_file.resolve().parent
    return import_found(
        corpus,
        mapping.database,
        lambda con: table.find_rows(con, mapping, folder),
        dict(mapping.units),
        replace(options, unit=mapping.unit, duplicates=mapping.duplicates),
        tell,
        watch,
    )


def import_clif(
    corpus: Corpus, folder: Path, options: Options, tell: Tell = lambda _: None, watch: Watch = unwatched
) -> ImportResult:
    """Import CLIF 2.1; see `casetrace.importers.clif` and docs/clif.md."""
    from casetrace.importers import clif

    return import_found(
        corpus,
        clif.DATABASE,
        lambda con: clif.find_rows(con, folder, options.unit),
        clif.printed_units(),
        options,
        tell,
        watch,
    )
