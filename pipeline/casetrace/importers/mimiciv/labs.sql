-- Laboratory rows. `valuenum` is the value, for `value` is '___' wherever a comment stands beside it. A value at the
-- ceiling of the assay, and a bound in the comment, stay one-sided. A row without any value is a test without a result
-- (unable to report, clotted); its comment says why, unless it is scrubbed.
WITH read AS (
    SELECT l.*, i.name, coalesce(i.label, d.label) AS item_label, i.note AS item_note, i.ceiling, i.itemid IS NOT NULL AS is_known_item,
        coalesce(i.name IN ('blood_film', 'anti_pf4'), false) AS is_wordy,
        number_of(l.valuenum) AS number,
        nullif(trim(coalesce(CASE WHEN l.value NOT IN ('___', '') THEN l.value END, l.comments)), '___') AS words
    FROM raw.labevents l
    LEFT JOIN items i ON i.file = 'labevents' AND i.itemid = l.itemid
        AND (i.unit IS NULL OR lower(i.unit) = lower(l.valueuom))
    LEFT JOIN raw.d_labitems d ON d.itemid = l.itemid
), judged AS (
    SELECT *,
        regexp_extract(upper(words), '^(<|>|LESS THAN|GREATER THAN)\s*=?\s*([0-9]+(?:\.[0-9]+)?)', ['side', 'size']) AS bound,
        CASE WHEN is_wordy THEN nullif(regexp_extract(upper(words), CASE name WHEN 'blood_film' THEN '^(VERY LOW|LOW|NORMAL|VERY HIGH|HIGH|RARE)\b'
            ELSE '^(POSITIVE|NEGATIVE)\b' END, 1), '') END AS printed_word
    FROM read
)
SELECT 'labevents' AS raw_file, raw_row, subject_id AS subject, hadm_id AS hadm, false AS is_own_word, try_cast(charttime AS TIMESTAMP) AS charted, false AS is_date,
    name AS term, coalesce(item_label, itemid) AS term_reported,
    coalesce(CASE WHEN number IS NULL AND bound.size <> '' THEN replace(replace(bound.side, 'LESS THAN', '<'), 'GREATER THAN', '>')
        || bound.size END, CASE WHEN number >= ceiling THEN '>=' || valuenum END,
        CASE WHEN value NOT IN ('___', '') AND number IS NOT NULL THEN value END, valuenum, printed_word) AS value_reported,
    CASE WHEN number IS NOT NULL AND NOT coalesce(number >= ceiling, false) THEN number END AS number,
    CASE WHEN number >= ceiling THEN number
        WHEN number IS NULL AND bound.side IN ('>', 'GREATER THAN') THEN try_cast(bound.size AS DOUBLE) END AS above,
    CASE WHEN number IS NULL AND bound.side IN ('<', 'LESS THAN') THEN try_cast(bound.size AS DOUBLE) END AS below,
    number IS NULL AS bound_is_strict,
    lower(printed_word) AS word, coalesce(number IS NULL AND regexp_matches(words, '(?i)unable|not done|not performed|cancel|clotted|hemolyzed|haemolysed'), false) AS is_not_done,
    valueuom AS unit_reported, ref_range_lower AS ref_low, ref_range_upper AS ref_high,
    nullif(concat_ws('; ', item_note, CASE WHEN number >= ceiling THEN 'at the ceiling of the assay'
        WHEN number IS NULL AND words ILIKE '%clotted%' THEN 'no result: clotted'
        WHEN number IS NULL AND words ILIKE 'unable%' THEN 'no result: the laboratory was unable to report'
        WHEN number IS NULL AND bound.size = '' AND NOT is_wordy THEN 'no result is given' END), '') AS note,
    CASE WHEN NOT is_known_item AND EXISTS (FROM items k WHERE k.file = 'labevents' AND k.itemid = judged.itemid)
            THEN 'unknown unit of a known item'
        WHEN NOT is_known_item AND item_label IN (SELECT label FROM items WHERE file = 'labevents')
            THEN 'item not used, though its name is that of one that is'
        WHEN NOT is_known_item THEN 'item not used' END AS left_out,
    CASE WHEN is_known_item THEN name ELSE concat_ws(' ', 'item ' || itemid, item_label, 'in ' || valueuom) END AS example,
    hash(labevent_id, specimen_id, subject_id, hadm_id, itemid, charttime, value, valuenum, valueuom, comments) AS row_hash
FROM judged
