-- title: What each dose adds to each sum
-- grain: one row per case, metric, stratum, bound and dose row
-- reads: dose_segments, dose_totals, day_terms, day_totals, max_24h_terms, fullest_window
-- params: none
-- missing: a bound that does not exist has no terms; a best value that is known because its bounds are equal has those of
--   the low bound
-- source: as heparin_totals, heparin_days, heparin_window, subcutaneous_heparin and drug_totals
-- returns: series:terms
WITH totals AS (
    SELECT t.case_id, CASE WHEN t.substance = 'iv_ufh' THEN 'iv_ufh_' || CASE t.part WHEN 'all' THEN '' ELSE t.part || '_' END || 'total'
            WHEN t.substance = 'sc_ufh' THEN 'sc_ufh_total' ELSE 'drug_total' END AS metric,
        CASE WHEN t.substance IN ('iv_ufh', 'sc_ufh') THEN '' ELSE t.substance END AS stratum, t.substance, t.part, t.unit,
        unnest([
            {'bound': 'low', 'source': CASE WHEN low IS NOT NULL THEN 'low' END},
            {'bound': 'best', 'source': best_bound},
            {'bound': 'high', 'source': CASE WHEN high IS NOT NULL THEN 'high' END}
        ], recursive := true)
    FROM dose_totals t
    WHERE t.substance <> 'iv_ufh_per_kg' AND (t.part = 'all' OR t.substance = 'iv_ufh') AND t.unit IS NOT NULL
), windows AS (
    SELECT case_id, substance, substance || '_max_24h' AS metric, unnest([
        {'bound': 'low', 'source': 'low'}, {'bound': 'best', 'source': best_bound}, {'bound': 'high', 'source': 'high'}
    ], recursive := true)
    FROM fullest_window WHERE substance IN ('iv_ufh', 'sc_ufh')
), days AS (
    SELECT case_id, day, unnest([
        {'bound': 'low', 'source': 'low'}, {'bound': 'best', 'source': best_bound},
        {'bound': 'high', 'source': CASE WHEN high IS NOT NULL THEN 'high' END}
    ], recursive := true)
    FROM day_totals
), added AS (
    SELECT m.case_id, m.metric, m.stratum, m.bound, p.row_id, p.occurrence, p.kind, p.amount, m.unit,
        CASE WHEN p.shape = 'segment' OR (p.shape = 'jump' AND p.kind = 'bolus') THEN p.from_min END AS from_min,
        CASE WHEN p.shape = 'segment' THEN p.until_min WHEN p.shape = 'jump' AND p.kind = 'bolus' THEN p.from_min END AS until_min,
        CASE WHEN p.kind = 'infusion' THEN p.rate END AS rate
    FROM totals m JOIN dose_segments p ON p.case_id = m.case_id AND p.substance = m.substance AND p.bound = m.source
    WHERE p.is_counted AND p.amount <> 0 AND (m.part IN ('all', p.kind) OR (p.kind = 'total' AND p.bound = 'high'))
    UNION ALL
    SELECT m.case_id, 'iv_ufh_day_total', 'D' || m.day, m.bound, d.row_id, d.occurrence, d.kind, d.amount, '[iU]',
        d.from_min, d.until_min, d.rate
    FROM days m JOIN day_terms d ON d.case_id = m.case_id AND d.day = m.day AND d.bound = m.source
    UNION ALL
    SELECT m.case_id, m.metric, '', m.bound, t.row_id, t.occurrence, t.kind, t.amount, '[iU]', t.from_min, t.until_min, t.rate
    FROM windows m JOIN max_24h_terms t ON t.case_id = m.case_id AND t.substance = m.substance AND t.bound = m.source
)
SELECT * REPLACE (amount::DOUBLE AS amount, rate::DOUBLE AS rate)
FROM added
-- Below 0, where uncertain boundaries cross, the low bound is 0 and no dose adds to it.
QUALIFY sum(amount) OVER (PARTITION BY case_id, metric, stratum, bound) > 0
ORDER BY case_id, metric, stratum, bound, row_id, occurrence
