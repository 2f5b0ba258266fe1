-- title: Totals and highest rates of the other drugs
-- grain: one row per case, drug and metric, for coded drugs with at least one printed amount
-- reads: exposure_doses, dose_totals, highest_rates
-- params: none
-- missing: as in heparin_totals; amounts in two kinds of unit are not added
-- source: sum of boluses, rate x length and printed totals, whatever the route
-- returns: metrics
-- metric: drug_total | varies | Total of the drug, any route | stratum: drug
-- metric: drug_highest_rate | varies | Highest infusion rate of the drug | stratum: drug
WITH with_amount AS (
    SELECT case_id, substance FROM exposure_doses
    WHERE substance NOT IN ('iv_ufh', 'iv_ufh_per_kg', 'sc_ufh') AND unit IS NOT NULL
    GROUP BY ALL HAVING bool_or(printed_best IS NOT NULL OR printed_low > 0)
), totals AS (
    SELECT t.* FROM dose_totals t SEMI JOIN with_amount w ON w.case_id = t.case_id AND w.substance = t.substance
    WHERE t.part = 'all'
)
SELECT case_id, 'drug_total' AS metric, substance AS stratum, best AS value, low, high, unit, status_of(n_rows, best) AS status,
    open AS reasons, row_ids
FROM totals
UNION ALL
SELECT r.case_id, 'drug_highest_rate', r.substance, r.best, r.low, r.high, t.unit || '/h', status_of(1, r.best), r.open, r.row_ids
FROM highest_rates r JOIN totals t USING (case_id, substance)
WHERE r.has_infusion
