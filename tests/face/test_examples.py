"""The examples of docs/analysing.md, run on the published cases as they come."""

import doctest
import shutil

import pytest
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.metrics.stage import run_metrics_stage

from tests.case_builder import ROOT


@pytest.mark.slow
def test_the_examples_say_what_they_print(tmp_path, monkeypatch):
    corpus = ProjectFolder(tmp_path).corpus()
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    params = load(corpus.project.params)
    extract(corpus, params)
    run_metrics_stage(corpus, params)
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "analysing.md"), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert failed == 0
