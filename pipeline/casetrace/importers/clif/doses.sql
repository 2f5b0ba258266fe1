-- Continuous drugs are events of one order: each dose holds until the next event of the order; 'stop' and a dose of 0 end it,
-- and an event that only says that the drug is going says nothing new. A last dose without an end stays open. Rates per kg use
-- the last weight before, else the first after; two weights of one time tell none. Intermittent doses are given at once.
WITH weights AS (
    SELECT hospitalization_id, utc_of(recorded_dttm) AS at_time,
        CASE WHEN count(DISTINCT number_of(vital_value)) = 1 THEN any_value(number_of(vital_value)) END AS kg
    FROM raw.vitals WHERE vital_category = 'weight_kg' AND number_of(vital_value) IS NOT NULL GROUP BY ALL
), read AS (
    SELECT *, utc_of(admin_dttm) AS starts, lower(trim(mar_action_category)) AS action FROM raw.medication_admin_continuous
), events AS (
    SELECT *, coalesce(action IN ('going', 'verify') AND med_dose IS NULL, false) AS says_nothing FROM read
), weighed AS (
    SELECT e.*, coalesce(
            (SELECT arg_max(kg, at_time) FROM weights w WHERE w.hospitalization_id = e.hospitalization_id AND w.at_time <= e.starts),
            (SELECT arg_min(kg, at_time) FROM weights w WHERE w.hospitalization_id = e.hospitalization_id AND w.at_time > e.starts)
        ) AS kg
    FROM events e
), single AS (
    SELECT m.*, utc_of(m.admin_dttm) AS given, lower(trim(m.mar_action_category)) AS action, t.name, t.purpose,
        -- CLIF puts under the skin and into the muscle together; heparins are not given into the muscle.
        CASE WHEN r.name = 'im' AND (t.name LIKE '%heparin' OR t.name LIKE '%parin' OR t.name = 'fondaparinux') THEN 'sc' ELSE r.name END AS route
    FROM raw.medication_admin_intermittent m
    LEFT JOIN terms t ON t."table" = 'medication' AND t.category = lower(trim(m.med_category))
    LEFT JOIN terms r ON r."table" = 'route' AND r.category = lower(trim(m.med_route_category))
)
SELECT 'medication_admin_continuous' AS raw_file, s.raw_row, h.patient_id AS subject, s.hospitalization_id AS hadm, NULL AS stay, false AS is_own_word,
    s.starts, NULL::TIMESTAMP AS ends, false AS start_is_day, false AS end_is_day, false AS has_own_end,
    t.name AS term, s.med_category AS term_reported, 'infusion' AS kind,
    CASE WHEN s.med_route_category IS NULL THEN 'iv' ELSE r.name END AS route,
    coalesce(t.purpose, CASE WHEN t.name = 'unfractionated heparin' THEN 'therapeutic' END) AS purpose,
    s.med_dose AS quantity, s.med_dose AS quantity_reported, true AS is_rate, s.med_dose_unit AS unit_reported,
    NULL::VARCHAR AS concentration, NULL::VARCHAR AS concentration_unit, s.kg AS weight_kg,
    concat_ws(chr(31), s.hospitalization_id, s.med_order_id, s.med_category) AS series, s.med_order_id AS pump,
    coalesce(s.action = 'stop', false) AS is_stop, NULL::VARCHAR AS other_rate, NULL::VARCHAR AS other_rate_unit,
    CASE WHEN s.starts IS NULL THEN 'the start cannot be read' END AS trouble,
    concat_ws('; ', 'charted in ' || s.med_dose_unit, CASE WHEN s.med_route_category IS NULL THEN 'no route is charted: taken as intravenous' END) AS note,
    CASE WHEN t.name IS NULL THEN 'item not used' WHEN s.says_nothing THEN 'the drug is going: no new dose' END AS left_out,
    coalesce(s.med_category, 'no category') || coalesce(' ' || s.med_dose_unit, '') AS example, s.row_hash
FROM weighed s LEFT JOIN raw.hospitalization h USING (hospitalization_id)
LEFT JOIN terms t ON t."table" = 'medication' AND t.category = lower(trim(s.med_category))
LEFT JOIN terms r ON r."table" = 'route' AND r.category = lower(trim(s.med_route_category))
UNION ALL
SELECT 'medication_admin_intermittent', m.raw_row, h.patient_id, m.hospitalization_id, NULL, false, m.given, m.given, false, false, true,
    m.name, m.med_category, 'bolus',
    m.route, coalesce(m.purpose, CASE WHEN m.route = 'sc' AND m.name = 'unfractionated heparin' THEN 'prophylactic' END),
    m.med_dose, m.med_dose, false, m.med_dose_unit, NULL, NULL,
    (SELECT coalesce(arg_max(kg, at_time) FILTER (at_time <= m.given), arg_min(kg, at_time) FILTER (at_time > m.given))
        FROM weights w WHERE w.hospitalization_id = m.hospitalization_id),
    NULL, NULL, false, NULL, NULL, CASE WHEN m.given IS NULL THEN 'the start cannot be read' END,
    concat_ws('; ', coalesce(m.mar_action_category, 'whether it was given is not charted'),
        CASE WHEN m.route = 'sc' AND lower(m.med_route_category) = 'im' THEN 'charted as im, which includes under the skin' END),
    CASE WHEN m.name IS NULL THEN 'item not used'
        WHEN m.action IN ('not_given', 'not given', 'held', 'missed', 'refused') THEN 'not given'
        WHEN m.action NOT IN ('given', 'bolus') THEN 'nothing says whether it was given' END,
    coalesce(m.med_category, 'no category') || coalesce(' ' || m.med_dose_unit, ''), m.row_hash
FROM single m LEFT JOIN raw.hospitalization h USING (hospitalization_id)
