-- title: Last result before and first result after each start
-- grain: one row per case, starter, analyte and side (last before, first after)
-- reads: labs_vs_index
-- params: none
-- missing: the value is the one that surely lies on that side; a result that only may lie there widens the bounds
-- source: docs/case-folder.md
-- returns: view
WITH sided AS (
    -- Seen from the start outwards both sides are one question: which results does no sure one lie closer than?
    SELECT 'before' AS side, *, is_before AS is_sure FROM labs_vs_index WHERE is_single AND NOT is_after
    UNION ALL
    SELECT 'after', *, is_after FROM labs_vs_index WHERE is_single AND NOT is_before
), closest AS (
    SELECT *,
        max(moment.earliest) FILTER (is_sure) OVER per_side AS last_sure,
        min(moment.latest) FILTER (is_sure) OVER per_side AS first_sure
    FROM sided WINDOW per_side AS (PARTITION BY case_id, starter, analyte, side)
), candidates AS (
    SELECT c.* FROM closest c
    WHERE CASE side WHEN 'before' THEN coalesce(c.moment.latest >= last_sure, true)
            ELSE coalesce(c.moment.earliest <= first_sure, true) END
        AND NOT EXISTS (
            FROM sided o WHERE o.case_id = c.case_id AND o.starter = c.starter AND o.analyte = c.analyte
                AND o.side = c.side AND o.is_sure AND o.row_id <> c.row_id
                AND CASE c.side WHEN 'before' THEN surely_before(c.moment, o.moment) ELSE surely_before(o.moment, c.moment) END)
)
SELECT case_id, starter, analyte, side, min(unit) AS unit,
    CASE WHEN count(*) FILTER (is_sure) > 0 AND bool_and(best IS NOT NULL) FILTER (is_sure)
        AND min(best) FILTER (is_sure) = max(best) FILTER (is_sure) THEN min(best) FILTER (is_sure) END AS best,
    min(low) AS low, CASE WHEN bool_and(high IS NOT NULL) THEN max(high) END AS high,
    bool_or(is_sure) AS is_certain_to_exist,
    row_list(list(row_id)) AS row_ids,
    row_list(list(row_id) FILTER (NOT is_sure)) AS possible_ids
FROM candidates GROUP BY ALL
