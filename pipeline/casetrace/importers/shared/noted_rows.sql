-- Rows of the canonical tables about which something is unknown or not plausible (true), or that are used with a change (false).
SELECT true AS is_unknown, w.what, l.analyte AS term, l.case_id, l.raw_file, l.raw_row,
    coalesce(l.value_reported, 'no value') || ' ' || coalesce(l.unit_reported, 'without a unit') AS example
FROM canonical_labs l
JOIN units_labs u ON u.term = l.term AND u.unit_reported IS NOT DISTINCT FROM l.unit_reported
CROSS JOIN LATERAL (SELECT unnest([
    CASE WHEN u.by IS NULL AND l.value_kind IN ('number', 'one_sided') AND u.is_coded THEN 'the unit is not known' END,
    CASE WHEN l.is_implausible THEN 'outside the plausible range' END,
    CASE WHEN l.is_negative THEN 'the value is negative'
        WHEN l.value_kind = 'not_printed' AND l.value_reported IS NOT NULL THEN 'the value is not a number'
        WHEN l.value_kind = 'not_printed' THEN 'a result without a number' END,
    CASE WHEN l.is_own_word AND NOT u.is_coded THEN 'the test is in no vocabulary' END]) AS what) w
WHERE w.what IS NOT NULL
UNION ALL
SELECT true, w.what, d.drug, d.case_id, d.raw_file, d.raw_row,
    CASE WHEN d.is_implausible THEN round(d.amount_high, 1) || ' ' || d.unit
        ELSE coalesce(d.amount_reported, 'no amount') || ' ' || coalesce(d.unit_reported, 'without a unit') END
FROM canonical_doses d CROSS JOIN LATERAL (SELECT unnest([
    CASE WHEN d.is_implausible THEN 'outside the plausible range' END,
    CASE WHEN d.gap LIKE 'runs at the same time as row %' THEN 'runs at the same time as another row' ELSE d.gap END,
    CASE WHEN d.may_lie_outside AND d.start_form <> 'unknown' THEN 'its time may lie outside the case' END,
    CASE WHEN d.is_own_word AND NOT d.is_coded THEN 'the drug is in no vocabulary' END]) AS what) w
WHERE w.what IS NOT NULL
UNION ALL
SELECT false, w.what, l.analyte, l.case_id, l.raw_file, l.raw_row, l.value_reported || coalesce(' ' || l.unit_reported, '')
FROM canonical_labs l CROSS JOIN LATERAL (SELECT unnest([
    CASE WHEN l.conversion IS NOT NULL THEN 'converted: ' || l.conversion END,
    CASE WHEN l.time_form <> 'minute' THEN 'dated to a day: some time of it' END]) AS what) w
WHERE w.what IS NOT NULL
UNION ALL
SELECT false, w.what, d.drug, d.case_id, d.raw_file, d.raw_row,
    coalesce(d.amount_reported, 'no amount') || ' ' || coalesce(d.unit_reported, 'without a unit')
FROM canonical_doses d CROSS JOIN LATERAL (SELECT unnest([
    CASE WHEN d.factor IS NOT NULL THEN 'converted: ' || d.factor END,
    CASE WHEN d.is_part THEN 'parted at the start or end of the case' END,
    CASE WHEN d.ends_at_next_row THEN 'ends where the next row of its order begins' END,
    CASE WHEN d.is_vague THEN 'dated to a day: some time of it' END]) AS what) w
WHERE w.what IS NOT NULL
