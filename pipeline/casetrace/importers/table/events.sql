-- Events.
SELECT 'events' AS raw_file, raw_row, subject, hadm, stay, utc_of(charted) AS charted, term, term AS term_reported, note,
    CASE WHEN subject IS NULL THEN 'no patient' WHEN term IS NULL THEN 'no event' END AS left_out, coalesce(term, 'no event') AS example
FROM raw.events
