-- title: Amount in the trailing 24 hours at every breakpoint
-- grain: one row per case, substance, bound, minute and phase (0 before, 1 after what expires at that minute)
-- reads: dose_breakpoints, cases
-- params: none
-- missing: bounds that do not exist are left out by max_24h and by the series
-- source: running sums over signed breakpoints (formula in dose_breakpoints); one sort per case
-- returns: view
WITH summed AS (
    SELECT case_id, substance, bound, t, phase, sum(jump)::DECIMAL(38, 12) AS jump, sum(slope)::DECIMAL(38, 18) AS slope
    FROM (
        SELECT case_id, substance, bound, t, phase, jump, slope FROM dose_breakpoints
        UNION ALL
        -- The ends of a case within a longer record are points of their own.
        SELECT DISTINCT s.case_id, s.substance, s.bound, edge.t, 1, 0, 0
        FROM dose_breakpoints s JOIN (
            SELECT case_id, unnest([span_start_min, span_end_min]) AS t FROM cases WHERE span_start_min IS NOT NULL
        ) edge USING (case_id)
    ) GROUP BY ALL
), sloped AS (
    SELECT *,
        (coalesce(sum(slope) OVER before_this, 0)::DECIMAL(38, 18) * (t - coalesce(lag(t) OVER in_time, t)))::DECIMAL(38, 12) AS ran
    FROM summed
    WINDOW in_time AS (PARTITION BY case_id, substance, bound ORDER BY t, phase),
        before_this AS (PARTITION BY case_id, substance, bound ORDER BY t, phase
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT case_id, substance, bound, t, phase,
    whole_sum(sum(ran + jump) OVER so_far - jump) AS before,
    whole_sum(sum(ran + jump) OVER so_far) AS after
FROM sloped
WINDOW so_far AS (PARTITION BY case_id, substance, bound ORDER BY t, phase ROWS UNBOUNDED PRECEDING)
