-- title: HEP score, timing of the fall
-- grain: one row per case with heparin
-- reads: heparin_day_zero, platelet_onsets
-- params: none
-- missing: an onset between two counts may lie on any day between them, an earlier exposure that is not known may have been;
--   without a fall, or with fewer than two counts, the item may have any points
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; day 0 is the day of the first heparin by any route; over the peak
--   of the whole record and the peak since heparin; exactly 48 h is not in the table
-- returns: view
WITH onsets AS (
    SELECT h.case_id, o.scope, o.has_fallen, h.in_100,
        floor(coalesce(o.onset_low, CASE WHEN o.scope <> 'record' THEN h.day_low * 1440 END) / 1440)::BIGINT - h.day_high AS from_day,
        floor(o.onset_high / 1440)::BIGINT - h.day_low AS to_day,
        row_list(list_concat(o.row_ids, h.row_ids)) AS row_ids
    FROM heparin_day_zero h JOIN platelet_onsets o USING (case_id)
), typical(first_day, last_day, points) AS (VALUES (NULL, 3, -2), (4, 4, 2), (5, 10, 3), (11, 14, 2), (15, NULL, -1)
), rapid(first_day, last_day, points) AS (VALUES (NULL, 2, 2), (2, NULL, -1)
), scored AS (
    SELECT o.case_id, t.points FROM onsets o JOIN typical t
        ON o.has_fallen AND (t.last_day IS NULL OR coalesce(o.from_day <= t.last_day, true)) AND (t.first_day IS NULL OR o.to_day >= t.first_day)
    WHERE o.in_100 IS DISTINCT FROM true
    UNION ALL
    SELECT o.case_id, t.points FROM onsets o JOIN rapid t
        ON o.has_fallen AND (t.last_day IS NULL OR coalesce(o.from_day <= t.last_day, true)) AND (t.first_day IS NULL OR o.to_day >= t.first_day)
    WHERE o.in_100 IS DISTINCT FROM false
)
SELECT h.case_id,
    coalesce(CASE WHEN all_fallen THEN s.low END, -2)::DOUBLE AS low, coalesce(CASE WHEN all_fallen THEN s.high END, 3)::DOUBLE AS high,
    CASE WHEN NOT coalesce(all_fallen, false) THEN 'no fall that could be timed for certain'
        ELSE sentence(['onset between day ' || coalesce(from_day::VARCHAR, 'unknown') || ' and day ' || to_day || ' of heparin',
            CASE WHEN h.in_100 THEN 'earlier exposure' WHEN h.in_100 = false THEN 'no earlier exposure' ELSE 'earlier exposure not known' END])
    END AS reason,
    row_list(o.row_ids) AS row_ids
FROM heparin_day_zero h
LEFT JOIN (
    SELECT case_id, bool_and(coalesce(has_fallen, false)) AS all_fallen, min(from_day) AS from_day, max(to_day) AS to_day,
        flatten(list(row_ids)) AS row_ids
    FROM onsets GROUP BY ALL
) o USING (case_id)
LEFT JOIN (SELECT case_id, min(points) AS low, max(points) AS high FROM scored GROUP BY ALL) s USING (case_id)
