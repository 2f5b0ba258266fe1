-- title: 4Ts, items that a person adjudicates
-- grain: one row per case and item (thrombosis, other_causes)
-- reads: cases, findings, distinct_findings, heparin_exposures, score_rows, reported_scores
-- params: none
-- missing: without a finding the item may have any points; a statement that there was no thrombosis leaves skin lesions and systemic
--   reactions open unless they are absent too, or the authors print "none" for the whole item; findings that contradict each other
--   leave it open
-- source: Lo GK et al., J Thromb Haemost 2006;4:759-765
-- returns: view
WITH sequelae AS (
    SELECT f.case_id, f.row_id, f.row_ids, f.finding, f.status, f.grade,
        -- A thrombosis before the first heparin is no sequela of it; one that may lie before it may give no points.
        CASE WHEN f.status <> 'present' THEN NULL
            WHEN count(e.row_id) > 0 AND bool_and(coalesce(f.time_latest_min < e.moment.earliest, false)) THEN 'before'
            WHEN count(e.row_id) > 0 AND bool_or(coalesce(e.moment.latest <= f.time_earliest_min, false)) THEN 'after'
            ELSE 'open' END AS place,
        CASE WHEN f.finding = 'acute systemic reaction' THEN 2
            WHEN f.grade IN ('new', 'necrosis') THEN 2 ELSE 1 END AS points_low,
        CASE WHEN f.grade IN ('progressive', 'recurrent', 'suspected', 'non-necrotising') THEN 1 ELSE 2 END AS points_high
    FROM distinct_findings f LEFT JOIN heparin_exposures e USING (case_id)
    WHERE EXISTS (FROM score_rows s WHERE s.case_id = f.case_id AND s.row_id = f.row_id AND s.score = '4ts' AND s.item = 'thrombosis')
    GROUP BY f.case_id, f.row_id, f.row_ids, f.finding, f.status, f.grade, f.time_earliest_min, f.time_latest_min
), thrombosis AS (
    SELECT case_id,
        coalesce(bool_or(status = 'present' AND place <> 'before'), false) AS is_present,
        coalesce(bool_or(status = 'present'), false) AS is_named,
        coalesce(bool_or(status = 'absent' AND finding = 'thrombosis'), false) AS is_denied,
        coalesce(bool_or(status = 'absent' AND finding = 'skin lesion'), false) AS has_no_lesion,
        coalesce(bool_or(status = 'absent' AND finding = 'acute systemic reaction'), false) AS has_no_reaction,
        max(CASE WHEN place = 'after' THEN points_low ELSE 0 END) AS points_low,
        max(CASE WHEN place IN ('after', 'open') THEN points_high ELSE 0 END) AS points_high,
        named(list(row_id) FILTER (status = 'present')) AS present_rows,
        named(list(row_id) FILTER (status = 'absent' AND finding = 'thrombosis')) AS absent_rows,
        named(list(row_id) FILTER (place = 'before')) AS before_rows,
        named(list(row_id) FILTER (place = 'open')) AS open_rows,
        row_list(flatten(list(row_ids) FILTER (status IN ('present', 'absent')))) AS row_ids
    FROM sequelae GROUP BY ALL
), named_causes AS (
    SELECT case_id, row_id, status, grade, site,
        status = 'absent' OR (status = 'present' AND coalesce(grade, '') = 'none') AS is_none,
        status = 'present' AND coalesce(grade, '') <> 'none' AS is_cause
    FROM findings WHERE finding = 'other cause of thrombocytopenia' AND status IN ('present', 'absent')
), causes AS (
    SELECT case_id, bool_or(is_none) AS says_none, bool_or(is_cause) AS says_cause,
        min(CASE WHEN is_none THEN 2 WHEN grade = 'possible' THEN 1 ELSE 0 END) AS points_low,
        min(CASE WHEN is_none THEN 2 WHEN grade = 'definite' THEN 0 ELSE 1 END) AS points_high,
        named(list(row_id) FILTER (is_none)) AS none_rows,
        array_to_string(list(row_id || coalesce(' (' || site || ')', '') ORDER BY row_id) FILTER (is_cause), ', ') AS cause_rows,
        row_list(list(row_id)) AS row_ids
    FROM named_causes GROUP BY ALL
), printed_none AS (
    SELECT DISTINCT case_id FROM reported_scores WHERE score = '4ts' AND item = 'thrombosis' AND lower(trim(label)) = 'none'
), silences AS (
    -- What of the sequelae nothing says: a lesion gives up to 2 points, a reaction 2.
    SELECT t.*, CASE WHEN p.case_id IS NULL THEN array_to_string(list_filter([CASE WHEN NOT has_no_lesion THEN 'skin lesions' END,
        CASE WHEN NOT has_no_reaction THEN 'systemic reactions' END], lambda x: x IS NOT NULL), ' and ') ELSE '' END AS silent
    FROM thrombosis t LEFT JOIN printed_none p USING (case_id)
), reported AS (
    -- What may be another cause, though nobody says whether it is one.
    SELECT case_id, named(list(row_id)) AS names FROM score_rows
    WHERE score = '4ts' AND item = 'other_causes' AND answer = 'possible' GROUP BY case_id
)
SELECT c.case_id, 'thrombosis' AS item,
    CASE WHEN t.is_present AND NOT t.is_denied THEN t.points_low ELSE 0 END::DOUBLE AS low,
    CASE WHEN t.is_present AND NOT t.is_denied THEN t.points_high WHEN t.is_denied AND NOT t.is_present AND silent = '' THEN 0 ELSE 2 END::DOUBLE AS high,
    CASE WHEN t.is_present AND t.is_denied THEN 'said to be present (' || t.present_rows || ') and absent (' || t.absent_rows || ')'
        WHEN t.is_present THEN sentence(['present: ' || t.present_rows,
            CASE WHEN t.open_rows <> '' THEN 'whether after heparin is not certain: ' || t.open_rows END])
        WHEN t.is_denied THEN sentence(['no thrombosis (' || t.absent_rows || ')',
            CASE WHEN silent <> '' THEN 'of ' || silent || ' nothing is reported, up to 2 points hang on that' END])
        WHEN t.before_rows <> '' THEN 'only before heparin (' || t.before_rows || '); later ones are not spoken of'
        ELSE 'no statement about thrombosis in general' END AS reason,
    row_list(t.row_ids) AS row_ids
FROM cases c LEFT JOIN silences t USING (case_id)
UNION ALL
SELECT c.case_id, 'other_causes',
    CASE WHEN o.says_none AND o.says_cause THEN 0 ELSE coalesce(o.points_low, 0) END::DOUBLE,
    CASE WHEN o.says_none AND o.says_cause THEN 2 ELSE coalesce(o.points_high, 2) END::DOUBLE,
    CASE WHEN o.case_id IS NULL THEN 'no statement about other causes' || coalesce('; may be one: ' || r.names, '')
        WHEN o.says_none AND o.says_cause
            THEN 'one place says none (' || o.none_rows || '), another names a cause: ' || o.cause_rows
        WHEN o.says_none THEN 'none named (' || o.none_rows || ')'
        ELSE 'named: ' || o.cause_rows END,
    row_list(o.row_ids)
FROM cases c LEFT JOIN causes o USING (case_id) LEFT JOIN reported r USING (case_id)
