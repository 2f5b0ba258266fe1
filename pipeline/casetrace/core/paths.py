"""Every path of the project, in one place.

A *project* is a folder that holds ``data/`` and ``reports/``; a *corpus* is one collection of cases
inside it (``case_reports`` for published cases).
"""

from dataclasses import dataclass
from pathlib import Path

from casetrace.core.names import checked_name, inside

PACKAGE = Path(__file__).resolve().parents[1]
VOCABULARY = PACKAGE / "vocabulary"
METRIC_SQL = PACKAGE / "metrics" / "sql"
TEMPLATES = PACKAGE / "report" / "templates"
#: Files of the repository that a wheel carries along.
_CARRIED = PACKAGE / "carried"
_REPOSITORY = PACKAGE.parents[1]
#: The parameters as they come, and a worked case: what a new project starts with.
PARAMS = _CARRIED / "params.yaml" if _CARRIED.is_dir() else _REPOSITORY / "params.yaml"
EXAMPLE = (
    _CARRIED if _CARRIED.is_dir() else _REPOSITORY / "data" / "raw" / "case_reports"
) / "cmaj-2019-heparin-resistance"

PUBLISHED_CASES = "case_reports"


@dataclass(frozen=True)
class ProjectFolder:
    """The folders of one project; ``root`` is the folder that holds ``params.yaml``."""

    root: Path

    @property
    def params(self) -> Path:
        """The file with every parameter."""
        return self.root / "params.yaml"

    @property
    def vocabulary(self) -> Path:
        """Terms of one's own, read on top of the vocabulary of casetrace; it need not exist."""
        return self.root / "vocabulary"

    def corpus(self, name: str = PUBLISHED_CASES) -> "Corpus":
        """The corpus of that name.

        Raises:
            NameRefusedError: it cannot be the name of a corpus.
        """
        return Corpus(self, checked_name(name, "corpus"))


def find_project(start: Path) -> "ProjectFolder | None":
    """The project that a folder is, or lies in."""
    here = start.resolve()
    return next((ProjectFolder(p) for p in (here, *here.parents) if (p / "params.yaml").is_file()), None)


@dataclass(frozen=True)
class Corpus:
    """The folders of one corpus, before and after each stage."""

    project: ProjectFolder
    name: str

    @property
    def raw(self) -> Path:
        """What people typed, one folder per case."""
        return self.project.root / "data" / "raw" / self.name

    @property
    def processed(self) -> Path:
        """Everything that is derived, apart from reports."""
        return self.project.root / "data" / "processed" / self.name

    @property
    def tables(self) -> Path:
        """Canonical tables."""
        return self.processed / "tables"

    @property
    def metrics(self) -> Path:
        """Results of the metrics stage."""
        return self.processed / "metrics"

    @property
    def series(self) -> Path:
        """Results with a table of their own."""
        return self.metrics / "series"

    @property
    def case_metrics(self) -> Path:
        """One JSON file per case with its metrics, for `dvc metrics show`."""
        return self.processed / "case_metrics"

    @property
    def placing(self) -> Path:
        """Where the cases stand among those of other corpora: a folder for each comparison corpus."""
        return self.processed / "placing"

    @property
    def cohort(self) -> Path:
        """Tables that compare the cases."""
        return self.processed / "cohort"

    @property
    def cohort_page(self) -> Path:
        """The page that compares the cases."""
        return self.reports / "cohort.html"

    @property
    def reports(self) -> Path:
        """Rendered reports."""
        return self.project.root / "reports" / self.name

    @property
    def manifests(self) -> Path:
        """What each stage did last, one JSON file per stage."""
        return self.processed / "manifests"

    def table(self, name: str) -> Path:
        """The file of one canonical table."""
        return self.tables / f"{name}.parquet"

    def raw_case(self, case_id: str) -> Path:
        """The folder in which people type one case.

        Raises:
            NameRefusedError: it cannot be the name of a case, or leads out of the corpus.
        """
        return inside(self.raw, case_id, "case")

    def case_report(self, case_id: str) -> Path:
        """The folder of one case's report.

        Raises:
            NameRefusedError: it cannot be the name of a case, or leads out of the reports.
        """
        return inside(self.reports, case_id, "case")

    def placing_among(self, other: str) -> Path:
        """The folder of the placing among the cases of another corpus."""
        return inside(self.placing, other, "corpus")
