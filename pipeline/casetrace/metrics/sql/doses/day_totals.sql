-- title: Therapeutic intravenous heparin by study day, as numbers
-- grain: one row per case and study day that a dose may touch
-- reads: day_known, day_terms
-- params: none
-- missing: as in heparin_window, for the doses that may lie on the day; equal bounds are the value
-- source: study day n runs from minute 1 440 n to 1 440 (n + 1), its end excluded
-- returns: view
WITH sums AS (
    SELECT case_id, day,
        sum(amount) FILTER (bound = 'low') AS low, sum(amount) FILTER (bound = 'best') AS best, sum(amount) FILTER (bound = 'high') AS high
    FROM day_terms GROUP BY ALL
), days AS (
    SELECT k.case_id, k.day, k.open, k.row_ids,
        CASE WHEN k.best_is_known THEN coalesce(s.best, 0) END::DECIMAL(38, 6) AS best_sum,
        greatest(coalesce(s.low, 0), 0)::DECIMAL(38, 6) AS low,
        CASE WHEN k.high_is_known THEN coalesce(s.high, 0) END::DECIMAL(38, 6) AS high
    FROM day_known k LEFT JOIN sums s USING (case_id, day)
)
SELECT case_id, day, coalesce(best_sum, CASE WHEN low = high THEN low END) AS best, low, high,
    CASE WHEN best_sum IS NOT NULL THEN 'best' WHEN low = high THEN 'low' END AS best_bound,
    CASE WHEN NOT coalesce(low = high, false) THEN open END AS open, row_ids
FROM days
