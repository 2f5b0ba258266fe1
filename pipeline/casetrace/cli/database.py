"""`casetrace import`: patient databases and long tables into the canonical tables of a corpus."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from casetrace.cli.common import handle_errors, project_here, project_option
from casetrace.cli.progress import progress_bar
from casetrace.core.names import NameRefusedError
from casetrace.core.paths import PUBLISHED_CASES, Corpus

_OPTIONS = (
    click.option("--corpus", required=True, help="Name of the corpus to write (never case_reports)."),
    click.option(
        "--key",
        "key_file",
        type=click.Path(path_type=Path),
        help="File with the key of the pseudonyms; without one they are random.",
    ),
    click.option("--public", is_flag=True, help="The data may be shown row by row; without it only aggregates are."),
    click.option("--licence", default="not stated", help="Licence or terms of the data, kept with every case."),
    click.option("--memory", default="2GB", show_default=True, help="Memory that it may take; more goes to disk."),
    click.option(
        "--max-unknown",
        default=5.0,
        show_default=True,
        type=click.FloatRange(0, 100),
        help="Unknown or implausible results and doses that stop the import, in %.",
    ),
    project_option,
)

_unit_option = click.option(
    "--unit",
    default="stay",
    show_default=True,
    type=click.Choice(["stay", "admission", "patient"]),
    help="What a case is.",
)


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group("import")
def import_data() -> None:
    """Import a patient database or long tables as a corpus of cases.

    \b
    casetrace import mimic-iv ~/mimic-iv-2.2 --corpus mimic --unit stay --key mimic.key
    casetrace run mimic --stage metrics
    """


@import_data.command("mimic-iv")
@click.argument("path", type=click.Path(path_type=Path))
@_unit_option
@_with_options
@handle_errors
def mimic_iv(path: Path, unit: str, corpus: str, root: Path | None, **options: Any) -> None:
    """Import MIMIC-IV from PATH (with hosp/ and icu/, or flat; csv, csv.gz or parquet).

    \b
    casetrace import mimic-iv ~/mimic-iv-demo-2.2 --corpus mimic_demo --public
    """
    from casetrace.importers.stage import import_mimiciv

    place = _new_corpus(root, corpus)
    click.echo(import_mimiciv(place, path, _options(unit, **options), _tell, progress_bar).summary())


@import_data.command("clif")
@click.argument("path", type=click.Path(path_type=Path))
@_unit_option
@_with_options
@handle_errors
def clif(path: Path, unit: str, corpus: str, root: Path | None, **options: Any) -> None:
    """Import CLIF 2.1 from PATH (one file for each table; parquet, csv or csv.gz).

    \b
    casetrace import clif ~/clif-2.1 --corpus our_icu --key our.key
    """
    from casetrace.importers.stage import import_clif

    place = _new_corpus(root, corpus)
    click.echo(import_clif(place, path, _options(unit, **options), _tell, progress_bar).summary())


@import_data.command("table")
@click.option("--mapping", "mapping_file", required=True, type=click.Path(path_type=Path), help="The mapping file.")
@_with_options
@handle_errors
def table(mapping_file: Path, corpus: str, root: Path | None, **options: Any) -> None:
    """Import any long tables (csv, parquet, or a DuckDB query) by a mapping file.

    \b
    casetrace import table --mapping registry.yaml --corpus registry
    """
    from casetrace.importers.stage import import_tables

    place = _new_corpus(root, corpus)
    click.echo(import_tables(place, mapping_file, _options("stay", **options), _tell, progress_bar).summary())


def _new_corpus(root: Path | None, name: str) -> Corpus:
    """The corpus to write: never one that people type."""
    place = project_here(root).corpus(name)
    typed = {folder.name.lower() for folder in place.raw.parent.iterdir()} if place.raw.parent.is_dir() else set()
    if name.lower() in typed | {PUBLISHED_CASES}:
        raise NameRefusedError(f"'{name}' is a corpus of typed cases (data/raw/{name}): choose another name")
    return place


def _options(unit: str, max_unknown: float, **rest: Any) -> Any:
    from casetrace.importers.stage import Options

    return Options(unit=unit, max_unknown_pct=max_unknown, **rest)


def _tell(step: str) -> None:
    click.echo(f"{step} ...", err=True)
