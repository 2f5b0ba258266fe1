-- title: Totals of each substance by kind of dose
-- grain: one row per case, substance and bound (low, best, high)
-- reads: dose_segments
-- params: none
-- missing: sums run over the rows that have the bound; exposure_known says whether the sum is complete
-- source: docs/case-folder.md
-- returns: view
-- The print of a total does not tell how much of it was bolus and how much infusion.
SELECT case_id, substance, bound,
    sum(sum60) AS all60,
    coalesce(sum(sum60) FILTER (kind = 'bolus'), 0) AS bolus60,
    coalesce(sum(sum60) FILTER (kind = 'infusion'), 0) AS infusion60,
    coalesce(sum(sum60) FILTER (kind = 'total'), 0) AS total60
FROM dose_segments WHERE is_counted
GROUP BY ALL
