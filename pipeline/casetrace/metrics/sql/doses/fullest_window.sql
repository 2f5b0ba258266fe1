-- title: The fullest 24 hours, and when they may have ended
-- grain: one row per case and substance (iv_ufh, sc_ufh) with at least one dose row
-- reads: max_24h, trailing_amounts, exposure_doses, cases
-- params: none
-- missing: without an upper limit of the amount, or where nothing is sure, the window may lie anywhere and has no bounds;
--   equal bounds are the value
-- source: the fullest window is the first whose amount is the largest. Be A(t) the amount of the 24 h that end at t: it lies
--   between the low and the high sweep for every t, and its largest value M between their largest values. The window cannot
--   end where the high sweep is below the least M, and has ended once the low sweep reaches the most M; and A first reaches
--   its largest value where something is given at once or a rate ends, or 24 h after something was given at once or a rate began
-- returns: view
WITH amounts AS (
    SELECT case_id, substance, any_value(amount) FILTER (bound = 'low') AS low, any_value(amount) FILTER (bound = 'best') AS best_sum,
        any_value(amount) FILTER (bound = 'high') AS high, any_value(t) FILTER (bound = 'best') AS best_end
    FROM max_24h WHERE substance IN ('iv_ufh', 'sc_ufh') GROUP BY ALL
), pieces AS (
    SELECT p.case_id, p.substance, p.bound, p.t, p.before, p.after, p.next_t, p.next_before,
        CASE p.bound WHEN 'high' THEN a.low ELSE a.high END AS level, c.span_start_min, c.span_end_min
    FROM (
        SELECT *, lead(t) OVER in_time AS next_t, lead(before) OVER in_time AS next_before
        FROM trailing_amounts WHERE bound IN ('low', 'high')
        WINDOW in_time AS (PARTITION BY case_id, substance, bound ORDER BY t, phase)
    ) p
    JOIN amounts a USING (case_id, substance)
    JOIN cases c USING (case_id)
    WHERE a.low > 0 AND a.high IS NOT NULL
), crossings AS (
    -- Where the sweep crosses the level between two breakpoints, in minutes after the first.
    SELECT *, round((level - after)::DOUBLE / (next_before - after)::DOUBLE * (next_t - t), 6) AS into_min FROM pieces
), reached AS (
    SELECT case_id, substance, bound, span_start_min, span_end_min, unnest([
        CASE WHEN before >= level AND t > coalesce(span_start_min, t - 1) THEN t END,
        CASE WHEN after >= level THEN t END,
        CASE WHEN after < level AND next_before >= level
            THEN t + CASE bound WHEN 'high' THEN floor(into_min) ELSE ceil(into_min) END::BIGINT END,
        CASE WHEN after >= level AND next_before < level THEN t + ceil(into_min)::BIGINT END
    ]) AS t
    FROM crossings
), swept AS (
    SELECT case_id, substance, min(t) FILTER (bound = 'high') AS end_low,
        least(max(t) FILTER (bound = 'high'), min(t) FILTER (bound = 'low')) AS end_high
    FROM reached
    WHERE t IS NOT NULL AND t BETWEEN coalesce(span_start_min, t) AND coalesce(span_end_min, t)
    GROUP BY ALL
), turns AS (
    -- Spans in which the amount may first reach its largest value; of a total, anywhere.
    SELECT case_id, substance, unnest([
        {'earliest': CASE WHEN kind = 'infusion' THEN end_low ELSE start_low END,
            'latest': CASE WHEN kind = 'bolus' THEN start_high ELSE end_high END},
        {'earliest': start_low + 1440, 'latest': CASE WHEN kind = 'total' THEN end_high ELSE start_high END + 1440}
    ], recursive := true)
    FROM exposure_doses
    UNION ALL
    SELECT d.case_id, d.substance, unnest([
        {'earliest': span_start_min, 'latest': span_start_min}, {'earliest': span_end_min, 'latest': span_end_min}
    ], recursive := true)
    FROM (SELECT DISTINCT case_id, substance FROM exposure_doses) d JOIN cases c USING (case_id)
), edges AS (
    SELECT s.case_id, s.substance, min(greatest(s.end_low, t.earliest)) AS end_low, max(least(s.end_high, t.latest)) AS end_high
    FROM swept s JOIN turns t ON t.case_id = s.case_id AND t.substance = s.substance
        AND t.latest >= s.end_low AND t.earliest <= s.end_high
    GROUP BY ALL
)
SELECT a.case_id, a.substance, coalesce(a.best_sum, CASE WHEN a.low = a.high THEN a.low END) AS best, a.low, a.high,
    CASE WHEN a.best_sum IS NOT NULL THEN 'best' WHEN a.low = a.high THEN 'low' END AS best_bound,
    coalesce(CASE WHEN e.end_low = e.end_high THEN e.end_low END, a.best_end) AS end_best, e.end_low, e.end_high
FROM amounts a LEFT JOIN edges e USING (case_id, substance)
