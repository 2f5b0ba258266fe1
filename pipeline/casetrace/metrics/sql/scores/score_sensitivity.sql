-- title: What each undecided score item could turn
-- grain: one row per case, score, reading and item that is not decided
-- reads: four_ts_items, hep_items, coagulopathy_items, score_boxes
-- params: none
-- missing: the other items keep the intervals that they have where they can hold together with it (score_boxes); a score that does not apply has no rows
-- source: bands as published: Lo GK et al., J Thromb Haemost 2006;4:759-765; Cuker A et al., J Thromb Haemost 2010;8:2642-2650;
--   Taylor FB et al., Thromb Haemost 2001;86:1327-1330; Iba T et al., BMJ Open 2017;7:e017046
-- returns: series:score_sensitivity
WITH bands(score, band, least, most) AS (VALUES
    ('4ts', 'low (0 to 3)', -99, 3), ('4ts', 'intermediate (4 or 5)', 4, 5), ('4ts', 'high (6 to 8)', 6, 99),
    ('hep', 'below 2', -99, 1), ('hep', '2 to 4', 2, 4), ('hep', '5 or more', 5, 99),
    ('isth_dic_2001', 'below 5', -99, 4), ('isth_dic_2001', '5 or more, compatible with overt DIC', 5, 99),
    ('isth_dic_2025', 'below 5', -99, 4), ('isth_dic_2025', '5 or more, compatible with overt DIC', 5, 99)
), items AS (
    SELECT * FROM (
        SELECT case_id, score, reading, item, position, low, high, status, reasons, row_ids FROM four_ts_items
        UNION ALL SELECT case_id, score, reading, item, position, low, high, status, reasons, row_ids FROM hep_items WHERE reading = 'data'
        UNION ALL SELECT case_id, score, reading, item, position, low, high, status, reasons, row_ids FROM coagulopathy_items
    ) WHERE (reading = 'data' OR starts_with(reading, 'data:')) AND status = 'not_computable'
), sums AS (
    SELECT case_id, score, reading, box, sum(low) AS low, sum(high) AS high,
        sum(low) FILTER (item <> 'sofa') AS core_low, sum(high) FILTER (item <> 'sofa') AS core_high
    FROM score_boxes GROUP BY case_id, score, reading, box
), totals AS (
    SELECT case_id, score, reading, min(low) AS total_low, max(high) AS total_high FROM sums GROUP BY case_id, score, reading
), suppositions AS (
    -- What the total would be now, and if the item had its fewest or its most points, in each box in which it can have them.
    SELECT i.*, s.supposed, t.total_low, t.total_high, u.low + coalesce(p.points - b.low, 0) AS sum_low, u.high + coalesce(p.points - b.high, 0) AS sum_high,
        u.core_low + CASE WHEN i.item = 'sofa' THEN 0 ELSE coalesce(p.points - b.low, 0) END AS sum_core_low,
        u.core_high + CASE WHEN i.item = 'sofa' THEN 0 ELSE coalesce(p.points - b.high, 0) END AS sum_core_high
    FROM items i JOIN totals t USING (case_id, score, reading) JOIN score_boxes b USING (case_id, score, reading, item)
    JOIN sums u ON u.case_id = b.case_id AND u.score = b.score AND u.reading = b.reading AND u.box = b.box
    CROSS JOIN (SELECT unnest(['now', 'fewest', 'most']) AS supposed) s
    CROSS JOIN LATERAL (SELECT CASE s.supposed WHEN 'fewest' THEN i.low WHEN 'most' THEN i.high END AS points) p
    WHERE p.points IS NULL OR p.points BETWEEN b.low AND b.high
), possible AS (
    SELECT s.* EXCLUDE (sum_core_low, sum_core_high), b.band, b.least AS rank
    FROM suppositions s JOIN bands b ON b.score = s.score AND b.least <= s.sum_high AND b.most >= s.sum_low
    UNION ALL
    -- SIC asks for two things: 4 points in all, and more than 2 of them from INR and platelets.
    SELECT s.* EXCLUDE (sum_core_low, sum_core_high), b.band, b.rank
    FROM suppositions s JOIN (VALUES ('criteria not met', 0), ('criteria met', 1)) b(band, rank) ON CASE b.rank
        WHEN 1 THEN s.sum_high >= 4 AND s.sum_core_high > 2 ELSE s.sum_low < 4 OR s.sum_core_low <= 2 END
    WHERE s.score = 'sic'
), bands_of AS (
    SELECT DISTINCT case_id, score, reading, item, position, low, high, total_low, total_high, reasons, row_ids, supposed, band, rank FROM possible
), in_words AS (
    SELECT case_id, score, reading, item, any_value(position) AS position, any_value(low) AS low, any_value(high) AS high,
        any_value(total_low) AS total_low, any_value(total_high) AS total_high,
        list(band ORDER BY rank) FILTER (supposed = 'now') AS now,
        list(band ORDER BY rank) FILTER (supposed = 'fewest') AS fewest,
        list(band ORDER BY rank) FILTER (supposed = 'most') AS most,
        any_value(reasons) AS reasons, any_value(row_ids) AS row_ids
    FROM bands_of GROUP BY case_id, score, reading, item
)
SELECT case_id, score, reading, item, position, low::DOUBLE AS low, high::DOUBLE AS high, total_low::DOUBLE AS total_low,
    total_high::DOUBLE AS total_high, array_to_string(now, '; or ') AS now, array_to_string(fewest, '; or ') AS with_fewest,
    array_to_string(most, '; or ') AS with_most,
    CASE WHEN len(now) = 1 THEN 'cannot turn it' WHEN len(fewest) = 1 AND len(most) = 1 THEN 'decides it'
        WHEN len(fewest) = len(now) AND len(most) = len(now) THEN 'can turn it only together with others'
        ELSE 'narrows it' END AS effect, reasons, row_list(row_ids) AS row_ids
FROM in_words ORDER BY case_id, score, reading, position
