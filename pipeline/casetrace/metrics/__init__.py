"""The metrics stage: canonical tables in, one long table of results and their series out.

The module is also a function, `casetrace.metrics(tables, params)`: see `MetricsModule.__call__`.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


class MetricsModule(ModuleType):
    """A module that can be called."""

    def __call__(
        self, tables: "Mapping[str, pl.DataFrame]", params: Path | str | None = None
    ) -> "dict[str, pl.DataFrame]":
        """Every result of canonical tables that are in memory; nothing is read from a project and nothing written.

        Args:
            tables: Canonical tables by name (docs/data-dictionary.md); `cases` must be there, others may be left out.
            params: A params.yaml; the parameters as they come when left out.

        Returns:
            ``metrics`` (grain: case, metric, stratum; each in its unit) and each series by its name.

        Raises:
            pandera.errors.SchemaErrors: a table that breaks its schema.
            InputError: parameters that cannot be read.
            NotFoundError: no table `cases`, or a table that is none of ours.
        """
        from casetrace.core.errors import NotFoundError
        from casetrace.core.params import load
        from casetrace.core.paths import PARAMS
        from casetrace.metrics.run import run_metrics
        from casetrace.schemas import CANONICAL, empty

        strange = sorted(set(tables) - set(CANONICAL))
        if strange or "cases" not in tables:
            what = f"no canonical table is called {', '.join(strange)}" if strange else "there is no table 'cases'"
            raise NotFoundError(f"{what} (there are: {', '.join(CANONICAL)})")
        checked = {
            name: model.checked(tables[name]) if name in tables else empty(model) for name, model in CANONICAL.items()
        }
        return run_metrics(checked, load(PARAMS if params is None else Path(params)).for_sql())


sys.modules[__name__].__class__ = MetricsModule
