"""A real `casetrace import` that is stopped or killed midway: the earlier corpus stays, byte for byte."""

import signal
import subprocess
import sys
import time

import pytest
from casetrace.core.paths import PACKAGE, ProjectFolder
from casetrace.importers.stage import Options, import_mimiciv

from benchmarks import mimiciv_scale
from tests.importers.mimiciv.small import lab, write

TIME = "2150-01-03 10:00:00"


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A database whose import takes some seconds."""
    folder = tmp_path_factory.mktemp("large")
    mimiciv_scale.write(folder, stays=1000, labs_per_stay=500, form="parquet")
    return folder


@pytest.fixture
def corpus(tmp_path):
    """A small corpus that stands already, with something derived from it."""
    (tmp_path / "params.yaml").write_bytes((PACKAGE.parents[1] / "params.yaml").read_bytes())
    made = ProjectFolder(tmp_path).corpus("made")
    import_mimiciv(made, write(tmp_path / "source", labs=[lab("51265", TIME, "87")]), Options())
    made.metrics.mkdir()
    (made.metrics / "metrics.parquet").write_text("derived", encoding="utf-8")
    return made


def everything(corpus):
    folder = corpus.processed
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def hidden(corpus):
    return sorted(path.name for path in corpus.processed.parent.iterdir() if path.name.startswith("."))


def stopped(corpus, source, step, number):
    """Start the command, wait until it says that the step begins, and send it the signal; exit code and what it said."""
    words = ["import", "mimic-iv", str(source), "--corpus", corpus.name, "--project", str(corpus.project.root)]
    with subprocess.Popen([sys.executable, "-m", "casetrace", *words], stderr=subprocess.PIPE, text=True) as process:
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith(step):
                time.sleep(0.05)
                process.send_signal(number)
        process.wait(60)
    return process.returncode, said


@pytest.mark.parametrize("step", ["placing rows", "writing tables"])
def test_stopped_with_ctrl_c(corpus, large, step):
    before = everything(corpus)
    code, said = stopped(corpus, large, step, signal.SIGINT)
    assert code == 130
    assert said[-1] == "stopped; what was not finished is left as it was before\n"
    assert said[-2].startswith(step)
    assert everything(corpus) == before
    assert hidden(corpus) == []


@pytest.mark.parametrize("step", ["placing rows", "writing tables"])
def test_killed(corpus, large, step):
    before = everything(corpus)
    code, said = stopped(corpus, large, step, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert said[-1].startswith(step)
    assert everything(corpus) == before
    assert ".import-made" in hidden(corpus)
    import_mimiciv(corpus, write(corpus.project.root / "source"), Options())
    assert hidden(corpus) == []
    assert not corpus.metrics.exists()
