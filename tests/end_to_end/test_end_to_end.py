"""The real commands in a fresh copy of the project: the same bytes anywhere, reruns of what changed, clear failure."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRST = "cmaj-2019-heparin-resistance"
DATED = "pmc9310331-covid-rv-thrombus-dated-table"
INPUTS = ("data/raw", "params.yaml", "dvc.yaml", "requirements.lock", ".dvcignore", "pipeline")
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

pytestmark = pytest.mark.slow


def call(*words, cwd, expect=0):
    done = subprocess.run(words, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == expect, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def fresh_copy(folder, cases=None):
    for name in INPUTS:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for case in (folder / "data/raw/case_reports").iterdir():
        if cases is not None and case.name not in cases:
            shutil.rmtree(case)
    return folder


def hashes(folder):
    files = [p for top in ("data/processed", "reports") for p in sorted((folder / top).rglob("*")) if p.is_file()]
    assert files
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def of_cases(found, cases):
    """The files that belong to single cases, with what they hold."""
    return {path: value for path, value in found.items() if any(case in path for case in cases)}


@pytest.mark.xdist_group("whole collection")
def test_two_runs_in_different_folders_give_the_same_bytes_and_the_whole_collection_the_same_of_each_case(tmp_path):
    some = (FIRST, DATED)
    copies = {"one": some, "a much longer name with spaces": some, "whole": None}
    runs = [fresh_copy(tmp_path / name, cases) for name, cases in copies.items()]
    for folder in runs:
        call("casetrace", "run", cwd=folder)
    first, second, whole = (hashes(folder) for folder in runs)
    assert first == second
    assert f"reports/case_reports/{FIRST}/report.html" in first
    assert f"reports/case_reports/{DATED}/summary.json" in first
    assert of_cases(first, some) == of_cases(whole, some)
    page = (runs[-1] / "reports/case_reports/cohort.html").read_text(encoding="utf-8")
    cases = [path.name for path in (ROOT / "data/raw/case_reports").iterdir() if path.is_dir()]
    assert all(f"reports/case_reports/{case}/report.html" in whole for case in cases)
    assert f"{len(cases) - 1} cases compared" in page
    assert "1 case is left out because its publisher calls it fictional: " in page


@pytest.fixture(scope="module")
def tracked(tmp_path_factory):
    """A one-case project under git and DVC, run once."""
    folder = fresh_copy(tmp_path_factory.mktemp("project"), cases=[FIRST])
    call("git", "init", "-q", cwd=folder)
    call("dvc", "init", "-q", cwd=folder)
    call("dvc", "repro", cwd=folder)
    return folder


def test_a_second_repro_does_nothing(tracked):
    done = call("dvc", "repro", cwd=tracked)
    assert "Running stage" not in done.stdout
    assert "up to date" in done.stdout


def test_dvc_metrics_show_has_a_row_for_each_case(tracked):
    shown = json.loads(call("dvc", "metrics", "show", "--json", cwd=tracked).stdout)
    (files,) = [revision["data"] for revision in shown.values()]
    assert [Path(name).stem for name in files] == [FIRST]
    (numbers,) = [entry["data"] for entry in files.values()]
    assert numbers["iv_ufh_bolus_total"] == 56000


def test_a_changed_cell_reruns_what_depends_on_it_and_a_broken_one_leaves_everything(tracked):
    doses = tracked / "data/raw/case_reports" / FIRST / "doses.csv"
    original = doses.read_text(encoding="utf-8")
    before = hashes(tracked)
    edit(
        doses,
        "HEP1,unfractionated heparin,bolus,,therapeutic,4000,",
        "HEP1,unfractionated heparin,bolus,,therapeutic,4000x,",
    )
    done = call("dvc", "repro", cwd=tracked, expect=1 if os.name == "nt" else 255)
    said = done.stdout + done.stderr
    assert f"{FIRST}/doses.csv, row 7, column amount: '4000x'" in said
    assert "Traceback" not in said
    assert hashes(tracked) == before

    doses.write_text(original, encoding="utf-8")
    edit(
        doses,
        "HEP1,unfractionated heparin,bolus,,therapeutic,4000,",
        "HEP1,unfractionated heparin,bolus,,therapeutic,5000,",
    )
    done = call("dvc", "repro", cwd=tracked)
    assert [f"{stage}@case_reports" in done.stdout for stage in ("extract", "metrics", "report")] == [True] * 3
    summary = json.loads((tracked / "reports/case_reports" / FIRST / "summary.json").read_text(encoding="utf-8"))
    assert summary["metrics"]["iv_ufh_bolus_total"]["value"] == 57000

    doses.write_text(original, encoding="utf-8")
    call("dvc", "repro", cwd=tracked)
    assert hashes(tracked) == before


def test_a_changed_threshold_reruns_metrics_and_report_but_not_extract(tracked):
    params = tracked / "params.yaml"
    original = params.read_text(encoding="utf-8")
    edit(params, "value: 35000,", "value: 50000,")
    done = call("dvc", "repro", cwd=tracked)
    assert "Running stage 'extract@case_reports'" not in done.stdout
    assert "Running stage 'metrics@case_reports'" in done.stdout
    summary = json.loads((tracked / "reports/case_reports" / FIRST / "summary.json").read_text(encoding="utf-8"))
    assert summary["metrics"]["resistance_dose_24h"]["value"] == 0
    params.write_text(original, encoding="utf-8")


def test_a_folder_copied_in_makes_its_own_report_and_an_edited_report_is_made_anew(tracked):
    call("dvc", "repro", cwd=tracked)
    report = tracked / "reports/case_reports" / FIRST / "summary.json"
    before = report.stat().st_mtime_ns
    shutil.copytree(ROOT / "data/raw/case_reports" / DATED, tracked / "data/raw/case_reports" / DATED)
    done = call("dvc", "repro", cwd=tracked)
    assert "report: 1 made, 1 up to date" in done.stdout
    assert report.stat().st_mtime_ns == before
    assert DATED in (tracked / "reports/index.html").read_text(encoding="utf-8")

    kept = hashes(tracked)
    report.unlink()  # it may be a link into DVC's cache
    report.write_text("{}", encoding="utf-8")
    done = call("dvc", "repro", cwd=tracked)
    assert "report: 1 made, 1 up to date" in done.stdout
    assert hashes(tracked) == kept
