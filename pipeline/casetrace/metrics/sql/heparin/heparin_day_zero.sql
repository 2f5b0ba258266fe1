-- title: Day of the first heparin, and what is known of heparin before it
-- grain: one row per case with heparin
-- reads: heparin_exposures, patient
-- params: none
-- missing: an earlier exposure that nobody reports, or that two rows contradict each other about, is unknown (null)
-- source: day 0 of the 4Ts and HEP scores is the day of the first heparin by any route; days are counted as day numbers
-- returns: view
WITH first_heparin AS (
    SELECT case_id, floor(min(moment.earliest) / 1440)::BIGINT AS day_low, floor(min(moment.latest) / 1440)::BIGINT AS day_high,
        min(moment.earliest) AS start_earliest, min(moment.latest) AS start_latest,
        row_list(list(row_id)) AS row_ids
    FROM heparin_exposures GROUP BY ALL
), exposed AS (
    SELECT h.case_id,
        coalesce(bool_or(item = 'heparin_exposure_30d' AND value_word = 'yes'), false) AS yes_30,
        coalesce(bool_or(value_word = 'no'), false) AS no_30,
        coalesce(bool_or(value_word = 'yes'), false) AS yes_100,
        coalesce(bool_or(item = 'heparin_exposure_100d' AND value_word = 'no'), false) AS no_100,
        row_list(list(p.row_id) FILTER (p.row_id IS NOT NULL)) AS row_ids
    FROM first_heparin h
    LEFT JOIN patient p ON p.case_id = h.case_id AND p.item IN ('heparin_exposure_30d', 'heparin_exposure_100d')
    GROUP BY ALL
)
SELECT h.case_id, h.day_low, h.day_high, h.start_earliest, h.start_latest,
    CASE WHEN yes_30 <> no_30 THEN yes_30 END AS in_30, CASE WHEN yes_100 <> no_100 THEN yes_100 END AS in_100,
    row_list(list_concat(h.row_ids, e.row_ids)) AS row_ids
FROM first_heparin h JOIN exposed e USING (case_id)
