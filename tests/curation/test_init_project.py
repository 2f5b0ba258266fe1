"""`casetrace init`: what it writes, and that it writes over nothing."""

import pytest
import yaml
from casetrace.cli import main
from casetrace.core.params import load
from casetrace.core.paths import PARAMS, ProjectFolder
from casetrace.core.stages import STAGES
from casetrace.curation.check import check_case
from casetrace.curation.init_project import FolderRefusedError, init_project
from casetrace.vocabulary import own_terms
from click.testing import CliRunner

from tests.case_builder import ROOT

EXAMPLE = "cmaj-2019-heparin-resistance"


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_project_is_complete(tmp_path):
    made = init_project(tmp_path / "mine")
    assert made.kept == ()
    assert load(made.project.params).entries() == load(PARAMS).entries()
    assert {p.name for p in made.project.corpus().raw.iterdir()} == {"README.md", EXAMPLE}
    tables, problems = check_case(made.project, made.project.corpus().raw_case(EXAMPLE))
    assert tables["doses"].height > 0
    assert [problem for problem in problems if problem.severity == "error"] == []


def test_an_empty_project_has_no_case_and_can_be_run(tmp_path):
    folder = tmp_path / "mine"
    done = CliRunner().invoke(main, ["init", str(folder), "--empty"])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(main, ["run", "--stage", "extract", "--stage", "metrics", "--project", str(folder)])
    assert done.exit_code == 0, (done.output, done.exception)
    assert "0 cases" in done.output


def test_a_second_call_adds_what_is_missing_and_changes_no_file(tmp_path):
    made = init_project(tmp_path)
    made.project.params.write_text("mine: {}\n", encoding="utf-8")
    case = made.project.corpus().raw_case(EXAMPLE)
    (case / "labs.csv").write_text("mine\n", encoding="utf-8")
    (tmp_path / ".dvcignore").unlink()
    before = contents(tmp_path)
    again = init_project(tmp_path)
    assert again.written == (".dvcignore",)
    after = contents(tmp_path)
    assert {name: after[name] for name in before} == before


def test_a_project_whose_cases_were_removed_gets_no_example_again(tmp_path):
    made = init_project(tmp_path, with_example=False)
    assert not made.project.corpus().raw_case(EXAMPLE).exists()
    assert init_project(tmp_path).written == ()


def test_a_file_is_no_place_for_a_project(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FolderRefusedError, match="no project can be made there"):
        init_project(tmp_path / "file")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_the_stages_of_a_project_are_those_of_the_repository():
    mine, ours = (
        yaml.safe_load(path.read_text(encoding="utf-8"))["stages"]
        for path in (ROOT / "pipeline/casetrace/curation/project/stages.yaml", ROOT / "dvc.yaml")
    )
    assert set(mine) - {"versions"} == set(ours)
    for name, stage in ours.items():
        own, here = (content.get("do", content) for content in (mine[name], stage))
        assert own["cmd"] == here["cmd"]
        assert own["outs"] == here["outs"]
        key = ".casetrace/versions/" + ("report" if name == "index" else name) + ".json"
        assert key in own["deps"]
        data = [dep for dep in here["deps"] if not dep.startswith(("pipeline/", "requirements"))]
        assert set(data) == set(own["deps"]) - {key, "vocabulary"}
    assert {f"{name}.json" for name in STAGES} >= {
        dep.rsplit("/", 1)[1]
        for stage in mine.values()
        for dep in stage.get("do", stage).get("deps", [])
        if "versions" in dep
    }


def test_the_folder_of_terms_names_every_file_that_is_read(tmp_path):
    text = (init_project(tmp_path).project.vocabulary / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in [*own_terms.KEYS, own_terms.VARIABLES])


def test_without_a_project_the_message_says_how_to_make_one(tmp_path):
    for words in (["run"], ["new", "a-case"], ["where"], ["cohort"], ["explain", "a", "b"]):
        done = CliRunner().invoke(main, [*words, "--project", str(tmp_path)])
        assert done.exit_code == 3
        assert "casetrace init" in done.output


def test_the_versions_of_each_stage_are_written(tmp_path):
    init_project(tmp_path)
    done = CliRunner().invoke(main, ["versions", "--write", "--project", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert {path.stem for path in (tmp_path / ".casetrace/versions").iterdir()} == set(STAGES)
    assert ProjectFolder(tmp_path).vocabulary.is_dir()
