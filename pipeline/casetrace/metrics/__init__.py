"""The metrics stage: canonical tables in, one long table of results and their series out."""
