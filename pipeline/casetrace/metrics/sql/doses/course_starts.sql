-- title: Doses that may start a course
-- grain: one row per case, course and dose row that no other dose of the course surely precedes by its times
-- reads: anticoagulant_doses
-- params: none
-- missing: none beyond anticoagulant_doses
-- source: as anticoagulant_courses
-- returns: view
SELECT case_id, drug, course, row_id, start_min AS best_min, moment
FROM anticoagulant_doses
QUALIFY moment.earliest <= min(moment.latest) OVER (PARTITION BY case_id, course)
