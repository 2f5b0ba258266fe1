"""Pages above the single cases: the comparison of a corpus, its aggregate, the index of everything."""
