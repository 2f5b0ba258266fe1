-- A case as the mapping gives it; without a wider span it sees its own.
SELECT $unit AS unit, case_key, subject, hadm, stay, coalesce(place, 'case') AS place,
    utc_of(starts) AS starts, utc_of(ends) AS ends,
    coalesce(utc_of(seen_from), utc_of(starts)) AS seen_from,
    coalesce(utc_of(seen_until), utc_of(ends)) AS seen_until, raw_row
FROM raw.cases
