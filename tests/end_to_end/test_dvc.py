"""The stages of dvc.yaml name everything that they depend on: a stale result is a wrong number."""

import ast
import sys
from pathlib import Path

import pytest
import yaml
from casetrace.core.stages import STAGES as PARTS

ROOT = Path(__file__).resolve().parents[2]
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
ENTRIES = {
    "extract": ["casetrace.extract.stage"],
    "metrics": ["casetrace.metrics.stage"],
    "placing": ["casetrace.cohort.reference_percentiles"],
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


def libraries(path):
    """Packages from outside the standard library and the project that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"casetrace"}


def closure(entries):
    seen, todo = set(), list(entries)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name != "casetrace":  # the face loads what a user names, when it is named
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
    missing = {path for path in closure(ENTRIES[stage]) if not is_covered(path, deps)} - {
        "pipeline/casetrace/__init__.py"
    }
    assert not missing


@pytest.mark.parametrize("stage", ENTRIES)
def test_a_stage_of_dvc_has_the_packages_of_its_key(stage):
    packages = [dep.removeprefix("pipeline/casetrace/") for dep in dependencies(stage) if dep.startswith("pipeline/")]
    assert sorted(packages) == sorted(PARTS["report" if stage == "index" else stage].packages)


@pytest.mark.parametrize("stage", ["extract", "metrics", "cohort", "report"])
def test_a_stage_of_dvc_watches_the_parameters_that_it_is_given(stage):
    watched = work(stage)["params"]
    assert watched == (list(PARTS[stage].only_params) or [{"params.yaml": None}])


@pytest.mark.parametrize("stage", PARTS)
def test_a_key_has_the_version_of_every_library_that_a_stage_imports(stage):
    """Libraries by the name under which they are imported; those that change no result are left out by name."""
    names = {"duckdb", "pandera", "polars", "pyarrow", "yaml", "numpy", "scipy", "openpyxl", "altair", "vl_convert",
             "jinja2", "nbclient", "nbformat", "pypandoc", "typst"}  # fmt: skip
    no_result = {"click", "jupyter_client", "markupsafe"}
    distribution = {"yaml": "pyyaml", "vl_convert": "vl-convert-python", "pypandoc": "pypandoc_binary"}
    found = {name for path in closure(ENTRIES[stage]) for name in libraries(ROOT / path)} - no_result
    assert found <= names
    assert {distribution.get(name, name) for name in found} <= set(PARTS[stage].engines)


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


def test_no_other_file_of_stages_lies_in_the_repository():
    """DVC reads every `dvc.yaml` below its root, also one that is meant for another project."""
    found = [path for folder in ("pipeline", "tests", "docs", "data") for path in (ROOT / folder).rglob("dvc.yaml")]
    assert found == []
