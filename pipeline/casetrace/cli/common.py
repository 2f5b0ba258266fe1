"""What every command shares: errors told plainly, and the project that a command works in."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from casetrace.core.errors import EXIT_STOPPED, CasetraceError, NotFoundError
from casetrace.core.paths import ProjectFolder, find_project
from casetrace.vocabulary import own_terms

#: What DuckDB makes of Ctrl-C while a statement runs.
_DUCKDB_INTERRUPTED = "Query interrupted"


def handle_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Show an expected error as its message, with its exit code, and without a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except CasetraceError as error:
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)
        except (KeyboardInterrupt, RuntimeError) as error:
            if isinstance(error, RuntimeError) and str(error) != _DUCKDB_INTERRUPTED:
                raise
            click.echo("stopped; what was not finished is left as it was before", err=True)
            sys.exit(EXIT_STOPPED)

    return wrapped


def project_here(root: Path | None) -> ProjectFolder:
    """The project named, or the one that the current folder lies in; its own terms count from now on."""
    start = (root or Path.cwd()).resolve()
    if (project := find_project(start)) is not None:
        own_terms.read_on_top(project.vocabulary)
        return project
    raise NotFoundError(
        f"no casetrace project here: no params.yaml in {start} or above it; `casetrace init FOLDER` makes one"
    )


project_option = click.option(
    "--project", "root", type=click.Path(path_type=Path), help="Folder with params.yaml (default: found from here)."
)
