"""The stages of dvc.yaml name everything that they depend on: a stale result is a wrong number."""

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
ENTRIES = {
    "extract": ["casetrace.extract.stage"],
    "metrics": ["casetrace.metrics.stage"],
    "cohort": ["casetrace.cohort"],
    "report": ["casetrace.report.case_reports", "casetrace.report.stage"],
    "index": ["casetrace.report.corpus_pages.collection"],
}


def module_file(name):
    path = ROOT / "pipeline" / Path(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def imported(path):
    """Modules of this project that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "casetrace" and module_file(name)}


def closure(entries):
    seen, todo = set(), list(entries)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        todo += imported(module_file(name))
    return {module_file(name).relative_to(ROOT).as_posix() for name in seen}


def dependencies(stage):
    return [dep if isinstance(dep, str) else next(iter(dep)) for dep in work(stage)["deps"]]


def work(stage):
    """What the stage does: once, or for each corpus."""
    return STAGES[stage].get("do", STAGES[stage])


def is_covered(path, deps):
    return any(path == dep or path.startswith(dep.rstrip("/") + "/") for dep in deps)


@pytest.mark.parametrize("stage", ENTRIES)
def test_a_stage_depends_on_every_module_that_it_imports(stage):
    deps = dependencies(stage)
    # The package's own __init__ holds the version only; the lock file stands for the release of everything else.
    missing = {path for path in closure(ENTRIES[stage]) if not is_covered(path, deps)} - {
        "pipeline/casetrace/__init__.py"
    }
    assert not missing


@pytest.mark.parametrize("stage", ENTRIES)
def test_every_dependency_of_a_stage_exists(stage):
    generated = ("data/processed", "reports/")
    for dep in dependencies(stage):
        path = dep.replace("${item}", "case_reports")
        assert path.startswith(generated) or (ROOT / path).exists(), dep


@pytest.mark.parametrize("stage", ENTRIES)
def test_a_stage_depends_on_the_lock_file(stage):
    assert "requirements.lock" in dependencies(stage)


def test_no_case_is_named():
    cases = [folder.name for folder in (ROOT / "data/raw/case_reports").iterdir() if folder.is_dir()]
    assert cases
    text = (ROOT / "dvc.yaml").read_text()
    assert not [case for case in cases if case in text]


def test_outputs_stay_when_a_stage_fails():
    for stage in map(work, STAGES):
        for out in [*stage.get("outs", []), *stage.get("metrics", [])]:
            (options,) = out.values()
            assert options["persist"] is True
