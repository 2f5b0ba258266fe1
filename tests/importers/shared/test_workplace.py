"""Where an import works: alone, cleared of what a killed import left, and never at the cost of an earlier corpus."""

import subprocess
import sys

import pytest
from casetrace.core.errors import CasetraceError
from casetrace.importers.shared.workplace import workplace


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_is_empty_and_removed_at_the_end(tmp_path):
    left = tmp_path / ".import-made"
    left.mkdir()
    (left / "store.duckdb").write_text("half")
    (left / "spill").mkdir()
    with workplace(tmp_path / "made") as folder:
        assert names(folder) == []
    assert names(tmp_path) == []


def test_leftovers_of_the_same_corpus_are_cleared_and_no_others(tmp_path):
    for name in (
        "made",
        ".made-new-abcd_012",
        ".made-old-abcdefgh",
        ".other-new-abcdefgh",
        ".made-two-new-abcdefgh",
        ".made-new-x",
    ):
        (tmp_path / name).mkdir()
    with workplace(tmp_path / "made"):
        pass
    assert names(tmp_path) == [".made-new-x", ".made-two-new-abcdefgh", ".other-new-abcdefgh", "made"]


def test_a_corpus_that_was_taken_from_its_place_returns(tmp_path):
    before = tmp_path / ".made-old-abcdefgh" / "before"
    before.mkdir(parents=True)
    (before / "kept").write_text("earlier")
    (tmp_path / ".made-new-abcdefgh").mkdir()
    with workplace(tmp_path / "made"):
        assert (tmp_path / "made" / "kept").read_text() == "earlier"
    assert names(tmp_path) == ["made"]


def test_one_import_of_a_corpus_at_a_time(tmp_path):
    with workplace(tmp_path / "made") as folder:
        (folder / "store").write_text("mine")
        with (
            pytest.raises(CasetraceError, match="another import of the corpus made is running"),
            workplace(tmp_path / "made"),
        ):
            raise AssertionError("two imports in one place")
        assert (folder / "store").read_text() == "mine"
        with workplace(tmp_path / "other") as other:
            assert other != folder


def test_a_killed_process_holds_no_place(tmp_path):
    script = (
        "import os, pathlib, signal, sys\n"
        "from casetrace.importers.shared.workplace import workplace\n"
        "with workplace(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "made")], check=False)
    assert done.returncode == -9
    assert names(tmp_path) == [".import-made"]
    with workplace(tmp_path / "made") as folder:
        assert names(folder) == []
