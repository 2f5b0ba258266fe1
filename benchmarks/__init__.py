"""Measurements: how tight the bounds are and how the stages scale. Ratios from one run, never absolute times."""
