-- title: HEP score, items that a row of the source decides
-- grain: one row per case and item of which a row speaks (skin, reaction, bleeding, chronic disorder, new drug, infection)
-- reads: score_rows, hep_windows
-- params: none
-- missing: what no row speaks of has no row here and stays open in the score; a row that surely lies outside its time counts for
--   nothing, and one that may lie outside, or may not be what the item means, counts or not
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; table as in Hematology ASH Educ Program 2013:668-674
-- returns: view
WITH items(item, points, since, meant) AS (VALUES
    ('skin_necrosis', 3, 'heparin', 'grade_not_stated'), ('systemic_reaction', 2, 'heparin', NULL),
    ('bleeding', -1, 'heparin', 'bleeding_not_stated'),
    ('chronic_disorder', -1, 'always', 'chronic_disorder_not_stated'),
    ('new_drug', -2, 'cause', 'drug_may_lower_platelets'),
    ('severe_infection', -2, 'cause', 'infection_severity_open')
), placed AS (
    SELECT r.*, i.points, i.since, i.meant, CASE i.since
            WHEN 'heparin' THEN CASE WHEN r.latest < w.heparin_earliest THEN 'before_heparin' WHEN r.earliest >= w.heparin_latest THEN 'in' ELSE 'open' END
            WHEN 'cause' THEN CASE WHEN r.earliest > w.nadir_latest THEN 'after_fall' WHEN r.latest <= w.nadir_earliest THEN 'in' ELSE 'open' END
            ELSE 'in' END AS place
    FROM score_rows r JOIN items i USING (item) JOIN hep_windows w USING (case_id) WHERE r.score = 'hep'
), judged AS (
    SELECT case_id, item, any_value(points) AS points, any_value(since) AS since, any_value(meant) AS meant,
        row_list(list(row_id) FILTER (answer = 'yes' AND place = 'in')) AS sure,
        row_list(list(row_id) FILTER (answer = 'yes' AND place = 'open')) AS undated,
        row_list(list(row_id) FILTER (answer = 'possible' AND place IN ('in', 'open'))) AS doubtful,
        row_list(list(row_id) FILTER (place NOT IN ('in', 'open') AND answer IN ('yes', 'possible'))) AS outside,
        any_value(place) FILTER (place NOT IN ('in', 'open')) AS side,
        row_list(list(row_id) FILTER (answer = 'no')) AS other_grade,
        row_list(list(row_id) FILTER (is_denial)) AS denied,
        max(earliest) FILTER (answer = 'yes' AND place = 'in') AS last_present, min(latest) FILTER (answer = 'yes' AND place = 'in') AS first_present,
        min(earliest) FILTER (is_denial) AS denied_from, max(latest) FILTER (is_denial) AS denied_until, row_list(flatten(list(row_ids))) AS row_ids
    FROM placed WHERE answer IS NOT NULL OR is_denial GROUP BY case_id, item
), answered AS (
    -- An absence that is surely stated of another time contradicts nothing.
    SELECT *, len(sure) > 0 AND len(denied) > 0 AND coalesce(denied_from <= last_present AND denied_until >= first_present, true) AS is_contradicted
    FROM judged
)
SELECT case_id, item,
    CASE WHEN len(sure) > 0 AND NOT is_contradicted THEN points WHEN len(list_concat(sure, undated, doubtful)) = 0 AND (len(denied) > 0 OR len(other_grade) > 0) THEN 0
        ELSE least(points, 0) END AS low,
    CASE WHEN len(sure) > 0 AND NOT is_contradicted THEN points WHEN len(list_concat(sure, undated, doubtful)) = 0 AND (len(denied) > 0 OR len(other_grade) > 0) THEN 0
        ELSE greatest(points, 0) END AS high,
    about_rows([
        CASE WHEN is_contradicted THEN reason('contradicted_present', sure) ELSE reason('present', sure) END,
        CASE WHEN is_contradicted THEN reason('contradicted_absent', denied) WHEN len(sure) = 0 THEN reason('absent', denied) END,
        reason(CASE since WHEN 'heparin' THEN 'since_heparin_open' ELSE 'fall_side_open' END, undated),
        CASE WHEN meant IS NOT NULL THEN reason(meant, doubtful) END,
        reason('other_grade', other_grade),
        CASE WHEN side IS NOT NULL THEN reason('no_points_' || side, outside) END]) AS reasons,
    row_ids
FROM answered
