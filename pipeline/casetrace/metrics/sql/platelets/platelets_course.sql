-- title: Onset, largest fall in 24 h, recovery and transfusion
-- grain: one row per case and metric
-- reads: cases, lab_values, platelet_onsets, platelet_nadirs, labs_vs_index, heparin_exposures, index_events
-- params: recovery_10e9_l [10*9/L]
-- missing: a pair counts for the best value when its order is sure; counts without a number take the best value away where
--   they may change it; an onset lies between two counts and has no best instant
-- source: counts and times as printed
-- returns: metrics
-- metric: platelets_largest_fall_24h_abs | 10*9/L | Largest fall between two counts at most 24 h apart | stratum: none
-- metric: platelets_largest_fall_24h_pct | % | Largest fall between two counts at most 24 h apart, relative | stratum: none
-- metric: platelets_recovery_first | min | First count at or above the lower reference limit after the nadir | stratum: none
-- metric: platelets_recovery_sustained | min | First such count with no later count below the limit | stratum: none
-- metric: platelets_fall_onset | min | Onset of the platelet fall, after time zero | stratum: none
-- metric: platelets_fall_before_heparin | {yes_no} | The fall began before the first heparin | stratum: none
-- metric: platelets_after_transfusion_n | {count} | Counts after a platelet transfusion | stratum: none
WITH counts AS (
    SELECT * FROM lab_values WHERE analyte = 'platelets' AND is_single
), pairs AS (
    SELECT a.case_id, a.row_id AS from_row, b.row_id AS to_row,
        a.best AS a_best, a.low AS a_low, a.high AS a_high, b.best AS b_best, b.low AS b_low, b.high AS b_high,
        surely_before(a.moment, b.moment) AS is_ordered,
        gap_high(a.moment, b.moment) <= 1440 AS is_surely_close,
        coalesce(b.time_min - a.time_min <= 1440, false) OR gap_high(a.moment, b.moment) <= 1440 AS is_close
    FROM counts a JOIN counts b ON b.case_id = a.case_id AND b.row_id <> a.row_id
        AND b.earliest <= a.latest + 1440 AND b.latest >= a.earliest
    WHERE b.is_counted AND NOT surely_before(b.moment, a.moment) AND gap_low(a.moment, b.moment) <= 1440
), kinds AS (
    SELECT *, unnest([
        {'metric': 'platelets_largest_fall_24h_abs', 'unit': '10*9/L',
            'best': a_best - b_best, 'low': a_low - b_high, 'high': a_high - b_low},
        {'metric': 'platelets_largest_fall_24h_pct', 'unit': '%',
            'best': CASE WHEN a_best > 0 THEN 100 * (a_best - b_best) / a_best ELSE 0 END,
            'low': CASE WHEN a_low > 0 THEN 100 * (a_low - b_high) / a_low END,
            'high': CASE WHEN a_high > 0 THEN 100 * (a_high - b_low) / a_high WHEN a_high IS NULL THEN 100 ELSE 0 END}
    ], recursive := true)
    FROM pairs
), largest AS (
    SELECT case_id, metric, any_value(unit) AS unit,
        max(greatest(best, 0)) FILTER (is_ordered AND is_close AND best IS NOT NULL) AS best,
        max(greatest(coalesce(low, 0), 0)) FILTER (is_ordered AND is_surely_close) AS low,
        CASE WHEN bool_and(high IS NOT NULL) THEN max(greatest(high, 0)) END AS high
    FROM kinds GROUP BY ALL
), fall_rows AS (
    SELECT k.case_id, k.metric, any_value(l.unit) AS unit, any_value(l.best) AS found, any_value(l.low) AS low,
        any_value(l.high) AS high,
        named(list(CASE WHEN a_best IS NULL THEN from_row ELSE to_row END) FILTER (
            k.best IS NULL AND (k.high IS NULL OR l.best IS NULL OR k.high > l.best))) AS open_rows,
        row_list(list_concat(
            list(from_row) FILTER (k.high IS NULL OR k.high >= coalesce(l.low, 0)),
            list(to_row) FILTER (k.high IS NULL OR k.high >= coalesce(l.low, 0)))) AS row_ids
    FROM kinds k JOIN largest l USING (case_id, metric) GROUP BY k.case_id, k.metric
), falls AS (
    SELECT *, CASE WHEN open_rows = '' THEN found END AS value FROM fall_rows
), fall_metrics AS (
    SELECT unnest(['platelets_largest_fall_24h_abs', 'platelets_largest_fall_24h_pct']) AS metric,
        unnest(['10*9/L', '%']) AS unit
), after_nadir AS (
    SELECT c.case_id, c.row_id, c.low, c.high, c.time_min, c.earliest, c.latest, c.moment,
        bool_and(surely_before(n.moment, c.moment)) AS is_sure, bool_or(surely_before(c.moment, n.moment)) AS is_out
    FROM counts c
    JOIN platelet_nadirs p ON p.case_id = c.case_id AND p.scope = 'record'
    JOIN counts n ON n.case_id = c.case_id AND list_contains(p.row_ids, n.row_id) AND n.row_id <> c.row_id
    GROUP BY ALL
), recovering AS (
    SELECT *, is_sure AND low >= $recovery_10e9_l AS is_recovered,
        NOT is_out AND coalesce(high >= $recovery_10e9_l, true) AS may_be_recovered,
        is_sure AND low >= $recovery_10e9_l AND NOT EXISTS (FROM counts o WHERE o.case_id = r.case_id
            AND o.row_id <> r.row_id AND o.low < $recovery_10e9_l AND NOT surely_before(o.moment, r.moment)) AS is_lasting,
        NOT is_out AND coalesce(high >= $recovery_10e9_l, true) AND NOT EXISTS (FROM counts o WHERE o.case_id = r.case_id
            AND o.row_id <> r.row_id AND o.high < $recovery_10e9_l AND surely_before(r.moment, o.moment)) AS may_be_lasting
    FROM after_nadir r
), recoveries AS (
    SELECT case_id, metric,
        min(time_min) FILTER (is_so) AS found, min(earliest) FILTER (may_be_so) AS low, min(latest) FILTER (is_so) AS high,
        named(list(row_id) FILTER (may_be_so AND NOT is_so)) AS open_rows,
        row_list(list(row_id) FILTER (may_be_so)) AS row_ids,
        bool_or(is_so) AS is_certain, bool_or(may_be_so) AS is_possible,
        min(earliest) FILTER (may_be_so AND NOT is_so) AS open_from, count(*) FILTER (is_so AND time_min IS NULL) AS n_untimed
    FROM (
        SELECT case_id, row_id, time_min, earliest, latest, unnest([
            {'metric': 'platelets_recovery_first', 'is_so': is_recovered, 'may_be_so': may_be_recovered},
            {'metric': 'platelets_recovery_sustained', 'is_so': is_lasting, 'may_be_so': may_be_lasting}
        ], recursive := true) FROM recovering
    ) GROUP BY ALL
), recovered AS (
    SELECT *, CASE WHEN n_untimed = 0 AND (open_from IS NULL OR open_from > found) THEN found END AS value FROM recoveries
), recovery_metrics AS (
    SELECT unnest(['platelets_recovery_first', 'platelets_recovery_sustained']) AS metric
), nadirs AS (
    SELECT c.case_id, n.low, n.high FROM cases c
    LEFT JOIN platelet_nadirs n ON n.case_id = c.case_id AND n.scope = 'record'
), began AS (
    SELECT c.case_id, o.* EXCLUDE (case_id, scope),
        EXISTS (FROM heparin_exposures e WHERE e.case_id = c.case_id) AS has_heparin,
        EXISTS (FROM labs_vs_index r WHERE r.case_id = c.case_id AND r.starter = 'any heparin' AND r.is_before
            AND list_contains(o.all_below, r.row_id)) AS is_before,
        coalesce(o.all_have_prior, false) AND NOT EXISTS (
            FROM labs_vs_index r WHERE r.case_id = c.case_id AND r.starter = 'any heparin' AND NOT r.is_after
                AND list_contains(o.all_prior, r.row_id)) AS is_after
    FROM cases c LEFT JOIN platelet_onsets o ON o.case_id = c.case_id AND o.scope = 'record'
), verdicts AS (
    SELECT *, yes_no(is_before, has_heparin AND n_counts >= 2 AND (NOT may_have_fallen OR is_after)) AS verdict FROM began
), transfused AS (
    SELECT s.case_id, count(*) FILTER (r.is_after) AS n_sure, count(*) FILTER (NOT r.is_before) AS n_possible,
        row_list(list(r.row_id) FILTER (r.is_after)) AS row_ids,
        named(list(r.row_id) FILTER (NOT r.is_after AND NOT r.is_before)) AS open_rows
    FROM (SELECT DISTINCT case_id FROM index_events WHERE starter = 'platelet transfusion') s
    LEFT JOIN labs_vs_index r ON r.case_id = s.case_id AND r.starter = 'platelet transfusion'
        AND r.analyte = 'platelets' AND r.is_single
    GROUP BY ALL
)
SELECT c.case_id, m.metric, '' AS stratum, f.value, f.low, f.high, m.unit,
    CASE WHEN f.case_id IS NULL THEN 'no_data' ELSE status_of(1, f.value) END AS status,
    CASE WHEN f.case_id IS NULL THEN 'no two counts that may lie within 24 h'
        WHEN f.found IS NULL THEN 'no two counts surely in this order and within 24 h'
        WHEN f.value IS NULL THEN 'counts without a number may give a larger fall: ' || f.open_rows END AS reason,
    row_list(f.row_ids) AS row_ids
FROM cases c CROSS JOIN fall_metrics m LEFT JOIN falls f ON f.case_id = c.case_id AND f.metric = m.metric
UNION ALL
SELECT n.case_id, m.metric, '',
    CASE WHEN coalesce(n.low < $recovery_10e9_l, false) AND n.high < $recovery_10e9_l THEN r.value END::DOUBLE,
    CASE WHEN n.low < $recovery_10e9_l THEN r.low END::DOUBLE,
    CASE WHEN n.high < $recovery_10e9_l THEN r.high END::DOUBLE, 'min',
    CASE WHEN n.low IS NULL THEN 'no_data' WHEN n.low >= $recovery_10e9_l THEN 'not_applicable'
        WHEN NOT coalesce(r.is_possible, false) THEN 'no_data'
        ELSE status_of(1, CASE WHEN n.high < $recovery_10e9_l THEN r.value END) END,
    CASE WHEN n.low IS NULL THEN 'no platelet count in the record'
        WHEN n.low >= $recovery_10e9_l THEN 'no count below ' || plain($recovery_10e9_l) || ' in the record'
        WHEN NOT coalesce(r.is_possible, false)
            THEN 'no such count of at least ' || plain($recovery_10e9_l) || ' in the record'
        WHEN n.high IS NULL OR n.high >= $recovery_10e9_l
            THEN 'whether the count was ever below ' || plain($recovery_10e9_l) || ' is not certain'
        WHEN r.open_rows <> '' THEN r.open_rows || ' may be such a count too'
        WHEN r.value IS NULL THEN 'the time is not known' END,
    CASE WHEN n.low < $recovery_10e9_l THEN row_list(r.row_ids) ELSE [] END
FROM nadirs n CROSS JOIN recovery_metrics m
LEFT JOIN recovered r ON r.case_id = n.case_id AND r.metric = m.metric
UNION ALL
SELECT case_id, 'platelets_fall_onset', '', NULL,
    CASE WHEN has_fallen THEN onset_low END::DOUBLE, CASE WHEN has_fallen THEN onset_high END::DOUBLE, 'min',
    CASE WHEN has_fallen OR may_have_fallen THEN 'not_computable' ELSE 'no_data' END,
    CASE WHEN n_counts IS NULL THEN 'no platelet count in the record'
        WHEN has_fallen THEN 'the fall began between two counts; first count below the limit: ' || below_rows
        WHEN may_have_fallen THEN 'counts without an order or a number leave open whether the count fell'
        ELSE 'no count below the limit' END,
    CASE WHEN may_have_fallen THEN row_list(row_ids) ELSE [] END
FROM began
UNION ALL
SELECT case_id, 'platelets_fall_before_heparin', '', verdict,
    CASE WHEN has_heparin AND n_counts >= 2 THEN coalesce(verdict, 0) END,
    CASE WHEN has_heparin AND n_counts >= 2 THEN coalesce(verdict, 1) END, '{yes_no}',
    CASE WHEN NOT has_heparin THEN 'not_applicable' WHEN coalesce(n_counts, 0) < 2 THEN 'no_data'
        ELSE status_of(1, verdict) END,
    CASE WHEN NOT has_heparin THEN 'no heparin in the record' WHEN coalesce(n_counts, 0) < 2 THEN 'fewer than two platelet counts'
        WHEN NOT may_have_fallen THEN 'no count below the limit'
        WHEN verdict = 1 THEN 'a count below the limit lies before the first heparin'
        WHEN verdict = 0 THEN 'the last count within the limit lies after the first heparin'
        ELSE 'the fall began between a count before heparin and one after it, or their order is not certain' END,
    CASE WHEN has_heparin AND may_have_fallen THEN row_list(row_ids) ELSE [] END
FROM verdicts
UNION ALL
SELECT c.case_id, 'platelets_after_transfusion_n', '', CASE WHEN n_sure = n_possible THEN n_sure END::DOUBLE,
    n_sure::DOUBLE, n_possible::DOUBLE, '{count}',
    CASE WHEN t.case_id IS NULL THEN 'not_applicable' ELSE status_of(1, CASE WHEN n_sure = n_possible THEN 1 END) END,
    CASE WHEN t.case_id IS NULL THEN 'no platelet transfusion in the record'
        WHEN open_rows <> '' THEN open_rows || ' may lie after the transfusion too' END,
    row_list(t.row_ids)
FROM cases c LEFT JOIN transfused t USING (case_id)
