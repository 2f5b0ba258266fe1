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
        n.possible_ids,
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
    reasons(CASE WHEN coalesce(n, 0) = 0 THEN [reason('not_in_record', term := 'antithrombin')]
        WHEN lowest_best IS NULL AND len(lowest_reasons) = 0 THEN [reason('no_result_as_number')] ELSE lowest_reasons END) AS reasons,
    row_list(lowest_rows) AS row_ids
FROM results
UNION ALL
SELECT case_id, metric, '', CASE WHEN was_given THEN best END, CASE WHEN was_given THEN low END,
    CASE WHEN was_given THEN high END, '%',
    CASE WHEN NOT was_given THEN 'not_applicable' WHEN row_ids IS NULL THEN 'no_data' ELSE status_of(1, best) END,
    reasons(CASE WHEN NOT was_given THEN [reason('not_in_record', term := 'antithrombin concentrate')]
        WHEN row_ids IS NULL THEN [reason('none_' || side || '_concentrate')]
        ELSE [CASE WHEN best IS NULL THEN reason('no_single_result', row_ids) END,
            CASE WHEN len(possible_ids) > 0 THEN reason('may_lie_' || side || '_concentrate', possible_ids) END] END),
    row_list(row_ids)
FROM sides
UNION ALL
SELECT c.case_id, 'antithrombin_below_reference', '', verdict, CASE WHEN n > 0 THEN coalesce(verdict, 0) END,
    CASE WHEN n > 0 THEN coalesce(verdict, 1) END, '{yes_no}', status_of(n, verdict),
    reasons([CASE WHEN n IS NULL THEN reason('not_in_record', term := 'antithrombin')
        WHEN verdict IS NULL AND NOT has_reference THEN reason('no_reference_range')
        WHEN verdict IS NULL THEN reason('reference_open') END]),
    row_list(a.row_ids)
FROM cases c LEFT JOIN against a USING (case_id)
