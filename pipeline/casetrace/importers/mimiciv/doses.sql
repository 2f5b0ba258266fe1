-- Doses. `amount` is what the row gave ('totalamount' is the bag in ml, 'originalamount' what was left in it). A row
-- 'Drug Push' is a bolus at its start, whatever its end; every other row gives its amount evenly from start to end.
-- 'Paused', 'Stopped' and 'ChangeDose/Rate' say how a row ended; until then it was running. 225975 is charted in doses.
-- A row 'Rewritten' is superseded by a later one: its status says so, not the reason of a cancellation.
WITH read AS (
    SELECT e.*, i.itemid IS NOT NULL AS is_used, i.name, i.label, i.route, i.purpose, i.note AS item_note, d.label AS printed_label,
        e.ordercategorydescription IS NOT DISTINCT FROM 'Drug Push' AS is_push,
        try_cast(e.starttime AS TIMESTAMP) AS begins, try_cast(e.endtime AS TIMESTAMP) AS until
    FROM raw.inputevents e
    LEFT JOIN items i ON i.file = 'inputevents' AND i.itemid = e.itemid
    LEFT JOIN raw.d_items d ON d.itemid = e.itemid
)
SELECT 'inputevents' AS raw_file, raw_row, subject_id AS subject, hadm_id AS hadm, stay_id AS stay, false AS is_own_word,
    begins AS starts, CASE WHEN is_push THEN begins WHEN until >= begins THEN until END AS ends,
    false AS start_is_day, false AS end_is_day, true AS has_own_end,
    name AS term, label AS term_reported,
    CASE WHEN name IN ('platelet concentrate', 'packed red cells', 'plasma') THEN 'transfusion'
        WHEN is_push THEN 'bolus' ELSE 'infusion' END AS kind, route, purpose,
    amount AS quantity, amount AS quantity_reported, false AS is_rate, amountuom AS unit_reported,
    NULL::VARCHAR AS concentration, NULL::VARCHAR AS concentration_unit,
    CASE WHEN is_used THEN try_cast(patientweight AS DOUBLE) END AS weight_kg,
    NULL::VARCHAR AS series, orderid AS pump, false AS is_stop, CASE WHEN NOT is_push THEN rate END AS other_rate,
    CASE WHEN NOT is_push THEN rateuom END AS other_rate_unit,
    CASE WHEN begins IS NULL THEN 'the start cannot be read' WHEN is_push THEN NULL WHEN until IS NULL THEN 'the end cannot be read'
        WHEN until < begins THEN 'the end lies before the start' END AS trouble,
    concat_ws('; ', 'ended: ' || statusdescription, item_note) AS note,
    CASE WHEN NOT is_used AND regexp_matches(printed_label, '(?i)heparin|enoxaparin|dalteparin|argatroban|bivalirudin|hirudin|danaparoid|fondaparinux|warfarin|antithrombin')
            THEN 'item not used, though its name is that of an anticoagulant'
        WHEN NOT is_used THEN 'item not used'
        WHEN statusdescription = 'Rewritten' THEN 'rewritten by a later row' END AS left_out,
    concat_ws(' ', 'item ' || itemid, coalesce(label, printed_label)) AS example, row_hash
FROM read
