-- title: Highest heparin infusion rate and number of boluses
-- grain: one row per case and metric
-- reads: cases, exposure_doses
-- params: none
-- missing: a rate that is not printed, a route or purpose that is not stated, or a total printed without a rate leaves
--   the highest rate open above; a rate without weight has no value per kg
-- source: rates as printed; an initial, mean or lowest rate bounds the highest one from below
-- returns: metrics
-- metric: iv_ufh_highest_rate | [iU]/h | Highest heparin infusion rate | stratum: none
-- metric: iv_ufh_highest_rate_per_kg | [iU]/kg/h | Highest heparin infusion rate per kg | stratum: none
-- metric: iv_ufh_n_boluses | {count} | Heparin boluses | stratum: none
WITH heparin AS (
    SELECT *, coalesce(stat, '') IN ('', 'max') AS is_top, amount_per_kg_low IS NOT NULL AS is_per_kg, coalesce(stat, '') = 'range' AS is_range
    FROM exposure_doses WHERE substance = 'iv_ufh' AND is_counted
), rates AS (
    SELECT case_id, row_id, weight_row_id, kind, is_sure, unnest([
        {'metric': 'iv_ufh_highest_rate',
            'best': CASE WHEN is_top THEN amount WHEN is_range THEN amount_high END::DOUBLE,
            'sure': CASE WHEN is_range OR stat = 'max' THEN amount_high WHEN stat IS NULL THEN amount_low
                ELSE coalesce(amount, amount_low) END::DOUBLE,
            'high': CASE WHEN is_top OR is_range THEN amount_high END::DOUBLE,
            'row_gap': amount_gap},
        {'metric': 'iv_ufh_highest_rate_per_kg',
            'best': CASE WHEN is_top THEN amount_per_kg WHEN is_range THEN amount_per_kg_high END::DOUBLE,
            'sure': CASE WHEN is_range OR stat = 'max' THEN amount_per_kg_high WHEN stat IS NULL THEN amount_per_kg_low
                ELSE coalesce(amount_per_kg, amount_per_kg_low) END::DOUBLE,
            'high': CASE WHEN is_top OR is_range THEN amount_per_kg_high END::DOUBLE,
            'row_gap': CASE WHEN amount_status IN ('not_printed', 'needs_unit') OR is_per_kg THEN amount_gap
                ELSE 'the rate per kg of ' || row_id || ' is not known' END}
    ], recursive := true)
    FROM heparin WHERE kind <> 'bolus'
), per_case AS (
    SELECT case_id, metric, count(*) AS n_rows,
        CASE WHEN bool_and(kind = 'infusion' AND is_sure AND best IS NOT NULL) THEN max(best) END AS value,
        max(sure) FILTER (kind = 'infusion' AND is_sure) AS low,
        CASE WHEN bool_and(kind = 'infusion' AND high IS NOT NULL) THEN max(high) END AS high,
        sentence(list_sort(list_distinct(list(CASE
            WHEN kind = 'total' THEN 'of ' || row_id || ' only the total is printed, not the rate'
            WHEN NOT is_sure THEN 'the route or purpose of ' || row_id || ' is not stated'
            WHEN best IS NULL THEN row_gap END)))) AS gap,
        -- A rate printed per kg makes the rate per hour rest on the weight too.
        row_list(list_concat(list(row_id), list(CASE WHEN metric = 'iv_ufh_highest_rate' THEN weight_row_id END))) AS row_ids
    FROM rates GROUP BY ALL
), boluses AS (
    SELECT case_id, count(*) AS n_rows,
        count(*) FILTER (kind = 'bolus' AND is_sure AND is_given) AS n_sure, count(*) FILTER (kind = 'bolus') AS n_possible,
        -- An occurrence that may not have been given counts at best where its best amount is not 0.
        CASE WHEN NOT bool_or(kind = 'total' OR (kind = 'bolus' AND (NOT is_sure OR (NOT is_given AND best IS NULL))))
            THEN count(*) FILTER (kind = 'bolus' AND (is_given OR best > 0)) END AS n_likely,
        bool_or(kind = 'total') AS has_total,
        row_list(list(row_id) FILTER (kind IN ('bolus', 'total'))) AS row_ids,
        sentence(list_sort(list_distinct(list(CASE
            WHEN kind = 'total' THEN row_id || ' is a total that may hold boluses'
            WHEN kind = 'bolus' AND NOT is_sure THEN 'the route or purpose of ' || row_id || ' is not stated'
            WHEN kind = 'bolus' AND NOT is_given THEN 'how often ' || row_id || ' was given is not sure' END)))) AS gap
    FROM heparin GROUP BY ALL
), named_metrics AS (
    SELECT unnest(['iv_ufh_highest_rate', 'iv_ufh_highest_rate_per_kg']) AS metric,
        unnest(['[iU]/h', '[iU]/kg/h']) AS unit
)
SELECT c.case_id, m.metric, '' AS stratum, p.value, p.low, p.high, m.unit, status_of(p.n_rows, p.value) AS status,
    CASE WHEN p.n_rows IS NULL THEN 'no heparin infusion in the record' ELSE p.gap END AS reason,
    row_list(p.row_ids) AS row_ids
FROM cases c CROSS JOIN named_metrics m
LEFT JOIN per_case p ON p.case_id = c.case_id AND p.metric = m.metric
UNION ALL
SELECT c.case_id, 'iv_ufh_n_boluses', '',
    n_likely::DOUBLE, n_sure::DOUBLE,
    CASE WHEN NOT has_total THEN n_possible END::DOUBLE, '{count}',
    status_of(n_rows, n_likely),
    CASE WHEN n_rows IS NULL THEN 'no therapeutic intravenous heparin in the record' ELSE gap END,
    row_list(row_ids)
FROM cases c LEFT JOIN boluses USING (case_id)
