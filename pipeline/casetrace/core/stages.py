"""What the work of each stage rests on: packages of casetrace, engines that are installed, parameters.

`casetrace.core.fingerprints` makes the key of a case from it, and `dvc.yaml` has the same packages.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: Sections of `params.yaml` that decide no row and no metric of a case.
_NOT_OF_CASES = ("cohort", "comparison", "report")


@dataclass(frozen=True)
class StageParts:
    """Packages below `casetrace`, with all that they import; distributions; sections of `params.yaml`.

    ``only_params`` are the sections that the stage reads, where it is given no others; ``unread_params`` those that it
    does not read, where it is given all.
    """

    packages: tuple[str, ...]
    engines: tuple[str, ...]
    only_params: tuple[str, ...] = ()
    unread_params: tuple[str, ...] = ()

    def reads(self, section: str) -> bool:
        """True for a section of `params.yaml` that may change what the stage writes."""
        return section in self.only_params if self.only_params else section not in self.unread_params


_BELOW = ("core", "schemas", "values", "vocabulary")
_FRAMES = ("duckdb", "pandera", "polars", "pyarrow", "pyyaml")
_COMPARING = (*_BELOW, "privacy", "cohort")
_COMPARING_ENGINES = (*_FRAMES, "numpy", "scipy")

STAGES: Mapping[str, StageParts] = {
    "extract": StageParts((*_BELOW, "extract"), (*_FRAMES, "openpyxl"), only_params=("time", "values")),
    "metrics": StageParts((*_BELOW, "audit", "metrics"), _FRAMES, unread_params=_NOT_OF_CASES),
    "placing": StageParts(_COMPARING, _COMPARING_ENGINES),
    "cohort": StageParts(_COMPARING, _COMPARING_ENGINES),
    "report": StageParts(
        (*_COMPARING, "metrics", "report"),
        (*_COMPARING_ENGINES, "altair", "vl-convert-python", "jinja2", "ipykernel", "nbclient", "nbformat", "openpyxl",
         "pypandoc_binary", "typst"),
    ),
}  # fmt: skip
