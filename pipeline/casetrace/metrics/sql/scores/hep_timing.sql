-- title: HEP score, timing of the fall
-- grain: one row per case with heparin
-- reads: heparin_day_zero, platelet_onsets, platelet_scored
-- params: none
-- missing: an onset between two counts may lie at any time between them, an earlier exposure that is not known may have been;
--   without a sure fall under either peak the item may have any points; where it is open which fall is the scored one,
--   over each
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; day 0 is the day of the first heparin by any route; over the peak
--   of the whole record and the peak since heparin. With an exposure in the 100 days before, an onset less than 48 h after
--   re-exposure has the points of rapid onset, from day 5 on those of typical onset, in between those of both; exactly 48 h, and
--   an onset before the re-exposure, are not in the table. For typical onset before day 4 a reprint (Hematology ASH Educ
--   Program 2013:668-674) has 0 points
-- returns: view
WITH onsets AS (
    SELECT h.case_id, o.peak_id, h.in_100,
        floor(onset_from / 1440)::BIGINT - h.day_high AS from_day, floor(o.onset_high / 1440)::BIGINT - h.day_low AS to_day,
        onset_from - h.start_latest AS from_min, o.onset_high - h.start_earliest AS to_min
    FROM heparin_day_zero h JOIN platelet_onsets o USING (case_id)
    CROSS JOIN LATERAL (SELECT CASE o.scope WHEN 'record' THEN o.onset_low ELSE greatest(o.onset_low, h.start_earliest) END AS onset_from) f
), cells(is_exposed, first_min, last_min, first_day, last_day, points) AS (VALUES
    (false, NULL, NULL, NULL, 3, -2), (false, NULL, NULL, 4, 4, 2), (false, NULL, NULL, 5, 10, 3),
    (false, NULL, NULL, 11, 14, 2), (false, NULL, NULL, 15, NULL, -1),
    (true, NULL, -1, NULL, NULL, -2), (true, NULL, 2880, NULL, NULL, 2),
    (true, 2880, NULL, NULL, 4, -1), (true, 2880, NULL, NULL, 3, -2), (true, 2880, NULL, 4, 4, 2),
    (true, 2880, NULL, 5, 10, 3), (true, 2880, NULL, 11, 14, 2), (true, 2880, NULL, 15, NULL, -1)
), points AS (
    SELECT o.case_id, min(c.points) AS low, max(c.points) AS high
    FROM onsets o JOIN cells c ON o.in_100 IS DISTINCT FROM (NOT c.is_exposed)
        AND coalesce(o.from_min <= c.last_min, true) AND coalesce(o.to_min >= c.first_min, true)
        AND coalesce(o.from_day <= c.last_day, true) AND coalesce(o.to_day >= c.first_day, true)
    GROUP BY ALL
), falls AS (
    SELECT case_id, bool_or(has_fallen) AS is_timed, bool_or(n_falls > 1) AS is_several, bool_or(is_unprinted) AS is_unprinted,
        row_list(flatten(list(row_ids))) AS row_ids
    FROM platelet_scored GROUP BY ALL
), days AS (
    SELECT case_id, min(from_day) AS from_day, max(to_day) AS to_day FROM onsets GROUP BY ALL
)
SELECT h.case_id,
    coalesce(CASE WHEN is_timed THEN p.low END, -2)::DOUBLE AS low, coalesce(CASE WHEN is_timed THEN p.high END, 3)::DOUBLE AS high,
    reasons(CASE WHEN NOT coalesce(is_timed, false) THEN [reason('no_sure_timed_fall')]
        ELSE list_concat(onset_days(d.from_day, d.to_day), [CASE WHEN f.is_several THEN reason('scored_fall_open') END,
            CASE WHEN f.is_unprinted THEN reason('fall_may_begin_earlier') END,
            CASE WHEN h.in_100 THEN reason('earlier_exposure') WHEN h.in_100 = false THEN reason('no_earlier_exposure')
                ELSE reason('earlier_exposure_unknown') END]) END) AS reasons,
    row_list(list_concat(f.row_ids, h.row_ids)) AS row_ids
FROM heparin_day_zero h LEFT JOIN falls f USING (case_id) LEFT JOIN points p USING (case_id) LEFT JOIN days d USING (case_id)
