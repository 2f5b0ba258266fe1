"""Every path of the project, in one place.

A *project* is a folder that holds ``data/`` and ``reports/``; a *corpus* is one collection of cases
inside it (``case_reports`` for published cases).
"""

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
VOCABULARY = PACKAGE / "vocabulary"
METRICS = PACKAGE / "metrics"
METRIC_VIEWS = METRICS / "views"
TEMPLATES = PACKAGE / "reporting" / "templates"

PUBLISHED_CASES = "case_reports"


@dataclass(frozen=True)
class Project:
    """The folders of one project; ``root`` is the folder that holds ``params.yaml``."""

    root: Path

    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    def corpus(self, name: str = PUBLISHED_CASES) -> "Corpus":
        return Corpus(self, name)


@dataclass(frozen=True)
class Corpus:
    """The folders of one corpus, before and after each stage."""

    project: Project
    name: str

    @property
    def raw(self) -> Path:
        return self.project.root / "data" / "raw" / self.name

    @property
    def processed(self) -> Path:
        return self.project.root / "data" / "processed" / self.name

    @property
    def tables(self) -> Path:
        return self.processed / "tables"

    @property
    def metrics(self) -> Path:
        return self.processed / "metrics"

    @property
    def series(self) -> Path:
        return self.metrics / "series"

    @property
    def case_metrics(self) -> Path:
        """One JSON file per case with its metrics, for `dvc metrics show`."""
        return self.processed / "case_metrics"

    @property
    def reports(self) -> Path:
        return self.project.root / "reports" / self.name

    def table(self, name: str) -> Path:
        return self.tables / f"{name}.parquet"

    def case_report(self, case_id: str) -> Path:
        return self.reports / case_id
