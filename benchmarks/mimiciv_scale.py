"""Import and metrics of a made database in MIMIC-IV form: wall time, rows per second, peak memory.

python benchmarks/mimiciv_scale.py --stays 50000 --labs-per-stay 400 --memory 2GB
"""

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path

import duckdb

from pipeline.importing import Options, import_mimiciv
from pipeline.measure import measure
from pipeline.params import load
from pipeline.paths import Project

ROOT = Path(__file__).resolve().parents[1]


def write(folder: Path, stays: int, labs_per_stay: int) -> None:
    """One admission and one stay of 5 days for each patient, with heparin for every third; counted, not random."""
    con = duckdb.connect()
    con.execute(f"""
        CREATE TABLE s AS SELECT i, TIMESTAMP '2150-01-01 08:00:00' + i * INTERVAL 1 HOUR AS t FROM range({stays}) r(i);
        CREATE TABLE patients AS SELECT i AS subject_id, CASE i % 2 WHEN 0 THEN 'F' ELSE 'M' END AS gender,
            40 + i % 50 AS anchor_age, 2150 AS anchor_year FROM s;
        CREATE TABLE admissions AS SELECT i AS subject_id, i AS hadm_id, t - INTERVAL 1 DAY AS admittime,
            t + INTERVAL 7 DAY AS dischtime, NULL::TIMESTAMP AS deathtime, NULL::TIMESTAMP AS edregtime FROM s;
        CREATE TABLE icustays AS SELECT i AS subject_id, i AS hadm_id, i AS stay_id, t AS intime,
            t + INTERVAL 5 DAY AS outtime, 'MICU' AS first_careunit FROM s;
        CREATE TABLE inputevents AS SELECT i AS subject_id, i AS hadm_id, i AS stay_id,
            t + k * INTERVAL 6 HOUR AS starttime, t + (k + 1) * INTERVAL 6 HOUR AS endtime,
            225152 AS itemid, 6000 + 10 * k AS amount,
            'units' AS amountuom,
            1000.0 AS rate, 'Continuous Med' AS ordercategorydescription, 80 AS patientweight,
            'ChangeDose/Rate' AS statusdescription
            FROM s, range(12) g(k) WHERE i % 3 = 0;
        CREATE TABLE labevents AS SELECT i AS subject_id, CASE WHEN k % 5 > 0 THEN i END AS hadm_id,
            [51265, 51275, 51222, 50912][k % 4 + 1] AS itemid, t + k * INTERVAL 18 MINUTE AS charttime,
            (20 + (i + k) % 80)::VARCHAR AS value, 20 + (i + k) % 80 AS valuenum,
            ['K/uL', 'sec', 'g/dL', 'mg/dL'][k % 4 + 1] AS valueuom, NULL AS ref_range_lower, NULL AS ref_range_upper,
            NULL::VARCHAR AS comments FROM s, range({labs_per_stay}) g(k);
    """)
    for name in ("patients", "admissions", "icustays", "inputevents", "labevents"):
        con.execute(f"COPY {name} TO '{folder / name}.parquet'")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stays", type=int, default=5000)
    parser.add_argument("--labs-per-stay", type=int, default=400)
    parser.add_argument("--memory", default="2GB")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        write(folder, given.stays, given.labs_per_stay)
        corpus = Project(folder).corpus("made")
        start = time.perf_counter()
        result = import_mimiciv(corpus, folder, Options(memory=given.memory, max_unknown_pct=100))
        imported = time.perf_counter()
        rows = sum(result.account.read.values())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds = imported - start
        print(f"import: {rows} rows, {seconds:.1f} s, {rows / seconds:.0f} rows/s, peak {peak:.0f} MB")
        measured = measure(corpus, load(ROOT / "params.yaml"))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"metrics: {measured.metrics} results, {time.perf_counter() - imported:.1f} s, peak {peak:.0f} MB")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
