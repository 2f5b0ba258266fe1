-- Patient items; ages over 89 are one group.
SELECT 'patient' AS raw_file, raw_row, subject, hadm, stay, utc_of(charted) AS charted, term,
    CASE WHEN is_old THEN '>89' ELSE value END AS value_reported, CASE WHEN NOT is_old THEN number END AS number,
    CASE WHEN is_old THEN 89 END::DOUBLE AS above, CASE WHEN number IS NULL THEN lower(value) END AS word, unit AS unit_reported, note,
    CASE WHEN term IS NULL THEN 'no item' WHEN value IS NULL THEN 'no value'
        WHEN charted IS NOT NULL AND utc_of(charted) IS NULL THEN 'time cannot be read' END AS left_out,
    NULL::INTEGER AS reach_days, false AS is_date, coalesce(term, 'no item') AS example
FROM (SELECT *, try_cast(value AS DOUBLE) AS number, coalesce(term = 'age' AND try_cast(value AS DOUBLE) > 89, false) AS is_old FROM raw.patient)
