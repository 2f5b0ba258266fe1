-- title: Platelet counts
-- grain: one row per case and metric
-- reads: cases, labs, lab_summary, lab_values, lab_levels, platelet_counts, platelet_nadirs
-- params: none
-- missing: a count given in words or as a bound counts in the number of counts and has no value of its own;
--   a single count is no nadir
-- source: counts as printed
-- returns: metrics
-- metric: platelets_n | {count} | Platelet counts | stratum: none
-- metric: platelets_first | 10*9/L | First platelet count | stratum: none
-- metric: platelets_last | 10*9/L | Last platelet count | stratum: none
-- metric: platelets_lowest | 10*9/L | Lowest platelet count | stratum: none
-- metric: platelets_nadir | 10*9/L | Platelet nadir (the lowest count) | stratum: none
-- metric: platelets_nadir_day | d | Study day of the platelet nadir | stratum: none
WITH single_counts AS (
    -- One count is no course, unless it is printed as the lowest of several.
    SELECT case_id, count(*) = 1 AND bool_and(coalesce(labs.stat, '') NOT IN ('min', 'range')) AS is_single_count
    FROM lab_values JOIN labs USING (case_id, row_id) WHERE lab_values.analyte = 'platelets' AND is_counted GROUP BY ALL
), below_all AS (
    SELECT case_id, min(high) AS high, row_list(list(row_id)) AS row_ids FROM platelet_counts
    WHERE count_id = row_id || ' below' AND is_counted GROUP BY case_id
), unnumbered_counts AS (
    SELECT case_id, list(row_id) AS row_ids FROM lab_values WHERE analyte = 'platelets' AND is_single AND is_counted AND best IS NULL GROUP BY case_id
), counts AS (
    SELECT c.case_id, s.* EXCLUDE (case_id, lowest_best, lowest_low, lowest_high, lowest_reasons, lowest_rows),
        CASE WHEN h.case_id IS NULL THEN s.lowest_best END AS lowest_best, CASE WHEN h.case_id IS NULL THEN s.lowest_low ELSE 0 END AS lowest_low,
        coalesce(h.high, s.lowest_high) AS lowest_high, row_list(list_concat(s.lowest_rows, h.row_ids)) AS lowest_rows,
        reasons(list_concat(s.lowest_reasons, [CASE WHEN h.case_id IS NOT NULL THEN reason('mean_below_all', h.row_ids) END])) AS lowest_reasons,
        coalesce(o.is_single_count, false) AS is_single_count, w.row_ids AS unnumbered FROM cases c
    LEFT JOIN lab_summary s ON s.case_id = c.case_id AND s.analyte = 'platelets'
    LEFT JOIN single_counts o ON o.case_id = c.case_id
    LEFT JOIN unnumbered_counts w ON w.case_id = c.case_id
    LEFT JOIN below_all h ON h.case_id = c.case_id
), nadir_days AS (
    -- The day is that of the printed nadir; counts that may be as low widen it.
    SELECT n.case_id,
        CASE WHEN any_value(n.best) IS NOT NULL AND count(l.day) FILTER (l.best = n.best) = count(*) FILTER (l.best = n.best)
            THEN min(l.day) FILTER (l.best = n.best) END AS best,
        min(floor(l.earliest / 1440)) AS low, max(floor(l.latest / 1440)) AS high, row_list(list(l.row_id)) AS row_ids
    FROM platelet_nadirs n JOIN lab_levels l ON l.case_id = n.case_id AND list_contains(n.row_ids, l.row_id)
    WHERE n.scope = 'record' GROUP BY n.case_id
), same_day AS (
    SELECT d.case_id, list(l.row_id) AS others
    FROM nadir_days d JOIN lab_values l ON l.case_id = d.case_id AND l.analyte = 'platelets' AND l.day = d.best
        AND NOT list_contains(d.row_ids, l.row_id)
    GROUP BY d.case_id
), listed AS (
    SELECT case_id, unnest([
        {'metric': 'platelets_n', 'value': coalesce(n, 0)::DOUBLE, 'low': coalesce(n, 0)::DOUBLE,
            'high': coalesce(n, 0)::DOUBLE, 'unit': '{count}',
            'open': about_rows([reason('without_number', unnumbered)]), 'row_ids': row_ids},
        {'metric': 'platelets_first', 'value': first_best, 'low': first_low, 'high': first_high, 'unit': '10*9/L',
            'open': first_reasons, 'row_ids': first_rows},
        {'metric': 'platelets_last', 'value': last_best, 'low': last_low, 'high': last_high, 'unit': '10*9/L',
            'open': last_reasons, 'row_ids': last_rows},
        {'metric': 'platelets_lowest', 'value': lowest_best, 'low': lowest_low, 'high': lowest_high,
            'unit': '10*9/L', 'open': lowest_reasons, 'row_ids': lowest_rows},
        {'metric': 'platelets_nadir', 'value': lowest_best, 'low': lowest_low, 'high': lowest_high,
            'unit': '10*9/L', 'open': lowest_reasons, 'row_ids': lowest_rows}
    ], recursive := true), n, is_single_count
    FROM counts
)
SELECT case_id, metric, '' AS stratum, CASE WHEN NOT is_no_nadir THEN known END AS value, CASE WHEN NOT is_no_nadir THEN low END AS low,
    CASE WHEN NOT is_no_nadir THEN high END AS high, unit,
    CASE WHEN metric = 'platelets_n' THEN 'ok' WHEN is_no_nadir THEN 'no_data' ELSE status_of(n_rows, known) END AS status,
    CASE WHEN coalesce(n_rows, 0) = 0 THEN [reason('not_in_record', term := 'platelet count')]
        WHEN is_no_nadir THEN [reason('single_count')]
        WHEN known IS NULL AND coalesce(len(open), 0) = 0 THEN [reason('no_result_as_number')] ELSE coalesce(open, []) END AS reasons,
    row_list(row_ids) AS row_ids
FROM (
    SELECT *, coalesce(value, CASE WHEN low = high THEN low END) AS known, greatest(n, len(row_ids)) AS n_rows,
        metric = 'platelets_nadir' AND is_single_count AS is_no_nadir FROM listed
)
UNION ALL
SELECT c.case_id, 'platelets_nadir_day', '', CASE WHEN NOT is_single_count THEN d.known END::DOUBLE,
    CASE WHEN NOT is_single_count THEN d.low END::DOUBLE, CASE WHEN NOT is_single_count THEN d.high END::DOUBLE, 'd',
    CASE WHEN is_single_count THEN 'no_data' ELSE status_of(len(d.row_ids), d.known) END,
    reasons(CASE WHEN d.case_id IS NULL THEN [reason('not_in_record', term := 'platelet count')] WHEN is_single_count THEN [reason('single_count')]
        ELSE list_concat(coalesce(c.lowest_reasons, []), [
            CASE WHEN d.known IS NULL AND coalesce(len(c.lowest_reasons), 0) = 0 THEN reason('nadir_day_uncertain') END,
            CASE WHEN len(o.others) > 0 THEN reason('others_that_day', o.others) END]) END),
    row_list(d.row_ids)
FROM counts c LEFT JOIN (SELECT *, coalesce(best, CASE WHEN low = high THEN low END) AS known FROM nadir_days) d USING (case_id)
LEFT JOIN same_day o USING (case_id)
