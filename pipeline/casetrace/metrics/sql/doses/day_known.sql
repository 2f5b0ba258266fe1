-- title: Study days that a dose may touch, and which of their bounds exist
-- grain: one row per case and study day, for therapeutic intravenous heparin
-- reads: exposure_doses
-- params: none
-- missing: a row that may lie on the day and has no best place or amount takes the day's best value away
-- source: docs/case-folder.md
-- returns: view
WITH touched AS (
    SELECT case_id, substance, list_prepend(row_id, weight_row_ids) AS rests_on, occurrence, unit, place_is_known, high_is_known,
        list_concat(sum_reasons, place_reasons) AS open,
        unnest(range(
            floor(start_low / 1440)::BIGINT,
            floor(CASE WHEN kind = 'bolus' THEN start_high ELSE greatest(end_high - 1, start_low) END / 1440)::BIGINT + 1
        )) AS day
    FROM exposure_doses WHERE is_counted AND substance = 'iv_ufh'
)
SELECT case_id, substance, day, min(unit) AS unit,
    bool_and(place_is_known) AS best_is_known, bool_and(high_is_known) AS high_is_known,
    reasons(flatten(list(open))) AS open,
    row_list(flatten(list(rests_on))) AS row_ids
FROM touched GROUP BY case_id, substance, day
