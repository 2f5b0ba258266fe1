-- title: Courses of each anticoagulant
-- grain: one row per case and course: doses of one anticoagulant, in order, up to the switch to a drug that replaces it
-- reads: anticoagulant_doses
-- params: max_gap_h [h]
-- missing: a course whose end is not stated runs to the switch, the first course of another anticoagulant after its last dose,
--   or to the end of the record; after a last bolus the drug counts as given for as long as the longest gap that is interpolated
-- source: docs/case-folder.md, Courses of anticoagulants
-- returns: view
WITH courses AS (
    SELECT case_id, drug, course, replaces, min(start_low) AS start_low, min(start_high) AS start_high, any_value(observed_end_min) AS observed_end_min,
        bool_or(is_open) AS is_open, max(end_low) AS end_low, max(end_high) AS end_high,
        max(start_low) FILTER (kind = 'bolus' AND is_given) AS bolus1, max(start_high) FILTER (kind = 'bolus') AS bolus2,
        min(position) AS first_position, max(position) AS last_position, row_list(list(row_id)) AS row_ids
    FROM anticoagulant_doses GROUP BY ALL
), switches AS (
    SELECT c.case_id, c.course, min(n.course) AS next_course
    FROM courses c JOIN courses n ON n.case_id = c.case_id AND n.drug <> c.drug AND n.first_position > c.last_position
    WHERE c.replaces AND n.replaces
    GROUP BY ALL
)
SELECT case_id, drug, course, replaces, start_low, start_high, is_open, row_ids, next_course,
    -- Where an infusion surely outlasts the last bolus the course ends with it.
    CASE WHEN is_open THEN observed_end_min
        WHEN bolus2 IS NULL OR end_low >= bolus2 THEN end_low
        ELSE greatest(bolus1 + ($max_gap_h * 60)::BIGINT, end_low) END AS end_earliest,
    CASE WHEN is_open THEN observed_end_min
        WHEN bolus2 IS NULL OR end_low >= bolus2 THEN end_high
        ELSE greatest(bolus2 + ($max_gap_h * 60)::BIGINT, end_high) END AS end_latest
FROM courses LEFT JOIN switches USING (case_id, course)
