-- title: HEP score, intra-arterial device and bypass
-- grain: one row per case and item of which an event speaks (arterial_device, bypass_96h)
-- reads: score_rows, hep_windows
-- params: bypass_before_fall_h [h]
-- missing: a device of which only one end is dated may have been in place, or not; an operation may have been on bypass; ECMO
--   without arterial cannulas, or of a mode that is not stated, counts or not
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; table as in Hematology ASH Educ Program 2013:668-674
-- returns: view
WITH spans AS (
    -- One device has a start, an end or both.
    SELECT case_id, regexp_replace(term, '_(start|end)$', '') AS device, bool_and(answer IN ('yes', 'ends')) AS is_arterial,
        max(latest) FILTER (NOT ends_with(answer, 'ends')) AS start_latest, min(earliest) FILTER (NOT ends_with(answer, 'ends')) AS start_earliest,
        bool_or(NOT ends_with(answer, 'ends')) AS has_start, bool_or(ends_with(answer, 'ends')) AS has_end,
        max(earliest) FILTER (ends_with(answer, 'ends')) AS end_earliest, max(latest) FILTER (ends_with(answer, 'ends')) AS end_latest,
        row_list(flatten(list(row_ids))) AS row_ids
    FROM score_rows WHERE score = 'hep' AND item = 'arterial_device' AND answer IS NOT NULL GROUP BY ALL
), devices AS (
    SELECT s.*, CASE
            WHEN has_start AND start_earliest > nadir_latest THEN 'after_fall'
            WHEN has_end AND end_latest < onset_earliest THEN 'before_fall'
            WHEN coalesce(CASE WHEN has_start THEN start_latest ELSE end_latest END <= nadir_earliest, false)
                AND (NOT has_end OR coalesce(end_earliest >= onset_latest, false)) THEN 'in'
            ELSE 'open' END AS place
    FROM spans s JOIN hep_windows w USING (case_id)
), bypasses AS (
    SELECT r.*, CASE
            WHEN r.earliest > coalesce(w.onset_latest, w.nadir_latest) THEN 'after_onset'
            WHEN r.latest < w.onset_earliest - 60 * $bypass_before_fall_h THEN 'long_before_fall'
            WHEN r.answer = 'yes' AND r.latest <= w.onset_earliest AND r.earliest >= w.onset_latest - 60 * $bypass_before_fall_h THEN 'in'
            ELSE 'open' END AS place
    FROM score_rows r JOIN hep_windows w USING (case_id) WHERE r.score = 'hep' AND r.item = 'bypass_96h'
), placed AS (
    SELECT case_id, 'arterial_device' AS item, -2 AS points, row_ids, place, is_arterial AS is_meant,
        CASE WHEN device = 'vv_ecmo' THEN 'veno_venous_only' WHEN NOT is_arterial THEN 'arterial_cannula_open' END AS doubt
    FROM devices
    UNION ALL
    SELECT case_id, 'bypass_96h', -1, row_ids, place, answer = 'yes', CASE WHEN answer <> 'yes' THEN 'bypass_open' END FROM bypasses
), judged AS (
    SELECT case_id, item, any_value(points) AS points, bool_or(is_meant AND place = 'in') AS is_sure, row_list(flatten(list(row_ids))) AS row_ids,
        row_list(flatten(list(row_ids) FILTER (is_meant AND place = 'in'))) AS sure, row_list(flatten(list(row_ids) FILTER (is_meant AND place = 'open'))) AS undated,
        list(reason(doubt, row_ids)) FILTER (doubt IS NOT NULL AND place IN ('in', 'open')) AS doubts,
        list(reason('no_points_' || place, row_ids, number := CASE place WHEN 'long_before_fall' THEN $bypass_before_fall_h END))
            FILTER (place NOT IN ('in', 'open')) AS outside
    FROM placed GROUP BY case_id, item
)
SELECT j.case_id, j.item, points AS low, CASE WHEN is_sure THEN points ELSE 0 END AS high,
    reasons(list_concat(about_rows([reason('in_place', sure), reason('fall_side_open', undated)]), coalesce(doubts, []), coalesce(outside, []))) AS reasons, row_ids
FROM judged j
