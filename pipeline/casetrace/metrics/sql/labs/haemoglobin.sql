-- title: Haemoglobin
-- grain: one row per case and metric
-- reads: cases, lab_summary
-- params: none
-- missing: a result without a number takes the best value away where it may be the one that is asked for
-- source: results as printed
-- returns: metrics
-- metric: haemoglobin_first | g/L | First haemoglobin | stratum: none
-- metric: haemoglobin_lowest | g/L | Lowest haemoglobin | stratum: none
SELECT c.case_id, p.metric, '' AS stratum, p.value, p.low, p.high, 'g/L' AS unit, status_of(s.n, p.value) AS status,
    reasons(CASE WHEN coalesce(s.n, 0) = 0 THEN [reason('not_in_record', term := 'haemoglobin')]
        WHEN p.value IS NULL AND len(p.open) = 0 THEN [reason('no_result_as_number')] ELSE p.open END) AS reasons,
    row_list(p.row_ids) AS row_ids
FROM cases c
LEFT JOIN lab_summary s ON s.case_id = c.case_id AND s.analyte = 'hemoglobin'
CROSS JOIN LATERAL (
    SELECT 'haemoglobin_first' AS metric, s.first_best AS value, s.first_low AS low, s.first_high AS high,
        s.first_reasons AS open, s.first_rows AS row_ids
    UNION ALL
    SELECT 'haemoglobin_lowest', s.lowest_best, s.lowest_low, s.lowest_high, s.lowest_reasons, s.lowest_rows
) p
