-- A case is one patient, from the first admission to the last discharge; what is charted outside admissions is visible.
SELECT 'patient' AS unit, p.subject_id AS case_key, p.subject_id AS subject, NULL AS hadm, NULL AS stay,
    'all admissions of one patient' AS place,
    min(try_cast(a.admittime AS TIMESTAMP)) AS starts, max(try_cast(a.dischtime AS TIMESTAMP)) AS ends,
    min(try_cast(a.admittime AS TIMESTAMP)) AS seen_from, max(try_cast(a.dischtime AS TIMESTAMP)) AS seen_until, false AS is_by_time,
    min(p.raw_row) AS raw_row
FROM raw.patients p JOIN raw.admissions a USING (subject_id)
GROUP BY p.subject_id
