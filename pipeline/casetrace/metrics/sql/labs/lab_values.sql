-- title: Results of the analytes that metrics use, as levels with bounds
-- grain: one row per case and laboratory row that says something of a level
-- reads: lab_levels
-- params: none
-- missing: as lab_levels; a mean or a median is no single result and is left out
-- source: as lab_levels
-- returns: view
SELECT * EXCLUDE (is_mean) FROM lab_levels WHERE NOT is_mean
