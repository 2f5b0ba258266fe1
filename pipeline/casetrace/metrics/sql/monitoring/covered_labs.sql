-- title: Monitoring results against the spans and pauses of each course
-- grain: one row per case, course and result of a monitored analyte
-- reads: lab_levels, anticoagulant_cover, anticoagulant_pauses
-- params: none
-- missing: whatever the times leave open is neither surely within a span nor surely within a pause
-- source: docs/case-folder.md, Courses of anticoagulants
-- returns: view
WITH compared AS (
    SELECT l.case_id, l.row_id, l.moment, c.course, c.number, c.is_given, c.end_is_stated,
        surely_before(c.start_moment, l.moment) AS has_begun, surely_before(l.moment, c.start_moment) AS is_later,
        surely_before(c.end_moment, l.moment) AS has_ended,
        surely_before(l.moment, c.end_moment) OR coalesce(gap_low(l.moment, c.end_moment) >= 0, false) AS is_not_ended
    FROM lab_levels l JOIN anticoagulant_cover c USING (case_id)
    WHERE l.analyte IN ('aptt', 'anti_xa_ufh', 'act') AND l.is_counted
), gathered AS (
    SELECT case_id, course, row_id,
        bool_or(is_given AND has_begun) AS has_begun,
        bool_or(is_given AND (is_not_ended OR is_later)) AS is_not_over,
        bool_or(is_given AND has_begun AND is_not_ended) AS is_covered,
        bool_or(end_is_stated AND has_begun AND is_not_ended) AS is_in_infusion,
        coalesce(list(number) FILTER (is_given AND has_begun), []) AS begun,
        coalesce(list(number) FILTER (is_later), []) AS later
    FROM compared GROUP BY ALL
), paused AS (
    SELECT p.case_id, p.course, g.row_id,
        bool_or(p.is_sure AND c.has_ended AND list_has_all(g.later, p.resuming)) AS is_paused,
        bool_or(NOT c.is_not_ended AND NOT c.is_later AND NOT list_has_any(p.outlasting, g.begun)) AS may_be_paused,
        bool_or(p.is_sure AND c.has_ended) AS is_after_pause,
        bool_or(NOT c.is_not_ended AND NOT c.is_later) AS may_be_after_pause
    FROM anticoagulant_pauses p
    JOIN compared c USING (case_id, course, number)
    JOIN gathered g ON g.case_id = c.case_id AND g.course = c.course AND g.row_id = c.row_id
    GROUP BY ALL
)
SELECT g.* EXCLUDE (begun, later), coalesce(p.is_paused, false) AS is_paused,
    NOT g.is_covered AND coalesce(p.may_be_paused, false) AS may_be_paused,
    coalesce(p.is_after_pause, false) AS is_after_pause, coalesce(p.may_be_after_pause, false) AS may_be_after_pause
FROM gathered g LEFT JOIN paused p USING (case_id, course, row_id)
