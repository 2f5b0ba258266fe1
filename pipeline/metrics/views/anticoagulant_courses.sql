-- title: Courses of each anticoagulant
-- grain: one row per case and course: consecutive doses of one anticoagulant without another one started in between
-- reads: anticoagulant_doses
-- params: max_gap_h [h]
-- missing: a course whose end is not stated runs to the next anticoagulant or to the end of the record; after a last
--   bolus the drug counts as given for as long as the longest gap that is interpolated
-- source: docs/case-folder.md
-- returns: view
WITH courses AS (
    SELECT case_id, drug, course, min(s1) AS s1, min(s2) AS s2, any_value(observed_end_min) AS observed_end_min,
        bool_or(is_open) AS is_open, max(e1) AS e1, max(e2) AS e2,
        max(s1) FILTER (kind = 'bolus' AND is_given) AS bolus1, max(s2) FILTER (kind = 'bolus') AS bolus2,
        row_list(list(row_id)) AS row_ids
    FROM anticoagulant_doses GROUP BY ALL
)
SELECT case_id, drug, course, s1, s2, is_open, row_ids,
    -- Where an infusion surely outlasts the last bolus the course ends with it.
    CASE WHEN is_open THEN observed_end_min
        WHEN bolus2 IS NULL OR e1 >= bolus2 THEN e1
        ELSE greatest(bolus1 + ($max_gap_h * 60)::BIGINT, e1) END AS end_earliest,
    CASE WHEN is_open THEN observed_end_min
        WHEN bolus2 IS NULL OR e1 >= bolus2 THEN e2
        ELSE greatest(bolus2 + ($max_gap_h * 60)::BIGINT, e2) END AS end_latest,
    lead(s1) OVER (PARTITION BY case_id ORDER BY course) AS next_earliest,
    lead(s2) OVER (PARTITION BY case_id ORDER BY course) AS next_latest
FROM courses
