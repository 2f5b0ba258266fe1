-- title: Therapeutic intravenous heparin, totals
-- grain: one row per case and metric
-- reads: cases, dose_totals, heparin_of_zero
-- params: none
-- missing: a dose without a printed amount, weight, length, route or purpose takes the best value away and stays out of
--   the low bound; without an upper limit there is no high bound. The print of a total over a span does not tell how
--   much of it was bolus: it counts in the high bound of both parts
-- source: sum of boluses, rate x length, and printed totals of unfractionated heparin, route iv, purpose therapeutic; per kg,
--   the sum of what each dose gave per kg: as printed, or by the weight in force at its time
-- returns: metrics
-- metric: iv_ufh_total | [iU] | Therapeutic intravenous heparin, total | stratum: none
-- metric: iv_ufh_bolus_total | [iU] | Therapeutic intravenous heparin, boluses | stratum: none
-- metric: iv_ufh_infusion_total | [iU] | Therapeutic intravenous heparin, infusions | stratum: none
-- metric: iv_ufh_total_per_kg | [iU]/kg | Therapeutic intravenous heparin, total per kg | stratum: none
WITH named_metrics AS (
    SELECT unnest(['iv_ufh_total', 'iv_ufh_bolus_total', 'iv_ufh_infusion_total', 'iv_ufh_total_per_kg']) AS metric,
        unnest(['iv_ufh', 'iv_ufh', 'iv_ufh', 'iv_ufh_per_kg']) AS substance, unnest(['all', 'bolus', 'infusion', 'all']) AS part,
        unnest(['[iU]', '[iU]', '[iU]', '[iU]/kg']) AS unit
)
SELECT c.case_id, m.metric, '' AS stratum, coalesce(t.best, z.given) AS value, coalesce(t.low, z.given) AS low,
    coalesce(t.high, z.given) AS high, m.unit, status_of(coalesce(t.n_rows, len(z.row_ids)), coalesce(t.best, z.given)) AS status,
    CASE WHEN z.given IS NOT NULL THEN [reason('only_zero_printed')]
        WHEN t.n_rows IS NULL THEN [reason('not_in_record', term := 'therapeutic intravenous heparin')] ELSE t.open END AS reasons,
    row_list(coalesce(t.row_ids, z.row_ids)) AS row_ids
FROM cases c CROSS JOIN named_metrics m
LEFT JOIN dose_totals t ON t.case_id = c.case_id AND t.substance = m.substance AND t.part = m.part
LEFT JOIN (SELECT *, 0::DECIMAL(38, 6) AS given FROM heparin_of_zero) z ON z.case_id = c.case_id
