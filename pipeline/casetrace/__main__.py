"""`python -m casetrace` is the `casetrace` command."""

from casetrace.cli import main

main()
