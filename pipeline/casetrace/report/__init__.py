"""Case reports: display objects, figures and tables made from processed tables, and their rendering.

A report computes nothing: every number shown stands in ``data/processed``.
"""
