"""The report of one case, piece by piece."""
