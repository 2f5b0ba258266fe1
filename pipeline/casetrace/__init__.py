"""casetrace: published cases as validated, traceable data, and the same metrics on an ICU database."""

from casetrace.core.version import __version__ as __version__
