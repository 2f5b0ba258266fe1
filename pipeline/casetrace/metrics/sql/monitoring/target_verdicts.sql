-- title: Each monitoring result against the target in force
-- grain: one row per case, course and result that may have been drawn in it
-- reads: monitored_labs, anticoagulant_courses, targets
-- params: none
-- missing: without a target in force, or with a bound on either side of it, a result is neither in nor out; a result
--   printed as in, below or above target is taken at its word
-- source: targets for the drug, or for no named drug where none names it; a range that the article only cites is no target
-- returns: view
WITH applicable AS (
    SELECT m.case_id, m.course, m.row_id, t.row_id AS target_row_id, t.target_low, t.target_high,
        t.low_is_strict AS target_low_is_strict, t.high_is_strict AS target_high_is_strict,
        (t.start_latest_min IS NULL OR t.start_latest_min <= m.earliest
            OR (t.start_earliest_min = c.start_low AND t.start_latest_min = c.start_high))
            AND (t.end_earliest_min IS NULL OR m.latest <= t.end_earliest_min) AS is_in_force
    FROM monitored_labs m
    JOIN anticoagulant_courses c USING (case_id, course)
    JOIN targets t ON t.case_id = m.case_id AND t.analyte = m.analyte AND t.role = 'aim'
        AND coalesce(t.start_earliest_min <= m.latest, true) AND coalesce(m.earliest <= t.end_latest_min, true)
        AND (t.anticoagulant = m.drug OR (t.anticoagulant IS NULL AND NOT EXISTS (
            FROM targets o WHERE o.case_id = m.case_id AND o.analyte = m.analyte AND o.anticoagulant = m.drug
                AND o.role = 'aim')))
), judged AS (
    SELECT m.case_id, m.course, m.row_id, a.target_row_id, a.is_in_force, a.target_low, a.target_high,
        a.target_low_is_strict, a.target_high_is_strict,
        (a.target_low IS NULL OR m.low > a.target_low
            OR (m.low = a.target_low AND (NOT a.target_low_is_strict OR m.low_is_strict)))
        AND (a.target_high IS NULL OR coalesce(m.high < a.target_high
            OR (m.high = a.target_high AND (NOT a.target_high_is_strict OR m.high_is_strict)), false)) AS is_in,
        coalesce(m.high < a.target_low OR (m.high = a.target_low AND (a.target_low_is_strict OR m.high_is_strict)), false)
            AS is_below,
        coalesce(m.low > a.target_high OR (m.low = a.target_high AND (a.target_high_is_strict OR m.low_is_strict)), false)
            AS is_above
    FROM monitored_labs m JOIN applicable a USING (case_id, course, row_id)
), per_lab AS (
    SELECT case_id, course, row_id, bool_or(is_in_force) AS has_target, count(*) AS n_targets,
        bool_and(is_in) AND bool_or(is_in_force) AS is_in,
        bool_and(is_below OR is_above) AND bool_or(is_in_force) AS is_out,
        bool_and(is_below) AND bool_or(is_in_force) AS is_below,
        any_value(target_low) AS target_low, any_value(target_high) AS target_high,
        any_value(target_low_is_strict) AS target_low_is_strict,
        any_value(target_high_is_strict) AS target_high_is_strict,
        row_list(list(target_row_id)) AS target_row_ids
    FROM judged GROUP BY ALL
)
SELECT m.*,
    coalesce(p.has_target, false) AS has_target,
    coalesce(p.n_targets = 1 AND p.has_target, false) AS has_one_target,
    coalesce(m.value_word = 'in target', false)
        OR (coalesce(p.is_in, false) AND coalesce(m.value_word NOT IN ('below target', 'above target'), true)) AS is_in,
    coalesce(m.value_word IN ('below target', 'above target'), false)
        OR (coalesce(p.is_out, false) AND coalesce(m.value_word <> 'in target', true)) AS is_out,
    coalesce(m.value_word = 'below target', false) OR coalesce(p.is_below, false) AS is_below,
    p.target_low, p.target_high, p.target_low_is_strict, p.target_high_is_strict, p.target_row_ids
FROM monitored_labs m LEFT JOIN per_lab p USING (case_id, course, row_id)
