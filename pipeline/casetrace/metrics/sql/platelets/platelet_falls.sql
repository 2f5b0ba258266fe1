-- title: Fall of the platelet count under each reading
-- grain: one row per case and reading
-- reads: platelet_baselines
-- params: none
-- missing: a fall needs both ends; its bounds pair the highest baseline with the lowest nadir and the other way round
-- source: 100 x (baseline - nadir) / baseline
-- returns: view
SELECT case_id, reading, is_applicable, nadir_low, nadir_high, nadir_best,
    base_best - nadir_best AS abs_best, base_low - nadir_high AS abs_low, base_high - nadir_low AS abs_high,
    CASE WHEN base_best > 0 THEN fall_of(base_best, nadir_best) END AS pct_best,
    CASE WHEN base_low > 0 THEN fall_of(base_low, nadir_high) END AS pct_low,
    CASE WHEN base_high > 0 THEN fall_of(base_high, nadir_low)
        WHEN base_high IS NULL AND base_rows IS NOT NULL AND nadir_low IS NOT NULL THEN 100 END::DOUBLE AS pct_high,
    reasons(list_concat(base_reasons, nadir_reasons)) AS reasons,
    row_list(list_concat(base_rows, nadir_rows)) AS row_ids,
    base_rows IS NOT NULL AND nadir_rows IS NOT NULL AS has_rows
FROM platelet_baselines
