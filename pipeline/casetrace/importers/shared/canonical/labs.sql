-- Laboratory results, in canonical units, each in the minute in which it was drawn.
SELECT f.case_id, 'L' || row_number() OVER (PARTITION BY f.case_id ORDER BY f.m, f.raw_file, f.raw_row) AS row_id,
    f.raw_file AS evidence, f.note, f.raw_file, f.raw_row::INTEGER AS raw_row,
    time_text(f.m) AS when_reported, 'minute' AS time_form, f.m AS time_min, f.m AS time_earliest_min, f.m AS time_latest_min,
    floor_day(f.m) AS day, f.value_reported, f.unit_reported,
    CASE WHEN f.number IS NOT NULL THEN 'number' WHEN f.above IS NOT NULL OR f.below IS NOT NULL THEN 'one_sided'
        WHEN f.word IS NOT NULL THEN 'word' WHEN f.is_not_done THEN 'not_done' ELSE 'not_printed' END AS value_kind,
    round(f.number * u.by, 10) AS value, round(coalesce(f.number, f.above) * u.by, 10) AS value_low,
    round(coalesce(f.number, f.below) * u.by, 10) AS value_high,
    f.above IS NOT NULL AND f.bound_is_strict AS low_is_strict, f.below IS NOT NULL AND f.bound_is_strict AS high_is_strict,
    CASE WHEN f.number IS NULL AND f.above IS NULL AND f.below IS NULL THEN f.word END AS value_word, u.unit,
    u.name AS analyte, f.term, f.term_reported AS analyte_reported, u.is_coded,
    CASE WHEN u.by <> 1 THEN u.conversion END AS conversion,
    f.ref_low AS ref_low_reported, f.ref_high AS ref_high_reported,
    round(try_cast(f.ref_low AS DOUBLE) * u.by, 10) AS ref_low, round(try_cast(f.ref_high AS DOUBLE) * u.by, 10) AS ref_high,
    coalesce(round(coalesce(f.number, f.above, f.below) * u.by, 10) NOT BETWEEN u.plausible_low AND u.plausible_high, false) AS is_implausible
FROM (SELECT *, minute_of(charted) - zero AS m FROM placed_labs) f
JOIN units_labs u ON u.term = f.term AND u.unit_reported IS NOT DISTINCT FROM f.unit_reported
