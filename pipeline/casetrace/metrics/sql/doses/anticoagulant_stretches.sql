-- title: Stretches in which an anticoagulant ran without a break
-- grain: one row per case, course and stretch of infusions that abut, and one per bolus
-- reads: anticoagulant_doses
-- params: none
-- missing: an infusion whose end is not stated may run to the next dose or to the end of the record
-- source: an infusion that ends where another of its course starts (the same boundary) has not been interrupted
-- returns: view
WITH infusions AS (
    SELECT *, coalesce(list_contains(list(end_boundary) OVER own_before, start_boundary), false) AS is_joined
    FROM anticoagulant_doses WHERE kind <> 'bolus'
    WINDOW own_before AS (PARTITION BY case_id, course ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), numbered AS (
    SELECT *, count(*) FILTER (NOT is_joined) OVER (PARTITION BY case_id, course ORDER BY position) AS stretch FROM infusions
)
SELECT case_id, course, min(position) AS number, false AS is_bolus, arg_min(moment, position) AS start_moment,
    arg_max(end_moment, position) AS end_moment
FROM numbered GROUP BY case_id, course, stretch
UNION ALL
SELECT case_id, course, position, true, moment, moment FROM anticoagulant_doses WHERE kind = 'bolus'
