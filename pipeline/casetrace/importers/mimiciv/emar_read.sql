-- The electronic administration record, each row with what its words mean: which anticoagulant (`drug`), whether a dose, a
-- flush or lock, or a circuit (`form`), and whether it was given (`meaning`). The words are data, in administrations.csv;
-- an event that is not there says nothing of whether the drug was given. Of several patterns the first decides.
WITH patterns AS (
    SELECT words, meaning AS form, name, row_number() OVER () AS nth FROM administrations WHERE kind = 'drug'
), named AS (
    SELECT n.medication, arg_min(p.name, p.nth) AS drug, arg_min(p.form, p.nth) AS form
    FROM (SELECT DISTINCT medication FROM raw.emar) n JOIN patterns p ON regexp_matches(lower(n.medication), p.words)
    GROUP BY n.medication
)
SELECT e.raw_row, e.subject_id, e.hadm_id, e.emar_id, e.pharmacy_id, try_cast(e.charttime AS TIMESTAMP) AS charted, e.medication, e.event_txt,
    n.drug, n.form,
    CASE WHEN regexp_matches(e.event_txt, '(^|\s)Not\s') THEN 'not given' ELSE w.meaning END AS meaning
FROM raw.emar e
LEFT JOIN named n USING (medication)
LEFT JOIN administrations w ON w.kind = 'event' AND w.words = trim(e.event_txt)
