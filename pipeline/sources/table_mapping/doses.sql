-- Doses: the amount of a bolus or transfusion, or the amount that an infusion gave from start to end.
SELECT 'doses' AS raw_file, raw_row, subject, hadm, stay, try_cast(starts AS TIMESTAMP) AS starts,
    CASE WHEN kind = 'bolus' THEN try_cast(starts AS TIMESTAMP) ELSE coalesce(try_cast(ends AS TIMESTAMP), try_cast(starts AS TIMESTAMP))
        END AS ends,
    term, term AS term_reported, kind, route, purpose, try_cast(amount AS DOUBLE) AS amount, NULL::DOUBLE AS rate_per_hour, amount AS amount_reported,
    unit AS unit_reported, try_cast(weight_kg AS DOUBLE) AS weight_kg, note,
    CASE WHEN term IS NULL THEN 'no drug'
        WHEN kind IS NULL OR kind NOT IN ('bolus', 'infusion', 'transfusion') THEN 'the kind is none of bolus, infusion, transfusion'
        WHEN route NOT IN ('iv', 'sc', 'oral', 'im', 'circuit', 'local', 'inhaled') THEN 'the route is not known'
        WHEN purpose NOT IN ('therapeutic', 'prophylactic', 'circuit', 'flush') THEN 'the purpose is not known'
        WHEN amount IS NOT NULL AND NOT isfinite(coalesce(try_cast(amount AS DOUBLE), 'nan'::DOUBLE)) THEN 'the amount is not a number'
        WHEN try_cast(amount AS DOUBLE) < 0 THEN 'the amount is negative'
        WHEN try_cast(amount AS DOUBLE) = 0 THEN 'the amount is 0: nothing was given'
        WHEN kind = 'infusion' AND ends IS NULL THEN 'the infusion has no end'
        WHEN ends IS NOT NULL AND try_cast(ends AS TIMESTAMP) IS NULL THEN 'time cannot be read'
        WHEN try_cast(ends AS TIMESTAMP) < try_cast(starts AS TIMESTAMP) THEN 'the end lies before the start' END AS left_out,
    coalesce(term, 'no drug') || coalesce(' ' || amount, '') || coalesce(' ' || unit, '') AS example
FROM raw.doses
