-- title: Platelet baselines and falls
-- grain: one row per case, metric and, for falls, reading of the baseline
-- reads: platelet_baselines, platelet_falls, adjacent_labs, index_events
-- params: none
-- missing: without a count that surely qualifies there is no best value; falls need both ends
-- source: scores that speak of a fall leave the baseline open, so each reading is given under its own name
-- returns: metrics
-- metric: platelets_baseline_before_heparin | 10*9/L | Last platelet count before the first heparin | stratum: none
-- metric: platelets_baseline_since_heparin | 10*9/L | Highest platelet count since heparin, before the nadir | stratum: none
-- metric: platelets_fall_pct | % | Fall of the platelet count to the nadir | stratum: baseline
-- metric: platelets_fall_abs | 10*9/L | Fall of the platelet count to the nadir, absolute | stratum: baseline
-- metric: platelets_at_anticoagulant_start | 10*9/L | Last platelet count before the first dose | stratum: anticoagulant
SELECT case_id, 'platelets_baseline_' || reading AS metric, '' AS stratum, coalesce(base_best, CASE WHEN base_low = base_high THEN base_low END) AS value, base_low AS low,
    base_high AS high, '10*9/L' AS unit,
    CASE WHEN NOT is_applicable THEN 'not_applicable' ELSE status_of(len(base_rows), coalesce(base_best, CASE WHEN base_low = base_high THEN base_low END)) END AS status,
    CASE WHEN NOT is_applicable THEN [reason('not_in_record', term := 'heparin')] ELSE base_reasons END AS reasons, row_list(base_rows) AS row_ids
FROM platelet_baselines WHERE reading <> 'highest_before_nadir'
UNION ALL
SELECT case_id, metric, reading, value, low, high, unit,
    CASE WHEN NOT is_applicable THEN 'not_applicable' WHEN NOT has_rows THEN 'no_data' ELSE status_of(1, value) END,
    CASE WHEN NOT is_applicable THEN [reason('not_in_record', term := 'heparin')] ELSE reasons END,
    CASE WHEN is_applicable THEN row_ids ELSE [] END
FROM (
    SELECT case_id, reading, is_applicable, has_rows, reasons, row_ids, unnest([
        {'metric': 'platelets_fall_pct', 'value': coalesce(pct_best, CASE WHEN pct_low = pct_high THEN pct_low END), 'low': pct_low, 'high': pct_high, 'unit': '%'},
        {'metric': 'platelets_fall_abs', 'value': coalesce(abs_best, CASE WHEN abs_low = abs_high THEN abs_low END), 'low': abs_low, 'high': abs_high, 'unit': '10*9/L'}
    ], recursive := true) FROM platelet_falls
)
UNION ALL
SELECT s.case_id, 'platelets_at_anticoagulant_start', s.starter, n.best,
    CASE WHEN n.is_certain_to_exist THEN n.low END, n.high, '10*9/L', status_of(len(n.row_ids), n.best),
    reasons([CASE WHEN n.case_id IS NULL THEN reason('no_count_before_drug', term := s.starter) END,
        CASE WHEN n.best IS NULL AND n.is_certain_to_exist
            THEN reason('no_single_last_count', list_filter(n.row_ids, lambda r: NOT list_contains(n.possible_ids, r))) END,
        CASE WHEN NOT n.is_certain_to_exist THEN reason('no_sure_count_before_dose') END,
        CASE WHEN len(n.possible_ids) > 0 THEN reason('may_lie_before_dose', n.possible_ids) END]),
    row_list(n.row_ids)
FROM (
    SELECT DISTINCT case_id, starter FROM index_events
    WHERE starter NOT IN ('any heparin', 'antithrombin concentrate', 'platelet transfusion')
) s
LEFT JOIN adjacent_labs n ON n.case_id = s.case_id AND n.starter = s.starter AND n.analyte = 'platelets'
    AND n.side = 'before'
