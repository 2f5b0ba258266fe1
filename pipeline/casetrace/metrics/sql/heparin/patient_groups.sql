-- title: Whether the adult criteria of heparin resistance apply
-- grain: one row per case
-- reads: cases, patient
-- params: resistance_from_age_a [a], resistance_from_weight_kg [kg]
-- missing: without a printed age a weight above that of any infant decides; without either it is not known (null)
-- source: docs/case-folder.md, patient items; the age at time zero
-- returns: view
WITH ages AS (
    SELECT case_id, min(coalesce(value_low, 0)) AS age_low, max(coalesce(value_high, 'infinity'::DOUBLE)) AS age_high,
        CASE WHEN min(value) = max(value) THEN min(value) END AS age, list(row_id) AS age_rows
    FROM patient WHERE item = 'age' AND is_coded AND coalesce(value_low, value_high) IS NOT NULL GROUP BY ALL
), weights AS (
    SELECT case_id, min(coalesce(value_low, 0)) AS weight_low, list(row_id) AS weight_rows
    FROM patient WHERE item = 'body_weight' AND is_coded AND coalesce(value_low, value_high) IS NOT NULL GROUP BY ALL
)
SELECT c.case_id, a.age,
    CASE WHEN a.age_low >= $resistance_from_age_a THEN true
        WHEN a.age_high < $resistance_from_age_a THEN false
        WHEN a.case_id IS NULL AND w.weight_low > $resistance_from_weight_kg THEN true END AS is_in_group,
    reasons(CASE WHEN a.age_high < $resistance_from_age_a THEN [
            reason('defined_for_adults', number := $resistance_from_age_a),
            CASE WHEN a.age IS NOT NULL THEN reason('age_is', number := round(a.age, 2)) END]
        WHEN a.case_id IS NOT NULL THEN [reason('adult_left_open_by_age')]
        ELSE [reason('no_age_printed')] END) AS group_reasons,
    coalesce(a.age_rows, w.weight_rows, []::VARCHAR[]) AS group_rows
FROM cases c LEFT JOIN ages a USING (case_id) LEFT JOIN weights w USING (case_id)
