-- title: Onset of the scored fall, largest fall in 24 h and transfusion
-- grain: one row per case and metric
-- reads: cases, lab_values, platelet_counts, platelet_scored, platelet_fall_pairs, labs_vs_index, heparin_exposures, index_events
-- params: none
-- missing: a pair counts for the best value when its order is sure; counts without a number take the best value away where
--   they may change it; an onset lies between two counts and has no best instant
-- source: counts and times as printed; the fall is the scored one: the largest relative fall to a count since heparin (of the
--   record where no heparin was given), or the one to the lowest such count where that is another
-- returns: metrics
-- metric: platelets_largest_fall_24h_abs | 10*9/L | Largest fall between two counts at most 24 h apart | stratum: none
-- metric: platelets_largest_fall_24h_pct | % | Largest fall between two counts at most 24 h apart, relative | stratum: none
-- metric: platelets_fall_onset | min | Onset of the scored platelet fall, after time zero | stratum: none
-- metric: platelets_fall_before_heparin | {yes_no} | The scored fall began before the first heparin | stratum: none
-- metric: platelets_any_fall_before_heparin | {yes_no} | A fall below the limit, scored or not, began before the first heparin | stratum: none
-- metric: platelets_after_transfusion_n | {count} | Counts after a platelet transfusion | stratum: none
WITH counts AS (
    SELECT c.* EXCLUDE (low, high), l.time_min, greatest(c.low, 0) AS low, CASE WHEN isfinite(c.high) THEN c.high END AS high
    FROM platelet_counts c JOIN lab_values l ON l.case_id = c.case_id AND l.row_id = c.row_id
), pairs AS (
    SELECT a.case_id, a.row_id AS from_row, b.row_id AS to_row,
        a.best AS a_best, a.low AS a_low, a.high AS a_high, b.best AS b_best, b.low AS b_low, b.high AS b_high,
        surely_before(a.moment, b.moment) AS is_ordered,
        gap_high(a.moment, b.moment) <= 1440 AS is_surely_close,
        coalesce(b.time_min - a.time_min <= 1440, false) OR gap_high(a.moment, b.moment) <= 1440 AS is_close
    FROM counts a JOIN counts b ON b.case_id = a.case_id AND b.count_id <> a.count_id
        AND b.earliest <= a.latest + 1440 AND b.latest >= a.earliest
    WHERE b.is_counted AND NOT surely_before(b.moment, a.moment) AND gap_low(a.moment, b.moment) <= 1440
), kinds AS (
    SELECT *, unnest([
        {'metric': 'platelets_largest_fall_24h_abs', 'unit': '10*9/L',
            'best': a_best - b_best, 'low': a_low - b_high, 'high': a_high - b_low},
        {'metric': 'platelets_largest_fall_24h_pct', 'unit': '%',
            'best': CASE WHEN a_best > 0 THEN fall_of(a_best, b_best) ELSE 0 END,
            'low': CASE WHEN a_low > 0 THEN fall_of(a_low, b_high) END,
            'high': CASE WHEN a_high > 0 THEN fall_of(a_high, b_low) WHEN a_high IS NULL THEN 100 ELSE 0 END}
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
        row_list(list(CASE WHEN a_best IS NULL THEN from_row ELSE to_row END) FILTER (
            k.best IS NULL AND (k.high IS NULL OR l.best IS NULL OR k.high > l.best))) AS open_rows,
        row_list(list_concat(
            list(from_row) FILTER (k.high IS NULL OR k.high >= coalesce(l.low, 0)),
            list(to_row) FILTER (k.high IS NULL OR k.high >= coalesce(l.low, 0)))) AS row_ids
    FROM kinds k JOIN largest l USING (case_id, metric) GROUP BY k.case_id, k.metric
), falls AS (
    SELECT *, CASE WHEN len(open_rows) = 0 THEN found WHEN low = high THEN low END AS value FROM fall_rows
), fall_metrics AS (
    SELECT unnest(['platelets_largest_fall_24h_abs', 'platelets_largest_fall_24h_pct']) AS metric,
        unnest(['10*9/L', '%']) AS unit
), any_before AS (
    SELECT case_id, bool_or(is_surely_fallen AND is_before_heparin) AS surely_before, bool_or(NOT is_after_heparin) AS may_be_before,
        row_list(list(nadir_row) FILTER (is_surely_fallen AND is_before_heparin)) AS before_rows,
        row_list(list_concat(list(peak_row) FILTER (NOT is_unprinted AND NOT is_after_heparin), list(nadir_row) FILTER (NOT is_after_heparin))) AS any_rows
    FROM platelet_fall_pairs WHERE scope = 'record' GROUP BY ALL
), began AS (
    SELECT c.case_id, o.* EXCLUDE (case_id, scope), a.* EXCLUDE (case_id),
        -- Where no fall since heparin is sure, an only fall of the record is meant all the same.
        has_fallen OR has_only_these AS is_timed, EXISTS (FROM heparin_exposures e WHERE e.case_id = c.case_id) AS has_heparin
    FROM cases c LEFT JOIN platelet_scored o ON o.case_id = c.case_id AND o.scope = 'record' LEFT JOIN any_before a ON a.case_id = c.case_id
), verdicts AS (
    SELECT *, yes_no(has_fallen AND began_before, has_heparin AND n_counts >= 2 AND (NOT may_have_fallen OR began_after)) AS verdict,
        yes_no(has_heparin AND surely_before, has_heparin AND n_counts >= 2 AND NOT coalesce(may_be_before, false)) AS any_verdict
    FROM began
), transfused AS (
    SELECT s.case_id, count(*) FILTER (r.is_after) AS n_sure, count(*) FILTER (NOT r.is_before) AS n_possible,
        row_list(list(r.row_id) FILTER (r.is_after)) AS row_ids,
        row_list(list(r.row_id) FILTER (NOT r.is_after AND NOT r.is_before)) AS open_rows
    FROM (SELECT DISTINCT case_id FROM index_events WHERE starter = 'platelet transfusion') s
    LEFT JOIN labs_vs_index r ON r.case_id = s.case_id AND r.starter = 'platelet transfusion'
        AND r.analyte = 'platelets' AND r.is_single
    GROUP BY ALL
)
SELECT c.case_id, m.metric, '' AS stratum, f.value, f.low, f.high, m.unit,
    CASE WHEN f.case_id IS NULL THEN 'no_data' ELSE status_of(1, f.value) END AS status,
    reasons([CASE WHEN f.case_id IS NULL THEN reason('no_pair_within_24h')
        WHEN f.value IS NULL AND f.found IS NULL THEN reason('no_sure_pair_within_24h')
        WHEN f.value IS NULL THEN reason('larger_fall_possible', f.open_rows) END]) AS reasons,
    row_list(f.row_ids) AS row_ids
FROM cases c CROSS JOIN fall_metrics m LEFT JOIN falls f ON f.case_id = c.case_id AND f.metric = m.metric
UNION ALL
SELECT case_id, 'platelets_fall_onset', '', CASE WHEN is_timed AND onset_low = onset_high THEN onset_low END::DOUBLE,
    CASE WHEN is_timed THEN onset_low END::DOUBLE, CASE WHEN is_timed THEN onset_high END::DOUBLE, 'min',
    CASE WHEN is_timed AND onset_low = onset_high THEN 'ok' WHEN may_have_fallen THEN 'not_computable' ELSE 'no_data' END,
    reasons(CASE WHEN n_counts IS NULL THEN [reason('not_in_record', term := 'platelet count')]
        WHEN is_timed THEN [reason('fall_between_counts'), reason('first_below_limit', below_rows), CASE WHEN n_falls > 1 THEN reason('several_falls') END]
        WHEN may_have_fallen THEN [reason('fall_left_open')] ELSE [reason('no_count_below_limit')] END),
    CASE WHEN may_have_fallen THEN row_list(row_ids) ELSE [] END
FROM began
UNION ALL
SELECT case_id, 'platelets_fall_before_heparin', '', verdict,
    CASE WHEN has_heparin AND n_counts >= 2 THEN coalesce(verdict, 0) END,
    CASE WHEN has_heparin AND n_counts >= 2 THEN coalesce(verdict, 1) END, '{yes_no}',
    CASE WHEN NOT has_heparin THEN 'not_applicable' WHEN coalesce(n_counts, 0) < 2 THEN 'no_data'
        ELSE status_of(1, verdict) END,
    [CASE WHEN NOT has_heparin THEN reason('not_in_record', term := 'heparin') WHEN coalesce(n_counts, 0) < 2 THEN reason('fewer_than_two_counts')
        WHEN NOT may_have_fallen THEN reason('no_count_below_since_heparin')
        WHEN verdict = 1 THEN reason('scored_fall_below_before_heparin')
        WHEN verdict = 0 THEN reason('last_within_limit_after_heparin')
        ELSE reason('fall_around_heparin') END],
    CASE WHEN has_heparin AND may_have_fallen THEN row_list(row_ids) ELSE [] END
FROM verdicts
UNION ALL
SELECT case_id, 'platelets_any_fall_before_heparin', '', any_verdict,
    CASE WHEN has_heparin AND n_counts >= 2 THEN coalesce(any_verdict, 0) END,
    CASE WHEN has_heparin AND n_counts >= 2 THEN coalesce(any_verdict, 1) END, '{yes_no}',
    CASE WHEN NOT has_heparin THEN 'not_applicable' WHEN coalesce(n_counts, 0) < 2 THEN 'no_data'
        ELSE status_of(1, any_verdict) END,
    [CASE WHEN NOT has_heparin THEN reason('not_in_record', term := 'heparin') WHEN coalesce(n_counts, 0) < 2 THEN reason('fewer_than_two_counts')
        WHEN any_verdict = 1 THEN reason('below_before_heparin', before_rows)
        WHEN any_verdict = 0 THEN reason('none_below_before_heparin')
        ELSE reason('may_be_below_before_heparin') END],
    CASE WHEN has_heparin THEN row_list(any_rows) ELSE [] END
FROM verdicts
UNION ALL
SELECT c.case_id, 'platelets_after_transfusion_n', '', CASE WHEN n_sure = n_possible THEN n_sure END::DOUBLE,
    n_sure::DOUBLE, n_possible::DOUBLE, '{count}',
    CASE WHEN t.case_id IS NULL THEN 'not_applicable' ELSE status_of(1, CASE WHEN n_sure = n_possible THEN 1 END) END,
    reasons([CASE WHEN t.case_id IS NULL THEN reason('not_in_record', term := 'platelet transfusion')
        WHEN len(open_rows) > 0 THEN reason('may_lie_after_transfusion', open_rows) END]),
    row_list(t.row_ids)
FROM cases c LEFT JOIN transfused t USING (case_id)
