-- title: Lowest platelet count, of the record and since heparin
-- grain: one row per case and scope (record, since heparin) with at least one count in it
-- reads: platelet_counts
-- params: none
-- missing: a count without a number, or one that may lie before heparin, takes the best value away where it may be lower
-- source: since heparin are the counts that do not surely lie before the first exposure to any heparin
-- returns: view
WITH scoped AS (
    SELECT case_id, 'record' AS scope, row_id, count_id, best, low, high, true AS is_sure FROM platelet_counts WHERE is_counted
    UNION ALL
    SELECT case_id, 'since heparin', row_id, count_id, best, low, high, is_after_heparin
    FROM platelet_counts WHERE is_counted AND NOT is_before_heparin
), bounds AS (
    SELECT case_id, scope, min(best) FILTER (is_sure) AS printed, min(low) AS low, min(high) FILTER (is_sure) AS high
    FROM scoped GROUP BY ALL
)
SELECT b.case_id, b.scope,
    CASE WHEN bool_and(b.printed IS NOT NULL AND (s.low >= b.printed OR (s.is_sure AND s.best IS NOT NULL)))
        THEN any_value(b.printed) WHEN any_value(b.low) = any_value(b.high) THEN any_value(b.low) END AS best,
    any_value(b.low) AS low, any_value(CASE WHEN isfinite(b.high) THEN b.high END) AS high,
    row_list(list(s.row_id) FILTER (s.is_sure AND s.best = b.printed)) AS nadir_rows,
    row_list(list(s.count_id) FILTER (s.is_sure AND s.best = b.printed)) AS nadir_ids,
    row_list(list(s.row_id) FILTER (b.high IS NULL OR s.low <= b.high)) AS row_ids,
    row_list(list(s.count_id) FILTER (b.high IS NULL OR s.low <= b.high)) AS count_ids,
    about_rows([reason('may_be_lower', list(s.row_id) FILTER (s.best IS NULL AND coalesce(s.low < b.printed, true))),
        reason('may_lie_before_heparin', list(s.row_id) FILTER (NOT s.is_sure AND coalesce(s.low < b.printed, true)))]) AS open
FROM bounds b JOIN scoped s USING (case_id, scope)
GROUP BY b.case_id, b.scope
