-- title: HEP score, timing of the fall
-- grain: one row per case with heparin
-- reads: heparin_exposures, platelet_onsets, patient
-- params: none
-- missing: an onset between two counts may lie on any day between them, an earlier exposure that is not known may have been;
--   without a fall, or with fewer than two counts, the item may have any points
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; day 0 is the day of the first heparin by any route; over the peak
--   of the whole record and the peak since heparin; exactly 48 h is not in the table
-- returns: view
WITH first_heparin AS (
    SELECT case_id, floor(min(moment.earliest) / 1440)::BIGINT AS day_low, floor(min(moment.latest) / 1440)::BIGINT AS day_high,
        row_list(list(row_id)) AS row_ids
    FROM heparin_exposures GROUP BY ALL
), exposed AS (
    SELECT h.case_id,
        CASE WHEN coalesce(bool_or(p.value_word = 'yes'), false) <> coalesce(bool_or(p.item = 'heparin_exposure_100d' AND p.value_word = 'no'), false)
            THEN coalesce(bool_or(p.value_word = 'yes'), false) END AS in_100,
        row_list(list(p.row_id) FILTER (p.row_id IS NOT NULL)) AS row_ids
    FROM first_heparin h
    LEFT JOIN patient p ON p.case_id = h.case_id AND p.item IN ('heparin_exposure_30d', 'heparin_exposure_100d')
    GROUP BY h.case_id
), onsets AS (
    SELECT h.case_id, o.scope, o.has_fallen, e.in_100,
        floor(coalesce(o.onset_low, CASE WHEN o.scope <> 'record' THEN h.day_low * 1440 END) / 1440)::BIGINT - h.day_high AS from_day,
        floor(o.onset_high / 1440)::BIGINT - h.day_low AS to_day,
        row_list(list_concat(list_concat(o.row_ids, h.row_ids), e.row_ids)) AS row_ids
    FROM first_heparin h JOIN exposed e USING (case_id) JOIN platelet_onsets o USING (case_id)
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
            CASE WHEN in_100 THEN 'earlier exposure' WHEN in_100 = false THEN 'no earlier exposure' ELSE 'earlier exposure not known' END])
    END AS reason,
    row_list(o.row_ids) AS row_ids
FROM first_heparin h
LEFT JOIN (
    SELECT case_id, bool_and(coalesce(has_fallen, false)) AS all_fallen, min(from_day) AS from_day, max(to_day) AS to_day, any_value(in_100) AS in_100,
        flatten(list(row_ids)) AS row_ids
    FROM onsets GROUP BY ALL
) o USING (case_id)
LEFT JOIN (SELECT case_id, min(points) AS low, max(points) AS high FROM scored GROUP BY ALL) s USING (case_id)
