-- Admission, discharge, death, ICU locations, and ECMO, balloon pump and continuous dialysis. The last three are tables of
-- recordings without a start or an end: recordings no more than 24 hours apart are one run, which lasted at least from the
-- first to the last of them.
WITH recorded AS (
    SELECT 'ecmo_mcs' AS file, e.raw_row, e.hospitalization_id, e.recorded_dttm, coalesce(g.name, d.name) AS name,
        concat_ws(' ', e.mcs_group, e.device_category) AS label
    FROM raw.ecmo_mcs e LEFT JOIN terms g ON g."table" = 'ecmo_mcs' AND g.category = lower(e.mcs_group)
    LEFT JOIN terms d ON d."table" = 'ecmo_mcs' AND d.category = lower(e.device_category)
    UNION ALL
    SELECT 'crrt_therapy', c.raw_row, c.hospitalization_id, c.recorded_dttm, t.name, c.crrt_mode_category
    FROM raw.crrt_therapy c LEFT JOIN terms t ON t."table" = 'crrt_therapy' AND t.category = lower(c.crrt_mode_category)
), timed AS (
    SELECT *, utc_of(recorded_dttm) AS charted FROM recorded
), marked AS (
    SELECT *, coalesce(charted - lag(charted) OVER before <= INTERVAL 24 HOUR, false) AS goes_on
    FROM timed WHERE name IS NOT NULL AND charted IS NOT NULL
    WINDOW before AS (PARTITION BY hospitalization_id, name ORDER BY charted, file, raw_row)
), numbered AS (
    SELECT *, count(*) FILTER (NOT goes_on) OVER (PARTITION BY hospitalization_id, name ORDER BY charted, file, raw_row) AS nth FROM marked
), ends_of_runs AS (
    SELECT name || '_start' AS term, arg_min({'file': file, 'raw_row': raw_row}, (charted, raw_row)) AS place, 'the first recording: it may have begun earlier' AS note
    FROM numbered GROUP BY hospitalization_id, name, nth
    UNION ALL
    SELECT name || '_end', arg_max({'file': file, 'raw_row': raw_row}, (charted, raw_row)), 'the last recording: it may have gone on longer'
    FROM numbered GROUP BY hospitalization_id, name, nth
), devices AS (
    SELECT t.file, t.raw_row, t.hospitalization_id, t.charted, t.label, e.term, e.note,
        CASE WHEN t.name IS NULL THEN 'item not used' WHEN t.charted IS NULL THEN 'time cannot be read'
            WHEN e.term IS NULL THEN 'neither the first nor the last recording of a run' END AS left_out
    FROM timed t LEFT JOIN ends_of_runs e ON e.place.file = t.file AND e.place.raw_row = t.raw_row
)
SELECT e.file AS raw_file, raw_row, subject, hadm, NULL AS stay, e.charted, e.event AS term, e.event AS term_reported, NULL AS note,
    CASE WHEN e.event IS NULL THEN 'item not used' END AS left_out, coalesce(e.event, 'another location') AS example
FROM (
    SELECT raw_row, patient_id AS subject, hospitalization_id AS hadm, unnest([
        {'file': 'hospitalization', 'event': 'admission', 'charted': utc_of(admission_dttm)},
        {'file': 'hospitalization', 'event': 'discharge', 'charted': utc_of(discharge_dttm)}]) AS e
    FROM raw.hospitalization
    UNION ALL
    SELECT a.raw_row, h.patient_id, hospitalization_id, unnest([
        {'file': 'adt', 'event': CASE WHEN lower(location_category) = 'icu' THEN 'icu_admission' END, 'charted': utc_of(in_dttm)},
        {'file': 'adt', 'event': CASE WHEN lower(location_category) = 'icu' THEN 'icu_discharge' END, 'charted': utc_of(out_dttm)}])
    FROM raw.adt a LEFT JOIN raw.hospitalization h USING (hospitalization_id)
    UNION ALL
    SELECT raw_row, patient_id, NULL, {'file': 'patient', 'event': 'death', 'charted': utc_of(death_dttm)}
    FROM raw.patient WHERE death_dttm IS NOT NULL
)
UNION ALL
SELECT d.file, d.raw_row, h.patient_id, d.hospitalization_id, NULL, d.charted, d.term, d.label, d.note, d.left_out, coalesce(d.label, 'no category')
FROM devices d LEFT JOIN raw.hospitalization h USING (hospitalization_id)
