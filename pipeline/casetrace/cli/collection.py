"""Commands for collections of cases: a new case, a second reading, a comparison."""

import json
import sys
from functools import partial
from pathlib import Path

import click

from casetrace.cli.common import handle_errors, project_here, project_option
from casetrace.cli.progress import progress_bar
from casetrace.core.paths import PUBLISHED_CASES


@click.command()
@click.argument("case_id")
@click.option("--xlsx", "as_workbook", is_flag=True, help="One workbook in place of CSV files.")
@click.option("--corpus", default=PUBLISHED_CASES, help="Corpus of the case.")
@project_option
@handle_errors
def new(case_id: str, as_workbook: bool, corpus: str, root: Path | None) -> None:
    """Write a folder for the new case CASE_ID, with every key and column explained, for you to fill.

    \b
    casetrace new author-2024-subject
    casetrace new author-2024-subject --xlsx    one workbook, with drop-down lists
    """
    from casetrace.curation.new_case import new_case

    folder = new_case(project_here(root).corpus(corpus), case_id, as_workbook=as_workbook)
    guide = (
        "fill case.xlsx; its sheet guide explains the others"
        if as_workbook
        else ("fill source.yaml and the sheets; README.md there explains them")
    )
    click.echo(f"{folder}: {guide}")
    click.echo(f"Then: casetrace check {folder}")


@click.command()
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--words", is_flag=True, help="Compare ids, notes, places and titles too.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@handle_errors
def compare(first: Path, second: Path, words: bool, as_json: bool) -> None:
    """Set two transcriptions of one case side by side; exit code 1 when they differ.

    \b
    casetrace compare data/raw/case_reports/my-case second-reading/my-case
    """
    from casetrace.curation.compare import compare as set_side_by_side

    comparison = set_side_by_side(first, second, words=words)
    click.echo(json.dumps(comparison.as_json(), indent=1) if as_json else comparison.as_text())
    if comparison.differences:
        sys.exit(1)


@click.command()
@click.argument("corpus", default=PUBLISHED_CASES)
@click.option("--by", help="Variable that makes the groups: sex, hit, resistance_dose_24h ...")
@click.option("--test", is_flag=True, help="With --by: test each variable and curve between the groups.")
@click.option("--where", help="Only cases that fit: \"age >= 60 AND sex = 'female'\".")
@click.option("--out", type=click.Path(path_type=Path), help="The page to write (default: cohort.html here).")
@project_option
@handle_errors
def cohort(corpus: str, by: str | None, test: bool, where: str | None, out: Path | None, root: Path | None) -> None:
    """Compare the cases of a CORPUS, all of them, some of them, or in groups.

    A corpus that is not public is shown in aggregate and as a whole; see docs/privacy.md.

    \b
    casetrace cohort                                  the page of the collection, made anew
    casetrace cohort case_reports --by sex --out by-sex.html
    casetrace cohort case_reports --by sex --test --out by-sex.html
    casetrace cohort --where "age >= 50 AND hit = 'present'" --out older.html
    """
    from casetrace.cohort import cohort as compute
    from casetrace.core.params import load
    from casetrace.report.corpus_pages.collection import write_cohort_page, write_comparison

    place = project_here(root).corpus(corpus)
    params = load(place.project.params)
    if by is None and where is None and out is None and not test:
        click.echo(f"cohort: {compute(place, params).summary()}")
        click.echo(str(write_cohort_page(place, params)))
    else:
        tested = partial(progress_bar, "testing")
        click.echo(str(write_comparison(place, params, out or Path("cohort.html"), by, where, test, tested)))
