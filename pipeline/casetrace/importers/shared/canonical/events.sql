-- Events, each in the minute in which it is charted.
SELECT f.case_id, 'E' || row_number() OVER (PARTITION BY f.case_id ORDER BY f.m, f.raw_file, f.raw_row, f.term) AS row_id,
    f.raw_file AS evidence, f.note, f.raw_file, f.raw_row::INTEGER AS raw_row,
    time_text(f.m) AS when_reported, 'minute' AS time_form, f.m AS time_min, f.m AS time_earliest_min, f.m AS time_latest_min,
    floor_day(f.m) AS day, coalesce(k.name, f.term) AS event, coalesce(f.term_reported, f.term) AS event_reported,
    k.name IS NOT NULL AS is_coded
FROM (SELECT *, minute_of(charted) - zero AS m FROM placed_events) f LEFT JOIN known_events k USING (term)
