-- Files that are read to be accounted for and not used, with the reason of each row. The electronic administration record
-- has infusions as changes of rate without an end, and in the ICU repeats what `inputevents` has.
SELECT 'prescriptions' AS raw_file, raw_row, subject_id AS subject, 'an order, not an administration' AS left_out,
    coalesce(drug, '') || ' ' || coalesce(dose_val_rx, '') || ' ' || coalesce(dose_unit_rx, '') || coalesce(' ' || route, '') AS example
FROM raw.prescriptions
UNION ALL
SELECT 'emar', raw_row, subject_id,
    CASE WHEN event_txt IS NULL THEN 'nothing says whether it was given'
        WHEN event_txt LIKE 'Not %' OR event_txt LIKE 'Hold%' THEN 'not given'
        WHEN event_txt LIKE '%Stopped%' THEN 'the end of an infusion, not a dose'
        ELSE 'administration record: not used, inputevents is' END,
    coalesce(medication, '') || ': ' || coalesce(event_txt, 'no event')
FROM raw.emar
UNION ALL
SELECT 'emar_detail', raw_row, subject_id,
    CASE WHEN infusion_rate IS NOT NULL THEN 'a rate without an end (' || coalesce(infusion_rate_unit, 'no unit') || ')'
        WHEN dose_given = '___' THEN 'the dose is scrubbed'
        WHEN dose_given IS NULL THEN 'no dose'
        WHEN try_cast(replace(dose_given, ',', '') AS DOUBLE) IS NULL THEN 'the dose is not a number'
        ELSE 'administration record: not used, inputevents is' END,
    coalesce(administration_type, 'detail') || coalesce(' ' || dose_given || ' ' || dose_given_unit, '')
FROM raw.emar_detail
