"""Only what must be made is made. Stand-in reports are used: how a page is rendered is tested elsewhere."""

import json
import shutil

import pytest
from casetrace.core import fingerprints
from casetrace.report import stage
from casetrace.report.render import manifest

from tests.cohort.made_corpus import processed

CASES = ["case-a", "case-b", "case-c", "case-d", "case-e", "case-f"]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return processed(tmp_path_factory.mktemp("project"))


@pytest.fixture
def corpus(original, tmp_path):
    shutil.copytree(original.project.root, tmp_path / "project")
    return type(original.project)(tmp_path / "project").corpus()


@pytest.fixture
def made(monkeypatch):
    """Which cases each call made."""
    calls = []

    def stand_in(corpus, params, only, engine, progress):
        calls.append(list(only))
        for case in only:
            folder = corpus.case_report(case)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "report.html").write_text(f"page of {case}", encoding="utf-8")

    monkeypatch.setattr(stage, "report", stand_in)
    return calls


def run(corpus):
    from casetrace.core.params import load

    return stage.make_reports(corpus, load(corpus.project.params))


def rerun(corpus, *stages):
    from casetrace.cli import main
    from click.testing import CliRunner

    words = ["run", "--project", str(corpus.project.root), *(w for stage in stages for w in ("--stage", stage))]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output


def test_the_second_run_makes_nothing(corpus, made):
    assert run(corpus).startswith("6 made, 0 up to date")
    before = (corpus.reports / manifest.FILE).read_bytes()
    assert run(corpus).startswith("0 made, 6 up to date")
    assert made == [CASES, []]
    assert (corpus.reports / manifest.FILE).read_bytes() == before


def test_a_new_case_makes_its_own_report_only(corpus, made):
    run(corpus)
    source = corpus.raw / "case-a" / "source.yaml"
    twin = corpus.raw / "case-z"
    shutil.copytree(source.parent, twin)
    (twin / "source.yaml").write_text(source.read_text(encoding="utf-8").replace("case-a", "case-z"), encoding="utf-8")
    # Numbers that no other case has: the wide table of all cases gets columns.
    with (twin / "doses.csv").open("a", encoding="utf-8") as file:
        file.write("DAL,dalteparin,bolus,sc,,5000,IU,,,D7,,\n")
    rerun(corpus, "extract", "metrics", "cohort")
    assert run(corpus).startswith("1 made, 6 up to date")
    assert made[-1] == ["case-z"]


def test_a_changed_row_makes_the_report_of_its_case_only(corpus, made):
    run(corpus)
    labs = corpus.raw / "case-b" / "labs.csv"
    labs.write_text(labs.read_text(encoding="utf-8").replace(",200,", ",210,"), encoding="utf-8")
    rerun(corpus, "extract", "metrics", "cohort")
    run(corpus)
    assert made[-1] == ["case-b"]


def test_a_report_that_was_edited_or_lost_is_made_anew(corpus, made):
    run(corpus)
    (corpus.case_report("case-c") / "report.html").write_text("mine", encoding="utf-8")
    shutil.rmtree(corpus.case_report("case-d"))
    (corpus.case_report("case-e") / "extra.txt").write_text("x", encoding="utf-8")
    run(corpus)
    assert made[-1] == ["case-c", "case-d", "case-e"]


def test_a_changed_parameter_makes_every_report_anew(corpus, made):
    run(corpus)
    path = corpus.project.params
    path.write_text(path.read_text(encoding="utf-8").replace("value: 35000", "value: 36000"), encoding="utf-8")
    run(corpus)
    assert made[-1] == CASES


@pytest.mark.parametrize("what", ["code", "engine"])
def test_changed_code_or_another_engine_makes_every_report_anew(corpus, made, monkeypatch, what):
    run(corpus)
    if what == "code":
        monkeypatch.setattr(fingerprints, "code", lambda stage: f"other code of {stage}")
    else:
        plan = manifest.plan
        monkeypatch.setattr(manifest, "plan", lambda corpus, known, engine: plan(corpus, known, "another engine"))
    run(corpus)
    assert made[-1] == CASES


def test_the_installed_engines_are_part_of_the_key(corpus, made, monkeypatch):
    run(corpus)
    installed = fingerprints.version
    monkeypatch.setattr(fingerprints, "version", lambda name: "0.1" if name == "altair" else installed(name))
    run(corpus)
    assert made[-1] == CASES


def test_a_manifest_that_cannot_be_read_vouches_for_nothing(corpus, made):
    run(corpus)
    (corpus.reports / manifest.FILE).write_text("{", encoding="utf-8")
    run(corpus)
    assert made[-1] == CASES


def test_the_report_of_a_case_that_is_gone_is_removed_and_other_folders_stay(corpus, made):
    run(corpus)
    (corpus.reports / "notes").mkdir()
    shutil.rmtree(corpus.raw / "case-f")
    rerun(corpus, "extract", "metrics", "cohort")
    run(corpus)
    assert not corpus.case_report("case-f").exists()
    assert (corpus.reports / "notes").is_dir()
    assert "case-f" not in json.loads((corpus.reports / manifest.FILE).read_text(encoding="utf-8"))
