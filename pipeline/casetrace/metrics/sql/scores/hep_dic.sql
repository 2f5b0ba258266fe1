-- title: HEP score, severe disseminated intravascular coagulation
-- grain: one row per case with a fibrinogen, or a statement about disseminated intravascular coagulation
-- reads: labs, score_rows, hep_windows
-- params: coagulation_day_h [h]
-- missing: a fibrinogen below 1 g/L without a D-dimer of about that time counts or not; results after the nadir say nothing
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650: fibrinogen below 100 mg/dL and D-dimer above 5 ug/mL
-- returns: view
WITH results AS (
    SELECT l.case_id, l.row_id, l.analyte = 'fibrinogen' AS is_fibrinogen, l.time_earliest_min AS earliest, l.time_latest_min AS latest,
        coalesce(l.value_low, 0) AS low,
        coalesce(l.value_high < 1 OR (l.value_high = 1 AND l.high_is_strict), false) AS is_low,
        coalesce(l.value_low > 5000 OR (l.value_low = 5000 AND l.low_is_strict), false) AS is_high,
        coalesce(l.time_latest_min <= w.nadir_earliest, false) AS is_in_time
    FROM labs l JOIN hep_windows w USING (case_id)
    WHERE l.analyte IN ('fibrinogen', 'd_dimer', 'd_dimer_feu') AND l.value_kind NOT IN ('not_done', 'not_printed')
        AND NOT coalesce(l.time_earliest_min > w.nadir_latest, false)
), pairs AS (
    SELECT DISTINCT f.case_id FROM results f JOIN results d ON d.case_id = f.case_id AND f.is_fibrinogen AND NOT d.is_fibrinogen
    WHERE f.is_low AND d.is_high AND f.is_in_time AND d.is_in_time
        AND greatest(f.latest, d.latest) - least(f.earliest, d.earliest) <= 60 * $coagulation_day_h
), measured AS (
    SELECT case_id, min(low) AS lowest, row_list(list(row_id)) AS row_ids FROM results WHERE is_fibrinogen GROUP BY case_id
), stated AS (
    SELECT case_id, bool_or(is_denial) AS is_denied, bool_or(answer IS NOT NULL) AS is_present, row_list(flatten(list(row_ids))) AS row_ids
    FROM score_rows WHERE score = 'hep' AND item = 'severe_dic' GROUP BY case_id
)
SELECT case_id, 'severe_dic' AS item,
    CASE WHEN m.lowest >= 1 OR (m.case_id IS NULL AND is_denied AND NOT is_present) THEN 0 ELSE -2 END AS low,
    CASE WHEN p.case_id IS NOT NULL THEN -2 ELSE 0 END AS high,
    reasons(list_concat(CASE WHEN m.lowest >= 1 THEN [reason('fibrinogen_not_low')] WHEN p.case_id IS NOT NULL THEN [reason('severe_dic_measured')]
            WHEN m.case_id IS NOT NULL THEN [reason('fibrinogen_may_be_low'), reason('no_d_dimer_of_that_time')]
            WHEN is_present THEN [reason('severe_dic_criteria')] ELSE [] END,
        [CASE WHEN is_present THEN reason('said_present', s.row_ids) WHEN is_denied THEN reason('said_absent', s.row_ids) END])) AS reasons,
    row_list(list_concat(coalesce(m.row_ids, []), coalesce(s.row_ids, []))) AS row_ids
FROM measured m FULL JOIN stated s USING (case_id) LEFT JOIN pairs p USING (case_id)
WHERE m.case_id IS NOT NULL OR is_denied OR is_present
