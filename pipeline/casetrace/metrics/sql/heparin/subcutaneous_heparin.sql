-- title: Subcutaneous heparin, totals
-- grain: one row per case and metric
-- reads: cases, dose_totals, fullest_window, exposure_known
-- params: none
-- missing: a dose without a printed amount or time takes the best value away; one whose route is not stated (other than an
--   infusion) may be subcutaneous and counts in the high bound only
-- source: unfractionated heparin, route sc, whatever its purpose; low-molecular-weight heparins have totals by drug
-- returns: metrics
-- metric: sc_ufh_total | [iU] | Subcutaneous unfractionated heparin, total | stratum: none
-- metric: sc_ufh_max_24h | [iU] | Subcutaneous unfractionated heparin, largest amount in any 24 h | stratum: none
WITH found AS (
    SELECT case_id, 'sc_ufh_total' AS metric, best, low, high, n_rows, open, row_ids FROM dose_totals
    WHERE substance = 'sc_ufh' AND part = 'all'
    UNION ALL
    SELECT case_id, 'sc_ufh_max_24h', w.best, w.low, w.high, k.n_rows, CASE WHEN NOT coalesce(w.low = w.high, false) THEN k.place_reasons END, k.seen_rows
    FROM fullest_window w JOIN exposure_known k USING (case_id, substance) WHERE substance = 'sc_ufh'
)
SELECT c.case_id, m.metric, '' AS stratum, f.best AS value, f.low, f.high, '[iU]' AS unit, status_of(f.n_rows, f.best) AS status,
    CASE WHEN f.n_rows IS NULL THEN [reason('not_in_record', term := 'subcutaneous heparin')] ELSE f.open END AS reasons,
    row_list(f.row_ids) AS row_ids
FROM cases c CROSS JOIN (VALUES ('sc_ufh_total'), ('sc_ufh_max_24h')) m(metric)
LEFT JOIN found f ON f.case_id = c.case_id AND f.metric = m.metric
