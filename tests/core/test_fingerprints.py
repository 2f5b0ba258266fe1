"""The key of a case's work."""

import polars as pl
import pytest
from casetrace.core import fingerprints
from casetrace.core.paths import ProjectFolder
from casetrace.core.stages import STAGES


def test_the_code_of_the_package_has_one_hash_that_depends_on_names_and_contents(tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprints, "PACKAGE", tmp_path)
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_text("x", encoding="utf-8")
    second.write_text("x", encoding="utf-8")
    assert fingerprints.hash_of([first]) != fingerprints.hash_of([second])
    before = fingerprints.hash_of([first])
    first.write_text("y", encoding="utf-8")
    assert fingerprints.hash_of([first]) != before


def test_a_folder_s_key_depends_on_its_files_their_names_and_the_parameters_that_the_stage_reads(tmp_path):
    project = ProjectFolder(tmp_path)
    folder = tmp_path / "case-a"
    folder.mkdir()

    def key():
        return fingerprints.keys_of_folders("extract", project, [folder])["case-a"]

    seen = [key()]
    (folder / "labs.csv").write_text("1", encoding="utf-8")
    seen.append(key())
    (folder / "labs.csv").rename(folder / "doses.csv")
    seen.append(key())
    (folder / "doses.csv").write_text("2", encoding="utf-8")
    seen.append(key())
    project.params.write_text("time: {a: 1}", encoding="utf-8")
    seen.append(key())
    project.vocabulary.mkdir()
    (project.vocabulary / "drugs.csv").write_text("drug", encoding="utf-8")
    seen.append(key())
    assert len(set(seen)) == len(seen)
    assert key() == seen[-1]
    project.params.write_text("# as before\ntime: {a: 1}\ncohort: {b: 2}", encoding="utf-8")
    assert key() == seen[-1]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with one file in each folder that a stage is made of."""
    root = tmp_path / "casetrace"
    for stage in STAGES.values():
        for name in stage.packages:
            (root / name).mkdir(parents=True, exist_ok=True)
            (root / name / "code.py").write_text("1", encoding="utf-8")
    (root / "report" / "page.css").write_text("a", encoding="utf-8")
    monkeypatch.setattr(fingerprints, "PACKAGE", root)
    fingerprints.code.cache_clear()
    yield root
    fingerprints.code.cache_clear()


def stages_changed(change):
    before = {stage: fingerprints.of_stage(stage) for stage in STAGES}
    change()
    fingerprints.code.cache_clear()
    return {stage for stage in STAGES if fingerprints.of_stage(stage) != before[stage]}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("report/page.css", {"report"}),
        ("extract/code.py", {"extract"}),
        ("metrics/code.py", {"metrics", "report"}),
        ("cohort/code.py", {"placing", "cohort", "report"}),
        ("values/code.py", set(STAGES)),
    ],
)
def test_a_changed_file_changes_the_stages_that_are_made_of_it(package, file, expected):
    assert stages_changed(lambda: (package / file).write_text("2", encoding="utf-8")) == expected


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("duckdb", set(STAGES)),
        ("scipy", {"placing", "cohort", "report"}),
        ("typst", {"report"}),
        ("click", set()),
    ],
)
def test_another_version_of_an_engine_changes_the_stages_that_use_it(monkeypatch, engine, expected):
    def other():
        monkeypatch.setattr(fingerprints, "version", lambda name: "0.0.1" if name == engine else installed(name))

    installed = fingerprints.version
    assert stages_changed(other) == expected


def test_the_rows_of_another_case_and_columns_that_only_it_fills_leave_a_key_as_it_is(tmp_path):
    project = ProjectFolder(tmp_path)
    alone = {"wide": pl.DataFrame({"case_id": ["a"], "x": [1.5]})}
    beside = {"wide": pl.DataFrame({"case_id": ["a", "b"], "x": [1.5, None], "y": [None, 2.0]})}
    other = {"wide": pl.DataFrame({"case_id": ["a"], "x": [1.6]})}
    key = fingerprints.keys_of_rows("metrics", project, alone, ["a"])["a"]
    assert fingerprints.keys_of_rows("metrics", project, beside, ["a", "b"])["a"] == key
    assert fingerprints.keys_of_rows("metrics", project, other, ["a"])["a"] != key
    assert fingerprints.keys_of_rows("metrics", project, alone, ["a"], "another engine")["a"] != key
