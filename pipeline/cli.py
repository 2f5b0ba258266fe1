"""The `casetrace` command: parses words, calls a stage, turns errors into a message and an exit code.

No data logic lives here. Stages are imported when they are called, so that `--help` stays quick.
"""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from pipeline import __version__
from pipeline.errors import CasetraceError, NotFoundError, Problem, render_problems
from pipeline.paths import PUBLISHED_CASES, Corpus, Project

STAGES = ("extract", "metrics", "report")


def told_plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Show an expected error as its message, with its exit code, and without a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except CasetraceError as error:
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)

    return wrapped


def project_here(root: Path | None) -> Project:
    """The project named, or the one that the current folder lies in."""
    start = (root or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "params.yaml").is_file():
            return Project(folder)
    raise NotFoundError(f"no casetrace project here: no params.yaml in {start} or any folder above it")


project_option = click.option(
    "--project", "root", type=click.Path(path_type=Path), help="Folder with params.yaml (default: found from here)."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="casetrace")
def main() -> None:
    """Published cases as validated, traceable data, with metrics and reproducible reports.

    \b
    casetrace run                    every stage, for every published case
    casetrace run --stage metrics    one stage
    casetrace check data/raw/case_reports/my-case
    casetrace where                  where the reports are
    """


@main.command()
@click.argument("corpus", default=PUBLISHED_CASES)
@click.option("--stage", "stages", multiple=True, type=click.Choice(STAGES), help="Only this stage (may be repeated).")
@project_option
@told_plainly
def run(corpus: str, stages: tuple[str, ...], root: Path | None) -> None:
    """Run extract, metrics and report for a CORPUS (default: case_reports).

    \b
    casetrace run
    casetrace run case_reports --stage extract --stage metrics
    """
    project = project_here(root)
    place = project.corpus(corpus)
    for stage in [s for s in STAGES if not stages or s in stages]:
        _run_stage(stage, place)


def _run_stage(stage: str, place: Corpus) -> None:
    from pipeline.params import load

    params = load(place.project.params)
    if stage == "extract":
        from pipeline.extract import extract

        extracted = extract(place, params)
        _warn(extracted.warnings)
        click.echo(f"extract: {extracted.summary()}")
    elif stage == "metrics":
        from pipeline.audit import audit
        from pipeline.measure import measure

        measured = measure(place, params)
        claims = audit(place, params)
        click.echo(f"metrics: {measured.summary()}, {claims.height} claims tested")
    else:
        from pipeline.report import report

        click.echo(f"report: {report(place, params).summary()}")


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@project_option
@told_plainly
def check(path: Path, root: Path | None) -> None:
    """Check one case folder and say everything that is wrong with it, without writing anything.

    \b
    casetrace check data/raw/case_reports/cmaj-2019-heparin-resistance
    """
    from pipeline.errors import InputError
    from pipeline.params import load
    from pipeline.sources.case_folder import read_case

    if not path.is_dir():
        raise NotFoundError(f"{path}: no such folder")
    tables, problems = read_case(path, load(project_here(root or path).params))
    errors = [p for p in problems if p.severity == "error"]
    _warn([p for p in problems if p.severity == "warning"])
    if errors:
        raise InputError(errors)
    rows = sum(frame.height for frame in tables.values())
    click.echo(f"{path.name}: no errors in {rows} rows")


@main.command()
@click.argument("corpus", default=PUBLISHED_CASES)
@project_option
@told_plainly
def where(corpus: str, root: Path | None) -> None:
    """Say where the reports of a CORPUS are."""
    place = project_here(root).corpus(corpus)
    pages = sorted(place.reports.glob("*/report.html"))
    if not pages:
        raise NotFoundError(f"no report in {place.reports} yet: run `make report` or `casetrace run`")
    for page in pages:
        click.echo(str(page))


@main.command()
@click.argument("case_id")
@click.option("--source", required=True, type=click.Path(path_type=Path), help="Text of the article (UTF-8).")
@click.option("--write", is_flag=True, help="Find the places anew and keep them in evidence.csv.")
@click.option("--pick", "picks", multiple=True, help="With --write: ROW=2, ROW:part=2 or ROW:part=derived.")
@click.option("--corpus", default=PUBLISHED_CASES, help="Corpus of the case.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@project_option
@told_plainly
def verify(
    case_id: str, source: Path, write: bool, picks: tuple[str, ...], corpus: str, as_json: bool, root: Path | None
) -> None:
    """Check that each number of CASE_ID still stands where it was found in the article.

    \b
    casetrace verify my-case --source article.txt --write    find the places and keep them
    casetrace verify my-case --source article.txt            check the places that are kept
    casetrace verify my-case --source article.txt --write --pick PLT68:value=2
    """
    import json

    from pipeline.errors import InputError
    from pipeline.evidence import verify as verify_case
    from pipeline.evidence.picks import parse_picks
    from pipeline.params import load

    if picks and not write:
        raise click.UsageError("--pick goes with --write")
    project = project_here(root)
    folder = project.corpus(corpus).raw / case_id
    result = verify_case(folder, source, load(project.params), write=write, picks=parse_picks(picks))
    click.echo(json.dumps(result.as_json(), indent=1) if as_json else result.as_text())
    if result.problems:
        raise InputError(result.problems)


def _warn(problems: list[Problem]) -> None:
    if problems:
        click.echo(render_problems(problems), err=True)


@main.command()
@click.argument("case_id")
@click.argument("metric")
@click.option("--corpus", default=PUBLISHED_CASES, help="Corpus of the case.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@project_option
@told_plainly
def explain(case_id: str, metric: str, corpus: str, as_json: bool, root: Path | None) -> None:
    """Unfold one number of CASE_ID: the terms that add up to METRIC and the rows that it comes from.

    \b
    casetrace explain cmaj-2019-heparin-resistance iv_ufh_max_24h
    casetrace explain cmaj-2019-heparin-resistance iv_ufh_day_total.D4
    """
    import json

    from pipeline.explain import as_text
    from pipeline.explain import explain as unfold

    explanation = unfold(project_here(root).corpus(corpus), case_id, metric)
    click.echo(json.dumps(explanation.as_json(), indent=1) if as_json else as_text(explanation))
