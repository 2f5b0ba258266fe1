"""Drawings: the timeline of a case and the marks that the figures share."""
