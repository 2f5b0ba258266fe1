-- title: Criteria of heparin resistance, each by itself
-- grain: one row per case and criterion; 1 met, 0 not met
-- reads: heparin_window, heparin_rates
-- params: resistance_dose_24h_u [[iU]], resistance_rate_u_kg_h [[iU]/kg/h], resistance_rate_icu_u_kg_h [[iU]/kg/h]
-- missing: a criterion is met when the low bound meets it, not met when the high bound does not, and open in between
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
            'threshold': $resistance_dose_24h_u::DOUBLE, 'is_strict': true},
        {'metric': 'resistance_mean_rate', 'measure': 'iv_ufh_max_24h_mean_rate_per_kg',
            'threshold': $resistance_rate_u_kg_h::DOUBLE, 'is_strict': true},
        {'metric': 'resistance_highest_rate', 'measure': 'iv_ufh_highest_rate_per_kg',
            'threshold': $resistance_rate_u_kg_h::DOUBLE, 'is_strict': true},
        {'metric': 'resistance_mean_rate_icu', 'measure': 'iv_ufh_max_24h_mean_rate_per_kg',
            'threshold': $resistance_rate_icu_u_kg_h::DOUBLE, 'is_strict': false},
        {'metric': 'resistance_highest_rate_icu', 'measure': 'iv_ufh_highest_rate_per_kg',
            'threshold': $resistance_rate_icu_u_kg_h::DOUBLE, 'is_strict': false}
    ], recursive := true)
), decided AS (
    SELECT m.*, c.metric AS criterion, c.threshold, c.is_strict,
        yes_no(
            m.low > c.threshold OR (m.low = c.threshold AND NOT c.is_strict),
            m.high < c.threshold OR (m.high = c.threshold AND c.is_strict)
        ) AS verdict
    FROM measured m JOIN criteria c ON c.measure = m.metric
)
SELECT case_id, criterion AS metric, '' AS stratum, verdict AS value,
    CASE WHEN status <> 'no_data' THEN coalesce(verdict, 0) END AS low,
    CASE WHEN status <> 'no_data' THEN coalesce(verdict, 1) END AS high,
    '{yes_no}' AS unit,
    CASE WHEN status = 'no_data' THEN status WHEN verdict IS NULL THEN 'not_computable' ELSE 'ok' END AS status,
    CASE WHEN status = 'no_data' THEN reason
        WHEN verdict = 1 THEN 'even the lowest possible value, ' || plain(round(low, 1)) || ', is '
            || CASE WHEN is_strict THEN 'above ' ELSE 'at or above ' END || plain(threshold)
        WHEN verdict = 0 THEN 'even the highest possible value, ' || plain(round(high, 1)) || ', is '
            || CASE WHEN is_strict THEN 'not above ' ELSE 'below ' END || plain(threshold)
        ELSE sentence(['between ' || plain(round(coalesce(low, 0), 1))
            || coalesce(' and ' || plain(round(high, 1)), ' and no upper limit') || ': on either side of '
            || plain(threshold), reason])
    END AS reason,
    row_ids
FROM decided
