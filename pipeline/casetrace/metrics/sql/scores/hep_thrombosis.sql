-- title: HEP score, thrombosis
-- grain: one row per case with heparin whose source speaks of thrombosis in general or names one
-- reads: distinct_findings, heparin_day_zero, heparin_exposures, given_doses
-- params: none
-- missing: a thrombosis whose day of heparin, grade or kind is not known has the points of every reading that is left; one that
--   gives no points by its day says nothing of later ones, which only a denial in general rules out
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650: new 3 points (typical onset: 4 or more days after exposure; rapid
--   onset after exposure in 100 days: any day after it), progression on heparin 2. The item speaks of venous and arterial
--   thromboembolism, so an intracardiac thrombus may count or not; a suspected one too
-- returns: view
WITH last_heparin AS (
    SELECT case_id, max(CASE WHEN kind = 'bolus' THEN start_earliest_min ELSE coalesce(end_earliest_min, start_earliest_min) END) AS ended
    FROM given_doses WHERE is_coded AND (drug = 'unfractionated heparin' OR drug_class LIKE '%LMWH%') GROUP BY ALL
), told AS (
    SELECT f.case_id, f.row_id, f.row_ids, f.finding, f.status, f.grade, any_value(h.in_100) AS in_100, any_value(h.row_ids) AS heparin_rows,
        floor(f.time_earliest_min / 1440)::BIGINT - any_value(h.day_high) AS from_day,
        floor(f.time_latest_min / 1440)::BIGINT - any_value(h.day_low) AS to_day,
        bool_and(coalesce(f.time_latest_min < e.moment.earliest, false)) AS is_before,
        bool_or(coalesce(e.moment.latest <= f.time_earliest_min, false)) AS is_after,
        coalesce(f.time_latest_min <= any_value(l.ended), false) AS is_not_later
    FROM distinct_findings f
    JOIN heparin_day_zero h USING (case_id) JOIN heparin_exposures e USING (case_id) JOIN last_heparin l USING (case_id)
    WHERE f.status IN ('present', 'absent') AND f.finding IN ('thrombosis', 'venous thrombosis', 'arterial thrombosis',
        'pulmonary embolism', 'cerebral venous thrombosis', 'intracardiac thrombosis')
    GROUP BY f.case_id, f.row_id, f.row_ids, f.finding, f.status, f.grade, f.time_earliest_min, f.time_latest_min
), readings AS (
    -- Each way in which the table can be read: by the onset, and by what the grade leaves open.
    SELECT t.case_id, t.row_id,
        CASE o.onset WHEN 'typical' THEN coalesce(from_day >= 4, false) ELSE is_after END AS is_due,
        CASE o.onset WHEN 'typical' THEN coalesce(to_day >= 4, true) AND NOT is_before ELSE NOT is_before END AS may_be_due,
        k.kind, is_before, is_after AND is_not_later AS is_on_heparin
    FROM told t CROSS JOIN (VALUES ('typical'), ('rapid')) o(onset) CROSS JOIN (VALUES ('new'), ('progression'), ('none')) k(kind)
    WHERE t.status = 'present'
        AND CASE o.onset WHEN 'typical' THEN in_100 IS DISTINCT FROM true ELSE in_100 IS DISTINCT FROM false END
        AND CASE k.kind WHEN 'new' THEN coalesce(grade, '') <> 'progressive'
            WHEN 'progression' THEN coalesce(grade, '') <> 'new'
            ELSE finding = 'intracardiac thrombosis' OR coalesce(grade, '') = 'suspected' END
), points AS (
    SELECT case_id, row_id,
        min(CASE WHEN kind = 'new' AND is_due THEN 3 WHEN kind = 'progression' AND is_on_heparin THEN 2 ELSE 0 END) AS low,
        max(CASE WHEN kind = 'new' AND may_be_due THEN 3 WHEN kind = 'progression' AND NOT is_before THEN 2 ELSE 0 END) AS high
    FROM readings GROUP BY ALL
), placed AS (
    SELECT p.*, t.grade, reasons(list_concat([CASE WHEN t.grade IS NOT NULL THEN reason('graded', [p.row_id], term := t.grade) END],
        CASE WHEN t.is_before THEN [reason('before_heparin', [p.row_id])]
            WHEN t.from_day IS NULL OR t.to_day IS NULL THEN [reason('heparin_day_unknown', [p.row_id])]
            WHEN t.from_day = t.to_day THEN [reason('on_heparin_day', [p.row_id], number := t.to_day)]
            ELSE [reason('from_heparin_day', [p.row_id], number := t.from_day), reason('to_heparin_day', [p.row_id], number := t.to_day)] END)) AS place
    FROM points p JOIN told t USING (case_id, row_id)
), judged AS (
    SELECT t.case_id, coalesce(bool_or(t.status = 'absent' AND t.finding = 'thrombosis'), false) AS is_denied,
        coalesce(max(w.low), 0) AS low, coalesce(max(w.high), 0) AS high,
        flatten(list(w.place ORDER BY w.row_id) FILTER (w.place IS NOT NULL)) AS places,
        coalesce(bool_or(w.grade IS NULL AND w.high > 0), false) AS is_ungraded,
        coalesce(bool_or(t.finding = 'intracardiac thrombosis' AND w.high > 0), false) AS is_in_heart,
        row_list(flatten(list(t.row_ids) FILTER (t.status = 'present' OR t.finding = 'thrombosis'))) AS row_ids,
        any_value(t.heparin_rows) FILTER (t.status = 'present') AS heparin_rows
    FROM told t LEFT JOIN placed w USING (case_id, row_id) GROUP BY t.case_id
)
SELECT case_id, 'thrombosis' AS item, CASE WHEN NOT is_denied THEN low ELSE 0 END::DOUBLE AS low,
    -- Where what is told may give no points, a later thrombosis is not spoken of, unless thrombosis in general is denied.
    CASE WHEN NOT is_denied AND low > 0 THEN high WHEN is_denied AND high = 0 THEN 0 ELSE 3 END::DOUBLE AS high,
    reasons(list_concat(coalesce(places, []), [CASE WHEN is_ungraded THEN reason('new_or_progression') END,
            CASE WHEN is_in_heart THEN reason('heart_may_not_be_meant') END],
        CASE WHEN is_denied AND high > 0 THEN [reason('present_and_absent')]
            WHEN is_denied THEN [reason(CASE WHEN places IS NULL THEN 'no_thrombosis' ELSE 'no_thrombosis_after' END)]
            WHEN low = 0 AND high = 0 THEN [reason('no_points_by_day'), reason('later_not_reported')] ELSE [] END)) AS reasons,
    row_list(list_concat(row_ids, heparin_rows)) AS row_ids
FROM judged WHERE is_denied OR places IS NOT NULL
