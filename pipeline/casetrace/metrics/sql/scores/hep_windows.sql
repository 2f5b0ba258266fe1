-- title: When a row can count in the HEP score
-- grain: one row per case with heparin
-- reads: heparin_exposures, platelet_nadirs, platelet_scored, lab_levels
-- params: none
-- missing: without a count since heparin nothing bounds the fall, and no row surely lies in or before it
-- source: a cause lies before or in the scored fall, which ends at its nadir; Cuker A et al., J Thromb Haemost 2010;8:2642-2650
-- returns: view
WITH begun AS (
    SELECT case_id, min(moment.earliest) AS heparin_earliest, min(moment.latest) AS heparin_latest
    FROM heparin_exposures GROUP BY ALL
), nadirs AS (
    SELECT n.case_id, min(l.moment.earliest) AS nadir_earliest, max(l.moment.latest) AS nadir_latest
    FROM platelet_nadirs n JOIN lab_levels l ON l.case_id = n.case_id
        AND list_contains(CASE WHEN n.best IS NULL THEN n.row_ids ELSE n.nadir_rows END, l.row_id)
    WHERE n.scope = 'since heparin' GROUP BY ALL
), onsets AS (
    SELECT case_id, CASE WHEN bool_or(has_fallen) THEN min(onset_low) END AS onset_earliest,
        CASE WHEN bool_or(has_fallen) THEN max(onset_high) END AS onset_latest
    FROM platelet_scored GROUP BY ALL
)
SELECT b.case_id, heparin_earliest, heparin_latest, nadir_earliest, nadir_latest, onset_earliest, onset_latest
FROM begun b LEFT JOIN nadirs USING (case_id) LEFT JOIN onsets USING (case_id)
