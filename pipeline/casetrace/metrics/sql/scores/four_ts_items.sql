-- title: 4Ts, item by item under each reading
-- grain: one row per case, reading and item
-- reads: cases, four_ts_platelets, four_ts_timing, four_ts_findings, heparin_exposures, reported_scores, score_labels
-- params: none
-- missing: an unknown item is 0 to 2, never 0; a label that is not a term of the score's table has no points; without
--   heparin the score does not apply; a printed score that is not printed has no rows
-- source: Lo GK et al., J Thromb Haemost 2006;4:759-765; Cuker A et al., Blood 2012;120:4160-4167
-- returns: series:score_items
WITH items AS (
    SELECT unnest(['thrombocytopenia', 'timing', 'thrombosis', 'other_causes']) AS item, unnest([1, 2, 3, 4]) AS position
), with_heparin AS (
    SELECT c.case_id, EXISTS (FROM heparin_exposures e WHERE e.case_id = c.case_id) AS has_heparin FROM cases c
), by_baseline AS (
    SELECT case_id, reading, 'thrombocytopenia' AS item, low, high, reasons, row_ids FROM four_ts_platelets
    UNION ALL
    SELECT case_id, reading, 'timing', low, high, reasons, row_ids FROM four_ts_timing
    UNION ALL
    SELECT case_id, r.reading, item, low, high, reasons, row_ids FROM four_ts_findings
    CROSS JOIN (SELECT unnest(['before_heparin', 'since_heparin']) AS reading) r
), readings AS (
    SELECT case_id, 'data:' || reading AS reading, item, low, high, reasons, row_ids FROM by_baseline
    UNION ALL
    -- Over both baselines.
    SELECT case_id, 'data', item, min(low), max(high),
        CASE WHEN count(DISTINCT reasons) = 1 THEN any_value(reasons)
            ELSE reasons(flatten(list(of_part(replace(reading, '_', ' '), reasons)))) END,
        row_list(flatten(list(row_ids)))
    FROM by_baseline GROUP BY case_id, item
), from_data AS (
    SELECT h.case_id, r.reading, i.item, i.position,
        CASE WHEN i.position <= 2 THEN 'data-derived' ELSE 'adjudicated' END AS basis,
        CASE WHEN has_heparin THEN coalesce(d.low, 0) END AS low, CASE WHEN has_heparin THEN coalesce(d.high, 2) END AS high,
        CASE WHEN NOT has_heparin THEN 'not_applicable' WHEN d.low = d.high THEN 'ok' ELSE 'not_computable' END AS status,
        CASE WHEN NOT has_heparin THEN [reason('not_in_record', term := 'heparin')] ELSE coalesce(d.reasons, [reason('nothing_known')]) END AS reasons,
        CASE WHEN has_heparin THEN row_list(d.row_ids) ELSE [] END AS row_ids
    FROM with_heparin h CROSS JOIN items i
    CROSS JOIN (SELECT unnest(['data', 'data:before_heparin', 'data:since_heparin']) AS reading) r
    LEFT JOIN readings d ON d.case_id = h.case_id AND d.reading = r.reading AND d.item = i.item
), printed AS (
    SELECT s.case_id, s.row_id, s.item, s.points, s.points_reported, s.label, l.points_low, l.points_high
    FROM reported_scores s
    LEFT JOIN score_labels l ON l.score = s.score AND l.item = s.item AND l.label = lower(trim(s.label))
    WHERE s.score = '4ts' AND s.item IN (SELECT item FROM items)
), printed_cases AS (
    SELECT DISTINCT case_id FROM printed
), from_print AS (
    SELECT c.case_id, i.item, i.position, count(p.row_id) AS n,
        CASE WHEN count(p.points) > 0 AND count(p.points) = count(*) THEN min(p.points) ELSE 0 END AS points_low,
        CASE WHEN count(p.points) > 0 AND count(p.points) = count(*) THEN max(p.points) ELSE 2 END AS points_high,
        CASE WHEN count(p.points_low) > 0 AND count(p.points_low) = count(*) THEN min(p.points_low) ELSE 0 END AS label_low,
        CASE WHEN count(p.points_low) > 0 AND count(p.points_low) = count(*) THEN max(p.points_high) ELSE 2 END AS label_high,
        list(reason('printed_points', [p.row_id], term := p.points_reported)) FILTER (p.points_reported IS NOT NULL) AS points_said,
        list(reason('printed_label', [p.row_id], term := p.label)) FILTER (p.label IS NOT NULL) AS labels_said,
        row_list(list(p.row_id)) AS row_ids
    FROM printed_cases c CROSS JOIN items i
    LEFT JOIN printed p ON p.case_id = c.case_id AND p.item = i.item GROUP BY ALL
)
SELECT case_id, '4ts' AS score, reading, item, position, basis, low, high, status, reasons, row_ids FROM from_data
UNION ALL
SELECT case_id, '4ts', 'printed_points', item, position, 'printed', points_low, points_high,
    CASE WHEN points_low = points_high THEN 'ok' ELSE 'not_computable' END,
    reasons(coalesce(points_said, [reason('no_points_printed')])), row_ids
FROM from_print
UNION ALL
SELECT case_id, '4ts', 'printed_labels', item, position, 'printed', label_low, label_high,
    CASE WHEN label_low = label_high THEN 'ok' ELSE 'not_computable' END,
    reasons(coalesce(labels_said, [reason('no_label_printed')])), row_ids
FROM from_print
ORDER BY case_id, reading, position
