-- title: From the first dose of an anticoagulant to the first result in target
-- grain: one row per case, anticoagulant and analyte with a result that may be in target
-- reads: target_verdicts, course_starts
-- params: none
-- missing: a result that may be in target, or has no time of its own, takes the best value away where it may be earlier; a
--   result after a pause of the drug, or in a later course of it, has no time to target (after_pause_rows)
-- source: docs/case-folder.md, Courses of anticoagulants
-- returns: view
WITH starts AS (
    -- The first course of the drug.
    SELECT case_id, drug, course, best_min, moment FROM course_starts
    QUALIFY course = min(course) OVER (PARTITION BY case_id, drug)
), compared AS (
    SELECT v.case_id, v.drug, v.analyte, v.row_id, v.earliest,
        any_value(v.is_in AND v.is_on AND v.is_single) AS is_in_target,
        any_value(v.is_after_pause OR v.course <> s.course) AS is_after_pause,
        any_value(v.may_be_after_pause OR v.course <> s.course) AS may_be_after_pause,
        -- From whichever dose came first.
        max(gap_low(s.moment, v.moment)) AS low, max(gap_high(s.moment, v.moment)) AS high,
        max(CASE WHEN v.moment.root = s.moment.name AND v.moment.from_root = v.moment.to_root THEN v.moment.from_root
            ELSE v.time_min - s.best_min END) AS best,
        count(*) = count(s.best_min) AS has_best
    FROM target_verdicts v JOIN starts s ON s.case_id = v.case_id AND s.drug = v.drug
    WHERE NOT v.is_held AND (v.is_mean OR NOT v.is_out)
    GROUP BY v.case_id, v.drug, v.analyte, v.row_id, v.earliest
), reached AS (
    -- No time to target runs across a pause.
    SELECT *, is_in_target AND NOT may_be_after_pause AS is_reached FROM compared WHERE NOT is_after_pause
), later_only AS (
    SELECT case_id, drug, analyte, row_list(list(row_id)) AS after_pause_rows FROM compared WHERE is_in_target AND is_after_pause GROUP BY ALL
), soonest AS (
    SELECT case_id, drug, analyte,
        arg_min(row_id, best) FILTER (is_reached AND has_best) AS row_id, arg_min(earliest, best) FILTER (is_reached AND has_best) AS earliest,
        min(best) FILTER (is_reached AND has_best) AS found,
        min(greatest(low, 0)) AS low, min(high) FILTER (is_reached) AS high, bool_or(is_reached) AS is_certain
    FROM reached GROUP BY ALL
), time_to AS (
    SELECT s.case_id, s.drug, s.analyte, any_value(s.low) AS low, any_value(s.high) AS high,
        any_value(s.is_certain) AS is_certain, any_value(s.row_id) AS first_row,
        CASE WHEN bool_and(r.row_id = s.row_id OR r.earliest >= s.earliest OR (r.is_reached AND r.best IS NOT NULL))
            THEN any_value(s.found) END AS value,
        row_list(list(r.row_id) FILTER (s.high IS NULL OR r.low <= s.high)) AS row_ids
    FROM soonest s JOIN reached r USING (case_id, drug, analyte) GROUP BY s.case_id, s.drug, s.analyte
)
SELECT case_id, drug, analyte, t.low, t.high, t.is_certain, t.value, CASE WHEN t.value IS NOT NULL THEN t.first_row END AS first_row,
    t.row_ids, l.after_pause_rows
FROM time_to t FULL JOIN later_only l USING (case_id, drug, analyte)
