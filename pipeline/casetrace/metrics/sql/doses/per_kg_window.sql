-- title: Heparin per kg in the fullest 24 hours
-- grain: one row per case with therapeutic intravenous heparin
-- reads: max_24h, fullest_window, dose_breakpoints, exposure_doses, exposure_known, patient
-- params: none
-- missing: a dose without an amount per kg leaves no best value and no upper bound
-- source: what the doses gave per kg, each by the weight in force at its time, within the 24 h of the largest amount. Where
--   all doses rest on one weight, this is the largest amount per kg in any 24 h (best, low and high of its own sweep).
--   Otherwise it is at most that, and at least that times lightest / heaviest weight; where the window is certain, it is
--   what the window holds
-- returns: view
WITH weights AS (
    SELECT d.case_id, min(p.value_low) / max(p.value_high) AS lightest_to_heaviest
    FROM (SELECT DISTINCT case_id, unnest(dosing_weight_row_ids) AS row_id FROM exposure_doses WHERE substance = 'iv_ufh_per_kg') d
    JOIN patient p USING (case_id, row_id) GROUP BY ALL
), common AS (
    SELECT case_id, count(DISTINCT array_to_string(dosing_weight_row_ids, ',')) <= 1 AS is_one_weight
    FROM exposure_doses WHERE substance = 'iv_ufh_per_kg' GROUP BY ALL
), peaks AS (
    SELECT case_id, any_value(amount) FILTER (bound = 'low') AS low, any_value(amount) FILTER (bound = 'best') AS best,
        any_value(amount) FILTER (bound = 'high') AS high
    FROM max_24h WHERE substance = 'iv_ufh_per_kg' GROUP BY ALL
), in_best AS (
    SELECT s.case_id, whole_sum(sum(s.jump + (s.slope * (w.t - s.t))::DECIMAL(38, 12))) AS best
    FROM dose_breakpoints s JOIN max_24h w ON w.case_id = s.case_id AND w.substance = 'iv_ufh' AND w.bound = 'best'
    WHERE s.substance = 'iv_ufh_per_kg' AND s.bound = 'best'
        AND (s.t < w.t OR (s.t = w.t AND (s.phase < w.phase OR (s.phase = w.phase AND w.side = 1))))
    GROUP BY ALL
), cuts AS (
    -- At a certain end of the window: before its instant, after phase 0, after phase 1.
    SELECT w.case_id, w.low AS least_amount, cut.phase,
        whole_sum(sum(s.jump + (s.slope * (w.end_low - s.t))::DECIMAL(38, 12)) FILTER (s.substance = 'iv_ufh' AND s.bound = 'high')) AS amount,
        whole_sum(coalesce(sum(s.jump + (s.slope * (w.end_low - s.t))::DECIMAL(38, 12))
            FILTER (s.substance = 'iv_ufh_per_kg' AND s.bound = 'low'), 0)) AS low,
        whole_sum(coalesce(sum(s.jump + (s.slope * (w.end_low - s.t))::DECIMAL(38, 12))
            FILTER (s.substance = 'iv_ufh_per_kg' AND s.bound = 'high'), 0)) AS high
    FROM fullest_window w CROSS JOIN (VALUES (-1), (0), (1)) cut(phase)
    JOIN dose_breakpoints s ON s.case_id = w.case_id AND s.substance IN ('iv_ufh', 'iv_ufh_per_kg')
        AND (s.t < w.end_low OR (s.t = w.end_low AND s.phase <= cut.phase))
    WHERE w.substance = 'iv_ufh' AND w.end_low = w.end_high
    GROUP BY ALL
), in_certain AS (
    SELECT case_id, greatest(min(low), 0) AS low, max(high) AS high FROM cuts WHERE amount >= least_amount GROUP BY ALL
), bounded AS (
    SELECT k.case_id, k.n_rows, k.lacks_weight,
        reasons(list_concat(k.place_reasons, [CASE WHEN k.lacks_weight THEN reason('no_weight_printed') END])) AS open,
        k.seen_rows AS row_ids,
        CASE WHEN c.is_one_weight THEN p.best WHEN k.best_is_placed THEN b.best END AS best_sum,
        CASE WHEN c.is_one_weight THEN p.low
            ELSE greatest((p.low::DOUBLE * w.lightest_to_heaviest)::DECIMAL(38, 6), i.low, 0) END AS low,
        CASE WHEN c.is_one_weight OR p.high IS NULL THEN p.high ELSE least(p.high, i.high) END AS high
    FROM exposure_known k
    JOIN common c USING (case_id)
    LEFT JOIN peaks p USING (case_id)
    LEFT JOIN weights w USING (case_id)
    LEFT JOIN in_best b USING (case_id)
    LEFT JOIN in_certain i USING (case_id)
    WHERE k.substance = 'iv_ufh_per_kg'
)
SELECT case_id, n_rows, coalesce(best_sum, CASE WHEN low = high THEN low END) AS best,
    CASE WHEN low > 0 OR NOT lacks_weight THEN low END AS low, high,
    CASE WHEN NOT coalesce(low = high, false) THEN open END AS open, row_ids
FROM bounded
