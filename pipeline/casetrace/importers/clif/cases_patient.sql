-- A case is one patient, from the first admission to the last discharge.
SELECT 'patient' AS unit, patient_id AS case_key, patient_id AS subject, NULL AS hadm, NULL AS stay, 'all admissions of one patient' AS place,
    min(utc_of(admission_dttm)) AS starts, max(utc_of(discharge_dttm)) AS ends,
    min(utc_of(admission_dttm)) AS seen_from, max(utc_of(discharge_dttm)) AS seen_until, false AS is_by_time,
    min(raw_row) AS raw_row
FROM raw.hospitalization GROUP BY patient_id
