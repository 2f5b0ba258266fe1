-- Doses. `amount` is what the row gave ('totalamount' is the bag in ml, 'originalamount' what was left in it). A row
-- 'Drug Push' is a bolus at its start, whatever its end; every other row gives its amount evenly from start to end.
-- 'Paused', 'Stopped' and 'ChangeDose/Rate' say how a row ended; until then it was running. 225975 is charted in doses.
SELECT 'inputevents' AS raw_file, e.raw_row, e.subject_id AS subject, e.hadm_id AS hadm, e.stay_id AS stay,
    try_cast(e.starttime AS TIMESTAMP) AS starts,
    CASE WHEN e.ordercategorydescription = 'Drug Push' THEN try_cast(e.starttime AS TIMESTAMP)
        ELSE try_cast(e.endtime AS TIMESTAMP) END AS ends,
    i.name AS term, i.label AS term_reported,
    CASE WHEN i.name IN ('platelet concentrate', 'packed red cells', 'plasma') THEN 'transfusion'
        WHEN e.ordercategorydescription = 'Drug Push' THEN 'bolus' ELSE 'infusion' END AS kind,
    i.route, i.purpose, try_cast(e.amount AS DOUBLE) AS amount, NULL::DOUBLE AS rate_per_hour, e.amount AS amount_reported, e.amountuom AS unit_reported,
    CASE WHEN i.itemid IS NOT NULL THEN try_cast(e.patientweight AS DOUBLE) END AS weight_kg,
    concat_ws('; ', 'ended: ' || e.statusdescription, i.note) AS note,
    CASE WHEN i.itemid IS NULL AND regexp_matches(d.label, '(?i)heparin|enoxaparin|dalteparin|argatroban|bivalirudin|hirudin|danaparoid|fondaparinux|warfarin|antithrombin')
            THEN 'item not used, though its name is that of an anticoagulant'
        WHEN i.itemid IS NULL THEN 'item not used'
        WHEN e.statusdescription = 'Rewritten' THEN 'rewritten by a later row'
        WHEN try_cast(e.starttime AS TIMESTAMP) IS NULL OR try_cast(e.endtime AS TIMESTAMP) IS NULL THEN 'time cannot be read'
        WHEN try_cast(e.amount AS DOUBLE) IS NULL THEN 'no amount'
        WHEN try_cast(e.amount AS DOUBLE) = 0 THEN 'the amount is 0: nothing was given'
        WHEN try_cast(e.amount AS DOUBLE) < 0 THEN 'the amount is negative'
        WHEN e.ordercategorydescription <> 'Drug Push' AND try_cast(e.endtime AS TIMESTAMP) < try_cast(e.starttime AS TIMESTAMP)
            THEN 'the end lies before the start' END AS left_out,
    concat_ws(' ', 'item ' || e.itemid, coalesce(i.label, d.label)) AS example
FROM raw.inputevents e
LEFT JOIN items i ON i.file = 'inputevents' AND i.itemid = e.itemid
LEFT JOIN raw.d_items d ON d.itemid = e.itemid
