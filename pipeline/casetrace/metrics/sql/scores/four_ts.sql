-- title: 4Ts, totals
-- grain: one row per case and metric
-- reads: cases, four_ts_items, reported_scores
-- params: none
-- missing: a total spans the sums of the item intervals under both baselines and has a value only when every item is decided; without heparin the
--   score does not apply
-- source: Lo GK et al., J Thromb Haemost 2006;4:759-765; 0 to 3 points are low
-- returns: metrics
-- metric: four_ts_total | {score} | 4Ts from the data | stratum: none
-- metric: four_ts_total_by_baseline | {score} | 4Ts from the data under one baseline of the fall | stratum: baseline (before_heparin, since_heparin)
-- metric: four_ts_is_low | {yes_no} | 4Ts from the data in the low band (0 to 3 points) | stratum: none
-- metric: four_ts_printed_points | {score} | 4Ts, sum of the printed points | stratum: none
-- metric: four_ts_printed_labels | {score} | 4Ts, sum of the points that the printed labels have in the table | stratum: none
-- metric: four_ts_printed_total | {score} | 4Ts total as printed | stratum: none
WITH totals AS (
    SELECT case_id, reading, sum(low) AS low, sum(high) AS high,
        bool_or(status = 'not_applicable') AS is_inapplicable,
        reasons(flatten(list(of_part(replace(item, '_', ' '), list_concat(points_between(low, high), reasons)))
            FILTER (status = 'not_computable'))) AS open_items,
        row_list(flatten(list(row_ids))) AS row_ids
    FROM four_ts_items GROUP BY ALL
), from_data AS (
    -- The size and the timing of a fall are those of one baseline.
    SELECT t.* EXCLUDE (low, high), b.low, b.high, CASE WHEN b.low = b.high THEN b.low END AS value, yes_no(b.high <= 3, b.low > 3) AS is_low
    FROM totals t JOIN (
        SELECT case_id, min(low) AS low, max(high) AS high FROM totals WHERE starts_with(reading, 'data:') GROUP BY case_id
    ) b USING (case_id) WHERE reading = 'data'
), printed AS (
    SELECT case_id, count(*) AS n, CASE WHEN count(points) = count(*) AND min(points) = max(points) THEN min(points) END
            AS value,
        CASE WHEN count(points) = count(*) THEN min(points) END AS low,
        CASE WHEN count(points) = count(*) THEN max(points) END AS high, row_list(list(row_id)) AS row_ids
    FROM reported_scores WHERE score = '4ts' AND item = 'total' GROUP BY ALL
)
SELECT case_id, 'four_ts_total' AS metric, '' AS stratum, CASE WHEN NOT is_inapplicable THEN value END::DOUBLE AS value,
    CASE WHEN NOT is_inapplicable THEN low END::DOUBLE AS low, CASE WHEN NOT is_inapplicable THEN high END::DOUBLE AS high,
    '{score}' AS unit,
    CASE WHEN is_inapplicable THEN 'not_applicable' ELSE status_of(1, value) END AS status,
    CASE WHEN is_inapplicable THEN [reason('not_in_record', term := 'heparin')] ELSE open_items END AS reasons, row_ids
FROM from_data
UNION ALL
SELECT case_id, 'four_ts_total_by_baseline', replace(reading, 'data:', ''),
    CASE WHEN NOT is_inapplicable AND low = high THEN low END::DOUBLE, CASE WHEN NOT is_inapplicable THEN low END::DOUBLE,
    CASE WHEN NOT is_inapplicable THEN high END::DOUBLE, '{score}',
    CASE WHEN is_inapplicable THEN 'not_applicable' ELSE status_of(1, CASE WHEN low = high THEN low END) END,
    CASE WHEN is_inapplicable THEN [reason('not_in_record', term := 'heparin')] ELSE open_items END, row_ids
FROM totals WHERE reading LIKE 'data:%'
UNION ALL
SELECT case_id, 'four_ts_is_low', '', CASE WHEN NOT is_inapplicable THEN is_low END,
    CASE WHEN NOT is_inapplicable THEN coalesce(is_low, 0) END, CASE WHEN NOT is_inapplicable THEN coalesce(is_low, 1) END,
    '{yes_no}', CASE WHEN is_inapplicable THEN 'not_applicable' ELSE status_of(1, is_low) END,
    reasons(CASE WHEN is_inapplicable THEN [reason('not_in_record', term := 'heparin')]
        ELSE list_concat(points_between(low, high), [reason('low_band')]) END), row_ids
FROM from_data
UNION ALL
SELECT c.case_id, 'four_ts_' || r.reading, '', CASE WHEN t.low = t.high THEN t.low END::DOUBLE, t.low::DOUBLE,
    t.high::DOUBLE, '{score}', status_of(CASE WHEN t.case_id IS NULL THEN 0 ELSE 1 END, CASE WHEN t.low = t.high THEN t.low END),
    CASE WHEN t.case_id IS NULL THEN [reason('no_items_printed')] ELSE t.open_items END, row_list(t.row_ids)
FROM cases c CROSS JOIN (SELECT unnest(['printed_points', 'printed_labels']) AS reading) r
LEFT JOIN totals t ON t.case_id = c.case_id AND t.reading = r.reading
UNION ALL
SELECT c.case_id, 'four_ts_printed_total', '', p.value::DOUBLE, p.low::DOUBLE, p.high::DOUBLE, '{score}',
    status_of(p.n, p.value),
    reasons([CASE WHEN p.n IS NULL THEN reason('no_total_printed') WHEN p.value IS NULL THEN reason('no_single_total') END]),
    row_list(p.row_ids)
FROM cases c LEFT JOIN printed p USING (case_id)
