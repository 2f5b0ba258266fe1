"""The version of casetrace that runs."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("casetrace")
except PackageNotFoundError:  # running from a source tree that is not installed
    __version__ = "0+unknown"
