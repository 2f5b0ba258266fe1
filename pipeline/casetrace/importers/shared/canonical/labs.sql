-- Laboratory results, in canonical units, each in the minute in which it was drawn, or on the day to which it is dated. A text
-- that is neither a number, a bound nor a known word is a result without a number; so is a negative one of what is never negative.
WITH read AS (
    SELECT f.* EXCLUDE (number, above, below, word), minute_of(f.charted) - f.zero AS m,
        CASE WHEN f.is_date THEN 1439 ELSE 0 END AS late, u.by, u.unit, u.name, u.is_coded, u.conversion, u.plausible_low, u.plausible_high,
        CASE WHEN NOT is_negative THEN f.number END AS number, CASE WHEN NOT is_negative THEN f.above END AS above,
        CASE WHEN NOT is_negative THEN f.below END AS below,
        CASE WHEN w.word IS NOT NULL OR u.unit IS NULL AND u.by IS NOT NULL OR NOT u.is_coded THEN f.word END AS word,
        is_negative
    FROM placed_labs f
    JOIN units_labs u ON u.term = f.term AND u.unit_reported IS NOT DISTINCT FROM f.unit_reported
    LEFT JOIN result_words w ON w.word = f.word
    CROSS JOIN LATERAL (SELECT coalesce(u.plausible_low >= 0 AND coalesce(f.number, f.above, f.below) < 0, false) AS is_negative) n
)
SELECT f.case_id, 'L' || row_number() OVER (PARTITION BY f.case_id ORDER BY f.m, f.raw_file, f.raw_row) AS row_id,
    f.raw_file AS evidence, f.note, f.raw_file, f.raw_row::INTEGER AS raw_row,
    CASE WHEN f.is_date THEN NULL ELSE time_text(f.m) END AS when_reported, CASE WHEN f.is_date THEN 'interval' ELSE 'minute' END AS time_form,
    f.m + f.late // 2 AS time_min, f.m AS time_earliest_min, f.m + f.late AS time_latest_min,
    CASE WHEN floor_day(f.m) = floor_day(f.m + f.late) THEN floor_day(f.m) END AS day, f.value_reported, f.unit_reported,
    CASE WHEN f.number IS NOT NULL THEN 'number' WHEN f.above IS NOT NULL OR f.below IS NOT NULL THEN 'one_sided'
        WHEN f.is_not_done THEN 'not_done' WHEN f.word IS NOT NULL THEN 'word' ELSE 'not_printed' END AS value_kind,
    round(f.number * f.by, 10) AS value, round(coalesce(f.number, f.above) * f.by, 10) AS value_low,
    round(coalesce(f.number, f.below) * f.by, 10) AS value_high,
    f.above IS NOT NULL AND f.bound_is_strict AS low_is_strict, f.below IS NOT NULL AND f.bound_is_strict AS high_is_strict,
    CASE WHEN f.number IS NULL AND f.above IS NULL AND f.below IS NULL AND NOT f.is_not_done THEN f.word END AS value_word, f.unit,
    f.name AS analyte, f.term, f.term_reported AS analyte_reported, f.is_coded, f.is_own_word, f.is_negative,
    CASE WHEN f.by <> 1 THEN f.conversion END AS conversion,
    f.ref_low AS ref_low_reported, f.ref_high AS ref_high_reported,
    round(number_of(f.ref_low) * f.by, 10) AS ref_low, round(number_of(f.ref_high) * f.by, 10) AS ref_high,
    coalesce(round(coalesce(f.number, f.above, f.below) * f.by, 10) NOT BETWEEN f.plausible_low AND f.plausible_high, false) AS is_implausible
FROM read f
