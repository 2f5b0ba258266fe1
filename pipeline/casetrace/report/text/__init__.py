"""Numbers, rows and reasons in words."""
