"""casetrace: published cases as validated, traceable data, and the same metrics on an ICU database.

    import casetrace as ct

    project = ct.Project(".")
    case = project.case("cmaj-2019-heparin-resistance")
    case.metrics["iv_ufh_max_24h"]        # an Estimate: best, low, high, unit, rows
    case.explain("iv_ufh_max_24h").terms  # what adds up to it, as a polars frame

Names are loaded when they are used; docs/analysing.md shows them at work.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from casetrace.core.version import __version__

if TYPE_CHECKING:
    from casetrace import metrics
    from casetrace.core.errors import CasetraceError, InputError, NotFoundError, Problem
    from casetrace.face.checking import check
    from casetrace.face.project import Project
    from casetrace.values.estimate import Estimate

__all__ = [
    "CasetraceError",
    "Estimate",
    "InputError",
    "NotFoundError",
    "Problem",
    "Project",
    "__version__",
    "check",
    "metrics",
]

#: Where each name comes from; a module stands for itself.
_PLACES = {
    "CasetraceError": "casetrace.core.errors",
    "Estimate": "casetrace.values.estimate",
    "InputError": "casetrace.core.errors",
    "NotFoundError": "casetrace.core.errors",
    "Problem": "casetrace.core.errors",
    "Project": "casetrace.face.project",
    "check": "casetrace.face.checking",
    "metrics": "casetrace.metrics",
}


def __getattr__(name: str) -> Any:
    """The name, loaded now."""
    if name not in _PLACES:
        raise AttributeError(f"module 'casetrace' has no attribute {name!r}")
    place = _PLACES[name]
    module = import_module(place)
    found = module if place == f"casetrace.{name}" else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
