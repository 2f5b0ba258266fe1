"""A processed corpus of two invented cases, shared by the report tests."""

import shutil
from pathlib import Path

import pytest
from casetrace.core.paths import Corpus
from casetrace.report.case_data import CaseData, read_case
from casetrace.report.text.evidence import Evidence

from tests.report.corpus import write_corpus

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    root = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "params.yaml", root)
    return write_corpus(root)


@pytest.fixture(scope="session")
def case(corpus: Corpus) -> CaseData:
    return read_case(corpus, "one")


@pytest.fixture(scope="session")
def silent_case(corpus: Corpus) -> CaseData:
    return read_case(corpus, "two")


@pytest.fixture(scope="session")
def evidence(case: CaseData) -> Evidence:
    return Evidence(case)
