-- title: Highest heparin infusion rate and number of boluses
-- grain: one row per case and metric
-- reads: cases, exposure_doses, highest_rates, heparin_of_zero
-- params: none
-- missing: a rate that is not printed, a route or purpose that is not stated, or a total printed without a rate leaves
--   the highest rate open above; a rate without weight has no value per kg
-- source: as highest_rates; per kg as printed, or by the weight in force at the time of the rate
-- returns: metrics
-- metric: iv_ufh_highest_rate | [iU]/h | Highest heparin infusion rate | stratum: none
-- metric: iv_ufh_highest_rate_per_kg | [iU]/kg/h | Highest heparin infusion rate per kg | stratum: none
-- metric: iv_ufh_n_boluses | {count} | Heparin boluses | stratum: none
WITH boluses AS (
    SELECT case_id, count(*) AS n_rows,
        count(*) FILTER (kind = 'bolus' AND is_sure AND is_given) AS n_sure, count(*) FILTER (kind = 'bolus') AS n_possible,
        -- An occurrence that may not have been given counts at best where its best amount is not 0.
        CASE WHEN NOT bool_or(kind = 'total' OR (kind = 'bolus' AND (NOT is_sure OR (NOT is_given AND best IS NULL))))
            THEN count(*) FILTER (kind = 'bolus' AND (is_given OR best > 0)) END AS n_likely,
        bool_or(kind = 'total') AS has_total,
        row_list(list(row_id) FILTER (kind IN ('bolus', 'total'))) AS row_ids,
        reasons(list(CASE
            WHEN kind = 'total' THEN reason('total_may_hold_boluses', [row_id])
            WHEN kind = 'bolus' AND NOT is_sure THEN reason('route_or_purpose_not_stated', [row_id])
            WHEN kind = 'bolus' AND NOT is_given THEN reason('times_given_unsure', [row_id]) END)) AS open
    FROM exposure_doses WHERE substance = 'iv_ufh' AND is_counted GROUP BY ALL
), named_metrics AS (
    SELECT unnest(['iv_ufh_highest_rate', 'iv_ufh_highest_rate_per_kg']) AS metric,
        unnest(['iv_ufh', 'iv_ufh_per_kg']) AS substance, unnest(['[iU]/h', '[iU]/kg/h']) AS unit
)
SELECT c.case_id, m.metric, '' AS stratum, r.best::DECIMAL(38, 12) AS value, r.low::DECIMAL(38, 12) AS low,
    r.high::DECIMAL(38, 12) AS high, m.unit, status_of(r.n_rows, r.best) AS status,
    CASE WHEN z.case_id IS NOT NULL THEN [reason('only_zero_printed')]
        WHEN r.n_rows IS NULL THEN [reason('not_in_record', term := 'heparin infusion')] ELSE r.open END AS reasons,
    row_list(r.row_ids) AS row_ids
FROM cases c CROSS JOIN named_metrics m
LEFT JOIN highest_rates r ON r.case_id = c.case_id AND r.substance = m.substance
LEFT JOIN heparin_of_zero z ON z.case_id = c.case_id
UNION ALL
SELECT c.case_id, 'iv_ufh_n_boluses', '',
    n_likely, n_sure, CASE WHEN NOT has_total THEN n_possible END, '{count}',
    status_of(n_rows, n_likely),
    CASE WHEN z.case_id IS NOT NULL THEN [reason('only_zero_printed')]
        WHEN n_rows IS NULL THEN [reason('not_in_record', term := 'therapeutic intravenous heparin')] ELSE open END,
    row_list(b.row_ids)
FROM cases c LEFT JOIN boluses b USING (case_id) LEFT JOIN heparin_of_zero z USING (case_id)
