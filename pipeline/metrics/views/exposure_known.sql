-- title: Which bounds of a total and of a trailing total exist, and why not
-- grain: one row per case and substance with at least one dose row
-- reads: dose_rows
-- params: none
-- missing: one row without a known amount, membership, length or place takes the best value away; one without an upper
--   limit takes the high bound away
-- source: docs/case-folder.md
-- returns: view
SELECT case_id, substance,
    count(*) AS n_rows,
    bool_and(sum_is_known) AS best_is_known,
    bool_and(high_is_known) AS high_is_known,
    bool_and(place_is_known) AS best_is_placed,
    count(DISTINCT unit) <= 1 AS is_one_unit,
    min(unit) AS unit,
    sentence(list(sum_gap ORDER BY row_id, occurrence) FILTER (occurrence = 1)) AS sum_gap,
    sentence(list(sentence([sum_gap, place_gap]) ORDER BY row_id, occurrence) FILTER (occurrence = 1)) AS place_gap,
    row_list(list(row_id)) AS row_ids,
    row_list(list(row_id) FILTER (kind IN ('bolus', 'total'))) AS bolus_rows,
    row_list(list(row_id) FILTER (kind IN ('infusion', 'total'))) AS infusion_rows
FROM dose_rows
GROUP BY ALL
