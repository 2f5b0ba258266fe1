"""The key of a case's work."""

import polars as pl
from casetrace.core import fingerprints
from casetrace.core.paths import Project


def test_the_code_of_the_package_has_one_hash_that_depends_on_names_and_contents(tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprints, "PACKAGE", tmp_path)
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_text("x", encoding="utf-8")
    second.write_text("x", encoding="utf-8")
    assert fingerprints.hash_of([first]) != fingerprints.hash_of([second])
    before = fingerprints.hash_of([first])
    first.write_text("y", encoding="utf-8")
    assert fingerprints.hash_of([first]) != before


def test_a_folder_s_key_depends_on_its_files_their_names_the_parameters_and_the_lock(tmp_path):
    project = Project(tmp_path)
    folder = tmp_path / "case-a"
    folder.mkdir()

    def key():
        return fingerprints.keys_of_folders(project, [folder])["case-a"]

    seen = [key()]
    (folder / "labs.csv").write_text("1", encoding="utf-8")
    seen.append(key())
    (folder / "labs.csv").rename(folder / "doses.csv")
    seen.append(key())
    (folder / "doses.csv").write_text("2", encoding="utf-8")
    seen.append(key())
    project.params.write_text("a: 1", encoding="utf-8")
    seen.append(key())
    (tmp_path / "requirements.lock").write_text("polars", encoding="utf-8")
    seen.append(key())
    assert len(set(seen)) == len(seen)
    assert key() == seen[-1]


def test_the_rows_of_another_case_and_columns_that_only_it_fills_leave_a_key_as_it_is(tmp_path):
    project = Project(tmp_path)
    alone = {"wide": pl.DataFrame({"case_id": ["a"], "x": [1.5]})}
    beside = {"wide": pl.DataFrame({"case_id": ["a", "b"], "x": [1.5, None], "y": [None, 2.0]})}
    other = {"wide": pl.DataFrame({"case_id": ["a"], "x": [1.6]})}
    key = fingerprints.keys_of_rows(project, alone, ["a"])["a"]
    assert fingerprints.keys_of_rows(project, beside, ["a", "b"])["a"] == key
    assert fingerprints.keys_of_rows(project, other, ["a"])["a"] != key
    assert fingerprints.keys_of_rows(project, alone, ["a"], "another engine")["a"] != key
