-- title: Platelet count before the fall, under each reading, with the nadir that belongs to it
-- grain: one row per case and reading (before_heparin, since_heparin, highest_before_nadir)
-- reads: cases, platelet_nadirs, platelet_counts, adjacent_labs, heparin_exposures
-- params: none
-- missing: the value comes from counts that surely qualify; counts that only may qualify widen the bounds
-- source: the 4Ts leave the baseline open: last count before heparin, or highest count since it (Cuker A et al., Blood
--   2012;120:4160-4167)
-- returns: view
WITH nadir_times AS (
    SELECT n.case_id, n.scope, c.count_id, c.moment, c.place_low, c.place_high
    FROM platelet_nadirs n JOIN platelet_counts c ON c.case_id = n.case_id AND list_contains(n.nadir_ids, c.count_id)
), before_nadir AS (
    SELECT l.case_id, t.scope, l.row_id, l.best, l.low, CASE WHEN isfinite(l.high) THEN l.high END AS high,
        l.is_before_heparin, l.is_after_heparin,
        bool_or(l.place_high <= t.place_low OR surely_before(l.moment, t.moment)) AS is_before_nadir,
        bool_and(t.place_high <= l.place_low OR surely_before(t.moment, l.moment)) AS is_after_nadir
    FROM platelet_counts l JOIN nadir_times t USING (case_id)
    WHERE NOT EXISTS (FROM nadir_times o WHERE o.case_id = l.case_id AND o.scope = t.scope AND o.count_id = l.count_id)
    GROUP BY ALL
), qualified AS (
    SELECT b.*, CASE scope WHEN 'record' THEN 'highest_before_nadir' ELSE 'since_heparin' END AS reading,
        is_before_nadir AND (scope = 'record' OR coalesce(is_after_heparin, false)) AS is_sure
    FROM before_nadir b
    WHERE NOT is_after_nadir AND (scope = 'record' OR NOT coalesce(is_before_heparin, true))
), highest AS (
    SELECT case_id, reading, CASE WHEN bool_and(best IS NOT NULL) FILTER (is_sure) THEN max(best) FILTER (is_sure)
            WHEN bool_and(high IS NOT NULL) AND max(low) FILTER (is_sure) = max(high) THEN max(high) END AS best,
        max(low) FILTER (is_sure) AS low, CASE WHEN bool_and(high IS NOT NULL) THEN max(high) END AS high,
        max(best) FILTER (is_sure) AS printed
    FROM qualified GROUP BY ALL
), highest_rows AS (
    SELECT q.case_id, q.reading, any_value(h.best) AS best, any_value(h.low) AS low, any_value(h.high) AS high,
        bool_or(q.is_sure) AS is_certain,
        row_list(list(q.row_id) FILTER (q.is_sure AND q.best = h.best)) AS sure_rows,
        row_list(list(q.row_id) FILTER (NOT q.is_sure AND (q.high IS NULL OR h.low IS NULL OR q.high > h.low)))
            AS possible_rows,
        row_list(list(q.row_id) FILTER (q.high IS NULL OR h.low IS NULL OR q.high >= h.low)) AS row_ids
    FROM qualified q JOIN highest h USING (case_id, reading) GROUP BY q.case_id, q.reading
), baselines AS (
    SELECT case_id, reading, best, low, high, is_certain, sure_rows, possible_rows, row_ids FROM highest_rows
    UNION ALL
    SELECT case_id, 'before_heparin', best, CASE WHEN is_certain_to_exist THEN low END, high, is_certain_to_exist,
        list_filter(row_ids, lambda r: NOT list_contains(possible_ids, r)), possible_ids, row_ids
    FROM adjacent_labs WHERE starter = 'any heparin' AND analyte = 'platelets' AND side = 'before'
), readings AS (
    SELECT c.case_id, r.reading, r.scope,
        EXISTS (FROM heparin_exposures e WHERE e.case_id = c.case_id) AS has_heparin
    FROM cases c CROSS JOIN (
        SELECT unnest(['before_heparin', 'since_heparin', 'highest_before_nadir']) AS reading,
            unnest(['since heparin', 'since heparin', 'record']) AS scope
    ) r
)
SELECT r.case_id, r.reading, r.has_heparin OR r.reading = 'highest_before_nadir' AS is_applicable,
    b.best AS base_best, b.low AS base_low, b.high AS base_high, b.row_ids AS base_rows,
    n.best AS nadir_best, n.low AS nadir_low, n.high AS nadir_high, n.row_ids AS nadir_rows,
    reasons([
        CASE WHEN b.case_id IS NULL THEN reason('no_baseline') END,
        CASE WHEN NOT b.is_certain THEN reason('no_sure_baseline') END,
        CASE WHEN len(b.sure_rows) > 0 AND b.best IS NOT NULL THEN reason('baseline', b.sure_rows, number := b.best) END,
        CASE WHEN len(b.possible_rows) > 0 THEN reason(CASE r.reading WHEN 'before_heparin' THEN 'may_be_last_before_heparin'
            WHEN 'since_heparin' THEN 'may_lie_since_heparin' ELSE 'may_lie_before_nadir' END, b.possible_rows) END,
        CASE WHEN b.is_certain AND b.best IS NULL THEN reason('no_single_baseline', b.row_ids) END
    ]) AS base_reasons,
    CASE WHEN n.case_id IS NULL THEN [reason('no_count_after_baseline')] ELSE n.open END AS nadir_reasons
FROM readings r
LEFT JOIN baselines b ON b.case_id = r.case_id AND b.reading = r.reading
LEFT JOIN platelet_nadirs n ON n.case_id = r.case_id AND n.scope = r.scope
