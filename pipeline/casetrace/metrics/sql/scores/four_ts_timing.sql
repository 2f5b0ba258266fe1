-- title: 4Ts, timing of the fall
-- grain: one row per case with heparin and reading of the baseline (before_heparin, since_heparin)
-- reads: heparin_day_zero, platelet_onsets, labs_vs_index
-- params: none
-- missing: an unknown earlier exposure counts as possible; an onset between two counts may lie on any day between them
-- source: Lo GK et al., J Thromb Haemost 2006;4:759-765; day 0 is the day of the first heparin by any route; days are
--   counted as day numbers; onset on day 4, and on days 2 and 3 after exposure in 100 days, is not in the table: 0 to 1
-- returns: view
WITH onsets AS (
    SELECT h.case_id, r.reading, o.n_counts, o.has_fallen, o.may_have_fallen, o.below_rows,
        -- Since heparin, a fall without an earlier count began after the first heparin.
        floor(CASE WHEN r.scope = 'record' THEN o.onset_low
            ELSE coalesce(o.onset_low, h.day_low * 1440) END / 1440)::BIGINT - h.day_high AS from_day,
        floor(o.onset_high / 1440)::BIGINT - h.day_low AS to_day,
        EXISTS (FROM labs_vs_index l WHERE l.case_id = h.case_id AND l.starter = 'any heparin' AND l.is_before
            AND list_contains(o.all_below, l.row_id)) AS began_before,
        h.in_30, h.in_100, row_list(list_concat(o.row_ids, h.row_ids)) AS row_ids
    FROM heparin_day_zero h
    CROSS JOIN (SELECT unnest(['before_heparin', 'since_heparin']) AS reading,
        unnest(['record', 'since heparin']) AS scope) r
    LEFT JOIN platelet_onsets o ON o.case_id = h.case_id AND o.scope = r.scope
), classes AS (
    SELECT o.case_id, o.reading, c.class,
        CASE c.class
            WHEN 'before' THEN 0
            WHEN 'rapid' THEN CASE WHEN in_100 = false THEN 0 WHEN in_30 THEN 2 WHEN in_100 THEN 1 ELSE 0 END
            WHEN 'typical' THEN CASE WHEN from_day >= 5 AND to_day <= 10 THEN 2 ELSE 1 END
            WHEN 'late' THEN 1
            ELSE 0 END AS points_low,
        CASE c.class
            WHEN 'before' THEN CASE WHEN in_100 = false THEN 0 ELSE 2 END
            WHEN 'rapid' THEN CASE WHEN in_100 = false THEN 0 WHEN in_30 = false THEN 1 ELSE 2 END
            WHEN 'early' THEN CASE WHEN in_100 = false THEN 0 ELSE 1 END
            WHEN 'day 4' THEN 1
            WHEN 'typical' THEN 2
            ELSE 1 END AS points_high
    FROM onsets o JOIN (VALUES
        ('before', NULL, -1), ('rapid', 0, 1), ('early', 2, 3), ('day 4', 4, 4), ('typical', 5, 10), ('late', 11, NULL)
    ) c(class, first_day, last_day)
        ON o.has_fallen
        AND (c.last_day IS NULL OR coalesce(o.from_day <= c.last_day, true))
        AND (c.first_day IS NULL OR coalesce(o.to_day >= c.first_day, true))
), points AS (
    SELECT case_id, reading, min(points_low) AS low, max(points_high) AS high, list(class ORDER BY class) AS classes
    FROM classes GROUP BY ALL
)
SELECT o.case_id, o.reading,
    CASE WHEN o.has_fallen THEN p.low ELSE 0 END::DOUBLE AS low,
    CASE WHEN o.has_fallen THEN p.high WHEN o.n_counts >= 2 AND NOT o.may_have_fallen THEN 0 ELSE 2 END::DOUBLE AS high,
    sentence([
        CASE WHEN coalesce(o.n_counts, 0) < 2 THEN 'fewer than two platelet counts'
            WHEN NOT o.may_have_fallen THEN 'no fall to time'
            WHEN NOT o.has_fallen THEN 'whether the count fell is not certain'
            WHEN o.from_day = o.to_day THEN 'onset on day ' || o.to_day || ' of heparin'
            ELSE 'onset between day ' || coalesce(o.from_day::VARCHAR, 'unknown') || ' and day ' || o.to_day || ' of heparin' END,
        CASE WHEN o.began_before AND o.reading = 'before_heparin'
            THEN 'the fall began before the first heparin (' || o.below_rows || '), which argues against HIT' END,
        CASE WHEN list_contains(p.classes, 'day 4') THEN 'the table has no points for an onset on day 4' END,
        CASE WHEN list_contains(p.classes, 'early') AND o.in_100 IS DISTINCT FROM false
            THEN 'the table has no points for days 2 and 3 after an earlier exposure' END,
        CASE WHEN o.in_100 = false THEN 'no heparin in the 100 days before'
            WHEN o.in_30 THEN 'heparin in the 30 days before'
            WHEN o.in_100 AND o.in_30 = false THEN 'heparin 31 to 100 days before'
            ELSE 'earlier heparin not known' END
    ]) AS reason,
    o.row_ids
FROM onsets o LEFT JOIN points p USING (case_id, reading)
