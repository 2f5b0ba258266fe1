-- Doses. A row that crosses the start or the end of its case is parted there: each part has its share of the amount by the
-- second, so that totals are exact, and whole minutes, so that no part lies in the case by less than a minute. A row that is
-- dated to a day, or whose time cannot be read, lies somewhere in it; where that may be outside the case, its amount is not sure.
WITH timed AS (
    -- An infusion whose end is not charted may run to the end of what is seen.
    SELECT f.*, minute_of(f.starts) - f.zero AS s, f.ends IS NULL AND f.kind = 'infusion' AS is_open,
        minute_of(f.starts) - f.zero + CASE WHEN f.start_is_day THEN 1439 ELSE 0 END AS s_late,
        CASE WHEN f.ends IS NULL THEN greatest(f.observed_end, minute_of(f.starts) - f.zero + 1) ELSE minute_of(f.ends) - f.zero END AS e,
        greatest(epoch(f.ends) - epoch(f.starts), 0)::DOUBLE AS seconds,
        min(minute_of(f.starts) - f.zero) OVER (PARTITION BY f.case_id, f.raw_file, f.raw_row) AS first_s,
        f.starts IS NULL OR f.start_is_day OR (f.end_is_day AND f.kind <> 'bolus') AS is_vague
    FROM placed_doses f
), parts AS (
    SELECT *, unnest([
        {'part': '-before', 'p': s, 'q': least(e, 0), 'inside': least(epoch(ends), epoch(case_starts)) - epoch(starts)},
        {'part': '', 'p': greatest(s, 0), 'q': least(e, span_end),
            'inside': least(epoch(ends), epoch(case_ends)) - greatest(epoch(starts), epoch(case_starts))},
        {'part': '-after', 'p': greatest(s, span_end), 'q': e, 'inside': epoch(ends) - greatest(epoch(starts), epoch(case_ends))}
    ], recursive := true)
    FROM timed WHERE NOT is_vague AND ((s < 0 AND e > 0) OR (s < span_end AND e > span_end))
), whole AS (
    SELECT * EXCLUDE (inside), inside, true AS is_part, q AS q_late, false AS may_lie_outside FROM parts WHERE q > p
    UNION ALL BY NAME
    SELECT *, false AS is_part, '' AS part, s AS p, e AS q, e AS q_late, seconds AS inside, false AS may_lie_outside FROM timed
    WHERE NOT is_vague AND NOT ((s < 0 AND e > 0) OR (s < span_end AND e > span_end))
    UNION ALL BY NAME
    -- Vague rows: the earliest and the latest start and end within the case that they may belong to.
    SELECT * EXCLUDE (s_late), false AS is_part, '' AS part, seconds AS inside,
        CASE WHEN touches THEN greatest(coalesce(s, 0), 0) ELSE s END AS p,
        CASE WHEN touches THEN least(coalesce(s_late, span_end - 1), span_end - 1) ELSE s_late END AS s_late,
        CASE WHEN touches THEN least(greatest(e, 0), span_end - 1) ELSE e END AS q,
        CASE WHEN touches THEN least(greatest(e + late, 0), span_end - 1) ELSE e + late END AS q_late,
        touches AND (s IS NULL OR s < 0 OR e + late >= span_end) AS may_lie_outside
    FROM (
        SELECT *, CASE WHEN end_is_day OR (ends IS NULL AND start_is_day) THEN 1439 ELSE 0 END AS late,
            s IS NULL OR (s < span_end AND greatest(s_late, e + late) >= 0) AS touches
        FROM (SELECT * REPLACE (coalesce(e, s_late, span_end - 1) AS e) FROM timed WHERE is_vague)
    )
), formed AS (
    SELECT *,
        CASE WHEN kind = 'infusion' AND NOT is_vague AND q <= p THEN 'bolus'
            WHEN kind = 'infusion' AND is_vague AND NOT is_rate THEN 'total' ELSE kind END AS form,
        is_rate AND (is_open OR is_vague OR inside = 60.0 * (q - p)) AS keeps_rate
    FROM whole
), numbered AS (
    SELECT *, dense_rank() OVER (PARTITION BY case_id ORDER BY first_s NULLS LAST, raw_file, raw_row) AS nth,
        -- What turns the number of the row into that of the part: an amount for what is given, a rate per hour for an infusion.
        CASE WHEN keeps_rate THEN 1
            WHEN is_rate THEN inside / 3600 * CASE WHEN form = 'infusion' THEN 60.0 / (q - p) ELSE 1 END
            WHEN form = 'infusion' AND is_open THEN NULL
            ELSE CASE WHEN is_part THEN inside / seconds ELSE 1 END * CASE WHEN form = 'infusion' THEN 60.0 / (q - p) ELSE 1 END
        END AS of_part
    FROM formed
), measured AS (
    SELECT *, CASE WHEN NOT may_lie_outside THEN size * of_part END AS best,
        CASE WHEN may_lie_outside AND size_high IS NOT NULL THEN 0 ELSE size_low * of_part END AS low, size_high * of_part AS high,
        CASE WHEN may_lie_outside AND amount_status = 'known' THEN 'disputed' ELSE amount_status END AS shown_status
    FROM numbered
), named AS (
    SELECT *, 'D' || nth || piece || part AS row_id, form <> 'bolus' AND NOT is_open AS has_end FROM measured
)
SELECT m.case_id, m.row_id, m.is_own_word, m.gap, m.may_lie_outside, m.is_part, m.is_vague, m.ends_at_next_row, m.conversion AS factor, m.raw_file AS evidence,
    nullif(concat_ws('; ', m.note, m.gap,
        CASE WHEN m.is_part THEN 'part of a row that crosses the start or end of the case' END,
        CASE WHEN m.may_lie_outside THEN 'its time may lie outside the case' END,
        CASE WHEN m.ends_at_next_row THEN 'until the next row of the order' END,
        CASE WHEN m.form = 'bolus' AND m.kind = 'infusion' THEN 'ran for less than a minute' END), '') AS note,
    m.raw_file, m.raw_row::INTEGER AS raw_row, m.name AS drug, m.term_reported AS drug_reported, m.is_coded, m.drug_class, 1 AS occurrence,
    m.form AS kind, m.route, m.purpose, m.quantity_reported AS amount_reported, m.unit_reported, m.shown_status AS amount_status,
    m.best AS amount, m.low AS amount_low, m.high AS amount_high,
    m.unit || CASE WHEN m.form = 'infusion' THEN '/h' ELSE '' END AS unit,
    m.best / w.value AS amount_per_kg, m.low / w.value AS amount_per_kg_low, m.high / w.value AS amount_per_kg_high,
    CASE WHEN w.value IS NOT NULL THEN m.unit || '/kg' || CASE WHEN m.form = 'infusion' THEN '/h' ELSE '' END END AS unit_per_kg,
    CASE WHEN w.row_id IS NULL THEN []::VARCHAR[] ELSE [w.row_id] END AS weight_row_ids,
    nullif(concat_ws('; ', m.conversion,
        CASE WHEN m.form = 'infusion' AND NOT m.keeps_rate THEN 'the amount spread evenly over ' || (m.q - m.p) || ' min' END), '') AS conversion,
    CASE WHEN m.s IS NOT NULL AND NOT m.start_is_day THEN time_text(m.p) END AS start_reported,
    CASE WHEN m.s IS NULL THEN 'unknown' WHEN m.start_is_day THEN 'interval' ELSE 'minute' END AS start_form,
    CASE WHEN NOT m.is_vague THEN m.p WHEN m.s IS NOT NULL THEN (m.p + m.s_late) // 2 END AS start_min,
    m.p AS start_earliest_min, CASE WHEN m.is_vague THEN m.s_late ELSE m.p END AS start_latest_min,
    CASE WHEN NOT m.is_vague OR floor_day(m.p) = floor_day(m.s_late) THEN floor_day(m.p) END AS start_day,
    CASE WHEN m.is_vague THEN m.row_id ELSE m.p::VARCHAR END AS start_boundary,
    CASE WHEN m.has_end AND NOT m.is_vague THEN time_text(m.q) WHEN m.has_end THEN 'dated to a day' END AS end_reported,
    CASE WHEN m.is_open THEN 'open' WHEN m.is_vague AND m.s IS NULL THEN 'unknown' WHEN m.is_vague THEN 'interval' ELSE 'minute' END AS end_form,
    CASE WHEN m.is_open THEN NULL WHEN NOT m.is_vague THEN x.e WHEN m.s IS NOT NULL THEN (x.e + x.e_late) // 2 END AS end_min,
    CASE WHEN m.is_open THEN m.p ELSE x.e END AS end_earliest_min, x.e_late AS end_latest_min,
    CASE WHEN m.is_open OR m.is_vague THEN m.row_id || '.end' ELSE x.e::VARCHAR END AS end_boundary,
    CASE WHEN m.has_end AND NOT m.is_vague THEN m.q - m.p END AS length_min,
    -- Without a weight, a rate that would be too high for the heaviest plausible patient.
    coalesce(m.form = 'infusion' AND (m.high / coalesce(w.value, l.high_kg) > m.rate_high_per_kg OR m.high > m.rate_high), false) AS is_implausible
FROM named m CROSS JOIN weight_limits l
CROSS JOIN LATERAL (SELECT CASE WHEN m.form = 'bolus' THEN m.p ELSE m.q END AS e,
    CASE WHEN m.form = 'bolus' THEN CASE WHEN m.is_vague THEN m.s_late ELSE m.p END WHEN m.is_open THEN greatest(m.q, m.q_late) ELSE m.q_late END AS e_late) x
LEFT JOIN (
    SELECT case_id, stay, value, min_by(row_id, charted) AS row_id FROM canonical_patient
    WHERE item = 'body_weight' AND NOT is_implausible GROUP BY ALL
) w ON w.case_id = m.case_id AND w.stay IS NOT DISTINCT FROM m.stay AND w.value = m.weight_kg
