-- Each dose row in the unit of its drug: the amount that it gave, or its rate per hour, or why the number is not known. A row
-- whose number is not known keeps its place, so that the drug was given and every total of it stays open.
WITH read AS (
    SELECT j.* EXCLUDE (left_out, reason), u.* EXCLUDE (term, unit_reported, concentration_unit),
        number_of(j.quantity) AS n, number_of(j.concentration) AS per_volume,
        CASE WHEN j.weight_kg BETWEEN w.low_kg AND w.high_kg THEN j.weight_kg END AS usable_kg,
        'a weight of ' || format('{:g}', j.weight_kg) || ' kg is outside the plausible range' AS weight_trouble,
        number_of(j.other_rate) * r.by * CASE WHEN r.is_per_kg THEN j.weight_kg ELSE 1 END
            * (epoch(j.ends) - epoch(j.starts)) / 3600 AS by_rate, coalesce(r.has_time, false) AS rate_is_read
    FROM judged_doses j CROSS JOIN weight_limits w
    JOIN units_doses u ON u.term = j.term AND u.unit_reported IS NOT DISTINCT FROM j.unit_reported
        AND u.concentration_unit IS NOT DISTINCT FROM j.concentration_unit
    LEFT JOIN units_doses r ON j.other_rate_unit IS NOT NULL AND r.term = j.term AND r.unit_reported = j.other_rate_unit
        AND r.concentration_unit IS NULL
    WHERE j.reason IS NULL
), multiplied AS (
    SELECT *, n * "by" * CASE WHEN is_per_kg THEN usable_kg ELSE 1 END * CASE WHEN is_volume THEN per_volume ELSE 1 END AS raw_size
    FROM read
), judged AS (
    SELECT *,
        CASE WHEN trouble IS NOT NULL THEN trouble
            WHEN quantity IS NULL THEN 'no amount is given'
            WHEN n IS NULL THEN 'the amount is not a number'
            WHEN n < 0 THEN 'the amount is negative'
            WHEN "by" IS NULL AND unit_reported IS NULL THEN 'no unit is given'
            WHEN "by" IS NULL OR (is_volume AND coalesce(per_volume, 0) <= 0) THEN 'the unit is not one of the drug'
            WHEN is_rate AND NOT has_time THEN 'the unit is not a rate'
            WHEN has_time AND NOT is_rate THEN 'the unit is a rate, the number an amount'
            WHEN is_per_kg AND weight_kg IS NULL THEN 'a rate per kg without a weight'
            WHEN is_per_kg AND usable_kg IS NULL THEN weight_trouble
            WHEN raw_size >= 1e11 THEN 'the amount is larger than any dose' END AS gap
    FROM multiplied
), sized AS (
    SELECT *, CASE WHEN gap IS NULL THEN raw_size END AS size,
        gap IS NULL AND rate_is_read AND NOT is_rate AND abs(raw_size - by_rate) > 1 + 0.01 * greatest(raw_size, by_rate) AS rates_differ
    FROM judged
)
SELECT * EXCLUDE (size, rates_differ, gap, "by", per_volume, raw_size, by_rate, rate_is_read),
    CASE WHEN NOT rates_differ THEN size END AS size,
    CASE WHEN rates_differ THEN least(size, by_rate) ELSE size END AS size_low,
    CASE WHEN rates_differ THEN greatest(size, by_rate) ELSE size END AS size_high,
    CASE WHEN rates_differ THEN 'amount and rate times length differ' ELSE gap END AS gap,
    CASE WHEN rates_differ THEN 'disputed' WHEN gap IS NULL THEN 'known' WHEN gap = 'no amount is given' THEN 'not_printed'
        WHEN gap = weight_trouble THEN 'implausible_weight' WHEN gap LIKE '%weight%' THEN 'needs_weight' WHEN gap LIKE '%unit%' THEN 'needs_unit' ELSE 'unreadable' END AS amount_status
FROM sized
