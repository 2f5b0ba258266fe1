-- Results by the time at which the specimen was collected; a bound stands in `lab_value`.
SELECT 'labs' AS raw_file, l.raw_row, h.patient_id AS subject, l.hospitalization_id AS hadm, try_cast(l.lab_collect_dttm AS TIMESTAMP) AS charted,
    t.name AS term, l.lab_category AS term_reported, coalesce(l.lab_value, l.lab_value_numeric) AS value_reported,
    CASE WHEN bound.size = '' THEN coalesce(try_cast(l.lab_value_numeric AS DOUBLE), try_cast(l.lab_value AS DOUBLE)) END AS number,
    CASE WHEN bound.side[1] = '>' THEN try_cast(bound.size AS DOUBLE) END AS above,
    CASE WHEN bound.side[1] = '<' THEN try_cast(bound.size AS DOUBLE) END AS below,
    NOT contains(bound.side, '=') AS bound_is_strict, NULL AS word, true AS is_not_done,
    l.reference_unit AS unit_reported, NULL AS ref_low, NULL AS ref_high, NULL AS note,
    CASE WHEN t.name IS NULL THEN 'item not used' END AS left_out, coalesce(l.lab_category, 'no category') AS example
FROM (
    SELECT *, regexp_extract(coalesce(lab_value, ''), '^\s*(<=|<|>=|>)\s*([0-9]+(?:\.[0-9]+)?)\s*$', ['side', 'size']) AS bound FROM raw.labs
) l
LEFT JOIN raw.hospitalization h USING (hospitalization_id)
LEFT JOIN terms t ON t."table" = 'labs' AND t.category = lower(l.lab_category)
