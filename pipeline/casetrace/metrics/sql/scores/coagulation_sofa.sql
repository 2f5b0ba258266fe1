-- title: SOFA points that are sure without a printed SOFA score
-- grain: one row per case and platelet count under sepsis
-- reads: coagulation_counts, score_rows, labs
-- params: coagulation_day_h [h]
-- missing: what no row shows adds nothing to the sure points, and never makes them fewer than they may be
-- source: Vincent JL et al., Intensive Care Med 1996;22:707-710: respiratory, cardiovascular, hepatic (bilirubin from 20 and from 33 umol/L)
--   and renal (creatinine from 110 and from 171 umol/L); ARDS has a PaO2/FiO2 of 300 or less, of moderate severity 200 or less
--   (JAMA 2012;307:2526-2533); septic shock needs vasopressors (Singer M et al., JAMA 2016;315:801-810)
-- returns: view
WITH counts AS (
    SELECT * FROM coagulation_counts WHERE kind = 'sic'
), standing AS (
    SELECT c.case_id, c.count_row, r.row_id, r.item, r.term, r.answer,
        coalesce(r.latest <= c.earliest + 60 * $coagulation_day_h, false) AS has_begun,
        coalesce(r.earliest <= c.latest, true) AS may_be_before,
        coalesce(greatest(r.latest - c.earliest, c.latest - r.earliest) <= 60 * $coagulation_day_h, false) AS is_of_day
    FROM counts c JOIN score_rows r ON r.case_id = c.case_id AND r.score = 'sic' AND r.answer IS NOT NULL
), by_count AS (
    SELECT case_id, count_row,
        bool_or(item = 'sofa_lung' AND has_begun) AS has_ards, bool_or(item = 'sofa_lung' AND has_begun AND answer = 'yes') AS is_moderate,
        bool_or(item = 'sofa_support' AND answer <> 'ends' AND has_begun) AND NOT bool_or(item = 'sofa_support' AND answer = 'ends' AND may_be_before) AS is_supported,
        bool_or(item = 'sofa_support' AND answer = 'yes' AND has_begun) AS is_on_ecmo,
        bool_or(item = 'sofa_circulation' AND answer = 'yes' AND is_of_day) AS has_vasopressor,
        list(row_id) FILTER (item IN ('sofa_lung', 'sofa_support') AND answer <> 'ends' AND has_begun) AS lung_rows,
        list(row_id) FILTER (item = 'sofa_circulation' AND answer = 'yes' AND is_of_day) AS pressor_rows
    FROM standing GROUP BY case_id, count_row
), organs AS (
    SELECT c.case_id, c.count_row, l.analyte, list(l.row_id) AS row_ids,
        max(CASE WHEN l.value_low >= CASE l.analyte WHEN 'creatinine' THEN 171 ELSE 33 END THEN 2
            WHEN l.value_low >= CASE l.analyte WHEN 'creatinine' THEN 110 ELSE 20 END THEN 1 ELSE 0 END) AS points
    FROM counts c JOIN labs l ON l.case_id = c.case_id AND l.analyte IN ('creatinine', 'bilirubin_total') AND l.unit IS NOT NULL AND (l.stat IS NULL OR l.stat IN ('initial', 'max'))
        AND greatest(l.time_latest_min - c.earliest, c.latest - l.time_earliest_min) <= 60 * $coagulation_day_h
    GROUP BY c.case_id, c.count_row, l.analyte
), measured AS (
    SELECT case_id, count_row, sum(points) AS points, flatten(list(row_ids) FILTER (points > 0)) AS row_ids FROM organs GROUP BY case_id, count_row
), points AS (
    SELECT c.case_id, c.count_row, CASE WHEN b.is_moderate OR (b.has_ards AND b.is_supported AND b.is_on_ecmo) THEN 2 WHEN b.has_ards AND b.is_supported THEN 1 ELSE 0 END AS lung,
        CASE WHEN b.has_vasopressor THEN 2 ELSE 0 END AS circulation, coalesce(m.points, 0) AS organs, b.lung_rows, b.pressor_rows, m.row_ids AS organ_rows
    FROM counts c LEFT JOIN by_count b USING (case_id, count_row) LEFT JOIN measured m USING (case_id, count_row)
)
SELECT case_id, count_row, least(2, lung + circulation + organs)::DOUBLE AS low,
    row_list(list_concat(CASE WHEN lung > 0 THEN coalesce(lung_rows, []) ELSE [] END, coalesce(pressor_rows, []), CASE WHEN organs > 0 THEN coalesce(organ_rows, []) ELSE [] END)) AS row_ids
FROM points
