-- title: What each dose adds to the largest 24-hour amount
-- grain: one row per case, substance, bound, dose row and occurrence with an amount other than 0
-- reads: max_24h, dose_breakpoints, dose_segments, exposure_doses
-- params: none
-- missing: as in max_24h
-- source: the breakpoints of each dose, summed up to the end of the window
-- returns: view
WITH added AS (
    SELECT s.case_id, s.substance, s.bound, s.row_id, s.occurrence, s.kind, p.t AS window_end,
        whole_sum(sum(s.jump + (s.slope * (p.t - s.t))::DECIMAL(38, 12))) AS amount
    FROM dose_breakpoints s
    JOIN max_24h p ON p.case_id = s.case_id AND p.substance = s.substance AND p.bound = s.bound
        AND (s.t < p.t OR (s.t = p.t AND (s.phase < p.phase OR (s.phase = p.phase AND p.side = 1))))
    GROUP BY ALL
)
SELECT a.case_id, a.substance, a.bound, a.row_id, a.occurrence, a.kind, a.amount,
    CASE WHEN d.shape <> 'rigid' AND (d.kind <> 'total' OR d.shape = 'segment')
        THEN CASE WHEN d.shape = 'jump' THEN d.from_min ELSE greatest(d.from_min, a.window_end - 1440) END END AS from_min,
    CASE WHEN d.shape <> 'rigid' AND (d.kind <> 'total' OR d.shape = 'segment')
        THEN CASE WHEN d.shape = 'jump' THEN d.from_min ELSE least(d.until_min, a.window_end) END END AS until_min,
    d.rate
FROM added a
JOIN dose_segments d USING (case_id, substance, bound, row_id, occurrence)
WHERE a.amount <> 0
UNION ALL
SELECT p.case_id, p.substance, p.bound, p.single_row_id, p.single_occurrence, r.kind, p.amount, NULL, NULL, NULL
FROM max_24h p
JOIN exposure_doses r ON r.case_id = p.case_id AND r.substance = p.substance AND r.row_id = p.single_row_id
    AND r.occurrence = p.single_occurrence
