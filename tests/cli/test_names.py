"""No name reaches out of its folder: every command with every kind of wrong name, and nothing is written or lost."""

import shutil

import pytest
from casetrace.cli import main
from casetrace.core.names import NameRefusedError, is_name
from casetrace.core.paths import ProjectFolder
from click.testing import CliRunner

from tests.case_builder import ROOT

CASE = "blood2005-argatroban-cpb-48m"
WRONG = {
    "a folder above": "../outside",
    "two above": "../../outside",
    "the folder itself": ".",
    "the folder above": "..",
    "a path": "raw/case_reports",
    "the raw cases": "../raw/case_reports",
    "a dot before": "./case_reports",
    "an absolute path": "/tmp/outside",
    "a backslash": "..\\outside",
    "a space": "a case",
    "a line feed": "case\n",
    "a zero": "case\0",
    "a hidden name": ".hidden",
    "an option": "-x",
    "nothing": "",
    "a letter of another script": "fäll",
    "a colon": "c:case",
    "a star": "*",
    "too long": "a" * 300,
}
#: Each command with the name that a user gives, as a corpus and as a case.
COMMANDS = {
    "run": ["run", "{}", "--stage", "metrics"],
    "run extract": ["run", "{}", "--stage", "extract"],
    "run report": ["run", "{}", "--stage", "report"],
    "placing": ["run", "--stage", "placing", "--among", "{}"],
    "where": ["where", "{}"],
    "cohort": ["cohort", "{}"],
    "new": ["new", "{}"],
    "new in a corpus": ["new", "a-case", "--corpus", "{}"],
    "new workbook": ["new", "{}", "--xlsx"],
    "explain": ["explain", "{}", "iv_ufh_total"],
    "explain in a corpus": ["explain", CASE, "iv_ufh_total", "--corpus", "{}"],
    "verify": ["verify", "{}", "--source", "article.txt", "--write"],
    "verify in a corpus": ["verify", CASE, "--source", "article.txt", "--write", "--corpus", "{}"],
    "import mimic-iv": ["import", "mimic-iv", "source", "--corpus", "{}"],
    "import clif": ["import", "clif", "source", "--corpus", "{}"],
    "import table": ["import", "table", "--mapping", "mapping.yaml", "--corpus", "{}"],
}


@pytest.fixture
def place(tmp_path):
    """A folder with a project of one case in it."""
    project = tmp_path / "around" / "project"
    shutil.copytree(ROOT / "data/raw/case_reports" / CASE, project / "data/raw/case_reports" / CASE)
    shutil.copy(ROOT / "params.yaml", project)
    return project


def contents(place):
    return {path: path.read_bytes() if path.is_file() else None for path in place.parents[1].rglob("*")}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_name_is_refused_and_nothing_changes(place, command, kind):
    before = contents(place)
    words = [word.format(WRONG[kind]) for word in COMMANDS[command]]
    done = CliRunner().invoke(main, [*words, "--project", str(place)])
    assert done.exit_code in (2, 3), (done.output, done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert contents(place) == before


def test_every_command_that_takes_a_name_is_tried():
    named = {"case_id", "corpus", "among"}
    taking = {
        command.name
        for command in [*main.commands.values(), *main.commands["import"].commands.values()]
        if named & {parameter.name for parameter in command.params}
    }
    tried = {word for words in COMMANDS.values() for word in words[:2]}
    assert taking <= tried


@pytest.mark.parametrize("name", ["case_reports", "Case_Reports", "registry"])
def test_an_import_never_takes_the_name_of_typed_cases(place, name):
    (place / "data/raw/registry").mkdir()
    before = contents(place)
    done = CliRunner().invoke(main, ["import", "clif", str(place), "--corpus", name, "--project", str(place)])
    assert done.exit_code == 2
    assert "choose another name" in done.output
    assert contents(place) == before


def test_a_link_that_leads_out_is_no_case(place, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    raw = place / "data/raw/case_reports"
    (raw / "linked").symlink_to(outside)
    with pytest.raises(NameRefusedError, match="leads out of"):
        ProjectFolder(place).corpus().raw_case("linked")
    (raw / "also").symlink_to(raw / CASE)
    assert ProjectFolder(place).corpus().raw_case("also").is_dir()


@pytest.mark.parametrize(
    ("name", "expected"), [("case_reports", True), ("A-1", True), ("_a", False), ("é", False), (1, False)]
)
def test_names_are_letters_digits_hyphens_and_underscores(name, expected):
    assert is_name(name) is expected
