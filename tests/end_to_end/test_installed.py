"""The wheel, in a new environment and another folder: a project of one's own, with and without DVC."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "cmaj-2019-heparin-resistance"

pytestmark = pytest.mark.slow


def run(*words, cwd, expect=0):
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["PATH"] = "/usr/local/bin:/usr/bin:/bin"
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == expect, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    """The commands of a new environment that holds the wheel, beside the libraries that are installed here."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    words = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", "--no-compile", wheel)
    run(sys.executable, *words, cwd=folder)
    (site / "libraries.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    dvc = folder / "env" / "bin" / "dvc"
    dvc.write_text(f"#!{python}\nfrom dvc.cli import main\nmain()\n", encoding="utf-8")
    dvc.chmod(0o755)
    return folder / "env" / "bin"


@pytest.fixture(scope="module")
def project(env, tmp_path_factory):
    """A project made by the installed command."""
    folder = tmp_path_factory.mktemp("elsewhere") / "my cases"
    said = run(env / "casetrace", "init", folder, cwd=folder.parent)
    assert "wrote params.yaml" in said
    return folder


def test_the_installed_package_is_the_one_that_runs(env, project):
    words = (env / "python", "-c", "import casetrace; print(casetrace.__file__, casetrace.__version__)")
    place, version = run(*words, cwd=project).rsplit(maxsplit=1)
    assert Path(place).is_relative_to(env.parent)
    assert f'version = "{version}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_case_is_made_checked_and_measured(env, project):
    casetrace = env / "casetrace"
    assert "fill source.yaml" in run(casetrace, "new", "author-2024-subject", cwd=project)
    assert "the key has no value" in run(
        casetrace, "check", "data/raw/case_reports/author-2024-subject", cwd=project, expect=2
    )
    for path in sorted((project / "data/raw/case_reports/author-2024-subject").iterdir()):
        path.unlink()
    (project / "data/raw/case_reports/author-2024-subject").rmdir()
    assert "no errors" in run(casetrace, "check", f"data/raw/case_reports/{EXAMPLE}", cwd=project)
    stages = ("--stage", "extract", "--stage", "metrics", "--stage", "cohort")
    assert "1 cases compared" in run(casetrace, "run", *stages, cwd=project)
    assert "46\u202f711\u00a0U" in run(casetrace, "explain", EXAMPLE, "iv_ufh_max_24h", cwd=project).replace(
        "711 ", "711\u00a0"
    )


def test_dvc_runs_the_stages_without_an_active_environment_and_again_only_what_changed(env, project):
    stages = ("extract@case_reports", "metrics@case_reports", "cohort@case_reports")
    said = run(env / "dvc", "repro", *stages, cwd=project)
    assert [f"Running stage '{stage}'" in said for stage in stages] == [True] * 3
    assert "Running stage 'extract" not in run(env / "dvc", "repro", *stages, cwd=project)
    written = project / ".casetrace" / "versions" / "metrics.json"
    assert '"duckdb"' in written.read_text(encoding="utf-8")
    code = next((env.parent / "lib").glob("python*/site-packages/casetrace/metrics/run.py"))
    text = code.read_text(encoding="utf-8")
    code.write_text(text + "\n# another release\n", encoding="utf-8")
    said = run(env / "dvc", "repro", *stages, cwd=project)
    code.write_text(text, encoding="utf-8")
    assert "Running stage 'metrics@case_reports'" in said
    assert "Running stage 'extract" not in said


def test_terms_of_one_s_own_count(env, project):
    drugs = project / "vocabulary" / "drugs.csv"
    said = run(env / "casetrace", "run", "--stage", "extract", cwd=project)
    drugs.write_text("drug,class\nargatroban,anticoagulant\n", encoding="utf-8")
    refused = run(env / "casetrace", "run", "--stage", "extract", cwd=project, expect=2)
    drugs.unlink()
    assert "1 up to date" in said
    assert "vocabulary/drugs.csv, row 2: 'argatroban' is a term already" in refused
