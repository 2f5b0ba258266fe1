-- Results: a number, a bound (<5, >=150) or a word.
SELECT 'labs' AS raw_file, raw_row, subject, hadm, utc_of(charted) AS charted, term, term AS term_reported,
    value AS value_reported, try_cast(value AS DOUBLE) AS number,
    CASE WHEN bound.side[1] = '>' THEN try_cast(bound.size AS DOUBLE) END AS above,
    CASE WHEN bound.side[1] = '<' THEN try_cast(bound.size AS DOUBLE) END AS below,
    NOT contains(bound.side, '=') AS bound_is_strict,
    CASE WHEN try_cast(value AS DOUBLE) IS NULL AND bound.size = '' THEN lower(value) END AS word, value IS NULL AS is_not_done,
    unit AS unit_reported, ref_low, ref_high, note,
    CASE WHEN term IS NULL THEN 'no analyte' WHEN try_cast(value AS DOUBLE) < 0 THEN 'the value is negative'
        WHEN NOT isfinite(coalesce(try_cast(value AS DOUBLE), 0)) THEN 'the value is not a number' END AS left_out,
    coalesce(term || ' ' || value, term, 'no analyte') AS example
FROM (SELECT *, regexp_extract(value, '^(<=|<|>=|>)\s*([0-9]+(?:\.[0-9]+)?)$', ['side', 'size']) AS bound FROM raw.labs)
