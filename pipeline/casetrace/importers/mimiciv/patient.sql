-- Age (over 89 as one group), sex, and weights with their source: the weight charted with each input, once per stay and
-- value, and the outpatient record of the 30 days before the admission.
SELECT 'patients' AS raw_file, p.raw_row, p.subject_id AS subject, a.hadm_id AS hadm, NULL AS stay, NULL::TIMESTAMP AS charted, 'age' AS term,
    CASE WHEN years > 89 THEN '>89' ELSE years::VARCHAR END AS value_reported,
    CASE WHEN years <= 89 THEN years END::DOUBLE AS number, CASE WHEN years > 89 THEN 89 END::DOUBLE AS above,
    NULL AS word, 'years' AS unit_reported, 'age at admission, from the anchor year' AS note, NULL AS left_out,
    NULL::INTEGER AS reach_days, false AS is_date, 'age' AS example
FROM raw.patients p JOIN (
    SELECT subject_id, CASE WHEN $unit = 'patient' THEN NULL ELSE hadm_id END AS hadm_id,
        min(year(try_cast(admittime AS TIMESTAMP))) AS at_year
    FROM raw.admissions GROUP BY ALL
) a USING (subject_id)
CROSS JOIN LATERAL (SELECT try_cast(p.anchor_age AS INTEGER) + a.at_year - try_cast(p.anchor_year AS INTEGER) AS years)
UNION ALL
SELECT 'patients', raw_row, subject_id, NULL, NULL, NULL, 'sex', gender, NULL, NULL,
    CASE gender WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' END, NULL, NULL,
    CASE WHEN gender NOT IN ('F', 'M') THEN 'unknown word for sex' END, NULL, false, gender
FROM raw.patients
UNION ALL
SELECT 'inputevents', min(raw_row), subject_id, hadm_id, stay_id, min(try_cast(starttime AS TIMESTAMP)), 'body_weight', patientweight,
    try_cast(patientweight AS DOUBLE), NULL, NULL, 'kg', 'charted with the inputs of the stay',
    CASE WHEN coalesce(try_cast(patientweight AS DOUBLE), 0) <= 0 THEN 'no weight' END, NULL, false,
    'body_weight'
FROM raw.inputevents WHERE patientweight IS NOT NULL GROUP BY ALL
UNION ALL
SELECT 'patientweight_by_stay', min(raw_row), subject_id, hadm_id, stay_id, min(try_cast(first_starttime AS TIMESTAMP)), 'body_weight',
    patientweight, try_cast(patientweight AS DOUBLE), NULL, NULL, 'kg', 'charted with the inputs of the stay',
    CASE WHEN coalesce(try_cast(patientweight AS DOUBLE), 0) <= 0 THEN 'no weight'
        WHEN EXISTS (FROM raw.inputevents e WHERE e.stay_id = w.stay_id AND e.patientweight = w.patientweight)
            THEN 'stands in inputevents too' END,
    NULL, false, 'body_weight'
FROM raw.patientweight_by_stay w GROUP BY ALL
UNION ALL
SELECT 'omr', raw_row, subject_id, NULL, NULL, try_cast(chartdate AS TIMESTAMP),
    CASE WHEN result_name = 'Weight (Lbs)' THEN 'body_weight' ELSE 'body_height' END, result_value,
    try_cast(result_value AS DOUBLE), NULL, NULL, CASE WHEN result_name = 'Weight (Lbs)' THEN 'lb' ELSE 'in' END,
    'outpatient record; only the date is known',
    CASE WHEN result_name NOT IN ('Weight (Lbs)', 'Height (Inches)') THEN 'item not used'
        WHEN coalesce(try_cast(result_value AS DOUBLE), 0) <= 0 THEN 'no number' END, 30, true,
    result_name
FROM raw.omr
