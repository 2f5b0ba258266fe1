-- title: Therapeutic intravenous heparin by study day
-- grain: one row per case and study day that a dose may touch
-- reads: day_known, day_terms
-- params: none
-- missing: as in heparin_window, for the doses that may lie on the day
-- source: study day n runs from minute 1 440 n to 1 440 (n + 1), its end excluded
-- returns: metrics
-- metric: iv_ufh_day_total | [iU] | Therapeutic intravenous heparin by study day | stratum: study day
WITH sums AS (
    SELECT case_id, day,
        sum(amount60) FILTER (bound = 'low') AS low60,
        sum(amount60) FILTER (bound = 'best') AS best60,
        sum(amount60) FILTER (bound = 'high') AS high60
    FROM day_terms WHERE substance = 'iv_ufh' GROUP BY ALL
), days AS (
    SELECT k.*,
        CASE WHEN k.best_is_known THEN coalesce(s.best60, 0)::DOUBLE / 60 END AS value,
        greatest(coalesce(s.low60, 0), 0)::DOUBLE / 60 AS low,
        CASE WHEN k.high_is_known THEN coalesce(s.high60, 0)::DOUBLE / 60 END AS high
    FROM day_known k LEFT JOIN sums s USING (case_id, day)
    WHERE k.substance = 'iv_ufh'
)
SELECT case_id, 'iv_ufh_day_total' AS metric, 'D' || day AS stratum, value, low, high, '[iU]' AS unit,
    status_of(1, value) AS status, gap AS reason, row_ids
FROM days
