"""Quarto as an engine, with a stand-in program that records how it was called."""

import json
import shutil
import stat
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from casetrace.core import params
from casetrace.core.errors import CasetraceError
from casetrace.core.paths import Corpus
from casetrace.report.case_reports import report
from casetrace.report.render import engines, literal

from tests.report.corpus import write_corpus
from tests.report.test_printed import notebook

ROOT = Path(__file__).resolve().parents[2]
#: Records arguments and what lies in its folder; writes what it was asked for, unless told to fail.
STAND_IN = """#!{python}
import json, os, pathlib, sys
log = pathlib.Path({log!r})
if "--version" in sys.argv:
    print("1.9.99")
    sys.exit(0)
call = {{"argv": sys.argv[1:], "files": sorted(p.name for p in pathlib.Path().iterdir()),
         "epoch": os.environ.get("SOURCE_DATE_EPOCH"), "notebook": json.loads(pathlib.Path("report.ipynb").read_text()),
         "project": pathlib.Path("_quarto.yml").read_text()}}
with log.open("a") as file:
    file.write(json.dumps(call) + "\\n")
{body}
"""
WRITES = """
def given(option): return sys.argv[sys.argv.index(option) + 1]
pathlib.Path(given("--output")).write_text("made of " + given("--to"))
"""
FAILS = 'print("ERROR: theme not found", file=sys.stderr)\nsys.exit(3)'


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str = WRITES) -> Path:
    folder.mkdir(exist_ok=True)
    log = folder / "calls.jsonl"
    program = folder / "quarto"
    program.write_text(STAND_IN.format(python=sys.executable, log=str(log), body=body), encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return log


def calls(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    return write_corpus(tmp_path)


def test_every_format_is_asked_for_once_and_nothing_is_executed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = stand_in(tmp_path / "bin", monkeypatch)
    engine = engines.engine("quarto")
    assert engine.versions == "Quarto 1.9.99"
    made = engine.pages(notebook(), "A case", "one")
    assert made == {"report.html": b"made of html", "report.pdf": b"made of typst", "report.docx": b"made of docx"}
    for call in calls(log):
        assert call["argv"][:3] == ["render", "report.ipynb", "--no-execute"]
        assert f"pagetitle:{literal.markdown('A case (one)')}" in call["argv"]
        assert call["epoch"] == "315532800"
        assert {"_quarto.yml", "page.css", "print.lua", "reference.docx", "tail.html"} <= set(call["files"])
        project = yaml.safe_load(call["project"])
        assert project["execute"]["enabled"] is False
        assert set(project["format"]) == {"html", "typst", "docx"}
        assert {project["format"]["html"]["css"], "report.ipynb"} <= set(call["files"])


def test_the_notebook_that_is_handed_over_is_the_executed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = stand_in(tmp_path / "bin", monkeypatch)
    engines.engine("quarto").pages(notebook(), "A case", "one")
    html, typst, docx = (call["notebook"] for call in calls(log))
    assert html == json.loads(nbformat.writes(notebook()))
    for printed, picture in ((typst, "figure-1.svg"), (docx, "figure-1.png")):
        assert picture in "".join(printed["cells"][1]["outputs"][0]["data"]["text/html"])
    assert "figure-1.png" in calls(log)[2]["files"]


def test_a_missing_engine_is_said_before_any_work(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(corpus.project.root))
    with pytest.raises(CasetraceError, match=r"no program `quarto` is on the PATH: install Quarto .*--engine pandoc"):
        report(corpus, params.load(corpus.project.params), only=["one"], engine="quarto")
    assert not corpus.case_report("one").exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [(FAILS, r"quarto failed \(exit 3\): ERROR: theme not found"), ("", "did not write report.html")],
)
def test_a_failing_engine_leaves_the_earlier_report(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, message: str
) -> None:
    loaded = params.load(corpus.project.params)
    stand_in(tmp_path / "bin", monkeypatch)
    report(corpus, loaded, only=["two"], engine="quarto")
    folder = corpus.case_report("two")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert before["report.pdf"] == b"made of typst"
    assert b"Quarto 1.9.99" in before["report.ipynb"]
    stand_in(tmp_path / "bin", monkeypatch, body)
    with pytest.raises(CasetraceError, match=message):
        report(corpus, loaded, only=["two"], engine="quarto")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_the_engine_of_the_parameters_is_used(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    text = corpus.project.params.read_text(encoding="utf-8")
    corpus.project.params.write_text(text.replace("engine: pandoc", "engine: quarto"), encoding="utf-8")
    monkeypatch.setenv("PATH", str(corpus.project.root))
    with pytest.raises(CasetraceError, match="no program `quarto`"):
        report(corpus, params.load(corpus.project.params), only=["two"])


def test_a_program_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path / "bin", monkeypatch)
    (tmp_path / "bin" / "quarto").write_text("#!/nowhere/at/all\n", encoding="utf-8")
    with pytest.raises(CasetraceError, match="quarto could not be started"):
        engines.engine("quarto")


def test_an_unknown_engine_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no report engine 'word'"):
        engines.engine("word")
