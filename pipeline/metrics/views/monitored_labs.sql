-- title: Monitoring results under each anticoagulant
-- grain: one row per case, course and result that may have been drawn in it
-- reads: lab_levels, anticoagulant_courses, course_starts
-- params: none
-- missing: a result counts (is_sure) when it surely lies after the start and not after the end or the next anticoagulant
-- source: docs/case-folder.md
-- returns: view
WITH labs_ AS (
    SELECT * FROM lab_levels WHERE analyte IN ('aptt', 'anti_xa_ufh', 'act') AND is_single AND is_counted
), related AS (
    SELECT l.case_id, c.drug, c.course, l.row_id,
        bool_or(surely_before(s.moment, l.moment)) AS is_after_start,
        bool_and(surely_before(l.moment, s.moment)) AS is_before_start
    FROM labs_ l
    JOIN anticoagulant_courses c ON c.case_id = l.case_id
    JOIN course_starts s ON s.case_id = c.case_id AND s.course = c.course
    GROUP BY ALL
), stopped AS (
    -- Against the start of the next course.
    SELECT l.case_id, s.course - 1 AS course, l.row_id,
        bool_and(surely_before(l.moment, s.moment)) AS is_before_next,
        bool_or(surely_before(s.moment, l.moment)) AS is_after_next
    FROM labs_ l JOIN course_starts s ON s.case_id = l.case_id AND s.course > 1
    GROUP BY ALL
)
SELECT l.*, r.drug, r.course,
    r.is_after_start AND l.latest <= c.end_earliest
        AND (c.next_earliest IS NULL OR coalesce(n.is_before_next, false)) AS is_sure
FROM related r
JOIN labs_ l USING (case_id, row_id)
JOIN anticoagulant_courses c ON c.case_id = r.case_id AND c.course = r.course
LEFT JOIN stopped n ON n.case_id = r.case_id AND n.course = r.course AND n.row_id = r.row_id
WHERE NOT r.is_before_start AND l.earliest <= c.end_latest AND NOT coalesce(n.is_after_next, false)
