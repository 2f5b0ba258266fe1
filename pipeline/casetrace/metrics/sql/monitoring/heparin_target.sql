-- title: aPTT target under heparin
-- grain: one row per case; 1 when even the highest aPTT under heparin stayed below its target
-- reads: cases, target_verdicts, anticoagulant_courses
-- params: none
-- missing: not computable where no aPTT target is printed for heparin; a result that may or may not have been drawn under
--   heparin, or has no number, leaves it open unless another one reached the target
-- source: the ISTH survey asks for the target and the values reached, J Thromb Haemost 2023;21:3649-3657
-- returns: metrics
-- metric: resistance_aptt_target_not_reached | {yes_no} | aPTT never reached its target under heparin | stratum: none
WITH heparin AS (
    SELECT DISTINCT case_id FROM anticoagulant_courses WHERE drug = 'unfractionated heparin'
), judged AS (
    SELECT case_id, count(*) FILTER (is_sure) AS n,
        bool_or(is_sure AND has_target AND NOT is_below AND low >= target_low) OR bool_or(is_sure AND is_in) AS is_reached,
        bool_and(is_below) AS is_never_reached,
        bool_or(has_target OR is_in OR is_out) AS has_target,
        max(best) FILTER (is_sure) AS highest,
        row_list(list_concat(list(row_id), flatten(list(coalesce(target_row_ids, []))))) AS row_ids
    FROM target_verdicts WHERE drug = 'unfractionated heparin' AND analyte = 'aptt' GROUP BY ALL
), verdicts AS (
    SELECT c.case_id, h.case_id IS NOT NULL AS has_heparin, j.n, j.has_target, j.highest, j.row_ids,
        CASE WHEN j.has_target THEN yes_no(j.is_never_reached AND j.n > 0, j.is_reached) END AS verdict
    FROM cases c LEFT JOIN heparin h USING (case_id) LEFT JOIN judged j USING (case_id)
)
SELECT case_id, 'resistance_aptt_target_not_reached' AS metric, '' AS stratum, verdict AS value,
    CASE WHEN has_heparin AND n IS NOT NULL AND has_target THEN coalesce(verdict, 0) END AS low,
    CASE WHEN has_heparin AND n IS NOT NULL AND has_target THEN coalesce(verdict, 1) END AS high, '{yes_no}' AS unit,
    CASE WHEN NOT has_heparin OR n IS NULL THEN 'no_data' ELSE status_of(1, verdict) END AS status,
    CASE WHEN NOT has_heparin THEN 'no therapeutic intravenous heparin in the record'
        WHEN n IS NULL THEN 'no aPTT under heparin in the record'
        WHEN NOT has_target THEN sentence(['no target printed for heparin',
            CASE WHEN highest IS NOT NULL THEN 'the highest aPTT under heparin was ' || plain(highest) || ' s' END])
        WHEN n = 0 THEN 'no aPTT surely drawn under heparin'
        WHEN verdict IS NULL THEN 'a result without a number, or of uncertain time, leaves it open' END AS reason,
    row_list(row_ids) AS row_ids
FROM verdicts
