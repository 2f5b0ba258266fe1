-- title: Therapeutic intravenous heparin in the fullest 24 hours
-- grain: one row per case and metric
-- reads: cases, exposure_known, max_24h, max_24h_terms, exposure_doses
-- params: none
-- missing: a dose without amount, length or place takes the best value away; the low bound keeps what is sure
-- source: largest amount in any window (t - 24 h, t] over all real t; two boluses exactly 24 h apart never count together
-- returns: metrics
-- metric: iv_ufh_max_24h | [iU] | Therapeutic intravenous heparin, largest amount in any 24 h | stratum: none
-- metric: iv_ufh_max_24h_window_start | min | Start of that 24-h window | stratum: none
-- metric: iv_ufh_max_24h_window_end | min | End of that 24-h window | stratum: none
-- metric: iv_ufh_max_24h_mean_rate_per_kg | [iU]/kg/h | Mean heparin rate over the 24 h with the most heparin, boluses included | stratum: none
WITH peaks AS (
    SELECT c.case_id, c.weight_kg, c.weight_low_kg, c.weight_high_kg, c.weight_row_id,
        k.n_rows, k.place_gap, k.seen_rows AS all_rows,
        (coalesce(l.amount60, 0) + coalesce(l.single60, 0))::DOUBLE / 60 AS low_found,
        b.amount60::DOUBLE / 60 AS value, h.amount60::DOUBLE / 60 AS high,
        b.t AS window_end
    FROM cases c
    LEFT JOIN exposure_known k ON k.case_id = c.case_id AND k.substance = 'iv_ufh'
    LEFT JOIN max_24h l ON l.case_id = c.case_id AND l.substance = 'iv_ufh' AND l.bound = 'low'
    LEFT JOIN max_24h b ON b.case_id = c.case_id AND b.substance = 'iv_ufh' AND b.bound = 'best'
    LEFT JOIN max_24h h ON h.case_id = c.case_id AND h.substance = 'iv_ufh' AND h.bound = 'high'
), in_window AS (
    SELECT t.case_id, row_list(list_concat(list(t.row_id), list(d.weight_row_id))) AS row_ids
    FROM max_24h_terms t JOIN exposure_doses d USING (case_id, substance, row_id, occurrence)
    WHERE t.substance = 'iv_ufh' GROUP BY ALL
), known AS (
    SELECT p.*, CASE WHEN n_rows > 0 THEN low_found END AS low,
        CASE WHEN coalesce(n_rows, 0) = 0 THEN 'no therapeutic intravenous heparin in the record'
            ELSE place_gap END AS gap,
        row_list(CASE WHEN value IS NULL OR high IS NULL THEN all_rows ELSE w.row_ids END) AS row_ids
    FROM peaks p LEFT JOIN in_window w USING (case_id)
), windows AS (
    -- Which window is the fullest follows from every uncertain time at once, so a bound for it is given only when the
    -- amount itself is certain.
    SELECT *, value IS NOT NULL AND low = value AND high = value AS is_certain FROM known
)
SELECT case_id, 'iv_ufh_max_24h' AS metric, '' AS stratum, value, low, high, '[iU]' AS unit,
    status_of(n_rows, value) AS status, gap AS reason, row_ids
FROM windows
UNION ALL
SELECT case_id, edge.metric, '', edge.moment, CASE WHEN is_certain THEN edge.moment END, CASE WHEN is_certain THEN edge.moment END,
    'min', status_of(n_rows, edge.moment),
    sentence([gap, CASE WHEN edge.moment IS NOT NULL AND NOT is_certain
        THEN 'at the best times; which window is the fullest shifts with times that are not certain' END]),
    row_ids
FROM (
    SELECT *, unnest([
        {'metric': 'iv_ufh_max_24h_window_start', 'moment': (window_end - 1440)::DOUBLE},
        {'metric': 'iv_ufh_max_24h_window_end', 'moment': window_end::DOUBLE}
    ]) AS edge FROM windows
)
UNION ALL
SELECT case_id, 'iv_ufh_max_24h_mean_rate_per_kg', '', value / 24 / weight_kg::DOUBLE, low / 24 / weight_high_kg::DOUBLE,
    high / 24 / weight_low_kg::DOUBLE, '[iU]/kg/h', status_of(n_rows, value / weight_kg::DOUBLE),
    sentence([gap, CASE WHEN n_rows > 0 AND weight_kg IS NULL THEN 'no weight is printed' END]),
    row_list(list_append(row_ids, weight_row_id))
FROM windows
