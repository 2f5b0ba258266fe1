-- title: Heparin in the trailing 24 hours
-- grain: one row per case, bound and breakpoint
-- reads: trailing_amounts, exposure_known
-- params: none
-- missing: a bound that does not exist has no rows
-- source: as heparin_window
-- returns: series:trailing_24h
SELECT t.case_id, t.substance, t.bound, t.t AS time_min,
    greatest(t.before, 0)::DOUBLE AS before, greatest(t.after, 0)::DOUBLE AS after, '[iU]' AS unit
FROM trailing_amounts t JOIN exposure_known k USING (case_id, substance)
WHERE t.substance = 'iv_ufh'
    AND (t.bound = 'low' OR (t.bound = 'best' AND k.best_is_placed) OR (t.bound = 'high' AND k.high_is_known))
ORDER BY t.case_id, t.bound, t.t, t.phase
