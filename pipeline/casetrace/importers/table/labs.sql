-- Results: a number, a bound (<5, >=150) or a word; where the value is none of them, what stands in the column of text.
WITH chosen AS (
    SELECT *, CASE WHEN number_of(value) IS NOT NULL OR bound_size(value) IS NOT NULL THEN value
        WHEN number_of(text) IS NOT NULL OR bound_size(text) IS NOT NULL THEN text ELSE coalesce(value, text) END AS said
    FROM raw.labs
)
SELECT 'labs' AS raw_file, raw_row, subject, hadm, true AS is_own_word, utc_of(charted) AS charted, is_day(charted) AS is_date, term, term AS term_reported,
    CASE WHEN said = value THEN coalesce(raw_value, said) ELSE said END AS value_reported, number_of(said) AS number,
    CASE WHEN bound_side(said) = '>' THEN bound_size(said) END AS above, CASE WHEN bound_side(said) = '<' THEN bound_size(said) END AS below,
    NOT bound_is_met(said) AS bound_is_strict,
    CASE WHEN number_of(said) IS NULL AND bound_size(said) IS NULL THEN lower(trim(said)) END AS word,
    coalesce(lower(trim(said)) IN ('not done', 'not performed', 'test not performed', 'cancelled', 'canceled'), false) AS is_not_done,
    unit AS unit_reported, ref_low, ref_high, note,
    CASE WHEN subject IS NULL THEN 'no patient' WHEN term IS NULL THEN 'no analyte' END AS left_out,
    coalesce(term || ' ' || coalesce(raw_value, text), term, 'no analyte') AS example,
    hash(subject, charted, hadm, term, value, text, unit) AS row_hash
FROM chosen
