-- title: Courses of each anticoagulant
-- grain: one row per case and course: doses of one anticoagulant, in order, up to the switch to a drug that replaces it
-- reads: anticoagulant_doses
-- params: max_gap_h [h]
-- missing: a course whose end is not stated runs to the switch, the first course of another anticoagulant after its last dose,
--   or to the end of the record; after a last bolus the drug counts as given for as long as the longest gap that is interpolated
-- source: docs/case-folder.md, Courses of anticoagulants
-- returns: view
WITH courses AS (
    SELECT case_id, drug, course, replaces, min(s1) AS s1, min(s2) AS s2, any_value(observed_end_min) AS observed_end_min,
        bool_or(is_open) AS is_open, max(e1) AS e1, max(e2) AS e2,
        max(s1) FILTER (kind = 'bolus' AND is_given) AS bolus1, max(s2) FILTER (kind = 'bolus') AS bolus2,
        min(position) AS first_position, max(position) AS last_position, row_list(list(row_id)) AS row_ids
    FROM anticoagulant_doses GROUP BY ALL
), switches AS (
    SELECT c.case_id, c.course, min(n.course) AS next_course
    FROM courses c JOIN courses n ON n.case_id = c.case_id AND n.drug <> c.drug AND n.first_position > c.last_position
    WHERE c.replaces AND n.replaces
    GROUP BY ALL
)
SELECT case_id, drug, course, replaces, s1, s2, is_open, row_ids, next_course,
    -- Where an infusion surely outlasts the last bolus the course ends with it.
    CASE WHEN is_open THEN observed_end_min
        WHEN bolus2 IS NULL OR e1 >= bolus2 THEN e1
        ELSE greatest(bolus1 + ($max_gap_h * 60)::BIGINT, e1) END AS end_earliest,
    CASE WHEN is_open THEN observed_end_min
        WHEN bolus2 IS NULL OR e1 >= bolus2 THEN e2
        ELSE greatest(bolus2 + ($max_gap_h * 60)::BIGINT, e2) END AS end_latest
FROM courses LEFT JOIN switches USING (case_id, course)
