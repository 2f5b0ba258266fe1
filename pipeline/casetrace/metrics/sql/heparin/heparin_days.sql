-- title: Therapeutic intravenous heparin by study day
-- grain: one row per case and study day that a dose may touch
-- reads: day_totals
-- params: none
-- missing: as in heparin_window, for the doses that may lie on the day
-- source: study day n runs from minute 1 440 n to 1 440 (n + 1), its end excluded
-- returns: metrics
-- metric: iv_ufh_day_total | [iU] | Therapeutic intravenous heparin by study day | stratum: study day
SELECT case_id, 'iv_ufh_day_total' AS metric, 'D' || day AS stratum, best AS value, low, high, '[iU]' AS unit,
    status_of(1, best) AS status, open AS reasons, row_ids
FROM day_totals
