"""Progress bars: on a terminal and on work that takes a while, and nowhere else."""

import os
import pty
import subprocess
import sys

SCRIPT = """
import time
from casetrace.cli import progress as cli_progress
cli_progress.QUICK_S = {quick_s}
for entry in cli_progress.progress_bar("placing rows", list("abcd"), lambda: 0.5):
    time.sleep(0.25)
    print(entry)
{then}
"""


def on_a_terminal(quick_s, then=""):
    """What a script writes on its standard error, which is a terminal, and its exit code."""
    main, terminal = pty.openpty()
    script = SCRIPT.format(quick_s=quick_s, then=then)
    with subprocess.Popen([sys.executable, "-c", script], stderr=terminal, stdout=subprocess.PIPE) as process:
        os.close(terminal)
        said = b""
        while part := _read(main):
            said += part
        assert process.stdout.read() == b"a\nb\nc\nd\n"
    os.close(main)
    return said.decode(), process.returncode


def _read(handle):
    try:
        return os.read(handle, 4096)
    except OSError:  # the other end of the terminal is closed
        return b""


def test_a_bar_moves_within_an_entry_and_ends_at_the_end():
    said, code = on_a_terminal(quick_s=0.1)
    places = [int(part.rsplit(" ", 1)[-1]) for part in said.split("%")[:-1]]
    assert code == 0
    assert "placing rows" in said
    assert places == sorted(places)
    assert any(place % 25 for place in places)
    assert places[-1] == 100


def test_quick_work_shows_no_bar():
    assert on_a_terminal(quick_s=60) == ("", 0)


def test_without_a_terminal_there_is_no_bar():
    script = SCRIPT.format(quick_s=0.1, then="")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("a\nb\nc\nd\n", "")


def test_work_that_fails_ends_its_bar_where_it_is():
    said, code = on_a_terminal(
        quick_s=0.1, then='for _ in cli_progress.progress_bar("next", [1, 2]):\n    time.sleep(0.5); 1 / 0'
    )
    assert code == 1
    assert "ZeroDivisionError" in said
    assert said.count("100%") == 1
