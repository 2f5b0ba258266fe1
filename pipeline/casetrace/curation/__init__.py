"""Help for the person who types a case: a folder to fill, a second reading held against the first."""
