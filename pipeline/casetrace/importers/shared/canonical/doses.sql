-- Doses. A row that crosses the start or the end of its case is parted there: each part has its share of the amount by the
-- second, so that totals are exact, and whole minutes, so that no part lies in the case by less than a minute.
WITH timed AS (
    -- An infusion whose end is not charted may run to the end of what is seen.
    SELECT f.*, minute_of(f.starts) - f.zero AS s, f.ends IS NULL AS is_open,
        CASE WHEN f.ends IS NULL THEN greatest(f.observed_end, minute_of(f.starts) - f.zero + 1) ELSE minute_of(f.ends) - f.zero END AS e,
        greatest(epoch(f.ends) - epoch(f.starts), 0)::DOUBLE AS seconds
    FROM placed_doses f
), parts AS (
    SELECT *, unnest([
        {'part': '-before', 'p': s, 'q': least(e, 0), 'inside': least(epoch(ends), epoch(case_starts)) - epoch(starts)},
        {'part': '', 'p': greatest(s, 0), 'q': least(e, span_end),
            'inside': least(epoch(ends), epoch(case_ends)) - greatest(epoch(starts), epoch(case_starts))},
        {'part': '-after', 'p': greatest(s, span_end), 'q': e, 'inside': epoch(ends) - greatest(epoch(starts), epoch(case_ends))}
    ], recursive := true)
    FROM timed WHERE (s < 0 AND e > 0) OR (s < span_end AND e > span_end)
), whole AS (
    SELECT * EXCLUDE (inside), true AS is_part, CASE WHEN seconds > 0 THEN amount * inside / seconds ELSE amount END AS given
    FROM parts WHERE q > p
    UNION ALL BY NAME
    SELECT *, false AS is_part, '' AS part, s AS p, e AS q, amount AS given FROM timed
    WHERE NOT ((s < 0 AND e > 0) OR (s < span_end AND e > span_end))
), numbered AS (
    SELECT *, CASE WHEN kind = 'infusion' AND q <= p THEN 'bolus' ELSE kind END AS form,
        dense_rank() OVER (PARTITION BY case_id ORDER BY s, raw_file, raw_row) AS nth
    FROM whole
), measured AS (
    SELECT n.*, u.name, u.unit AS base_unit, u.is_coded, u.drug_class, u.by, u.conversion AS factor_words, u.rate_high_per_kg, u.rate_high,
        u.by * CASE WHEN is_open THEN rate_per_hour WHEN form = 'infusion' THEN given * 60.0 / (q - p) ELSE given END AS size
    FROM numbered n JOIN units_doses u ON u.term = n.term AND u.unit_reported IS NOT DISTINCT FROM n.unit_reported
)
SELECT m.case_id, 'D' || m.nth || m.part AS row_id, m.raw_file AS evidence,
    nullif(concat_ws('; ', m.note,
        CASE WHEN m.is_part THEN 'part of a row that crosses the start or end of the case' END,
        CASE WHEN m.form = 'bolus' AND m.kind = 'infusion' THEN 'ran for less than a minute' END), '') AS note,
    m.raw_file, m.raw_row::INTEGER AS raw_row, m.name AS drug, m.term_reported AS drug_reported, m.is_coded, m.drug_class, 1 AS occurrence,
    m.form AS kind, m.route, m.purpose, m.amount_reported, m.unit_reported,
    CASE WHEN m.size IS NULL THEN CASE WHEN m.by IS NULL THEN 'needs_unit'
        WHEN m.amount_reported IS NULL THEN 'not_printed' ELSE 'needs_weight' END ELSE 'known' END AS amount_status,
    m.size AS amount, m.size AS amount_low, m.size AS amount_high,
    m.base_unit || CASE WHEN m.form = 'infusion' THEN '/h' ELSE '' END AS unit,
    m.size / w.value AS amount_per_kg, m.size / w.value AS amount_per_kg_low, m.size / w.value AS amount_per_kg_high,
    CASE WHEN w.value IS NOT NULL THEN m.base_unit || '/kg' || CASE WHEN m.form = 'infusion' THEN '/h' ELSE '' END END AS unit_per_kg,
    CASE WHEN w.row_id IS NULL THEN []::VARCHAR[] ELSE [w.row_id] END AS weight_row_ids,
    nullif(concat_ws('; ', CASE WHEN m.by <> 1 THEN m.factor_words END,
        CASE WHEN m.form = 'infusion' AND NOT m.is_open THEN 'the amount spread evenly over ' || (m.q - m.p) || ' min' END), '') AS conversion,
    time_text(m.p) AS start_reported, 'minute' AS start_form, m.p AS start_min, m.p AS start_earliest_min, m.p AS start_latest_min,
    floor_day(m.p) AS start_day, m.p::VARCHAR AS start_boundary,
    CASE WHEN m.form <> 'bolus' AND NOT m.is_open THEN time_text(m.q) END AS end_reported,
    CASE WHEN m.is_open THEN 'open' ELSE 'minute' END AS end_form,
    CASE WHEN NOT m.is_open THEN x.e END AS end_min, CASE WHEN m.is_open THEN m.p ELSE x.e END AS end_earliest_min,
    x.e AS end_latest_min, CASE WHEN m.is_open THEN 'D' || m.nth || m.part || '.end' ELSE x.e::VARCHAR END AS end_boundary,
    CASE WHEN m.form <> 'bolus' AND NOT m.is_open THEN m.q - m.p END AS length_min,
    coalesce(m.form = 'infusion' AND (m.size / w.value > m.rate_high_per_kg OR m.size > m.rate_high), false) AS is_implausible
FROM measured m
CROSS JOIN LATERAL (SELECT CASE WHEN m.form = 'bolus' THEN m.p ELSE m.q END AS e) x
LEFT JOIN (
    SELECT case_id, stay, value, min_by(row_id, charted) AS row_id FROM canonical_patient
    WHERE item = 'body_weight' AND NOT is_implausible GROUP BY ALL
) w ON w.case_id = m.case_id AND w.stay IS NOT DISTINCT FROM m.stay AND w.value = m.weight_kg
