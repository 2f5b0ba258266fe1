-- title: 4Ts, timing of the fall
-- grain: one row per case with heparin and reading of the baseline (before_heparin, since_heparin)
-- reads: heparin_day_zero, platelet_onsets, platelet_scored
-- params: none
-- missing: an unknown earlier exposure counts as possible; an onset between two counts may lie on any day between them; where
--   it is open which fall is the scored one, over each
-- source: Lo GK et al., J Thromb Haemost 2006;4:759-765; day 0 is the day of the first heparin by any route; days are
--   counted as day numbers; onset on day 4, and on days 2 and 3 after exposure in 100 days, is not in the table: 0 to 1
-- returns: view
WITH readings AS (
    SELECT h.*, r.reading, r.scope FROM heparin_day_zero h
    CROSS JOIN (SELECT unnest(['before_heparin', 'since_heparin']) AS reading,
        unnest(['record', 'since heparin']) AS scope) r
), onsets AS (
    SELECT h.case_id, h.reading, o.peak_id, h.in_30, h.in_100,
        -- Since heparin, a fall began after the first heparin.
        floor(CASE WHEN h.scope = 'record' THEN o.onset_low ELSE greatest(o.onset_low, h.day_low * 1440) END / 1440)::BIGINT
            - h.day_high AS from_day,
        floor(o.onset_high / 1440)::BIGINT - h.day_low AS to_day
    FROM readings h JOIN platelet_onsets o ON o.case_id = h.case_id AND o.scope = h.scope
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
        ON (c.last_day IS NULL OR o.from_day <= c.last_day) AND (c.first_day IS NULL OR o.to_day >= c.first_day)
), points AS (
    SELECT case_id, reading, min(points_low) AS low, max(points_high) AS high, list(class ORDER BY class) AS classes
    FROM classes GROUP BY ALL
), days AS (
    SELECT case_id, reading, count(*) AS n, min(from_day) AS from_day, max(to_day) AS to_day FROM onsets GROUP BY ALL
)
SELECT r.case_id, r.reading,
    CASE WHEN s.has_fallen THEN p.low ELSE 0 END::DOUBLE AS low,
    CASE WHEN coalesce(s.n_counts, 0) < 2 THEN 2 ELSE coalesce(p.high, 0) END::DOUBLE AS high,
    reasons(list_concat(onset_days(d.from_day, d.to_day), [
        CASE WHEN coalesce(s.n_counts, 0) < 2 THEN reason('fewer_than_two_counts')
            WHEN NOT s.may_have_fallen THEN reason('no_fall_to_time')
            WHEN NOT s.has_fallen THEN reason('fall_not_certain') END,
        CASE WHEN d.n > 1 THEN reason('scored_fall_open') END,
        CASE WHEN s.is_unprinted THEN reason('fall_may_begin_earlier') END,
        CASE WHEN s.began_before AND r.reading = 'before_heparin' THEN reason('fall_began_before_heparin', s.below_rows) END,
        CASE WHEN list_contains(p.classes, 'day 4') THEN reason('table_without_day_4') END,
        CASE WHEN list_contains(p.classes, 'early') AND r.in_100 IS DISTINCT FROM false THEN reason('table_without_days_2_and_3') END,
        CASE WHEN r.in_100 = false THEN reason('no_heparin_in_100_days')
            WHEN r.in_30 THEN reason('heparin_in_30_days')
            WHEN r.in_100 AND r.in_30 = false THEN reason('heparin_31_to_100_days')
            ELSE reason('earlier_heparin_unknown') END])) AS reasons,
    row_list(list_concat(r.row_ids, s.row_ids)) AS row_ids
FROM readings r
LEFT JOIN platelet_scored s ON s.case_id = r.case_id AND s.scope = r.scope
LEFT JOIN points p ON p.case_id = r.case_id AND p.reading = r.reading
LEFT JOIN days d ON d.case_id = r.case_id AND d.reading = r.reading
