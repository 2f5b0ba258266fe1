-- A case is one hospitalization.
SELECT 'admission' AS unit, hospitalization_id AS case_key, patient_id AS subject, hospitalization_id AS hadm, NULL AS stay,
    'hospital admission' AS place, utc_of(admission_dttm) AS starts, utc_of(discharge_dttm) AS ends,
    utc_of(admission_dttm) AS seen_from, utc_of(discharge_dttm) AS seen_until, true AS is_by_time,
    raw_row
FROM raw.hospitalization
