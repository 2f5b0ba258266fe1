-- title: What each dose adds to each sum
-- grain: one row per case, metric, stratum, bound and dose row
-- reads: dose_segments, exposure_known, day_terms, day_known, max_24h_terms, heparin_totals
-- params: none
-- missing: a bound that does not exist has no terms
-- source: as heparin_totals, heparin_days, heparin_window and drug_totals
-- returns: series:terms
WITH parts AS (
    SELECT unnest(['iv_ufh_total', 'iv_ufh_bolus_total', 'iv_ufh_infusion_total']) AS metric,
        unnest(['', 'bolus', 'infusion']) AS only_kind
), totals AS (
    SELECT p.case_id, m.metric, '' AS stratum, p.bound, p.row_id, p.occurrence, p.kind, p.sum60 AS amount60, p.from_min, p.until_min,
        p.rate, p.shape
    FROM dose_segments p
    CROSS JOIN parts m
    JOIN heparin_totals t ON t.case_id = p.case_id AND t.metric = m.metric
    WHERE p.substance = 'iv_ufh' AND p.is_counted
        AND (m.only_kind IN ('', p.kind) OR (p.kind = 'total' AND p.bound = 'high'))
        AND CASE p.bound WHEN 'low' THEN t.low WHEN 'best' THEN t.value ELSE t.high END IS NOT NULL
    UNION ALL
    SELECT p.case_id, 'drug_total', p.substance, p.bound, p.row_id, p.occurrence, p.kind, p.sum60, p.from_min, p.until_min, p.rate, p.shape
    FROM dose_segments p JOIN exposure_known k USING (case_id, substance)
    WHERE p.substance <> 'iv_ufh' AND p.is_counted AND k.is_one_unit AND k.unit IS NOT NULL
        AND CASE p.bound WHEN 'low' THEN true WHEN 'best' THEN k.best_is_known ELSE k.high_is_known END
), placed AS (
    SELECT case_id, metric, stratum, bound, row_id, occurrence, kind, amount60,
        CASE WHEN shape = 'segment' OR (shape = 'jump' AND kind = 'bolus') THEN from_min END AS from_min,
        CASE WHEN shape = 'segment' OR (shape = 'jump' AND kind = 'bolus')
            THEN CASE WHEN shape = 'segment' THEN until_min ELSE from_min END END AS until_min,
        CASE WHEN kind = 'infusion' THEN rate END::DOUBLE AS rate
    FROM totals WHERE amount60 <> 0
    UNION ALL
    SELECT d.case_id, 'iv_ufh_day_total', 'D' || d.day, d.bound, d.row_id, d.occurrence, d.kind, d.amount60,
        d.from_min, d.until_min, d.rate
    FROM day_terms d JOIN day_known k USING (case_id, substance, day)
    WHERE d.substance = 'iv_ufh'
        AND (d.bound = 'low' OR (d.bound = 'best' AND k.best_is_known) OR (d.bound = 'high' AND k.high_is_known))
    UNION ALL
    SELECT case_id, 'iv_ufh_max_24h', '', bound, row_id, occurrence, kind, amount60, from_min, until_min, rate
    FROM max_24h_terms WHERE substance = 'iv_ufh'
)
SELECT p.case_id, p.metric, p.stratum, p.bound, p.row_id, p.occurrence, p.kind,
    p.amount60::DOUBLE / 60 AS amount,
    coalesce(k.unit, '[iU]') AS unit, p.from_min, p.until_min, p.rate
FROM placed p
LEFT JOIN exposure_known k ON k.case_id = p.case_id AND k.substance = p.stratum AND p.metric = 'drug_total'
-- Below 0, where uncertain boundaries cross, the low bound is 0 and no dose adds to it.
QUALIFY sum(p.amount60) OVER (PARTITION BY p.case_id, p.metric, p.stratum, p.bound) > 0
ORDER BY p.case_id, p.metric, p.stratum, p.bound, p.row_id, p.occurrence
