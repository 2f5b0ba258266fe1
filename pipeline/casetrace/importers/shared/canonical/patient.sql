-- Patient items, in canonical units. Rows of another stay of the admission are visible; `is_of_case` tells them apart.
SELECT f.case_id, 'P' || row_number() OVER (PARTITION BY f.case_id ORDER BY f.term, f.charted NULLS FIRST, f.raw_file, f.raw_row, f.value_reported) AS row_id,
    f.raw_file AS evidence, f.note, f.raw_file, f.raw_row::INTEGER AS raw_row,
    CASE WHEN f.charted IS NULL THEN NULL WHEN f.is_date THEN 'D' || (m // 1440) ELSE time_text(m) END AS when_reported,
    CASE WHEN f.charted IS NULL THEN 'unknown' WHEN f.is_date THEN 'interval' ELSE 'minute' END AS time_form,
    CASE WHEN f.charted IS NULL THEN NULL WHEN f.is_date THEN m + 719 ELSE m END AS time_min,
    coalesce(m, f.observed_start) AS time_earliest_min, coalesce(m + CASE WHEN f.is_date THEN 1439 ELSE 0 END, f.observed_end) AS time_latest_min,
    CASE WHEN NOT f.is_date THEN floor_day(m) END AS day,
    f.value_reported, f.unit_reported,
    CASE WHEN f.word IS NOT NULL THEN 'word' WHEN f.number IS NOT NULL THEN 'number' WHEN f.above IS NOT NULL THEN 'one_sided' ELSE 'not_printed' END AS value_kind,
    round(f.number * u.by, 10) AS value, round(coalesce(f.number, f.above) * u.by, 10) AS value_low, round(f.number * u.by, 10) AS value_high,
    f.above IS NOT NULL AS low_is_strict, false AS high_is_strict, f.word AS value_word, u.unit,
    coalesce(u.name, f.term) AS item, f.term AS item_reported, coalesce(u.is_coded, true) AS is_coded,
    f.is_of_case, f.stay, f.charted, coalesce(round(f.number * u.by, 10) NOT BETWEEN u.plausible_low AND u.plausible_high, false) AS is_implausible
FROM (SELECT *, minute_of(charted) - zero AS m FROM placed_patient) f
LEFT JOIN units_patient u ON u.term = f.term AND u.unit_reported IS NOT DISTINCT FROM f.unit_reported
