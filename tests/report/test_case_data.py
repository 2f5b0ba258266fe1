"""The one reader of a report."""

import pytest
from casetrace.core.errors import NotFoundError
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.report.case_data import CaseData, case_ids, read_case


def test_only_rows_of_the_case(corpus: Corpus, silent_case: CaseData) -> None:
    assert case_ids(corpus) == ["one", "two"]
    assert {table.height for name, table in silent_case.tables.items() if name not in ("cases", "sources")} == {0}
    assert list(silent_case.metrics) == ["iv_ufh_total"]


def test_metrics_by_stable_key(case: CaseData) -> None:
    assert case.metrics["platelets_fall_pct.before_heparin"].row_ids == ("P1", "P2")
    found = case.metric("platelets_fall_pct", "before_heparin")
    assert found is not None
    assert found.unit == "%"
    assert case.metric("platelets_fall_pct") is None


def test_unknown_case_and_missing_tables(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(NotFoundError, match="case three"):
        read_case(corpus, "three")
    with pytest.raises(NotFoundError, match="no processed tables"):
        case_ids(ProjectFolder(tmp_path_factory.mktemp("empty")).corpus())
