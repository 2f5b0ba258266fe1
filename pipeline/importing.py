"""The import stage: a patient database or long tables to the canonical tables of a corpus, all or nothing."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipeline import privacy
from pipeline.errors import CasetraceError
from pipeline.paths import PUBLISHED_CASES, Corpus
from pipeline.replacing import replaced
from pipeline.sources.database import conversion
from pipeline.sources.database.account import Account, account
from pipeline.sources.database.place import name_cases, place
from pipeline.sources.database.store import working_store
from pipeline.sources.database.tables import keyed_totals, write_tables

#: What a source does: fills the working store with found rows and returns the files that it read, by name.
Finder = Callable[[duckdb.DuckDBPyConnection], dict[str, Path]]
#: Called with a line for a person when a step begins.
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to import.

    ``max_unknown_pct`` is the share of laboratory results and doses that may be unknown or implausible; ``memory`` is
    the limit of the working store, which spills to disk.
    """

    unit: str = "stay"
    key_file: Path | None = None
    public: bool = False
    licence: str = "not stated"
    memory: str = "2GB"
    max_unknown_pct: float = 5.0


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
    corpus: Corpus, database: str, find: Finder, printed: dict[str, str | None], options: Options, tell: Tell
) -> ImportResult:
    """Write the canonical tables and the report of the import; one that fails leaves the earlier corpus alone.

    Writes ``tables/*.parquet`` and ``import/`` (``report.json``, ``keyed_totals.parquet``, ``corpus.json``), and
    removes the metrics of an earlier import, which belong to other case ids.

    Raises:
        CasetraceError: the corpus is the one of the published cases, or too much is unknown.
        InputError: files or columns are missing.
    """
    if corpus.name == PUBLISHED_CASES:
        raise CasetraceError(f"{PUBLISHED_CASES} holds the published cases: choose another name for the corpus")
    key, pseudonyms = privacy.read_key(options.key_file)
    with working_store(corpus.processed.parent, options.memory) as con:
        tell("reading")
        files = find(con)
        cases = name_cases(con, key)
        if not cases:
            raise CasetraceError("no case: the source has no stay, admission or patient with a start and an end")
        tell(f"placing rows in {cases} cases")
        place(con)
        conversion.tabulate(con, printed)
        tell("writing tables")
        with replaced(corpus.tables) as tables, replaced(corpus.processed / "import") as beside:
            rows = write_tables(con, tables, {"database": database, "licence": options.licence})
            books = account(con, files, cases, rows)
            _stop_when_unknown(books, options.max_unknown_pct)
            keyed_totals(con, beside / "keyed_totals.parquet")
            text = json.dumps(books.as_json(), indent=1, ensure_ascii=False)
            (beside / "report.json").write_text(text + "\n", encoding="utf-8")
            privacy.write_standing(beside, privacy.Standing(database, options.unit, options.public, pseudonyms))
    for stale in (corpus.metrics, corpus.case_metrics):
        shutil.rmtree(stale, ignore_errors=True)
    return ImportResult(books, pseudonyms, options.unit)


def import_mimiciv(corpus: Corpus, folder: Path, options: Options, tell: Tell = lambda _: None) -> ImportResult:
    """Import MIMIC-IV; see `pipeline.sources.mimiciv` and docs/mimic-iv.md."""
    from pipeline.sources import mimiciv

    return import_found(
        corpus,
        mimiciv.DATABASE,
        lambda con: mimiciv.find_rows(con, folder, options.unit),
        mimiciv.printed_units(),
        options,
        tell,
    )


def _stop_when_unknown(books: Account, limit_pct: float) -> None:
    if rest := books.unaccounted():
        raise CasetraceError(f"rows that are neither used nor left out for a reason: {rest}")
    if books.share_unknown_pct > limit_pct:
        raise CasetraceError(
            f"{books.share_unknown_pct:.1f} % of laboratory results and doses are unknown or implausible, more than "
            f"{limit_pct:g} %; nothing was changed\n{books.as_text()}"
        )


def import_tables(corpus: Corpus, mapping_file: Path, options: Options, tell: Tell = lambda _: None) -> ImportResult:
    """Import long tables by a mapping file; see docs/mapping-file.md. What a case is stands in the mapping.

    Raises:
        NotFoundError: no such mapping file.
        InputError: the mapping, a file or a column that it names is wrong; all at once.
    """
    from pipeline.sources import table_mapping
    from pipeline.sources.table_mapping.mapping import read

    mapping = read(mapping_file)
    folder = mapping_file.resolve().parent
    return import_found(
        corpus,
        mapping.database,
        lambda con: table_mapping.find_rows(con, mapping, folder),
        dict(mapping.units),
        replace(options, unit=mapping.unit),
        tell,
    )


def import_clif(corpus: Corpus, folder: Path, options: Options, tell: Tell = lambda _: None) -> ImportResult:
    """Import CLIF 2.1; see `pipeline.sources.clif`. A case is an ICU stay or an admission."""
    from pipeline.sources import clif

    if options.unit == "patient":
        raise CasetraceError("in CLIF a case is a stay or an admission")
    return import_found(
        corpus,
        clif.DATABASE,
        lambda con: clif.find_rows(con, folder, options.unit),
        clif.printed_units(),
        options,
        tell,
    )
