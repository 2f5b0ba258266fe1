-- title: Platelet counts
-- grain: one row per case and metric
-- reads: cases, lab_summary, lab_values, platelet_nadirs
-- params: none
-- missing: a count given in words or as a bound counts in the number of counts and has no value of its own
-- source: counts as printed
-- returns: metrics
-- metric: platelets_n | {count} | Platelet counts | stratum: none
-- metric: platelets_first | 10*9/L | First platelet count | stratum: none
-- metric: platelets_last | 10*9/L | Last platelet count | stratum: none
-- metric: platelets_lowest | 10*9/L | Lowest platelet count | stratum: none
-- metric: platelets_nadir | 10*9/L | Platelet nadir (the lowest count) | stratum: none
-- metric: platelets_nadir_day | d | Study day of the platelet nadir | stratum: none
WITH counts AS (
    SELECT c.case_id, s.* EXCLUDE (case_id) FROM cases c
    LEFT JOIN lab_summary s ON s.case_id = c.case_id AND s.analyte = 'platelets'
), nadir_days AS (
    -- The day is that of the printed nadir; counts that may be as low widen it.
    SELECT n.case_id,
        CASE WHEN any_value(n.best) IS NOT NULL AND count(l.day) FILTER (l.best = n.best) = count(*) FILTER (l.best = n.best)
            THEN min(l.day) FILTER (l.best = n.best) END AS best,
        min(floor(l.earliest / 1440)) AS low, max(floor(l.latest / 1440)) AS high, row_list(list(l.row_id)) AS row_ids
    FROM platelet_nadirs n JOIN lab_values l ON l.case_id = n.case_id AND list_contains(n.row_ids, l.row_id)
    WHERE n.scope = 'record' GROUP BY n.case_id
), same_day AS (
    SELECT d.case_id, array_to_string(list(coalesce(plain(l.best), l.value_word, 'no number') || ' (' || l.row_id || ')'
        ORDER BY l.earliest, l.row_id), ', ') AS others
    FROM nadir_days d JOIN lab_values l ON l.case_id = d.case_id AND l.analyte = 'platelets' AND l.day = d.best
        AND NOT list_contains(d.row_ids, l.row_id)
    GROUP BY d.case_id
), listed AS (
    SELECT case_id, unnest([
        {'metric': 'platelets_n', 'value': coalesce(n, 0)::DOUBLE, 'low': coalesce(n, 0)::DOUBLE,
            'high': coalesce(n, 0)::DOUBLE, 'unit': '{count}',
            'gap': CASE WHEN n_without_number > 0 THEN without_number || ' without a number' END, 'row_ids': row_ids},
        {'metric': 'platelets_first', 'value': first_best, 'low': first_low, 'high': first_high, 'unit': '10*9/L',
            'gap': first_gap, 'row_ids': first_rows},
        {'metric': 'platelets_last', 'value': last_best, 'low': last_low, 'high': last_high, 'unit': '10*9/L',
            'gap': last_gap, 'row_ids': last_rows},
        {'metric': 'platelets_lowest', 'value': lowest_best, 'low': lowest_low, 'high': lowest_high,
            'unit': '10*9/L', 'gap': lowest_gap, 'row_ids': lowest_rows},
        {'metric': 'platelets_nadir', 'value': lowest_best, 'low': lowest_low, 'high': lowest_high,
            'unit': '10*9/L', 'gap': lowest_gap, 'row_ids': lowest_rows}
    ], recursive := true), n
    FROM counts
)
SELECT case_id, metric, '' AS stratum, value, low, high, unit, CASE WHEN metric = 'platelets_n' THEN 'ok' ELSE status_of(n, value) END AS status,
    CASE WHEN coalesce(n, 0) = 0 THEN 'no platelet count in the record'
        WHEN value IS NULL THEN coalesce(gap, 'no count is given as a number') ELSE gap END AS reason,
    row_list(row_ids) AS row_ids
FROM listed
UNION ALL
SELECT c.case_id, 'platelets_nadir_day', '', d.best::DOUBLE, d.low::DOUBLE, d.high::DOUBLE, 'd', status_of(c.n, d.best),
    CASE WHEN coalesce(c.n, 0) = 0 THEN 'no platelet count in the record'
        ELSE sentence([c.lowest_gap,
            CASE WHEN d.best IS NULL AND c.lowest_gap IS NULL THEN 'the day of the lowest count is not certain' END,
            CASE WHEN o.others IS NOT NULL THEN 'other counts of that day: ' || o.others END]) END,
    row_list(d.row_ids)
FROM counts c LEFT JOIN nadir_days d USING (case_id) LEFT JOIN same_day o USING (case_id)
