"""docs/tutorial.md is followed to the letter: each file is written, each command run, each answer compared."""

import re
import shlex
import shutil

import polars as pl
import pytest
from casetrace.cli import main
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from click.testing import CliRunner

from tests.case_builder import ROOT, params

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(console|file \S+)\n(.*?)^```$", TUTORIAL, flags=re.MULTILINE | re.DOTALL)
CASE = "tutorial-2019-factor-viii"
KNOWN = "cja2019-pseudo-heparin-resistance-56000u"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with the one case that the tutorial repeats; nothing was run yet."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    raw = ProjectFolder(tmp_path).corpus().raw
    shutil.copytree(ROOT / "data/raw/case_reports" / KNOWN, raw / KNOWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def place(project, name):
    """A name with a folder stands in the project; a plain one in the case."""
    return project / name if "/" in name else project / "data/raw/case_reports" / CASE / name


def follow(project):
    """What each command was to say and what it said."""
    told = []
    for kind, text in BLOCKS:
        if kind == "console":
            command, *expected = text.strip().split("\n")
            program, *words = shlex.split(command.removeprefix("$ "))
            assert program == "casetrace"
            said = CliRunner().invoke(main, words).output.replace(f"{project}/", "")
            told.append((command, expected, said.strip().split("\n")))
        else:
            path = place(project, kind.removeprefix("file "))
            if not path.parent.is_dir():
                # The second reader's folder begins as the first one's, sheet by sheet replaced.
                shutil.copytree(project / "data/raw/case_reports" / CASE, path.parent)
            path.write_text(text, encoding="utf-8")
    return told


def test_every_answer_in_the_tutorial_is_what_the_command_says(project):
    told = follow(project)
    assert len(told) == 5
    for command, expected, said in told:
        assert said == expected, command


def test_the_commands_within_the_text_work(project):
    follow(project)
    # Without the stages after the metrics, which tests/test_end_to_end.py runs.
    assert "`casetrace run`" in TUTORIAL
    done = CliRunner().invoke(main, ["run", "--stage", "extract", "--stage", "metrics"])
    assert (done.exit_code, "2 cases" in done.output) == (0, True), done.output
    told = []
    for command in re.findall(r"`casetrace ((?:explain|where)\b[^`]*)`", TUTORIAL):
        told.append(CliRunner().invoke(main, shlex.split(command)))
    where, explain = told
    assert (where.exit_code, "no report in" in where.output) == (3, True)
    assert explain.exit_code == 0
    assert "56\u202f000 U" in explain.output
    assert "Letter, case paragraph; doses.csv, row 2" in explain.output


def test_the_case_of_the_tutorial_ends_in_the_tables(project):
    follow(project)
    extract(ProjectFolder(project).corpus(), params())
    doses = pl.read_parquet(ProjectFolder(project).corpus().table("doses")).filter(pl.col("case_id") == CASE)
    assert doses.select("drug", "kind", "length_min").rows() == [("unfractionated heparin", "total", 1440)]
    assert float(doses["amount"][0]) == 56000
    # 56 000 U in 24 h at 113 kg
    assert round(float(doses["amount_per_kg"][0]) / 24, 1) == 20.6
