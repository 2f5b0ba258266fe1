-- Admission, discharge, death and intensive care; dialysis, ECMO and balloon pump from `procedureevents`; and heparin that
-- only the administration record shows. Rows of one procedure that overlap or abut (two lines of one ECMO, a change of the
-- dialysis mode) are one run: it starts with the first and ends with the last.
WITH runs AS (
    SELECT *, sum(is_new) OVER (PARTITION BY stay_id, name ORDER BY starts, raw_row) AS nth FROM (
        SELECT p.raw_row, p.subject_id, p.hadm_id, p.stay_id, i.name, i.label, i.note, p.statusdescription, s.starts, s.ends,
            CASE WHEN s.starts <= max(s.ends) OVER (PARTITION BY p.stay_id, i.name ORDER BY s.starts, p.raw_row
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS is_new
        FROM raw.procedureevents p JOIN items i ON i.file = 'procedureevents' AND i.itemid = p.itemid
        CROSS JOIN LATERAL (SELECT try_cast(p.starttime AS TIMESTAMP) AS starts, try_cast(p.endtime AS TIMESTAMP) AS ends) s
        WHERE coalesce(p.statusdescription, '') <> 'Rewritten' AND s.starts <= s.ends
    )
), ends_of_runs AS (
    SELECT name || '_start' AS term, arg_min(raw_row, (starts, raw_row)) AS raw_row FROM runs GROUP BY stay_id, name, nth
    UNION ALL
    SELECT name || '_end', arg_max(raw_row, (ends, raw_row)) FROM runs GROUP BY stay_id, name, nth
), given AS (
    -- Heparin that was given, as a dose or only as a flush, lock or to a circuit, in the admission in whose time it lies.
    SELECT e.*, e.form = 'dose' AS is_dose, coalesce(e.hadm_id, (SELECT min(a.hadm_id) FROM raw.admissions a
        WHERE a.subject_id = e.subject_id AND e.charted BETWEEN least(try_cast(a.admittime AS TIMESTAMP), try_cast(a.edregtime AS TIMESTAMP))
            AND try_cast(a.dischtime AS TIMESTAMP))) AS hadm
    FROM emar_read e WHERE e.meaning = 'given' AND e.drug IS NOT NULL AND e.charted IS NOT NULL
), charted AS (
    SELECT e.hadm_id AS hadm, min(try_cast(e.starttime AS TIMESTAMP)) AS first_charted
    FROM raw.inputevents e JOIN items i ON i.file = 'inputevents' AND i.itemid = e.itemid
    WHERE i.name IN (SELECT name FROM administrations WHERE kind = 'drug' AND name IS NOT NULL)
        AND coalesce(e.statusdescription, '') <> 'Rewritten' AND try_cast(e.amount AS DOUBLE) > 0
    GROUP BY e.hadm_id
), unseen AS (
    -- The two records of one dose lie up to half an hour apart: what is given within the hour before is not earlier.
    SELECT g.*, c.first_charted IS NULL AS is_only_here FROM given g LEFT JOIN charted c USING (hadm)
    WHERE c.first_charted IS NULL OR g.charted < c.first_charted - INTERVAL 60 MINUTE
    QUALIFY row_number() OVER (PARTITION BY g.subject_id, g.hadm, g.is_dose ORDER BY g.charted, g.raw_row) = 1
)
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
SELECT 'procedureevents', r.raw_row, r.subject_id, r.hadm_id, r.stay_id, CASE WHEN e.term LIKE '%_start' THEN r.starts ELSE r.ends END,
    e.term, r.label, concat_ws('; ', r.note, CASE WHEN e.term LIKE '%_end' THEN 'ended: ' || r.statusdescription END), NULL, r.label
FROM runs r JOIN ends_of_runs e USING (raw_row)
UNION ALL
SELECT 'procedureevents', p.raw_row, p.subject_id, p.hadm_id, p.stay_id, NULL, NULL, NULL, NULL,
    CASE WHEN i.itemid IS NULL THEN 'item not used' WHEN p.statusdescription = 'Rewritten' THEN 'rewritten by a later row'
        WHEN r.raw_row IS NULL THEN 'time cannot be read, or the end lies before the start'
        ELSE 'within a run that other rows begin and end' END,
    concat_ws(' ', 'item ' || p.itemid, coalesce(i.label, d.label))
FROM raw.procedureevents p LEFT JOIN items i ON i.file = 'procedureevents' AND i.itemid = p.itemid
LEFT JOIN raw.d_items d ON d.itemid = p.itemid LEFT JOIN runs r ON r.raw_row = p.raw_row
WHERE p.raw_row NOT IN (SELECT raw_row FROM ends_of_runs)
UNION ALL
SELECT 'emar', u.raw_row, u.subject_id, u.hadm, NULL, u.charted,
    CASE WHEN u.is_dose THEN 'heparin_given_elsewhere' ELSE 'heparin_flush_elsewhere' END, u.medication,
    concat_ws('; ', 'administration record: ' || trim(u.event_txt), 'route of the order: ' || o.routes,
        CASE WHEN u.is_only_here THEN 'no heparin of this admission is charted in inputevents'
            ELSE 'before the first heparin that is charted in inputevents' END), NULL, u.medication
FROM unseen u LEFT JOIN (
    SELECT pharmacy_id, string_agg(DISTINCT route, ', ' ORDER BY route) AS routes FROM raw.prescriptions WHERE pharmacy_id IS NOT NULL GROUP BY pharmacy_id
) o USING (pharmacy_id)
