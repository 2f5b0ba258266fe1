-- title: Therapeutic intravenous heparin, totals
-- grain: one row per case and metric
-- reads: cases, exposure_known, exposure_sums
-- params: none
-- missing: a dose without a printed amount, weight, length, route or purpose takes the best value away and stays out of
--   the low bound; without an upper limit there is no high bound. The print of a total over a span does not tell how
--   much of it was bolus: it counts in the high bound of both parts
-- source: sum of boluses, rate x length, and printed totals of unfractionated heparin, route iv, purpose therapeutic
-- returns: metrics
-- metric: iv_ufh_total | [iU] | Therapeutic intravenous heparin, total | stratum: none
-- metric: iv_ufh_bolus_total | [iU] | Therapeutic intravenous heparin, boluses | stratum: none
-- metric: iv_ufh_infusion_total | [iU] | Therapeutic intravenous heparin, infusions | stratum: none
-- metric: iv_ufh_total_per_kg | [iU]/kg | Therapeutic intravenous heparin, total per kg | stratum: none
WITH sums AS (
    SELECT c.case_id, c.weight_kg, c.weight_low_kg, c.weight_high_kg, c.weight_row_id, k.n_rows, k.sum_gap, k.row_ids, k.bolus_rows, k.infusion_rows,
        k.best_is_known, k.high_is_known, k.bolus_is_known, k.infusion_is_known, k.bolus_high_is_known, k.infusion_high_is_known,
        k.bolus_gap, k.infusion_gap, l.all60 AS low_all, b.all60 AS best_all, h.all60 AS high_all,
        l.bolus60 AS low_bolus, b.bolus60 AS best_bolus, h.bolus60 AS high_bolus,
        l.infusion60 AS low_infusion, b.infusion60 AS best_infusion, h.infusion60 AS high_infusion,
        coalesce(h.total60, 0) AS high_undivided
    FROM cases c
    LEFT JOIN exposure_known k ON k.case_id = c.case_id AND k.substance = 'iv_ufh'
    LEFT JOIN exposure_sums l ON l.case_id = c.case_id AND l.substance = 'iv_ufh' AND l.bound = 'low'
    LEFT JOIN exposure_sums b ON b.case_id = c.case_id AND b.substance = 'iv_ufh' AND b.bound = 'best'
    LEFT JOIN exposure_sums h ON h.case_id = c.case_id AND h.substance = 'iv_ufh' AND h.bound = 'high'
), parts AS (
    SELECT case_id, n_rows, unnest([
        {'metric': 'iv_ufh_total', 'low60': low_all, 'best60': best_all, 'high60': high_all, 'undivided': false,
            'best_is_known': best_is_known, 'high_is_known': high_is_known, 'sum_gap': sum_gap, 'row_ids': row_ids},
        {'metric': 'iv_ufh_bolus_total', 'low60': low_bolus, 'best60': best_bolus, 'high60': high_bolus + high_undivided,
            'undivided': high_undivided > 0, 'best_is_known': bolus_is_known, 'high_is_known': bolus_high_is_known,
            'sum_gap': bolus_gap, 'row_ids': bolus_rows},
        {'metric': 'iv_ufh_infusion_total', 'low60': low_infusion, 'best60': best_infusion, 'high60': high_infusion + high_undivided,
            'undivided': high_undivided > 0, 'best_is_known': infusion_is_known, 'high_is_known': infusion_high_is_known,
            'sum_gap': infusion_gap, 'row_ids': infusion_rows}
    ], recursive := true)
    FROM sums
), totals AS (
    SELECT case_id, metric,
        -- Without an upper limit there is no best value either: a total without an amount may hold any part.
        CASE WHEN best_is_known AND high_is_known AND NOT undivided THEN coalesce(best60, 0)::DOUBLE / 60 END AS value,
        CASE WHEN n_rows > 0 THEN greatest(coalesce(low60, 0), 0)::DOUBLE / 60 END AS low,
        CASE WHEN high_is_known THEN coalesce(high60, 0)::DOUBLE / 60 END AS high,
        '[iU]' AS unit, n_rows, row_ids,
        sentence([sum_gap, CASE WHEN undivided THEN
            'a total is printed that does not tell how much was given as a bolus' END]) AS gap
    FROM parts
)
SELECT case_id, metric, '' AS stratum, value, low, high, unit, status_of(n_rows, value) AS status,
    CASE WHEN coalesce(n_rows, 0) = 0 THEN 'no therapeutic intravenous heparin in the record' ELSE gap END AS reason,
    row_list(row_ids) AS row_ids
FROM totals
UNION ALL
SELECT t.case_id, 'iv_ufh_total_per_kg', '', t.value / s.weight_kg::DOUBLE,
    t.low / s.weight_high_kg::DOUBLE, t.high / s.weight_low_kg::DOUBLE, '[iU]/kg',
    status_of(t.n_rows, t.value / s.weight_kg::DOUBLE),
    CASE WHEN coalesce(t.n_rows, 0) = 0 THEN 'no therapeutic intravenous heparin in the record'
        ELSE sentence([t.gap, CASE WHEN s.weight_kg IS NULL THEN 'no weight is printed' END]) END,
    row_list(list_append(t.row_ids, s.weight_row_id))
FROM totals t JOIN sums s USING (case_id) WHERE t.metric = 'iv_ufh_total'
