-- A case is one admission, from its start (not the emergency department) to discharge.
SELECT 'admission' AS unit, a.hadm_id AS case_key, a.subject_id AS subject, a.hadm_id AS hadm, NULL AS stay,
    'hospital admission' AS place,
    try_cast(a.admittime AS TIMESTAMP) AS starts, try_cast(a.dischtime AS TIMESTAMP) AS ends,
    least(try_cast(a.admittime AS TIMESTAMP), try_cast(a.edregtime AS TIMESTAMP)) AS seen_from,
    try_cast(a.dischtime AS TIMESTAMP) AS seen_until, true AS is_by_time,
    a.raw_row
FROM raw.admissions a
