"""`python -m pipeline` is the `casetrace` command."""

from pipeline.cli import main

main()
