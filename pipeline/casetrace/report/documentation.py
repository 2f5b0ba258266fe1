"""The generated pages of the documentation: the data dictionary and the metric catalogue.

Both come from the only declarations (schemas and headers of the metric files), so they cannot tell another story than
the code. A test fails when a page is stale.
"""

from pathlib import Path

from casetrace.core.params import Params
from casetrace.core.paths import PACKAGE
from casetrace.metrics.catalogue import METRIC_ROWS, sql_files
from casetrace.schemas import CANONICAL, RESULTS, Table
from casetrace.schemas.aggregate import AGGREGATE
from casetrace.schemas.base import dictionary
from casetrace.schemas.cohort import COHORT

GENERATED = "Generated from the code; do not edit. `CASETRACE_UPDATE_DOCS=1 make test` writes it anew.\n"


def pages(params: Params) -> dict[str, str]:
    """File name under ``docs/`` -> its text."""
    return {"data-dictionary.md": data_dictionary(), "metrics.md": metric_pages(params)}


def write(folder: Path, params: Params) -> None:
    """Write every generated page into ``folder``."""
    for name, text in pages(params).items():
        (folder / name).write_text(text, encoding="utf-8")


def data_dictionary() -> str:
    """Every column of every table, with unit and meaning."""
    parts = ["# Data dictionary\n", GENERATED]
    parts.append(
        "Instants are whole minutes since the case's time zero. Units are UCUM codes; heparin and antithrombin are in "
        "`[iU]`, and USP units of heparin are taken as international units, which they equal since 2009.\n"
    )
    sections = {"Canonical tables": CANONICAL, "Results": RESULTS, "Cohort": COHORT, "In aggregate": AGGREGATE}
    for heading, tables in sections.items():
        parts.append(f"## {heading}\n")
        parts += [_table(name, model) for name, model in tables.items()]
    return "\n".join(parts)


def _table(name: str, model: type[Table]) -> str:
    lines = [f"### `{name}`\n", " ".join((model.__doc__ or "").split()) + "\n"]
    lines += ["| column | type | unit | may be empty | meaning |", "|---|---|---|---|---|"]
    for column in dictionary(model):
        unit = f"`{column['unit']}`" if column["unit"] else ""
        empty = "yes" if column["nullable"] else "no"
        lines.append(f"| `{column['name']}` | {column['type']} | {unit} | {empty} | {column['description']} |")
    return "\n".join(lines) + "\n"


def metric_pages(params: Params) -> str:
    """Every metric with its definition, unit, parameters, source, and what happens when data are missing."""
    parts = ["# Metrics\n", GENERATED]
    parts.append(
        "Every result has a best value, a low and a high bound, a status and the rows that it comes from. Yes/no "
        "results are 1 and 0; an open one is 0 to 1 without a best value. The stable key of a number is `metric` or "
        "`metric.stratum`.\n"
    )
    for file in sql_files():
        if file.returns != METRIC_ROWS:
            continue
        parts.append(f"## {file.header['title']}\n")
        parts += ["| metric | unit | meaning | split by |", "|---|---|---|---|"]
        parts += [f"| `{m.name}` | `{m.unit}` | {m.label} | {m.stratum or ''} |" for m in file.metrics]
        parts.append("")
        parts.append(f"- Missing: {file.header['missing']}")
        parts.append(f"- Source: {file.header['source']}")
        if file.params:
            parts.append(f"- Parameters: {', '.join(f'`{name}`' for name in file.params)}")
        parts.append(f"- File: `{file.path.relative_to(PACKAGE.parents[1]).as_posix()}`\n")
    parts += ["## Parameters\n", "| parameter | value | unit | source |", "|---|---|---|---|"]
    parts += [f"| `{e.name}` | {e.value} | `{e.unit}` | {e.source} |" for e in params.entries() if e.source]
    return "\n".join(parts) + "\n"
