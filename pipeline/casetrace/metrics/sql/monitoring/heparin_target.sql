-- title: Target of the aPTT, anti-Xa and ACT under heparin
-- grain: one row per case and analyte; 1 when even the highest result under heparin stayed below its target
-- reads: cases, target_verdicts, anticoagulant_courses, lab_levels
-- params: none
-- missing: not computable where no target is printed for heparin; a result that may or may not have been drawn under heparin or
--   while it was held, or has no number, leaves it open unless another one reached the target; one drawn while it was held
--   counts for nothing; behind a mean, or a highest of several without a number, a higher one may stand
-- source: the ISTH survey asks for the target and the values reached, J Thromb Haemost 2023;21:3649-3657
-- returns: metrics
-- metric: resistance_aptt_target_not_reached | {yes_no} | aPTT never reached its target under heparin | stratum: none
-- metric: resistance_anti_xa_target_not_reached | {yes_no} | Anti-Xa never reached its target under heparin | stratum: none
-- metric: resistance_act_target_not_reached | {yes_no} | ACT never reached its target under heparin | stratum: none
WITH analytes AS (
    SELECT unnest([
        {'analyte': 'aptt', 'metric': 'resistance_aptt_target_not_reached', 'label': 'aPTT'},
        {'analyte': 'anti_xa_ufh', 'metric': 'resistance_anti_xa_target_not_reached', 'label': 'anti-Xa'},
        {'analyte': 'act', 'metric': 'resistance_act_target_not_reached', 'label': 'ACT'}
    ], recursive := true)
), heparin AS (
    SELECT DISTINCT case_id FROM anticoagulant_courses WHERE drug = 'unfractionated heparin'
), printed AS (
    SELECT DISTINCT case_id, analyte FROM lab_levels WHERE is_counted
), judged AS (
    SELECT case_id, analyte, count(*) FILTER (NOT is_held) AS n, count(*) FILTER (is_on) AS n_sure,
        -- Behind a mean, a lowest or a span there is at least one result as high as it.
        bool_or(is_on AND has_target AND NOT is_below AND low >= target_low) OR bool_or(is_on AND is_in) AS is_reached,
        bool_and(is_below AND coalesce(stat, '') NOT IN ('mean', 'median', 'min')) FILTER (NOT is_held) AS is_never_reached,
        bool_or(has_target OR is_in OR is_out) AS has_target,
        max(coalesce(best, span_high)) FILTER (is_on AND NOT is_mean) AS highest,
        row_list(list_concat(list(row_id), flatten(list(coalesce(target_row_ids, []))))) AS row_ids
    FROM target_verdicts WHERE drug = 'unfractionated heparin' GROUP BY ALL
), verdicts AS (
    SELECT c.case_id, a.metric, a.analyte, a.label, h.case_id IS NOT NULL AS has_heparin, coalesce(j.n, 0) AS n, j.n_sure,
        j.has_target, j.highest, j.row_ids, p.case_id IS NOT NULL AS is_printed,
        CASE WHEN j.has_target THEN yes_no(j.is_never_reached AND j.n_sure > 0, j.is_reached) END AS verdict
    FROM cases c CROSS JOIN analytes a
    LEFT JOIN heparin h USING (case_id)
    LEFT JOIN judged j ON j.case_id = c.case_id AND j.analyte = a.analyte
    LEFT JOIN printed p ON p.case_id = c.case_id AND p.analyte = a.analyte
)
SELECT case_id, metric, '' AS stratum, verdict AS value,
    CASE WHEN has_heparin AND n > 0 AND has_target THEN coalesce(verdict, 0) END AS low,
    CASE WHEN has_heparin AND n > 0 AND has_target THEN coalesce(verdict, 1) END AS high, '{yes_no}' AS unit,
    CASE WHEN NOT has_heparin OR n = 0 THEN 'no_data' ELSE status_of(1, verdict) END AS status,
    reasons(CASE WHEN NOT has_heparin THEN [reason('not_in_record', term := 'therapeutic intravenous heparin')]
        WHEN n = 0 AND NOT is_printed THEN [reason('not_in_record', term := label)]
        WHEN n = 0 THEN [reason('none_drawn_while_given', term := label)]
        WHEN NOT has_target THEN [reason('no_target_printed', term := 'heparin'),
            CASE WHEN highest IS NOT NULL THEN reason('highest_' || analyte, number := round(highest, 4)) END]
        WHEN n_sure = 0 THEN [reason('no_' || analyte || '_surely_under', term := 'heparin')]
        WHEN verdict IS NULL THEN [reason('below_target_open')] END) AS reasons,
    row_list(row_ids) AS row_ids
FROM verdicts
