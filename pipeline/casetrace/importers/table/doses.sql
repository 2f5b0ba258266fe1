-- Doses: the amount of a bolus or transfusion, the amount that an infusion gave from start to end, or its rate. An infusion
-- whose row has no end ends, where the mapping says so, when the next row of the same order and drug begins; else its end is
-- open. An amount without an end is no rate: the drug was given, at a rate that is not known.
WITH timed AS (
    SELECT *, utc_of(starts) AS begins, try_cast(amount AS DOUBLE) AS size, try_cast(rate AS DOUBLE) AS speed, try_cast(weight_kg AS DOUBLE) AS kg,
        string_split(unit, '/')[1] AS base_unit, string_split(lower(unit), '/')[2:] AS per,
        CASE WHEN $at_next_change AND kind = 'infusion' THEN lead(utc_of(starts)) OVER (
            PARTITION BY subject, hadm, order_key, term, kind ORDER BY utc_of(starts), raw_row) END AS next_change
    FROM raw.doses
), read AS (
    SELECT *, coalesce(CASE WHEN kind = 'bolus' THEN begins ELSE utc_of(ends) END,
            CASE WHEN ends IS NOT NULL THEN NULL WHEN kind = 'infusion' THEN next_change ELSE begins END) AS until,
        speed * CASE WHEN list_has_any(per, ['h', 'hr', 'hour']) THEN 1 WHEN list_contains(per, 'min') THEN 60
            WHEN list_has_any(per, ['d', 'day']) THEN 1.0 / 24 END * CASE WHEN list_contains(per, 'kg') THEN kg ELSE 1 END AS per_hour,
        kind = 'infusion' AND rate IS NOT NULL AS is_rate
    FROM timed
)
SELECT 'doses' AS raw_file, raw_row, subject, hadm, stay, begins AS starts, until AS ends, term, term AS term_reported, kind, route, purpose,
    CASE WHEN is_rate THEN per_hour * (epoch(until) - epoch(begins)) / 3600 ELSE size END AS amount,
    CASE WHEN is_rate THEN per_hour END AS rate_per_hour,
    CASE WHEN is_rate THEN rate WHEN kind = 'infusion' AND until IS NULL THEN NULL ELSE amount END AS amount_reported,
    CASE WHEN is_rate THEN base_unit ELSE unit END AS unit_reported, kg AS weight_kg,
    nullif(concat_ws('; ', note, CASE WHEN is_rate THEN 'charted in ' || unit END, CASE WHEN kind = 'infusion' AND ends IS NULL AND until IS NOT NULL THEN 'until the next row of the order' END,
        CASE WHEN kind = 'infusion' AND until IS NULL AND NOT is_rate THEN amount || coalesce(' ' || unit, '') || ' until an end that is not told' END), '') AS note,
    CASE WHEN term IS NULL THEN 'no drug'
        WHEN kind IS NULL OR kind NOT IN ('bolus', 'infusion', 'transfusion') THEN 'the kind is none of bolus, infusion, transfusion'
        WHEN route NOT IN ('iv', 'sc', 'oral', 'im', 'circuit', 'local', 'inhaled') THEN 'the route is not known'
        WHEN purpose NOT IN ('therapeutic', 'prophylactic', 'circuit', 'flush') THEN 'the purpose is not known'
        WHEN rate IS NOT NULL AND kind <> 'infusion' THEN 'a rate of what is no infusion'
        WHEN rate IS NOT NULL AND amount IS NOT NULL THEN 'a rate and an amount'
        WHEN amount IS NOT NULL AND NOT isfinite(coalesce(size, 'nan'::DOUBLE)) THEN 'the amount is not a number'
        WHEN rate IS NOT NULL AND NOT isfinite(coalesce(speed, 'nan'::DOUBLE)) THEN 'the rate is not a number'
        WHEN size < 0 OR speed < 0 THEN 'the amount is negative'
        WHEN speed = 0 THEN 'the rate is 0: the end of an infusion, not a dose'
        WHEN size = 0 THEN 'the amount is 0: nothing was given'
        WHEN is_rate AND NOT coalesce(list_has_any(per, ['h', 'hr', 'hour', 'min', 'd', 'day']), false) THEN 'the unit is not a rate'
        WHEN ends IS NOT NULL AND utc_of(ends) IS NULL THEN 'time cannot be read'
        WHEN utc_of(ends) < begins THEN 'the end lies before the start'
        WHEN kind = 'infusion' AND ends IS NULL AND next_change = begins THEN 'followed by another row of the same time' END AS left_out,
    coalesce(term, 'no drug') || coalesce(' ' || coalesce(amount, rate), '') || coalesce(' ' || unit, '') AS example
FROM read
