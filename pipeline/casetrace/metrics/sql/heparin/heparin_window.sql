-- title: Therapeutic intravenous heparin in the fullest 24 hours
-- grain: one row per case and metric
-- reads: cases, exposure_known, fullest_window, per_kg_window, max_24h_terms, exposure_doses, heparin_of_zero
-- params: none
-- missing: a dose without amount, length or place takes the best value away; the low bound keeps what is sure
-- source: largest amount in any window (t - 24 h, t] over all real t, the first of several; two boluses exactly 24 h apart
--   never count together. The mean rate per kg is what the doses in that window gave per kg, each by the weight in force at
--   its time, over 24 h
-- returns: metrics
-- metric: iv_ufh_max_24h | [iU] | Therapeutic intravenous heparin, largest amount in any 24 h | stratum: none
-- metric: iv_ufh_max_24h_window_start | min | Start of that 24-h window | stratum: none
-- metric: iv_ufh_max_24h_window_end | min | End of that 24-h window | stratum: none
-- metric: iv_ufh_max_24h_mean_rate_per_kg | [iU]/kg/h | Mean heparin rate over the 24 h with the most heparin, boluses included | stratum: none
WITH in_window AS (
    SELECT t.case_id, row_list(flatten(list(list_prepend(t.row_id, d.weight_row_ids)) FILTER (d.substance = 'iv_ufh'))) AS row_ids,
        row_list(flatten(list(list_prepend(t.row_id, d.weight_row_ids)))) AS per_kg_row_ids
    FROM max_24h_terms t
    JOIN exposure_doses d ON d.case_id = t.case_id AND d.row_id = t.row_id AND d.occurrence = t.occurrence
        AND d.substance IN ('iv_ufh', 'iv_ufh_per_kg')
    WHERE t.substance = 'iv_ufh' GROUP BY ALL
), windows AS (
    SELECT c.case_id, k.n_rows, w.best, w.low, w.high, w.end_best, w.end_low, w.end_high,
        CASE WHEN k.n_rows IS NULL THEN [reason('not_in_record', term := 'therapeutic intravenous heparin')] ELSE k.place_reasons END AS open,
        row_list(CASE WHEN w.best_bound = 'best' AND w.high IS NOT NULL THEN i.row_ids ELSE k.seen_rows END) AS row_ids,
        CASE WHEN w.best_bound = 'best' AND w.high IS NOT NULL THEN i.per_kg_row_ids END AS per_kg_row_ids
    FROM cases c
    LEFT JOIN exposure_known k ON k.case_id = c.case_id AND k.substance = 'iv_ufh'
    LEFT JOIN fullest_window w ON w.case_id = c.case_id AND w.substance = 'iv_ufh'
    LEFT JOIN in_window i ON i.case_id = c.case_id
)
SELECT case_id, 'iv_ufh_max_24h' AS metric, '' AS stratum, best::DECIMAL(38, 9) AS value, low::DECIMAL(38, 9) AS low,
    high::DECIMAL(38, 9) AS high, '[iU]' AS unit,
    status_of(n_rows, best) AS status,
    CASE WHEN n_rows IS NULL OR NOT coalesce(low = high, false) THEN open END AS reasons, row_ids
FROM windows WHERE case_id NOT IN (SELECT case_id FROM heparin_of_zero)
UNION ALL
SELECT case_id, 'iv_ufh_max_24h', '', 0, 0, 0, '[iU]', 'ok', [reason('only_zero_printed')], row_ids FROM heparin_of_zero
UNION ALL
SELECT w.case_id, edge.metric, '', (w.end_best - edge.back)::DECIMAL(38, 9), (w.end_low - edge.back)::DECIMAL(38, 9),
    (w.end_high - edge.back)::DECIMAL(38, 9), 'min', status_of(w.n_rows, w.end_best),
    reasons(list_concat(CASE WHEN w.n_rows IS NULL OR NOT coalesce(w.end_low = w.end_high, false) THEN open END,
        [CASE WHEN w.end_best IS NOT NULL AND NOT coalesce(w.end_low = w.end_high, false) THEN reason('window_at_best_times') END])),
    row_ids
FROM windows w
CROSS JOIN (SELECT unnest(['iv_ufh_max_24h_window_start', 'iv_ufh_max_24h_window_end']) AS metric, unnest([1440, 0]) AS back) edge
UNION ALL
SELECT w.case_id, 'iv_ufh_max_24h_mean_rate_per_kg', '', over_24h(p.best), over_24h(p.low), over_24h(p.high), '[iU]/kg/h',
    status_of(w.n_rows, p.best), CASE WHEN w.n_rows IS NULL THEN w.open ELSE p.open END,
    row_list(coalesce(w.per_kg_row_ids, list_concat(w.row_ids, p.row_ids)))
FROM windows w LEFT JOIN per_kg_window p USING (case_id)
