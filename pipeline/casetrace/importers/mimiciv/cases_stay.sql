-- A case is one ICU stay; the rows of its admission are visible to it.
SELECT 'stay' AS unit, s.stay_id AS case_key, s.subject_id AS subject, s.hadm_id AS hadm, s.stay_id AS stay,
    coalesce(s.first_careunit, 'intensive care unit') AS place,
    try_cast(s.intime AS TIMESTAMP) AS starts, try_cast(s.outtime AS TIMESTAMP) AS ends,
    least(try_cast(a.admittime AS TIMESTAMP), try_cast(a.edregtime AS TIMESTAMP), try_cast(s.intime AS TIMESTAMP)) AS seen_from,
    greatest(try_cast(a.dischtime AS TIMESTAMP), try_cast(s.outtime AS TIMESTAMP)) AS seen_until, true AS is_by_time,
    s.raw_row
FROM raw.icustays s LEFT JOIN raw.admissions a USING (subject_id, hadm_id)
