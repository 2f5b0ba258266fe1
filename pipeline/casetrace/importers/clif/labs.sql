-- Results by the time at which the specimen was collected; a bound stands in `lab_value`. A result of urine or another fluid
-- is not one of blood, although its category may be the same.
SELECT 'labs' AS raw_file, l.raw_row, h.patient_id AS subject, l.hospitalization_id AS hadm, false AS is_own_word, utc_of(l.lab_collect_dttm) AS charted, false AS is_date,
    t.name AS term, l.lab_category AS term_reported, coalesce(l.lab_value, l.lab_value_numeric) AS value_reported,
    CASE WHEN bound.size = '' THEN coalesce(number_of(l.lab_value_numeric), number_of(l.lab_value)) END AS number,
    CASE WHEN bound.side[1] = '>' THEN try_cast(bound.size AS DOUBLE) END AS above,
    CASE WHEN bound.side[1] = '<' THEN try_cast(bound.size AS DOUBLE) END AS below,
    NOT contains(bound.side, '=') AS bound_is_strict, CASE WHEN bound.size = '' AND number_of(l.lab_value_numeric) IS NULL THEN lower(trim(l.lab_value)) END AS word,
    coalesce(regexp_matches(l.lab_value, '(?i)not done|not performed|cancel|unable|clotted'), false) AS is_not_done,
    nullif(l.reference_unit, '(no units)') AS unit_reported, NULL AS ref_low, NULL AS ref_high, NULL AS note,
    CASE WHEN t.name IS NULL THEN 'item not used'
        WHEN l.lab_specimen_category IS NOT NULL AND NOT regexp_matches(lower(l.lab_specimen_category), 'blood|plasma|serum')
            THEN 'the specimen is not blood' END AS left_out,
    concat_ws(' of ', coalesce(l.lab_category, 'no category'), CASE WHEN t.name IS NOT NULL THEN l.lab_specimen_category END) AS example,
    hash(l.hospitalization_id, l.lab_collect_dttm, l.lab_category, l.lab_value, l.lab_value_numeric, l.reference_unit, l.lab_specimen_category) AS row_hash
FROM (
    SELECT *, regexp_extract(coalesce(lab_value, ''), '^\s*(<=|<|>=|>)\s*([0-9]+(?:\.[0-9]+)?)\s*$', ['side', 'size']) AS bound FROM raw.labs
) l
LEFT JOIN raw.hospitalization h USING (hospitalization_id)
LEFT JOIN terms t ON t."table" = 'labs' AND t.category = lower(trim(l.lab_category))
