-- title: Criteria of heparin resistance by dose, each by itself
-- grain: one row per case and criterion; 1 met, 0 not met
-- reads: heparin_window, heparin_rates, patient_groups
-- params: resistance_dose_24h_u [[iU]], resistance_rate_u_kg_h [[iU]/kg/h], resistance_rate_icu_u_kg_h [[iU]/kg/h]
-- missing: a criterion is met when the low bound meets it, not met when the high bound does not, and open in between. All are
--   defined for adults and do not apply under that age; of an unknown age a dose per kg above the threshold stays open
-- source: ISTH SSC survey, J Thromb Haemost 2023;21:3649-3657; doi 10.1007/s00134-023-07103-x; doi
--   10.1177/10600280261435674
-- returns: metrics
-- metric: resistance_dose_24h | {yes_no} | More heparin in 24 h than the dose threshold | stratum: none
-- metric: resistance_mean_rate | {yes_no} | Mean rate over the fullest 24 h above the threshold per kg | stratum: none
-- metric: resistance_highest_rate | {yes_no} | Highest infusion rate above the threshold per kg | stratum: none
-- metric: resistance_mean_rate_icu | {yes_no} | Mean rate over the fullest 24 h at or above the intensive-care threshold | stratum: none
-- metric: resistance_highest_rate_icu | {yes_no} | Highest infusion rate at or above the intensive-care threshold | stratum: none
WITH measured AS (
    FROM heparin_window UNION ALL BY NAME FROM heparin_rates
), criteria AS (
    SELECT unnest([
        {'metric': 'resistance_dose_24h', 'measure': 'iv_ufh_max_24h',
            'threshold': $resistance_dose_24h_u::DECIMAL(38, 9), 'is_strict': true, 'is_per_kg': false},
        {'metric': 'resistance_mean_rate', 'measure': 'iv_ufh_max_24h_mean_rate_per_kg',
            'threshold': $resistance_rate_u_kg_h::DECIMAL(38, 9), 'is_strict': true, 'is_per_kg': true},
        {'metric': 'resistance_highest_rate', 'measure': 'iv_ufh_highest_rate_per_kg',
            'threshold': $resistance_rate_u_kg_h::DECIMAL(38, 9), 'is_strict': true, 'is_per_kg': true},
        {'metric': 'resistance_mean_rate_icu', 'measure': 'iv_ufh_max_24h_mean_rate_per_kg',
            'threshold': $resistance_rate_icu_u_kg_h::DECIMAL(38, 9), 'is_strict': false, 'is_per_kg': true},
        {'metric': 'resistance_highest_rate_icu', 'measure': 'iv_ufh_highest_rate_per_kg',
            'threshold': $resistance_rate_icu_u_kg_h::DECIMAL(38, 9), 'is_strict': false, 'is_per_kg': true}
    ], recursive := true)
), bounded AS (
    -- Decimals, never floating point: a threshold hit exactly is hit exactly.
    SELECT m.* EXCLUDE (low, high), m.low::DECIMAL(38, 9) AS low, m.high::DECIMAL(38, 9) AS high,
        c.metric AS criterion, c.threshold, c.is_strict, c.is_per_kg, g.is_in_group, g.group_reasons, g.group_rows
    FROM measured m JOIN criteria c ON c.measure = m.metric JOIN patient_groups g USING (case_id)
), judged AS (
    SELECT *, yes_no(
            low > threshold OR (low = threshold AND NOT is_strict), high < threshold OR (high = threshold AND is_strict)
        ) AS found
    FROM bounded
), decided AS (
    SELECT *, status <> 'no_data' AND NOT coalesce(is_in_group, true) AS is_outside,
        -- What would be met in an adult is met in nobody whose age is not known.
        found = 1 AND is_per_kg AND is_in_group IS NULL AS is_any_age,
        CASE WHEN NOT (found = 1 AND is_per_kg AND is_in_group IS NULL) THEN found END AS verdict
    FROM judged
)
SELECT case_id, criterion AS metric, '' AS stratum, CASE WHEN NOT is_outside THEN verdict END AS value,
    CASE WHEN status <> 'no_data' AND NOT is_outside THEN coalesce(verdict, 0) END AS low,
    CASE WHEN status <> 'no_data' AND NOT is_outside THEN coalesce(verdict, 1) END AS high,
    '{yes_no}' AS unit,
    CASE WHEN status = 'no_data' THEN status WHEN is_outside THEN 'not_applicable'
        WHEN verdict IS NULL THEN 'not_computable' ELSE 'ok' END AS status,
    reasons(CASE WHEN status = 'no_data' THEN reasons
        WHEN is_outside THEN group_reasons
        WHEN found = 1 THEN list_concat([
            reason(CASE WHEN is_strict THEN 'lowest_above' ELSE 'lowest_at_or_above' END, number := threshold),
            reason('lowest_possible', number := rounded_beside(low, threshold))], CASE WHEN is_any_age THEN group_reasons END)
        WHEN found = 0 THEN [
            reason(CASE WHEN is_strict THEN 'highest_not_above' ELSE 'highest_below' END, number := threshold),
            reason('highest_possible', number := rounded_beside(high, threshold))]
        ELSE list_concat([
            CASE WHEN low > 0 OR high IS NOT NULL THEN reason('either_side_of', number := threshold) END,
            CASE WHEN low > 0 THEN reason('lowest_possible', number := rounded_beside(low, threshold)) END,
            CASE WHEN high IS NOT NULL THEN reason('highest_possible', number := rounded_beside(high, threshold))
                WHEN low > 0 THEN reason('no_upper_limit') ELSE reason('nothing_bounds') END], reasons) END) AS reasons,
    row_list(list_concat(row_ids, CASE WHEN is_outside OR (found = 1 AND is_per_kg) THEN group_rows END)) AS row_ids
FROM decided
