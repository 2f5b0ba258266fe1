"""The `casetrace` command: parses words, calls a stage, turns errors into a message and an exit code.

No data logic lives here. Stages are imported when they are called, so that `--help` stays quick.
"""

from pathlib import Path

import click

from casetrace.cli.collection import cohort, compare, new
from casetrace.cli.common import handle_errors, project_here, project_option
from casetrace.cli.database import import_data
from casetrace.cli.progress import progress_bar
from casetrace.cli.project import diff, docs, init, migrate, versions
from casetrace.core.errors import NotFoundError, Problem, render_problems
from casetrace.core.names import checked_name
from casetrace.core.paths import PUBLISHED_CASES, Corpus
from casetrace.core.version import __version__

STAGES = ("extract", "metrics", "placing", "cohort", "report", "index")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="casetrace")
def main() -> None:
    """Published cases as validated, traceable data, with metrics and reproducible reports.

    \b
    casetrace init my-cases          a project of your own
    casetrace run                    every stage, for every published case
    casetrace run --stage metrics    one stage
    casetrace check data/raw/case_reports/my-case
    casetrace where                  where the reports are
    """


main.add_command(init)
main.add_command(migrate)
main.add_command(versions)
main.add_command(diff)
main.add_command(docs)
main.add_command(import_data)
main.add_command(new)
main.add_command(compare)
main.add_command(cohort)


@main.command()
@click.argument("corpus", default=PUBLISHED_CASES)
@click.option("--stage", "stages", multiple=True, type=click.Choice(STAGES), help="Only this stage (may be repeated).")
@click.option("--engine", type=click.Choice(["pandoc", "quarto"]), help="Renders the reports (default: params.yaml).")
@click.option("--among", help="With --stage placing: only among the cases of this corpus.")
@project_option
@handle_errors
def run(corpus: str, stages: tuple[str, ...], engine: str | None, among: str | None, root: Path | None) -> None:
    """Run every stage for a CORPUS (default: case_reports).

    \b
    casetrace run
    casetrace run case_reports --stage extract --stage metrics
    """
    if among is not None and stages != ("placing",):
        raise click.UsageError("--among goes with --stage placing")
    project = project_here(root)
    place = project.corpus(corpus)
    for stage in [s for s in STAGES if not stages or s in stages]:
        _run_stage(stage, place, engine, among)


def _run_stage(stage: str, place: Corpus, engine: str | None, among: str | None) -> None:
    from casetrace.core.params import load
    from casetrace.privacy import corpus_info

    params = load(place.project.params)
    if stage == "extract" and (imported := corpus_info(place)) is not None:
        click.echo(f"extract: {place.name} was imported from {imported.database}; its tables stay as they are")
    elif stage == "extract":
        from casetrace.extract.stage import extract

        extracted = extract(place, params, lambda folders: progress_bar("reading", folders))
        _warn(extracted.warnings)
        click.echo(f"extract: {extracted.summary()}")
    elif stage == "metrics":
        from casetrace.metrics.stage import run_metrics_stage

        done = run_metrics_stage(place, params, lambda batches: progress_bar("measuring", batches))
        click.echo(f"metrics: {done.summary()}")
    elif stage == "placing":
        from casetrace.cohort.reference_percentiles import place as place_cases

        for line in place_cases(place, params, among):
            click.echo(f"placing: {line}")
    elif stage == "cohort":
        from casetrace.cohort import cohort as compute_cohort

        click.echo(f"cohort: {compute_cohort(place, params).summary()}")
    elif stage == "report":
        from casetrace.report.stage import make_reports

        made = make_reports(place, params, engine, lambda cases: progress_bar("reports", cases))
        click.echo(f"report: {made}")
    else:
        from casetrace.report.corpus_pages.collection import write_index

        click.echo(f"index: {write_index(place.project)}")


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@project_option
@handle_errors
def check(path: Path, root: Path | None) -> None:
    """Check one case folder and say everything that is wrong with it, without writing anything.

    \b
    casetrace check data/raw/case_reports/cmaj-2019-heparin-resistance
    """
    from casetrace.core.errors import InputError
    from casetrace.curation.check import check_case, rows_typed

    if not path.is_dir():
        raise NotFoundError(f"{path}: no such folder")
    tables, problems = check_case(project_here(root or path), path.resolve())
    errors = [p for p in problems if p.severity == "error"]
    _warn([p for p in problems if p.severity == "warning"])
    if errors:
        raise InputError(errors)
    click.echo(f"{path.resolve().name}: no errors in {rows_typed(tables)} rows")


@main.command()
@click.argument("corpus", default=PUBLISHED_CASES)
@project_option
@handle_errors
def where(corpus: str, root: Path | None) -> None:
    """Say where the reports of a CORPUS are.

    \b
    casetrace where case_reports
    """
    place = project_here(root).corpus(corpus)
    pages = sorted(place.reports.glob("*/report.html"))
    if not pages and not place.cohort_page.is_file():
        raise NotFoundError(f"no report in {place.reports} yet: run `make report` or `casetrace run`")
    index = place.project.root / "reports" / "index.html"
    for page in [p for p in (index, place.cohort_page) if p.is_file()] + pages:
        click.echo(str(page))


@main.command()
@click.argument("case_id")
@click.option("--source", required=True, type=click.Path(path_type=Path), help="Text of the article (UTF-8).")
@click.option("--write", is_flag=True, help="Find the places anew and keep them in evidence.csv.")
@click.option("--pick", "picks", multiple=True, help="With --write: ROW=2, ROW:part=2 or ROW:part=derived.")
@click.option("--corpus", default=PUBLISHED_CASES, help="Corpus of the case.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@project_option
@handle_errors
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

    from casetrace.core.errors import InputError
    from casetrace.core.params import load
    from casetrace.verify import verify as verify_case
    from casetrace.verify.picks import parse_picks

    if picks and not write:
        raise click.UsageError("--pick goes with --write")
    project = project_here(root)
    folder = project.corpus(corpus).raw_case(case_id)
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
@handle_errors
def explain(case_id: str, metric: str, corpus: str, as_json: bool, root: Path | None) -> None:
    """Unfold one number of CASE_ID: the terms that add up to METRIC and the rows that it comes from.

    \b
    casetrace explain cmaj-2019-heparin-resistance iv_ufh_max_24h
    casetrace explain cmaj-2019-heparin-resistance iv_ufh_day_total.D4
    """
    import json

    from casetrace.report.explain import as_text
    from casetrace.report.explain import explain as unfold

    explanation = unfold(project_here(root).corpus(corpus), checked_name(case_id, "case"), metric)
    click.echo(json.dumps(explanation.as_json(), indent=1) if as_json else as_text(explanation))
