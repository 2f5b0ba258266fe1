"""From a patient database to canonical tables: rows are found, placed in cases, converted, and all accounted for.

A source (MIMIC-IV, CLIF, tables with a mapping) fills `found_cases`, `found_labs`, `found_doses`, `found_events` and
`found_patient`; everything after that is the same for all of them.
"""
