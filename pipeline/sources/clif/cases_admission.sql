-- A case is one hospitalization.
SELECT 'admission' AS unit, hospitalization_id AS case_key, patient_id AS subject, hospitalization_id AS hadm, NULL AS stay,
    'hospital admission' AS place, try_cast(admission_dttm AS TIMESTAMP) AS starts, try_cast(discharge_dttm AS TIMESTAMP) AS ends,
    try_cast(admission_dttm AS TIMESTAMP) AS seen_from, try_cast(discharge_dttm AS TIMESTAMP) AS seen_until, raw_row
FROM raw.hospitalization
