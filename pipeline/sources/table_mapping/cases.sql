-- A case as the mapping gives it; without a wider span it sees its own.
SELECT $unit AS unit, case_key, subject, hadm, stay, coalesce(place, 'case') AS place,
    try_cast(starts AS TIMESTAMP) AS starts, try_cast(ends AS TIMESTAMP) AS ends,
    coalesce(try_cast(seen_from AS TIMESTAMP), try_cast(starts AS TIMESTAMP)) AS seen_from,
    coalesce(try_cast(seen_until AS TIMESTAMP), try_cast(ends AS TIMESTAMP)) AS seen_until, raw_row
FROM raw.cases
