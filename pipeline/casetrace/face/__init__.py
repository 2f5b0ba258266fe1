"""What `import casetrace as ct` gives: a project, its cases and their numbers, for Python and for notebooks."""
