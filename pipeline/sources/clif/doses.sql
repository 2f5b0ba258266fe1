-- Continuous drugs are events of one order: each dose holds until the next event of the order; 'stop' and a dose of 0 end it.
-- A last dose without an end stays open. Rates per kg use the last weight before, else the first after. Intermittent ones are
-- given at once.
WITH weights AS (
    SELECT hospitalization_id, try_cast(recorded_dttm AS TIMESTAMP) AS at_time, try_cast(vital_value AS DOUBLE) AS kg
    FROM raw.vitals WHERE vital_category = 'weight_kg' AND try_cast(vital_value AS DOUBLE) > 0
), events AS (
    SELECT *, try_cast(admin_dttm AS TIMESTAMP) AS starts, try_cast(med_dose AS DOUBLE) AS dose,
        string_split(lower(med_dose_unit), '/') AS parts,
        lead(try_cast(admin_dttm AS TIMESTAMP)) OVER (PARTITION BY hospitalization_id, med_order_id, med_category
            ORDER BY try_cast(admin_dttm AS TIMESTAMP), raw_row) AS ends
    FROM raw.medication_admin_continuous
), rates AS (
    SELECT e.*, CASE WHEN list_has_any(parts, ['hr', 'h', 'hour']) THEN 1 WHEN list_contains(parts, 'min') THEN 60
            WHEN list_has_any(parts, ['day', 'd']) THEN 1.0 / 24 END AS per_hour,
        list_contains(parts, 'kg') AS is_per_kg,
        coalesce(
            (SELECT arg_max(kg, at_time) FROM weights w WHERE w.hospitalization_id = e.hospitalization_id AND w.at_time <= e.starts),
            (SELECT arg_min(kg, at_time) FROM weights w WHERE w.hospitalization_id = e.hospitalization_id AND w.at_time > e.starts)
        ) AS kg
    FROM events e
), sized AS (
    SELECT *, dose * per_hour * CASE WHEN is_per_kg THEN kg ELSE 1 END AS rate_per_hour FROM rates
)
SELECT 'medication_admin_continuous' AS raw_file, s.raw_row, h.patient_id AS subject, s.hospitalization_id AS hadm, NULL AS stay, s.starts, s.ends,
    t.name AS term, s.med_category AS term_reported, 'infusion' AS kind,
    CASE WHEN lower(s.med_route_category) IN ('iv', 'intravenous') OR s.med_route_category IS NULL THEN 'iv' END AS route,
    coalesce(t.purpose, CASE WHEN t.name = 'unfractionated heparin' THEN 'therapeutic' END) AS purpose,
    s.rate_per_hour * (epoch(s.ends) - epoch(s.starts)) / 3600 AS amount, s.rate_per_hour, s.med_dose AS amount_reported,
    s.parts[1] AS unit_reported, s.kg AS weight_kg, 'charted in ' || s.med_dose_unit AS note,
    CASE WHEN t.name IS NULL THEN 'item not used'
        WHEN lower(s.mar_action_category) = 'stop' OR s.dose = 0 THEN 'the end of an infusion, not a dose'
        WHEN s.ends = s.starts THEN 'followed by another dose in the same second'
        WHEN s.dose < 0 THEN 'the amount is negative'
        WHEN s.per_hour IS NULL THEN 'the unit is not a rate' END AS left_out,
    coalesce(s.med_category, 'no category') || coalesce(' ' || s.med_dose_unit, '') AS example
FROM sized s LEFT JOIN raw.hospitalization h USING (hospitalization_id)
LEFT JOIN terms t ON t."table" = 'medication' AND t.category = lower(s.med_category)
UNION ALL
SELECT 'medication_admin_intermittent', m.raw_row, h.patient_id, m.hospitalization_id, NULL, try_cast(m.admin_dttm AS TIMESTAMP),
    try_cast(m.admin_dttm AS TIMESTAMP), t.name, m.med_category, 'bolus',
    CASE lower(m.med_route_category) WHEN 'iv' THEN 'iv' WHEN 'intravenous' THEN 'iv' WHEN 'subq' THEN 'sc' WHEN 'subcutaneous' THEN 'sc'
        WHEN 'enteral' THEN 'oral' WHEN 'oral' THEN 'oral' WHEN 'im' THEN 'im' END,
    coalesce(t.purpose, CASE WHEN lower(m.med_route_category) IN ('subq', 'subcutaneous') AND t.name = 'unfractionated heparin'
        THEN 'prophylactic' END),
    try_cast(m.med_dose AS DOUBLE), NULL, m.med_dose, m.med_dose_unit, NULL, m.mar_action_category,
    CASE WHEN t.name IS NULL THEN 'item not used'
        WHEN lower(m.mar_action_category) IN ('not_given', 'not given', 'held', 'missed', 'refused') THEN 'not given'
        WHEN try_cast(m.med_dose AS DOUBLE) = 0 THEN 'the amount is 0: nothing was given'
        WHEN try_cast(m.med_dose AS DOUBLE) < 0 THEN 'the amount is negative' END,
    coalesce(m.med_category, 'no category') || coalesce(' ' || m.med_dose_unit, '')
FROM raw.medication_admin_intermittent m LEFT JOIN raw.hospitalization h USING (hospitalization_id)
LEFT JOIN terms t ON t."table" = 'medication' AND t.category = lower(m.med_category)
