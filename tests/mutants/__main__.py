"""Does a test fail for each deliberate fault of `mutants.yaml`? ``python -m tests.mutants [part of a file's path ...]``.

Each fault is put into a copy of the package, and the test files of its module run until the first fails. A fault whose
text is gone from the code is counted and skipped. Exit status 1 when a fault survives that `survivors.yaml` does not
explain.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: The start of a file's path within the package -> the tests that concern it, the quickest first.
TESTS = {
    "values/units": ["tests/values/test_units.py", "tests/extract/test_doses.py", "tests/extract/test_results.py"],
    "values/printed_values": ["tests/values", "tests/extract/test_results.py"],
    "values": ["tests/values", "tests/extract/test_source_file.py", "tests/extract/test_doses.py", "tests/cases"],
    "audit": ["tests/audit", "tests/cases/test_first_case.py", "tests/cases/test_verdicts.py"],
    "metrics/sql/doses": ["tests/metrics/test_*dose*.py", "tests/metrics/test_heparin.py", "tests/metrics/test_courses.py",
                          "tests/metrics/test_span.py", "tests/metrics/test_fullest_window.py"],
    "metrics/sql/heparin": ["tests/metrics/test_heparin.py", "tests/metrics/test_resistance.py",
                            "tests/metrics/test_dose_properties.py", "tests/metrics/test_monitoring_criteria.py"],
    "metrics/sql/platelets": ["tests/metrics/test_platelets.py", "tests/metrics/test_level_properties.py",
                              "tests/metrics/test_span.py", "tests/metrics/test_four_ts.py"],
    "metrics/sql/monitoring": ["tests/metrics/test_monitoring*.py", "tests/metrics/test_pauses.py",
                               "tests/metrics/test_level_properties.py"],
    "metrics/sql/scores": ["tests/metrics/test_four_ts.py", "tests/metrics/test_hep.py",
                           "tests/metrics/test_coagulopathy.py", "tests/metrics/test_score_turns.py",
                           "tests/metrics/test_level_properties.py"],
    "metrics/sql": ["tests/metrics"],
}  # fmt: skip
#: Run after those of every metric's folder.
LAST = {"metrics": ["tests/laws", "tests/cases/test_first_case.py", "tests/cases/test_verdicts.py"]}
TIMEOUT_S = 900


@dataclass(frozen=True)
class Mutant:
    """A fault: the text that stands once in a file, and what replaces it."""

    file: str
    search: str
    replace: str

    @property
    def module(self) -> str:
        """The file's path within the package."""
        return self.file.removeprefix("pipeline/casetrace/")

    def tests(self) -> list[str]:
        """The test files to run, in order."""
        patterns = next(found for start, found in TESTS.items() if self.module.startswith(start))
        patterns = [*patterns, *LAST.get(self.module.split("/")[0], [])]
        return [str(path.relative_to(ROOT)) for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def outcome(mutant: Mutant) -> str:
    """``killed``, ``survived``, ``gone`` (its text stands no longer once in the file) or ``no end``."""
    source = ROOT / mutant.file
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    if text.count(mutant.search) != 1:
        return "gone"
    with tempfile.TemporaryDirectory(prefix="casetrace-mutant-") as scratch:
        shutil.copytree(ROOT / "pipeline", Path(scratch) / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
        changed = Path(scratch) / mutant.file
        changed.write_text(text.replace(mutant.search, mutant.replace), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.tests()]
        environment = {**os.environ, "PYTHONPATH": str(Path(scratch) / "pipeline"), "POLARS_MAX_THREADS": "1"}
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, timeout=TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return "no end"
    # 1: a test failed; 2: the tests could not even be collected, which a fault at import causes.
    return "survived" if done.returncode == 0 else "killed"


def main(wanted: list[str]) -> int:
    """Try the mutants whose file's path holds one of the words, or all."""
    listed = [Mutant(**entry) for entry in yaml.safe_load((HERE / "mutants.yaml").read_text(encoding="utf-8"))]
    chosen = [mutant for mutant in listed if not wanted or any(word in mutant.file for word in wanted)]
    explained = {
        (entry["file"], entry["search"])
        for entry in yaml.safe_load((HERE / "survivors.yaml").read_text(encoding="utf-8")) or []
    }
    counts: Counter[str] = Counter()
    unexplained = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        began = time.monotonic()
        for mutant, found in zip(chosen, pool.map(outcome, chosen), strict=True):
            known = (mutant.file, mutant.search) in explained
            counts[found + (" (explained)" if known and found == "survived" else "")] += 1
            unexplained += found in ("survived", "no end") and not known
            print(f"{found:9} {mutant.file}: {mutant.search}  ->  {mutant.replace}", flush=True)
    print(f"{dict(counts)} in {time.monotonic() - began:.0f} s")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
