-- title: Antithrombin
-- grain: one row per case and metric
-- reads: cases, lab_summary, adjacent_labs, index_events, lab_values
-- params: none
-- missing: below reference needs the reference range of the same row
-- source: antithrombin activity as printed, U/mL x 100 = %
-- returns: metrics
-- metric: antithrombin_lowest | % | Lowest antithrombin activity | stratum: none
-- metric: antithrombin_before_concentrate | % | Last antithrombin activity before the first concentrate | stratum: none
-- metric: antithrombin_after_concentrate | % | First antithrombin activity after the first concentrate | stratum: none
-- metric: antithrombin_below_reference | {yes_no} | Antithrombin activity below its reference range | stratum: none
WITH results AS (
    SELECT c.case_id, s.* EXCLUDE (case_id) FROM cases c
    LEFT JOIN lab_summary s ON s.case_id = c.case_id AND s.analyte = 'antithrombin_activity'
), sides AS (
    SELECT c.case_id, m.metric, m.side, n.best, CASE WHEN n.is_certain_to_exist THEN n.low END AS low, n.high, n.row_ids,
        n.sure_rows, n.possible_rows,
        EXISTS (FROM index_events s WHERE s.case_id = c.case_id AND s.starter = 'antithrombin concentrate') AS was_given
    FROM cases c CROSS JOIN (
        SELECT unnest(['antithrombin_before_concentrate', 'antithrombin_after_concentrate']) AS metric,
            unnest(['before', 'after']) AS side
    ) m
    LEFT JOIN adjacent_labs n ON n.case_id = c.case_id AND n.side = m.side AND n.starter = 'antithrombin concentrate'
        AND n.analyte = 'antithrombin_activity'
), against AS (
    SELECT case_id, count(*) AS n,
        yes_no(bool_or(high < ref_low OR (high = ref_low AND high_is_strict)),
            bool_and(ref_low IS NOT NULL AND low >= ref_low)) AS verdict,
        bool_or(ref_low IS NOT NULL) AS has_reference,
        row_list(list(row_id)) AS row_ids
    FROM lab_values WHERE analyte = 'antithrombin_activity' GROUP BY ALL
)
SELECT case_id, 'antithrombin_lowest' AS metric, '' AS stratum, lowest_best AS value, lowest_low AS low,
    lowest_high AS high, '%' AS unit, status_of(n, lowest_best) AS status,
    CASE WHEN coalesce(n, 0) = 0 THEN 'no antithrombin in the record'
        WHEN lowest_best IS NULL THEN coalesce(lowest_gap, 'no result is given as a number') ELSE lowest_gap END AS reason,
    row_list(lowest_rows) AS row_ids
FROM results
UNION ALL
SELECT case_id, metric, '', CASE WHEN was_given THEN best END, CASE WHEN was_given THEN low END,
    CASE WHEN was_given THEN high END, '%',
    CASE WHEN NOT was_given THEN 'not_applicable' WHEN row_ids IS NULL THEN 'no_data' ELSE status_of(1, best) END,
    CASE WHEN NOT was_given THEN 'no antithrombin concentrate in the record'
        WHEN row_ids IS NULL THEN 'no antithrombin ' || side || ' the concentrate'
        ELSE sentence([
            CASE WHEN best IS NULL THEN 'no one result is surely it: ' || named(row_ids) END,
            CASE WHEN possible_rows <> '' THEN possible_rows || ' may lie ' || side || ' the concentrate too' END]) END,
    row_list(row_ids)
FROM sides
UNION ALL
SELECT c.case_id, 'antithrombin_below_reference', '', verdict, CASE WHEN n > 0 THEN coalesce(verdict, 0) END,
    CASE WHEN n > 0 THEN coalesce(verdict, 1) END, '{yes_no}', status_of(n, verdict),
    CASE WHEN n IS NULL THEN 'no antithrombin in the record'
        WHEN verdict IS NULL AND NOT has_reference THEN 'no reference range printed'
        WHEN verdict IS NULL THEN 'a result without a reference range, or across its limit, leaves it open' END,
    row_list(a.row_ids)
FROM cases c LEFT JOIN against a USING (case_id)
