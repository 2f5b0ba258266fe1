"""Patient databases and long tables to canonical tables: one shared path, one folder for each source."""
