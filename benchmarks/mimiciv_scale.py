"""Import and metrics of a made database in MIMIC-IV form: wall time, rows per second, peak memory of each, disk used.

python -m benchmarks.mimiciv_scale --stays 50000 --labs-per-stay 500 --memory 2GB --compare-stays 5000

The database is written by a process of its own, and import and metrics are the real commands, each a process of its
own, so that every peak is that of one process. ``--compare-stays`` does the same with fewer stays first and prints how
processor time per row and peaks grow.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
CASETRACE = [sys.executable, "-m", "casetrace"]
CORPUS = "made"

#: Counted, not random: the same numbers give the same files. One admission and one stay of 5 days for each patient,
#: heparin for every third; of five laboratory rows four are of items in use, and one in five names no admission.
TABLES = {
    "patients": """
        SELECT i AS subject_id, CASE i % 2 WHEN 0 THEN 'F' ELSE 'M' END AS gender, 40 + i % 50 AS anchor_age,
            2150 AS anchor_year FROM stays""",
    "admissions": """
        SELECT i AS subject_id, i AS hadm_id, t - INTERVAL 1 DAY AS admittime, t + INTERVAL 7 DAY AS dischtime,
            NULL::TIMESTAMP AS deathtime, NULL::TIMESTAMP AS edregtime FROM stays""",
    "icustays": """
        SELECT i AS subject_id, i AS hadm_id, i AS stay_id, t AS intime, t + INTERVAL 5 DAY AS outtime,
            'MICU' AS first_careunit FROM stays""",
    "inputevents": """
        SELECT i AS subject_id, i AS hadm_id, i AS stay_id, t + k * INTERVAL 6 HOUR AS starttime,
            t + (k + 1) * INTERVAL 6 HOUR AS endtime, 225152 AS itemid, 6000 + 10 * k AS amount, 'units' AS amountuom,
            1000.0 AS rate, 'Continuous Med' AS ordercategorydescription, 80 AS patientweight,
            'ChangeDose/Rate' AS statusdescription
        FROM stays, range(12) g(k) WHERE i % 3 = 0 ORDER BY i, k""",
    "labevents": """
        SELECT i AS subject_id, CASE WHEN k % 5 > 0 THEN i END AS hadm_id,
            [51265, 51275, 51222, 50912, 50971][k % 5 + 1] AS itemid, t + k * INTERVAL 14 MINUTE AS charttime,
            number::VARCHAR AS value, number AS valuenum,
            ['K/uL', 'sec', 'g/dL', 'mg/dL', 'mEq/L'][k % 5 + 1] AS valueuom, NULL AS ref_range_lower,
            NULL AS ref_range_upper, NULL::VARCHAR AS comments
        FROM stays, range({labs_per_stay}) g(k),
            LATERAL (SELECT [20 + (7 * i + 3 * k) % 380, 25 + (i + k) % 120, 6 + (i + k) % 10, 0.5 + (i + k) % 4,
                3 + (i + k) % 3][k % 5 + 1] AS number)
        ORDER BY i, k""",
}


@dataclass(frozen=True)
class Run:
    """One command: how long it took, the peak of its process, and the most that its temporary folders held."""

    seconds: float
    cpu_s: float
    peak_mb: float
    disk_mb: float
    said: str


def write(folder: Path, stays: int, labs_per_stay: int, form: str) -> None:
    """Write the database, part by part, as ``csv.gz`` (as PhysioNet ships it), ``csv`` or ``parquet``."""
    con = duckdb.connect()
    con.execute("SET memory_limit = '1GB'")
    con.execute(f"SET temp_directory = '{folder / '.spill'}'")
    con.execute(f"""
        CREATE TABLE stays AS
        SELECT i, TIMESTAMP '2150-01-01 08:00:00' + i * INTERVAL 1 HOUR AS t FROM range({stays}) r(i)
    """)
    options = "FORMAT parquet" if form == "parquet" else "FORMAT csv, HEADER"
    options += ", COMPRESSION gzip" if form == "csv.gz" else ""
    for name, select in TABLES.items():
        con.execute(f"COPY ({select.format(labs_per_stay=labs_per_stay)}) TO '{folder / name}.{form}' ({options})")
    con.close()


def command(words: list[str], watched: Path) -> Run:
    """Run one command as a process of its own; what it writes into hidden folders below ``watched`` is temporary.

    Raises:
        SystemExit: the command failed; what it said is shown.
    """
    start, disk = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT)
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            disk = max(disk, _hidden_bytes(watched))
            time.sleep(0.2)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if process.returncode:
        sys.exit(f"{' '.join(words)}\n{said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, disk / 2**20, said)


def _hidden_bytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob(".*/**/*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # a file of a running command may be gone again
            continue
    return total


@contextmanager
def _project() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mimiciv-scale-"))
    try:
        shutil.copy(ROOT / "params.yaml", folder)
        yield folder
    finally:
        shutil.rmtree(folder)


def measured(stays: int, given: argparse.Namespace) -> dict[str, float]:
    """Write, import and measure one database; print what it took and return what should not grow with the stays."""
    with _project() as folder:
        source = folder / "source"
        source.mkdir()
        generator = [sys.executable, "-m", "benchmarks.mimiciv_scale", "--write", str(source), "--form", given.form]
        numbers = ["--stays", str(stays), "--labs-per-stay", str(given.labs_per_stay)]
        made = command([*generator, *numbers], folder)
        size = sum(path.stat().st_size for path in source.iterdir()) / 2**20
        print(f"{stays} stays; {given.form}: {size:.0f} MB, written in {made.seconds:.0f} s", flush=True)
        project = ["--project", str(folder)]
        words = ["import", "mimic-iv", str(source), "--corpus", CORPUS, "--memory", given.memory]
        imported = command([*CASETRACE, *words, *project], folder)
        books = json.loads((folder / f"data/processed/{CORPUS}/import/report.json").read_text(encoding="utf-8"))
        rows = sum(books["read"].values())
        _show("import", imported, f"{rows} rows read, {rows / imported.seconds:.0f} rows/s")
        rates = {"import, processor time per row": imported.cpu_s / rows, "import, peak": imported.peak_mb}
        if not given.import_only:
            metrics = command([*CASETRACE, "run", CORPUS, "--stage", "metrics", *project], folder)
            _show("metrics", metrics, f"{metrics.said.strip().splitlines()[-1]}, {stays / metrics.seconds:.0f} stays/s")
            rates |= {"metrics, processor time per stay": metrics.cpu_s / stays, "metrics, peak": metrics.peak_mb}
        return rates


def _show(name: str, run: Run, what: str) -> None:
    print(f"  {name}: {what}", flush=True)
    print(f"    {run.seconds:.0f} s, {run.cpu_s:.0f} s of processor time, peak {run.peak_mb:.0f} MB", end="")
    print(f", temporary files at most {run.disk_mb:.0f} MB", flush=True)


def main() -> None:
    """Measure, or with ``--write`` only write the database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stays", type=int, default=5000)
    parser.add_argument("--compare-stays", type=int, help="measure this many stays first, and print ratios")
    parser.add_argument("--labs-per-stay", type=int, default=500)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--form", choices=["csv.gz", "csv", "parquet"], default="csv.gz")
    parser.add_argument("--import-only", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="only write the database into this folder")
    given = parser.parse_args()
    if given.write:
        write(given.write, given.stays, given.labs_per_stay, given.form)
        return
    before = measured(given.compare_stays, given) if given.compare_stays else None
    after = measured(given.stays, given)
    for name, value in (before or {}).items():
        print(f"{name}, {given.stays} stays over {given.compare_stays}: {after[name] / value:.2f}")


if __name__ == "__main__":
    main()
