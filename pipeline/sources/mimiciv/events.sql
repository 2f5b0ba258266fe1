-- Admission, discharge, death and intensive care, and dialysis and ECMO where `procedureevents` has them.
SELECT 'admissions' AS raw_file, raw_row, subject_id AS subject, hadm_id AS hadm, NULL AS stay, e.charted, e.event AS term,
    e.event AS term_reported, NULL AS note, CASE WHEN e.charted IS NULL THEN 'time cannot be read' END AS left_out, e.event AS example
FROM (
    SELECT raw_row, subject_id, hadm_id, deathtime, unnest([
        {'event': 'admission', 'charted': try_cast(admittime AS TIMESTAMP)},
        {'event': 'discharge', 'charted': try_cast(dischtime AS TIMESTAMP)},
        {'event': 'death', 'charted': try_cast(deathtime AS TIMESTAMP)}]) AS e
    FROM raw.admissions
) WHERE e.event <> 'death' OR deathtime IS NOT NULL
UNION ALL
SELECT 'icustays', raw_row, subject_id, hadm_id, stay_id, e.charted, e.event, first_careunit, NULL,
    CASE WHEN e.charted IS NULL THEN 'time cannot be read' END, e.event
FROM (
    SELECT raw_row, subject_id, hadm_id, stay_id, first_careunit, unnest([
        {'event': 'icu_admission', 'charted': try_cast(intime AS TIMESTAMP)},
        {'event': 'icu_discharge', 'charted': try_cast(outtime AS TIMESTAMP)}]) AS e
    FROM raw.icustays
)
UNION ALL
SELECT 'procedureevents', raw_row, subject_id, hadm_id, stay_id, e.charted, e.event, term_reported, 'ended: ' || statusdescription,
    CASE WHEN name IS NULL THEN 'item not used' WHEN statusdescription = 'Rewritten' THEN 'rewritten by a later row'
        WHEN e.charted IS NULL THEN 'time cannot be read' END,
    coalesce(term_reported, 'item ' || itemid)
FROM (
    SELECT p.*, coalesce(i.note, d.label) AS term_reported,
        coalesce(i.name, CASE WHEN d.label ILIKE 'ECMO%' THEN 'ecmo' END) AS name,
        unnest([
            {'event': coalesce(i.name, CASE WHEN d.label ILIKE 'ECMO%' THEN 'ecmo' END) || '_start', 'charted': try_cast(p.starttime AS TIMESTAMP)},
            {'event': coalesce(i.name, CASE WHEN d.label ILIKE 'ECMO%' THEN 'ecmo' END) || '_end', 'charted': try_cast(p.endtime AS TIMESTAMP)}
        ]) AS e
    FROM raw.procedureevents p
    LEFT JOIN items i ON i.file = 'procedureevents' AND i.itemid = p.itemid
    LEFT JOIN raw.d_items d ON d.itemid = p.itemid
)
