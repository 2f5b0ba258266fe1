-- title: Lowest platelet count, of the record and since heparin
-- grain: one row per case and scope (record, since heparin) with at least one count in it
-- reads: lab_values, labs_vs_index
-- params: none
-- missing: a count without a number, or one that may lie before heparin, takes the best value away where it may be lower
-- source: since heparin are the counts that do not surely lie before the first exposure to any heparin
-- returns: view
WITH scoped AS (
    SELECT case_id, 'record' AS scope, row_id, best, low, high, moment, true AS is_sure
    FROM lab_values WHERE analyte = 'platelets' AND is_counted
    UNION ALL
    SELECT case_id, 'since heparin', row_id, best, low, high, moment, is_after
    FROM labs_vs_index WHERE analyte = 'platelets' AND is_counted AND starter = 'any heparin' AND NOT is_before
), bounds AS (
    SELECT case_id, scope, min(best) FILTER (is_sure) AS printed, min(low) AS low, min(high) FILTER (is_sure) AS high
    FROM scoped GROUP BY ALL
)
SELECT b.case_id, b.scope,
    CASE WHEN bool_and(b.printed IS NOT NULL AND (s.low >= b.printed OR (s.is_sure AND s.best IS NOT NULL)))
        THEN any_value(b.printed) END AS best,
    any_value(b.low) AS low, any_value(b.high) AS high,
    row_list(list(s.row_id) FILTER (s.is_sure AND s.best = b.printed)) AS nadir_rows,
    row_list(list(s.row_id) FILTER (b.high IS NULL OR s.low <= b.high)) AS row_ids,
    sentence([CASE WHEN named(list(s.row_id) FILTER (s.best IS NULL AND coalesce(s.low < b.printed, true))) <> '' THEN
            named(list(s.row_id) FILTER (s.best IS NULL AND coalesce(s.low < b.printed, true)))
            || ' without a number may be lower' END,
        CASE WHEN named(list(s.row_id) FILTER (NOT s.is_sure AND coalesce(s.low < b.printed, true))) <> '' THEN
            named(list(s.row_id) FILTER (NOT s.is_sure AND coalesce(s.low < b.printed, true)))
            || ' may lie before heparin' END]) AS gap
FROM bounds b JOIN scoped s USING (case_id, scope)
GROUP BY b.case_id, b.scope
