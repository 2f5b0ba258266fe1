-- title: Monitoring results under each anticoagulant
-- grain: one row per case, course and result that may have been drawn in it
-- reads: lab_levels, anticoagulant_courses, course_starts, covered_labs
-- params: none
-- missing: a result counts (is_sure) when it surely lies after the start and not after the end or the switch to another
--   anticoagulant; one that surely lies in an infusion whose end is stated counts beyond that switch too. A result drawn while
--   two anticoagulants that replace each other were given counts under neither (beside names the other). Drawn in a pause too
--   long to count as going on it is_held, and where a pause may hold it, it is not is_on. A mean, a range, a lowest or a highest
--   result counts when its span lies within the days that the course may have
-- source: docs/case-folder.md, Courses of anticoagulants
-- returns: view
WITH labs_ AS (
    SELECT *, stat IN ('mean', 'median', 'range', 'min', 'max') IS TRUE AS is_of_several FROM lab_levels
    WHERE analyte IN ('aptt', 'anti_xa_ufh', 'act') AND is_counted
), related AS (
    SELECT l.case_id, s.course, l.row_id, min(s.moment.earliest) AS start_low, max(s.moment.latest) AS start_high,
        bool_and(surely_before(l.moment, s.moment)) AS is_before_start,
        bool_or(surely_before(s.moment, l.moment)) AS is_after_start
    FROM labs_ l JOIN course_starts s USING (case_id)
    GROUP BY ALL
), held_against AS (
    SELECT l.case_id, l.row_id, c.drug, c.course, c.replaces, k.is_in_infusion AS is_running,
        k.is_paused AS is_held, k.is_after_pause, k.may_be_after_pause,
        NOT k.is_paused AND (l.is_of_several OR NOT k.may_be_paused) AS is_not_paused,
        (k.has_begun AND k.is_not_over AND (c.next_course IS NULL OR coalesce(n.is_before_start, false)))
            OR (l.is_of_several AND l.earliest >= floor(r.start_low / 1440) * 1440 AND l.latest < (floor(c.end_latest / 1440) + 1) * 1440
                AND (c.next_course IS NULL OR coalesce(l.latest <= n.start_high, false))) AS is_in,
        NOT r.is_before_start AND l.earliest <= c.end_latest AND NOT coalesce(n.is_after_start, false) AS may_be_in
    FROM labs_ l
    JOIN anticoagulant_courses c USING (case_id)
    JOIN related r ON r.case_id = l.case_id AND r.course = c.course AND r.row_id = l.row_id
    JOIN covered_labs k ON k.case_id = l.case_id AND k.course = c.course AND k.row_id = l.row_id
    LEFT JOIN related n ON n.case_id = l.case_id AND n.course = c.next_course AND n.row_id = l.row_id
    WHERE is_running OR may_be_in
), beside_others AS (
    SELECT h.case_id, h.course, h.row_id,
        bool_or(h.replaces AND o.replaces AND (o.is_in OR o.is_running)) AS has_other,
        bool_or(h.replaces AND o.replaces) AS may_have_other,
        list_sort(list_distinct(list(o.drug) FILTER (h.replaces AND o.replaces AND (o.is_in OR o.is_running)))) AS beside,
        list_sort(list_distinct(list(o.drug) FILTER (NOT (h.replaces AND o.replaces) AND (o.is_in OR o.is_running)))) AS bridging
    FROM held_against h JOIN held_against o ON o.case_id = h.case_id AND o.row_id = h.row_id AND o.drug <> h.drug
    GROUP BY ALL
)
SELECT l.*, h.drug, h.course, b.beside, b.bridging,
    h.is_held, h.is_after_pause, h.may_be_after_pause,
    NOT coalesce(b.has_other, false) AND (h.is_in OR (h.is_running AND NOT coalesce(b.may_have_other, false))) AS is_sure,
    is_sure AND h.is_not_paused AS is_on
FROM held_against h
JOIN labs_ l USING (case_id, row_id)
LEFT JOIN beside_others b ON b.case_id = h.case_id AND b.course = h.course AND b.row_id = h.row_id
