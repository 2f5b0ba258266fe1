-- Admission, discharge, and the start and end of each ICU location.
SELECT e.file AS raw_file, raw_row, subject, hadm, NULL AS stay, e.charted, e.event AS term, e.event AS term_reported, NULL AS note,
    CASE WHEN e.event IS NULL THEN 'item not used' END AS left_out, coalesce(e.event, 'another location') AS example
FROM (
    SELECT raw_row, patient_id AS subject, hospitalization_id AS hadm, unnest([
        {'file': 'hospitalization', 'event': 'admission', 'charted': try_cast(admission_dttm AS TIMESTAMP)},
        {'file': 'hospitalization', 'event': 'discharge', 'charted': try_cast(discharge_dttm AS TIMESTAMP)}]) AS e
    FROM raw.hospitalization
    UNION ALL
    SELECT a.raw_row, h.patient_id, hospitalization_id, unnest([
        {'file': 'adt', 'event': CASE WHEN lower(location_category) = 'icu' THEN 'icu_admission' END, 'charted': try_cast(in_dttm AS TIMESTAMP)},
        {'file': 'adt', 'event': CASE WHEN lower(location_category) = 'icu' THEN 'icu_discharge' END, 'charted': try_cast(out_dttm AS TIMESTAMP)}])
    FROM raw.adt a LEFT JOIN raw.hospitalization h USING (hospitalization_id)
)
