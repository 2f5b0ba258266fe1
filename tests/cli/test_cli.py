"""The command: what it prints, its exit codes, and that no traceback reaches a user."""

import json
import shutil
from pathlib import Path

import pytest
from casetrace.cli import main
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
FIRST = "cmaj-2019-heparin-resistance"
#: Its doses are known by the day only.
BY_DAY = "pmc10332976-at-deficiency-heparin-resistance-pci"


def call(*words, expect=0):
    done = CliRunner().invoke(main, [str(w) for w in words])
    assert done.exit_code == expect, (done.output, done.exception)
    assert "Traceback" not in done.output
    return done.output


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with two cases, extracted and measured."""
    root = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "params.yaml", root)
    for case_id in (FIRST, BY_DAY):
        shutil.copytree(ROOT / "data/raw/case_reports" / case_id, root / "data/raw/case_reports" / case_id)
    call("run", "--stage", "extract", "--stage", "metrics", "--project", root)
    return root


def test_help_has_examples_for_every_command():
    for name in main.commands:
        said = call(name, "--help")
        assert "casetrace" in said, name
        assert "\\b" not in said, name


def test_check_passes_a_good_folder(project):
    assert "no errors in" in call("check", project / "data/raw/case_reports" / FIRST, "--project", project)


def test_check_names_every_fault_at_once(project, tmp_path):
    folder = tmp_path / FIRST
    shutil.copytree(project / "data/raw/case_reports" / FIRST, folder)
    labs = folder / "labs.csv"
    text = labs.read_text(encoding="utf-8")
    text = text.replace("PLT111,D0,,platelets,111,", "PLT111,D0,,platelets,1O1,").replace("FIB,../@AT1", "FIB,../@AT9")
    labs.write_text(text, encoding="utf-8")
    said = call("check", folder, "--project", project, expect=2)
    assert "labs.csv, row 2, column value: '1O1' is not a value" in said
    assert "AT9" in said


def test_a_path_that_does_not_exist_is_said(project):
    assert "no such folder" in call("check", "nowhere", "--project", project, expect=3)


def test_outside_a_project_the_command_says_so(tmp_path):
    assert "no params.yaml" in call("where", "--project", tmp_path, expect=3)


def test_where_says_what_to_do_before_the_first_report(project):
    assert "make report" in call("where", "--project", project, expect=3)


def test_explain_unfolds_the_fullest_24_hours(project):
    said = call("explain", FIRST, "iv_ufh_max_24h", "--project", project).replace("\u202f", " ")
    best = said[said.index("best") : said.index("\nlow")]
    assert "46 711 U (46 435 to 46 986)" in said
    assert "HEP2               10 000  bolus, day 5, 10:55" in best.replace("\u00a0", " ")
    assert "sum              46 710.7  U" in best
    assert "doses.csv, row 8" in said


def test_explain_invents_no_minute_of_a_dose_that_is_known_by_its_day(project):
    said = call("explain", BY_DAY, "iv_ufh_total", "--project", project).replace("\u202f", " ")
    assert "  HEP1                 8000  bolus, HD8\n  HEP2                 8000  total\n" in said
    assert "00:00" not in said


def test_explain_as_json_adds_up(project):
    found = json.loads(call("explain", FIRST, "iv_ufh_day_total.D5", "--json", "--project", project))
    best = [term["amount"] for term in found["terms"] if term["bound"] == "best"]
    assert sum(best) == pytest.approx(found["metric"]["value"])
    assert {row["row_id"] for row in found["rows"]} == set(found["metric"]["row_ids"])


def test_explain_names_what_it_knows(project):
    assert "iv_ufh_max_24h" in call("explain", FIRST, "iv_ufh_max", "--project", project, expect=3)
    assert FIRST in call("explain", "no-such-case", "iv_ufh_max_24h", "--project", project, expect=3)


def test_a_corpus_that_does_not_exist_is_said(project):
    assert "no_such_corpus" in call("run", "no_such_corpus", "--stage", "extract", "--project", project, expect=3)
