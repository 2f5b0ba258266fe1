"""What every stage stands on: errors, paths, parameters, files that are replaced as a whole, fingerprints."""
