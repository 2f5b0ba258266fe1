-- One row per case. Time zero is the minute in which the case begins; the case lasts to the end of the minute in which it ends.
WITH weights AS (
    SELECT case_id, arg_min(row_id, rank) AS row_id, arg_min(value, rank) AS first_kg, min(value) AS low_kg, max(value) AS high_kg
    FROM (
        SELECT p.case_id, p.row_id, p.value, row_number() OVER (PARTITION BY p.case_id ORDER BY p.charted NULLS LAST, p.row_id) AS rank
        FROM canonical_patient p
        WHERE p.item = 'body_weight' AND p.value IS NOT NULL AND p.is_of_case AND NOT p.is_implausible
    ) GROUP BY case_id
), others AS (
    SELECT a.case_id, list(b.case_id ORDER BY b.case_id) AS same_patient_as
    FROM placed_cases a JOIN main.placed_cases b ON a.subject = b.subject AND a.case_id <> b.case_id GROUP BY a.case_id
)
SELECT c.case_id, c.place || ' (' || c.case_id || ')' AS title, 'draft' AS status, 'full' AS "read", false AS is_fictional,
    coalesce(o.same_patient_as, []) AS same_patient_as,
    'the start of the ' || CASE c.unit WHEN 'stay' THEN 'ICU stay' WHEN 'admission' THEN 'admission' ELSE 'first admission' END
        AS time_zero,
    'hour_zero' AS day_zero_starts,
    least(minute_of(c.seen_from) - c.zero, 0) AS observed_start_min,
    greatest(minute_of(c.seen_until) - c.zero, c.span_end - 1) AS observed_end_min,
    0 AS span_start_min, c.span_end AS span_end_min,
    w.first_kg AS weight_kg, w.low_kg AS weight_low_kg, w.high_kg AS weight_high_kg, w.row_id AS weight_row_id
FROM placed_cases c LEFT JOIN weights w USING (case_id) LEFT JOIN others o USING (case_id)
ORDER BY c.case_id
