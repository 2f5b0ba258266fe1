-- title: What each dose adds to each study day
-- grain: one row per case, bound, study day, dose row and occurrence with an amount other than 0, for therapeutic
--   intravenous heparin
-- reads: dose_breakpoints, dose_segments
-- params: none
-- missing: as in dose_segments
-- source: the amount of a study day is the trailing 24-hour amount just before its last midnight
-- returns: view
WITH changes AS (
    SELECT * FROM dose_breakpoints WHERE substance = 'iv_ufh'
), reach AS (
    SELECT case_id, substance, bound, row_id, occurrence,
        floor(min(t) / 1440)::BIGINT AS first_day, ceil(max(t) / 1440)::BIGINT AS last_day
    FROM changes GROUP BY ALL
), days AS (
    SELECT * EXCLUDE (first_day, last_day), unnest(range(first_day, last_day + 1)) AS day FROM reach
)
SELECT s.case_id, s.substance, s.bound, d.day, s.row_id, s.occurrence, s.kind,
    whole_sum(sum(s.jump + (s.slope * (1440 * (d.day + 1) - s.t))::DECIMAL(38, 12))) AS amount,
    any_value(CASE WHEN p.shape = 'segment' THEN greatest(p.from_min, 1440 * d.day)
        WHEN p.kind = 'bolus' THEN p.from_min END) AS from_min,
    any_value(CASE WHEN p.shape = 'segment' THEN least(p.until_min, 1440 * (d.day + 1))
        WHEN p.kind = 'bolus' THEN p.from_min END) AS until_min,
    any_value(p.rate) AS rate
FROM changes s
JOIN days d USING (case_id, substance, bound, row_id, occurrence)
JOIN dose_segments p USING (case_id, substance, bound, row_id, occurrence)
WHERE p.is_counted AND (s.t < 1440 * (d.day + 1) OR (s.t = 1440 * (d.day + 1) AND s.phase = 0))
GROUP BY s.case_id, s.substance, s.bound, d.day, s.row_id, s.occurrence, s.kind
HAVING amount <> 0
