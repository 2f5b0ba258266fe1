"""Commands for a project as a whole: a new one, and what each stage is made of."""

import json
import sys
from pathlib import Path

import click

from casetrace.cli.common import handle_errors, project_here, project_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help="Without the worked case.")
@handle_errors
def init(folder: Path, empty: bool) -> None:
    """Make a project in FOLDER: parameters, stages for DVC, a place for cases and for terms of your own.

    A file that stands there already stays as it is, so that it can be called again.

    \b
    casetrace init my-cases
    casetrace init my-cases --empty
    """
    from casetrace.curation.init_project import init_project

    made = init_project(folder, with_example=not empty)
    for name in made.written:
        click.echo(f"wrote {name}")
    for name in made.kept:
        click.echo(f"kept  {name}")
    click.echo(f"{made.project.root}: a project. There: casetrace new author-2024-subject, casetrace run")


@click.command()
@click.option("--write", is_flag=True, help="Write one file for each stage to .casetrace/versions/, for dvc.yaml.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@project_option
@handle_errors
def versions(write: bool, as_json: bool, root: Path | None) -> None:
    """Say what each stage is made of: casetrace and the engines that are installed.

    \b
    casetrace versions
    casetrace versions --json
    """
    from casetrace.core.atomic import atomic_write
    from casetrace.core.fingerprints import code, engines
    from casetrace.core.stages import STAGES
    from casetrace.core.version import __version__

    installed = {stage: engines(stage) for stage in STAGES}
    found = {stage: {"code": code(stage), "engines": installed[stage]} for stage in STAGES}
    if write:
        folder = project_here(root).root / ".casetrace" / "versions"
        for stage, parts in found.items():
            atomic_write(folder / f"{stage}.json", json.dumps(parts, indent=1, sort_keys=True) + "\n")
    if as_json:
        click.echo(json.dumps({"casetrace": __version__, "stages": found}, indent=1, sort_keys=True))
    elif not write:
        click.echo(f"casetrace {__version__}")
        for name, release in sorted({pair for found_there in installed.values() for pair in found_there.items()}):
            click.echo(f"{name} {release}")


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@handle_errors
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Say which numbers differ between two states of results, OLD and NEW; exit code 1 when some do.

    Each is a project, a folder data/processed/CORPUS, or a metrics.parquet, of this release or an earlier one.

    \b
    casetrace diff ../before data/processed/case_reports
    casetrace diff before.parquet after.parquet --json
    """
    from casetrace.metrics.changes import changes

    found = changes(old, new)
    click.echo(json.dumps(found.as_json(), indent=1) if as_json else found.as_text())
    if found.changed:
        sys.exit(1)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a page is not current.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the pages (default: docs/ of the project).")
@project_option
@handle_errors
def docs(check: bool, out: Path | None, root: Path | None) -> None:
    """Write the pages that come from the code: metrics, columns, and the picture of a sum.

    \b
    casetrace docs
    casetrace docs --check
    """
    from casetrace.core.atomic import atomic_write
    from casetrace.core.params import load
    from casetrace.core.paths import EXAMPLE
    from casetrace.extract.case_folder import read_case
    from casetrace.report.documentation import pages

    project = project_here(root)
    params = load(project.params)
    folder = out or project.root / "docs"
    texts = pages(params, read_case(EXAMPLE, params)[0])
    stale = [name for name, text in texts.items() if not _holds(folder / name, text)]
    for name in stale:
        click.echo(f"{folder / name}: not current" if check else str(atomic_write(folder / name, texts[name])))
    if check and stale:
        click.echo("write them with: casetrace docs")
        sys.exit(1)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


@click.command()
@project_option
@handle_errors
def migrate(root: Path | None) -> None:
    """Bring the parameters of a project of an earlier release to this one; values of your own stay.

    The file as it was stays beside as params.before.yaml. Cases are read as they are.

    \b
    casetrace migrate
    """
    from casetrace.curation.migrate import migrate as bring

    project = project_here(root)
    lines = bring(project).lines
    for line in lines or (f"{project.params}: nothing to do",):
        click.echo(line)
