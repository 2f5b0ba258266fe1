-- Rows that are read to be accounted for, with the reason of each. The administration record gives infusions as changes of
-- rate without an end and doses as text; in the ICU it repeats what `inputevents` has, so that adding it would count twice.
SELECT 'prescriptions' AS raw_file, raw_row, subject_id AS subject, 'an order, not an administration' AS left_out,
    coalesce(drug, '') || coalesce(' ' || dose_val_rx, '') || coalesce(' ' || dose_unit_rx, '') || coalesce(' ' || route, '') AS example
FROM raw.prescriptions
UNION ALL
SELECT 'emar', raw_row, subject_id,
    CASE WHEN form IS NULL THEN 'not an anticoagulant'
        WHEN meaning IS NULL THEN 'nothing says whether it was given'
        WHEN meaning = 'not given' THEN 'not given, or not done'
        WHEN meaning = 'ended' THEN 'the end of an infusion, not a dose'
        WHEN form IN ('flush', 'circuit') THEN 'given as a flush, a lock or to a circuit: not a dose of the patient'
        ELSE 'given: doses are read from inputevents, which has those of the ICU' END,
    coalesce(medication, 'no drug') || ': ' || coalesce(event_txt, 'no event')
FROM emar_read
UNION ALL
SELECT 'emar_detail', d.raw_row, d.subject_id,
    CASE WHEN e.form IS NULL THEN 'not an anticoagulant'
        WHEN d.infusion_rate IS NOT NULL THEN 'a rate without an end (' || coalesce(d.infusion_rate_unit, 'no unit') || ')'
        WHEN d.dose_given = '___' THEN 'the dose is scrubbed'
        WHEN d.dose_given IS NULL THEN 'no dose'
        WHEN try_cast(replace(d.dose_given, ',', '') AS DOUBLE) IS NULL THEN 'the dose is not a number'
        ELSE 'a dose: doses are read from inputevents, which has those of the ICU' END,
    coalesce(d.administration_type, 'detail') || coalesce(' ' || d.dose_given, '') || coalesce(' ' || d.dose_given_unit, '')
FROM raw.emar_detail d LEFT JOIN (SELECT DISTINCT emar_id, form FROM emar_read WHERE emar_id IS NOT NULL) e USING (emar_id)
