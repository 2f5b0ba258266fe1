"""Parameters of an earlier release are brought to this one; every value that still counts stays."""

import pytest
import yaml
from casetrace.cli import main
from casetrace.core.errors import InputError, NotFoundError
from casetrace.core.params import load
from casetrace.core.paths import PARAMS, ProjectFolder
from casetrace.curation.migrate import BEFORE, migrate
from click.testing import CliRunner

FIRST = """\
time:
  approximate_time_min: {value: 30, unit: min, source: "half an hour"}
heparin:
  resistance_dose_24h_u: {value: 36000, unit: "[iU]", source: "our own: a threshold"}
  gone: {value: 1, unit: h, source: "x"}
comparison:
  corpus: mimic
report:
  engine: pandoc
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(FIRST, encoding="utf-8")
    return ProjectFolder(tmp_path)


def test_own_values_stay_new_ones_come_and_what_is_unknown_is_named(project):
    lines = migrate(project).lines
    found = load(project.params)
    assert found.value("heparin.resistance_dose_24h_u") == 36000
    assert found.comparison() == ("mimic",)
    ours = load(PARAMS)
    own = {"heparin.resistance_dose_24h_u", "time.approximate_time_min"}
    assert {e for e in found.entries() if e.name not in own} == {e for e in ours.entries() if e.name not in own}
    assert {e.source for e in found.entries() if e.name in own} == {"half an hour", "our own: a threshold"}
    assert "left out heparin.gone: not known" in lines
    assert 'comparison.corpus: mimic is now comparison.corpora: ["mimic"]' in lines
    assert (project.root / BEFORE).read_text(encoding="utf-8") == FIRST
    assert [path.name for path in project.root.iterdir() if path.name.startswith(".params")] == []


def test_a_second_call_changes_nothing(project):
    migrate(project)
    before = project.params.read_bytes()
    assert migrate(project).lines == ()
    assert project.params.read_bytes() == before
    assert (project.root / BEFORE).read_text(encoding="utf-8") == FIRST


def test_no_comparison_becomes_an_empty_list(project):
    project.params.write_text(FIRST.replace("mimic", "none"), encoding="utf-8")
    migrate(project)
    assert load(project.params).comparison() == ()


@pytest.mark.parametrize(
    "wrong",
    [
        FIRST.replace("corpus: mimic", "corpus: ../raw"),
        FIRST.replace("value: 36000", "value: many"),
        FIRST + "time: {}\n",
        "time: 3\n",
        "- a\n",
    ],
)
def test_what_is_not_valid_is_said_and_nothing_is_written(project, wrong):
    project.params.write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError):
        migrate(project)
    assert project.params.read_text(encoding="utf-8") == wrong
    assert [path.name for path in project.root.iterdir()] == ["params.yaml"]


def test_the_command_says_what_it_did_and_what_to_do(project, tmp_path):
    refused = CliRunner().invoke(main, ["run", "--stage", "extract", "--project", str(tmp_path)])
    assert refused.exit_code == 2
    assert "casetrace migrate" in refused.output
    done = CliRunner().invoke(main, ["migrate", "--project", str(tmp_path)])
    assert done.exit_code == 0
    assert "kept heparin.resistance_dose_24h_u: 36000 (here: 35000)" in done.output
    assert yaml.safe_load(project.params.read_text(encoding="utf-8"))["comparison"] == {"corpora": ["mimic"]}
    assert "nothing to do" in CliRunner().invoke(main, ["migrate", "--project", str(tmp_path)]).output
    with pytest.raises(NotFoundError):
        migrate(ProjectFolder(tmp_path / "nowhere"))
