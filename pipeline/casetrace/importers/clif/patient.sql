-- Sex, age (over 89 as one group) and weights.
SELECT 'patient' AS raw_file, raw_row, patient_id AS subject, NULL AS hadm, NULL AS stay, NULL::TIMESTAMP AS charted, 'sex' AS term,
    sex_category AS value_reported, NULL::DOUBLE AS number, NULL::DOUBLE AS above, lower(sex_category) AS word, NULL AS unit_reported,
    NULL AS note, CASE WHEN sex_category IS NULL OR lower(sex_category) = 'unknown' THEN 'no value' END AS left_out, NULL::INTEGER AS reach_days, false AS is_date, 'sex' AS example
FROM raw.patient
UNION ALL
SELECT 'hospitalization', raw_row, patient_id, CASE WHEN $unit <> 'patient' THEN hospitalization_id END, NULL, NULL, 'age', CASE WHEN age > 89 THEN '>89' ELSE age_at_admission END,
    CASE WHEN age <= 89 THEN age END, CASE WHEN age > 89 THEN 89 END, NULL, 'years', NULL, CASE WHEN age IS NULL THEN 'no value' END, NULL, false, 'age'
FROM (
    SELECT *, try_cast(age_at_admission AS DOUBLE) AS age FROM raw.hospitalization
    QUALIFY $unit <> 'patient' OR row_number() OVER (PARTITION BY patient_id ORDER BY utc_of(admission_dttm), raw_row) = 1
)
UNION ALL
SELECT 'vitals', v.raw_row, h.patient_id, v.hospitalization_id, NULL, utc_of(v.recorded_dttm), 'body_weight', v.vital_value,
    try_cast(v.vital_value AS DOUBLE), NULL, NULL, 'kg', NULL,
    CASE WHEN v.vital_category <> 'weight_kg' THEN 'item not used' WHEN coalesce(try_cast(v.vital_value AS DOUBLE), 0) <= 0 THEN 'no weight'
        WHEN utc_of(v.recorded_dttm) IS NULL THEN 'time cannot be read' END, NULL, false, v.vital_category
FROM raw.vitals v LEFT JOIN raw.hospitalization h USING (hospitalization_id)
