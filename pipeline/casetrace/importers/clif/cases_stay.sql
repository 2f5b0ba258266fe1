-- A case is one ICU stay: consecutive locations of category icu in one hospitalization, joined where one follows the other.
WITH places AS (
    SELECT h.patient_id, a.hospitalization_id, utc_of(a.in_dttm) AS starts, utc_of(a.out_dttm) AS ends, a.raw_row,
        utc_of(h.admission_dttm) AS seen_from, utc_of(h.discharge_dttm) AS seen_until
    FROM raw.adt a JOIN raw.hospitalization h USING (hospitalization_id) WHERE lower(a.location_category) = 'icu'
), joined AS (
    SELECT *, CASE WHEN starts <= max(ends) OVER (PARTITION BY hospitalization_id ORDER BY starts, raw_row
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS is_new
    FROM places
), numbered AS (
    SELECT *, sum(is_new) OVER (PARTITION BY hospitalization_id ORDER BY starts, raw_row) AS nth FROM joined
)
SELECT 'stay' AS unit, hospitalization_id || '/' || nth AS case_key, patient_id AS subject, hospitalization_id AS hadm,
    hospitalization_id || '/' || nth AS stay, 'intensive care unit' AS place, min(starts) AS starts, max(ends) AS ends,
    least(min(seen_from), min(starts)) AS seen_from, greatest(max(seen_until), max(ends)) AS seen_until, true AS is_by_time,
    min(raw_row) AS raw_row
FROM numbered GROUP BY hospitalization_id, nth, patient_id
