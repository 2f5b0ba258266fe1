-- Doses: the amount of a bolus or transfusion, the amount that an infusion gave from start to end, or its rate. An infusion
-- whose row has no end ends, where the mapping says so, when the next row of the same order and drug begins; else its end is
-- open. An amount without an end is no rate: the drug was given, at a rate that is not known.
WITH timed AS (
    SELECT *, utc_of(starts) AS begins, utc_of(ends) AS until, rate IS NOT NULL AS has_rate,
        CASE WHEN kind IN ('bolus', 'infusion', 'transfusion') THEN kind WHEN rate IS NOT NULL OR utc_of(ends) > utc_of(starts) THEN 'infusion'
            ELSE 'bolus' END AS form
    FROM raw.doses
), judged AS (
    SELECT *, form = 'infusion' AND rate IS NOT NULL AS is_rate,
        form = 'infusion' AND amount IS NOT NULL AND NOT has_rate AND ends IS NULL AS is_open_amount,
        CASE WHEN begins IS NULL THEN 'the start cannot be read'
            WHEN kind IS NULL OR kind NOT IN ('bolus', 'infusion', 'transfusion') THEN 'the kind is none of bolus, infusion, transfusion'
            WHEN has_rate AND form <> 'infusion' THEN 'a rate of what is no infusion'
            WHEN has_rate AND amount IS NOT NULL THEN 'a rate and an amount'
            WHEN form <> 'bolus' AND ends IS NOT NULL AND until IS NULL THEN 'the end cannot be read'
            WHEN form <> 'bolus' AND until < begins AND NOT (is_day(ends) AND until::DATE = begins::DATE) THEN 'the end lies before the start' END AS trouble
    FROM timed
)
SELECT 'doses' AS raw_file, raw_row, subject, hadm, stay, true AS is_own_word, begins AS starts,
    CASE WHEN form = 'bolus' THEN begins WHEN form = 'transfusion' THEN coalesce(until, begins) WHEN trouble IS NULL THEN until END AS ends,
    is_day(starts) AS start_is_day, CASE WHEN form = 'bolus' OR ends IS NULL THEN is_day(starts) ELSE is_day(ends) END AS end_is_day,
    form <> 'infusion' OR ends IS NOT NULL AS has_own_end,
    term, term AS term_reported, form AS kind,
    CASE WHEN route IN ('iv', 'sc', 'oral', 'im', 'circuit', 'local', 'inhaled') THEN route END AS route,
    CASE WHEN purpose IN ('therapeutic', 'prophylactic', 'circuit', 'flush') THEN purpose END AS purpose,
    CASE WHEN is_open_amount AND number_of(amount) <> 0 AND NOT $at_next_change THEN NULL WHEN has_rate THEN rate ELSE amount END AS quantity,
    CASE WHEN has_rate THEN raw_rate WHEN is_open_amount AND NOT $at_next_change THEN NULL ELSE raw_amount END AS quantity_reported,
    is_rate, unit AS unit_reported, concentration, concentration_unit, number_of(weight_kg) AS weight_kg,
    CASE WHEN $at_next_change AND form = 'infusion' THEN concat_ws(chr(31), subject, coalesce(hadm, ''), coalesce(order_key, ''), term, coalesce(route, '')) END AS series,
    CASE WHEN $separate THEN 'row ' || raw_row ELSE order_key END AS pump, false AS is_stop,
    NULL::VARCHAR AS other_rate, NULL::VARCHAR AS other_rate_unit, trouble,
    nullif(concat_ws('; ', note, CASE WHEN is_rate THEN 'charted in ' || unit END,
        CASE WHEN is_open_amount AND NOT $at_next_change THEN raw_amount || coalesce(' ' || unit, '') || ' until an end that is not told' END,
        CASE WHEN route NOT IN ('iv', 'sc', 'oral', 'im', 'circuit', 'local', 'inhaled') THEN 'the route ' || route || ' is not known' END,
        CASE WHEN purpose NOT IN ('therapeutic', 'prophylactic', 'circuit', 'flush') THEN 'the purpose ' || purpose || ' is not known' END), '') AS note,
    CASE WHEN subject IS NULL THEN 'no patient' WHEN term IS NULL THEN 'no drug' END AS left_out,
    coalesce(term, 'no drug') || coalesce(' ' || coalesce(raw_amount, raw_rate), '') || coalesce(' ' || unit, '') AS example, row_hash
FROM judged
