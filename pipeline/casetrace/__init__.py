"""casetrace: published cases as validated, traceable data, and the same metrics on an ICU database."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("casetrace")
except PackageNotFoundError:  # running from a source tree that is not installed
    __version__ = "0+unknown"
