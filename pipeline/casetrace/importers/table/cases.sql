-- A case as the mapping gives it; without a wider span it sees its own. A case dated to a day lasts to the end of that day.
SELECT $unit AS unit, case_key, subject, hadm, stay, coalesce(place, 'case') AS place,
    utc_of(starts) AS starts, utc_of(ends) + whole_day(ends) AS ends,
    least(coalesce(utc_of(seen_from), utc_of(starts)), utc_of(starts)) AS seen_from,
    greatest(coalesce(utc_of(seen_until) + whole_day(seen_until), utc_of(ends) + whole_day(ends)), utc_of(ends) + whole_day(ends)) AS seen_until,
    true AS is_by_time, raw_row
FROM raw.cases
