-- Continuous drugs are events of one order: each dose holds until the next event of the order; 'stop' and a dose of 0 end it,
-- and an event that only says that the drug is going says nothing new. A last dose without an end stays open. Rates per kg use
-- the last weight before, else the first after. Intermittent doses are given at once.
WITH weights AS (
    SELECT hospitalization_id, utc_of(recorded_dttm) AS at_time, try_cast(vital_value AS DOUBLE) AS kg
    FROM raw.vitals WHERE vital_category = 'weight_kg' AND try_cast(vital_value AS DOUBLE) > 0
), read AS (
    SELECT *, utc_of(admin_dttm) AS starts, try_cast(med_dose AS DOUBLE) AS dose, lower(trim(mar_action_category)) AS action,
        string_split(lower(med_dose_unit), '/') AS parts
    FROM raw.medication_admin_continuous
), silent AS (
    SELECT *, coalesce(action IN ('going', 'verify') AND med_dose IS NULL, false) AS says_nothing FROM read
), events AS (
    SELECT *, CASE WHEN NOT says_nothing THEN lead(starts) OVER (PARTITION BY hospitalization_id, med_order_id, med_category, says_nothing
        ORDER BY starts, raw_row) END AS ends
    FROM silent
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
), single AS (
    SELECT m.*, utc_of(m.admin_dttm) AS given, try_cast(m.med_dose AS DOUBLE) AS dose, lower(trim(m.mar_action_category)) AS action,
        t.name, t.purpose,
        -- CLIF puts under the skin and into the muscle together; heparins are not given into the muscle.
        CASE WHEN r.name = 'im' AND (t.name LIKE '%heparin' OR t.name LIKE '%parin' OR t.name = 'fondaparinux') THEN 'sc' ELSE r.name END AS route
    FROM raw.medication_admin_intermittent m
    LEFT JOIN terms t ON t."table" = 'medication' AND t.category = lower(trim(m.med_category))
    LEFT JOIN terms r ON r."table" = 'route' AND r.category = lower(trim(m.med_route_category))
)
SELECT 'medication_admin_continuous' AS raw_file, s.raw_row, h.patient_id AS subject, s.hospitalization_id AS hadm, NULL AS stay, s.starts, s.ends,
    t.name AS term, s.med_category AS term_reported, 'infusion' AS kind,
    CASE WHEN s.med_route_category IS NULL THEN 'iv' ELSE r.name END AS route,
    coalesce(t.purpose, CASE WHEN t.name = 'unfractionated heparin' THEN 'therapeutic' END) AS purpose,
    s.rate_per_hour * (epoch(s.ends) - epoch(s.starts)) / 3600 AS amount, s.rate_per_hour, s.med_dose AS amount_reported,
    s.parts[1] AS unit_reported, s.kg AS weight_kg,
    concat_ws('; ', 'charted in ' || s.med_dose_unit, CASE WHEN s.med_route_category IS NULL THEN 'no route is charted: taken as intravenous' END) AS note,
    CASE WHEN t.name IS NULL THEN 'item not used'
        WHEN s.says_nothing THEN 'the drug is going: no new dose'
        WHEN s.action = 'stop' OR s.dose = 0 THEN 'the end of an infusion, not a dose'
        WHEN s.ends = s.starts THEN 'followed by another dose in the same second'
        WHEN s.dose < 0 THEN 'the amount is negative'
        WHEN s.per_hour IS NULL THEN 'the unit is not a rate' END AS left_out,
    coalesce(s.med_category, 'no category') || coalesce(' ' || s.med_dose_unit, '') AS example
FROM sized s LEFT JOIN raw.hospitalization h USING (hospitalization_id)
LEFT JOIN terms t ON t."table" = 'medication' AND t.category = lower(trim(s.med_category))
LEFT JOIN terms r ON r."table" = 'route' AND r.category = lower(trim(s.med_route_category))
UNION ALL
SELECT 'medication_admin_intermittent', m.raw_row, h.patient_id, m.hospitalization_id, NULL, m.given, m.given, m.name, m.med_category, 'bolus',
    m.route, coalesce(m.purpose, CASE WHEN m.route = 'sc' AND m.name = 'unfractionated heparin' THEN 'prophylactic' END),
    m.dose, NULL, m.med_dose, m.med_dose_unit, NULL,
    concat_ws('; ', coalesce(m.mar_action_category, 'whether it was given is not charted'),
        CASE WHEN m.route = 'sc' AND lower(m.med_route_category) = 'im' THEN 'charted as im, which includes under the skin' END),
    CASE WHEN m.name IS NULL THEN 'item not used'
        WHEN m.action IN ('not_given', 'not given', 'held', 'missed', 'refused') THEN 'not given'
        WHEN m.action NOT IN ('given', 'bolus') THEN 'nothing says whether it was given'
        WHEN m.dose = 0 THEN 'the amount is 0: nothing was given'
        WHEN m.dose < 0 THEN 'the amount is negative' END,
    coalesce(m.med_category, 'no category') || coalesce(' ' || m.med_dose_unit, '')
FROM single m LEFT JOIN raw.hospitalization h USING (hospitalization_id)
