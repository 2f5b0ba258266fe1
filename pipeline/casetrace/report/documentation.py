"""The generated pages of the documentation: data dictionary, metric catalogue, audit, and the picture of a sum.

They come from the only declarations (schemas, headers of the metric files, tests of claims) and from the data of the
worked case, so they cannot tell another story. `casetrace docs` writes them; a test fails when one is stale.
"""

from collections.abc import Mapping

import polars as pl

from casetrace.core.params import Params
from casetrace.core.paths import PACKAGE
from casetrace.metrics.catalogue import METRIC_ROWS, sql_files
from casetrace.metrics.run import run_metrics
from casetrace.report.audit_documentation import audit_page
from casetrace.report.figures.fold_out import fold_out
from casetrace.schemas import CANONICAL, RESULTS, Table
from casetrace.schemas.aggregate import AGGREGATE
from casetrace.schemas.base import dictionary
from casetrace.schemas.cohort import COHORT
from casetrace.values.estimate import Estimate

GENERATED = "Generated from the code; do not edit. `casetrace docs` writes it.\n"
#: The sum that the README shows, and how its claim is found.
PICTURE = "pictures/fullest-24-hours.svg"
_SUM, _WINDOW = "iv_ufh_max_24h", "24h"


def pages(params: Params, example: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """File name under ``docs/`` -> its text.

    Args:
        params: Printed in the catalogue, and used for the picture.
        example: The canonical tables of the worked case.
    """
    return {
        "data-dictionary.md": data_dictionary(),
        "metrics.md": metric_pages(params),
        "audit.md": audit_page(params, GENERATED),
        PICTURE: picture(params, example),
    }


def picture(params: Params, example: Mapping[str, pl.DataFrame]) -> str:
    """The doses that add up to the largest amount of heparin in 24 hours, beside the article's number."""
    found = run_metrics(example, params.for_sql())
    (row,) = found["metrics"].filter(metric=_SUM).to_dicts()
    terms = found["terms"].filter(metric=_SUM, stratum="", bound="best")
    claim = example["claims"].filter(compute="dose_total", window=_WINDOW).row(0, named=True)
    best = row["best"] if "best" in row else row["value"]
    total = Estimate(best, row["low"], row["high"], row["unit"], tuple(row["row_ids"]))
    starts = str(example["cases"]["day_zero_starts"].item())
    return fold_out(terms, total, float(claim["value_low"]), str(claim["claim"]), starts)


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
