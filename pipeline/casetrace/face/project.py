"""A project and its cases: the processed tables and results, read when they are asked for."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from casetrace.core.errors import NotFoundError
from casetrace.core.params import load
from casetrace.core.paths import PUBLISHED_CASES, Corpus, find_project
from casetrace.face.display import table_html
from casetrace.report.case_data import CaseData, Metric, case_ids, read_case
from casetrace.report.explain import Explanation, as_text, explain
from casetrace.report.text import metric_text
from casetrace.schemas import CANONICAL
from casetrace.schemas.base import REASON
from casetrace.values.estimate import Estimate
from casetrace.vocabulary import own_terms


class Project:
    """The cases of one corpus of a project that has been run (`casetrace run`)."""

    def __init__(self, folder: str | Path = ".", corpus: str = PUBLISHED_CASES) -> None:
        """Open the project that ``folder`` is, or lies in.

        Raises:
            NotFoundError: there is none.
            NameRefusedError: what cannot be the name of a corpus.
        """
        found = find_project(Path(folder))
        if found is None:
            raise NotFoundError(f"{folder}: no casetrace project; `casetrace init FOLDER` makes one")
        self._corpus: Corpus = found.corpus(corpus)
        own_terms.read_on_top(found.vocabulary)

    @property
    def cases(self) -> tuple[str, ...]:
        """The ids of the cases.

        Raises:
            NotFoundError: the project has not been run.
        """
        return tuple(case_ids(self._corpus))

    def case(self, case_id: str) -> "PublishedCase":
        """One case.

        Raises:
            NotFoundError: no such case, or it has not been measured.
        """
        return PublishedCase(self._corpus, read_case(self._corpus, case_id))

    def table(self, name: str) -> pl.DataFrame:
        """A canonical table with the rows of all cases (docs/data-dictionary.md).

        Raises:
            NotFoundError: no such table, or the project has not been run.
        """
        if name not in CANONICAL:
            raise NotFoundError(f"no table {name!r} (there are: {', '.join(CANONICAL)})")
        return _read(self._corpus.table(name))

    @property
    def metrics(self) -> pl.DataFrame:
        """The long table of results: one row per case, metric and stratum.

        Raises:
            NotFoundError: the project has not been measured.
        """
        return _read(self._corpus.metrics / "metrics.parquet")

    def cohort(self, by: str | None = None, where: str | None = None, test: bool = False) -> "Cohort":
        """The cases compared: all, those that fit, or in groups.

        Args:
            by: A variable with few words (or yes/no) that makes the groups: ``sex``, ``hit``.
            where: A condition on the variables: ``age >= 60 AND sex = 'female'``.
            test: Test each variable between the groups.

        Raises:
            NotFoundError: the project has not been measured.
            CasetraceError: a condition that cannot be read or fits no case, or a corpus that may not be shown in parts.
        """
        from casetrace.cohort import compare_cases

        params = load(self._corpus.project.params)
        return Cohort(compare_cases(self._corpus, params, by, where, test))

    def __repr__(self) -> str:
        return f"Project({str(self._corpus.project.root)!r}, corpus={self._corpus.name!r})"

    def _repr_html_(self) -> str:
        shown = self.table("cases").select("case_id", "title", "status")
        return table_html(("case", "title", "status"), shown.iter_rows(), repr(self))


class CaseMetrics(Mapping[str, Estimate]):
    """The numbers of a case by name (``metric`` or ``metric.stratum``); each with its bounds, unit and rows."""

    def __init__(self, case: CaseData) -> None:
        self._case = case

    def __getitem__(self, name: str) -> Estimate:
        metric = self._case.metrics[name]
        return Estimate(_best(metric), metric.low, metric.high, metric.unit, metric.row_ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._case.metrics)

    def __len__(self) -> int:
        return len(self._case.metrics)

    def _repr_html_(self) -> str:
        rows = [
            (key, metric_text.label(metric), metric_text.full(metric, self._case), metric.status)
            for key, metric in self._case.metrics.items()
            if metric.status != "no_data"
        ]
        return table_html(("name", "metric", "value (bounds)", "status"), rows, self._case.case_id)


class PublishedCase:
    """One case of a project: its rows as they were typed and converted, and what follows from them."""

    def __init__(self, corpus: Corpus, case: CaseData) -> None:
        self._corpus = corpus
        self._case = case

    @property
    def id(self) -> str:
        """The case id."""
        return self._case.case_id

    @property
    def title(self) -> str:
        """What the case is, in the curator's words."""
        return str(self._case.case["title"])

    @cached_property
    def metrics(self) -> CaseMetrics:
        """The numbers by name."""
        return CaseMetrics(self._case)

    def explain(self, name: str) -> "Unfolding":
        """What adds up to a number, and the rows that it comes from.

        Raises:
            NotFoundError: no such metric.
        """
        return Unfolding(explain(self._corpus, self.id, name))

    def table(self, name: str) -> pl.DataFrame:
        """The rows of the case in a canonical table, or in a result table (docs/data-dictionary.md).

        Raises:
            NotFoundError: no such table.
        """
        tables = self._case.tables | self._case.results
        if name not in tables:
            raise NotFoundError(f"no table {name!r} (there are: {', '.join(tables)})")
        return tables[name]

    @property
    def labs(self) -> pl.DataFrame:
        """Laboratory results (grain: one result; as reported and in the canonical unit)."""
        return self.table("labs")

    @property
    def doses(self) -> pl.DataFrame:
        """Doses (grain: one dose, or one occurrence of a repeated one)."""
        return self.table("doses")

    @property
    def audit(self) -> pl.DataFrame:
        """The authors' statements against their own numbers (grain: one claim)."""
        return self.table("audit")

    def __repr__(self) -> str:
        return f"<case {self.id}: {self.title}>"

    def _repr_html_(self) -> str:
        return self.metrics._repr_html_()


class Unfolding:
    """A number unfolded: `terms` and `rows` as polars frames, and the text of `casetrace explain`."""

    def __init__(self, explanation: Explanation) -> None:
        self._explanation = explanation

    @property
    def terms(self) -> pl.DataFrame:
        """What adds up to the number (grain: bound and dose)."""
        return pl.DataFrame(self._explanation.terms, infer_schema_length=None)

    @property
    def rows(self) -> pl.DataFrame:
        """The rows of the source that the number comes from, with their places."""
        return pl.DataFrame(self._explanation.rows, infer_schema_length=None)

    @property
    def reasons(self) -> pl.DataFrame:
        """What leaves the number open or decides it (grain: reason): code, rows, number, term, part, sentence."""
        columns = dict(REASON.to_schema()) | {"text": pl.String}
        return pl.DataFrame(self._explanation.reasons, schema=columns, orient="row")

    def __str__(self) -> str:
        return as_text(self._explanation)

    def _repr_html_(self) -> str:
        return table_html(self.terms.columns, self.terms.iter_rows(), str(self).splitlines()[0])


class Cohort:
    """Cases compared: every table of the comparison by its name (docs/data-dictionary.md)."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self.tables = dict(tables)

    @property
    def table1(self) -> pl.DataFrame:
        """Table 1 (grain: group, variable and, for a choice, word): counts, percentages, medians, quartiles."""
        return self.tables["summary"]

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.tables[name]

    def __repr__(self) -> str:
        return f"Cohort({', '.join(f'{name}: {frame.height}' for name, frame in self.tables.items())})"

    def _repr_html_(self) -> str:
        wanted = ["group", "label", "word", "unit", "n_known", "n_missing", "count", "percent", "median", "q1", "q3"]
        shown = self.table1.select(wanted)
        return table_html(shown.columns, shown.iter_rows(), "Table 1")


def _best(metric: Metric) -> float | None:
    found: Any = metric.value
    return None if found is None else float(found)


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise NotFoundError(f"{path.name}: not written yet; run `casetrace run`")
    return pl.read_parquet(path)
