-- title: HEP score, items that a row of the source decides
-- grain: one row per case and item of which a row speaks (skin, reaction, bleeding, chronic disorder, new drug, infection)
-- reads: score_rows, hep_windows
-- params: none
-- missing: what no row speaks of has no row here and stays open in the score; a row that surely lies outside its time counts for
--   nothing, and one that may lie outside, or may not be what the item means, counts or not
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; table as in Hematology ASH Educ Program 2013:668-674
-- returns: view
WITH items(item, points, since, meant) AS (VALUES
    ('skin_necrosis', 3, 'heparin', 'its grade is not stated'), ('systemic_reaction', 2, 'heparin', NULL),
    ('bleeding', -1, 'heparin', 'whether it bled is not stated'),
    ('chronic_disorder', -1, 'always', 'whether a chronic thrombocytopenic disorder is not stated'),
    ('new_drug', -2, 'cause', 'can lower platelets, and whether newly started is for a person to judge'),
    ('severe_infection', -2, 'cause', 'an infection, where the item asks for a severe one')
), placed AS (
    SELECT r.*, i.points, i.since, i.meant, CASE i.since
            WHEN 'heparin' THEN CASE WHEN r.latest < w.heparin_earliest THEN 'before heparin' WHEN r.earliest >= w.heparin_latest THEN 'in' ELSE 'open' END
            WHEN 'cause' THEN CASE WHEN r.earliest > w.nadir_latest THEN 'after the fall' WHEN r.latest <= w.nadir_earliest THEN 'in' ELSE 'open' END
            ELSE 'in' END AS place
    FROM score_rows r JOIN items i USING (item) JOIN hep_windows w USING (case_id) WHERE r.score = 'hep'
), judged AS (
    SELECT case_id, item, any_value(points) AS points, any_value(since) AS since, any_value(meant) AS meant,
        named(list(row_id) FILTER (answer = 'yes' AND place = 'in')) AS sure,
        named(list(row_id) FILTER (answer = 'yes' AND place = 'open')) AS undated,
        named(list(row_id) FILTER (answer = 'possible' AND place IN ('in', 'open'))) AS doubtful,
        named(list(row_id) FILTER (place NOT IN ('in', 'open') AND answer IN ('yes', 'possible'))) AS outside,
        any_value(place) FILTER (place NOT IN ('in', 'open')) AS side,
        named(list(row_id) FILTER (answer = 'no')) AS other_grade,
        named(list(row_id) FILTER (is_denial)) AS denied,
        max(earliest) FILTER (answer = 'yes' AND place = 'in') AS last_present, min(latest) FILTER (answer = 'yes' AND place = 'in') AS first_present,
        min(earliest) FILTER (is_denial) AS denied_from, max(latest) FILTER (is_denial) AS denied_until, row_list(flatten(list(row_ids))) AS row_ids
    FROM placed WHERE answer IS NOT NULL OR is_denial GROUP BY case_id, item
), answered AS (
    -- An absence that is surely stated of another time contradicts nothing.
    SELECT *, sure <> '' AND denied <> '' AND coalesce(denied_from <= last_present AND denied_until >= first_present, true) AS is_contradicted
    FROM judged
)
SELECT case_id, item,
    CASE WHEN sure <> '' AND NOT is_contradicted THEN points WHEN sure = '' AND undated = '' AND doubtful = '' AND (denied <> '' OR other_grade <> '') THEN 0
        ELSE least(points, 0) END AS low,
    CASE WHEN sure <> '' AND NOT is_contradicted THEN points WHEN sure = '' AND undated = '' AND doubtful = '' AND (denied <> '' OR other_grade <> '') THEN 0
        ELSE greatest(points, 0) END AS high,
    sentence([
        CASE WHEN is_contradicted THEN 'said to be present (' || sure || ') and absent (' || denied || ')' WHEN sure <> '' THEN 'present: ' || sure
            WHEN denied <> '' THEN 'absent: ' || denied END,
        CASE WHEN undated <> '' THEN CASE since WHEN 'heparin' THEN 'whether since heparin is not certain: ' ELSE 'whether before or in the fall is not certain: ' END
            || undated END,
        CASE WHEN doubtful <> '' THEN meant || ': ' || doubtful END,
        CASE WHEN other_grade <> '' THEN 'of a grade that does not count: ' || other_grade END,
        CASE WHEN outside <> '' THEN side || ' and so without points: ' || outside END]) AS reason,
    row_ids
FROM answered
