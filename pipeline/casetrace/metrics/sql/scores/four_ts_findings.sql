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
        row_list(list(row_id) FILTER (status = 'present')) AS present_rows,
        row_list(list(row_id) FILTER (status = 'absent' AND finding = 'thrombosis')) AS absent_rows,
        row_list(list(row_id) FILTER (place = 'before')) AS before_rows,
        row_list(list(row_id) FILTER (place = 'open')) AS open_rows,
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
        row_list(list(row_id) FILTER (is_none)) AS none_rows,
        list(CASE WHEN site IS NULL THEN reason('cause_of_no_name', [row_id]) ELSE reason('named_cause', [row_id], term := site) END)
            FILTER (is_cause) AS named_ones,
        row_list(list(row_id)) AS row_ids
    FROM named_causes GROUP BY ALL
), printed_none AS (
    SELECT DISTINCT case_id FROM reported_scores WHERE score = '4ts' AND item = 'thrombosis' AND lower(trim(label)) = 'none'
), silences AS (
    -- What of the sequelae nothing says: a lesion gives up to 2 points, a reaction 2.
    SELECT t.*, reasons([CASE WHEN p.case_id IS NULL AND NOT has_no_lesion THEN reason('sequelae_not_reported', term := 'skin lesions') END,
        CASE WHEN p.case_id IS NULL AND NOT has_no_reaction THEN reason('sequelae_not_reported', term := 'systemic reactions') END]) AS silent
    FROM thrombosis t LEFT JOIN printed_none p USING (case_id)
), reported AS (
    -- What may be another cause, though nobody says whether it is one.
    SELECT case_id, row_list(list(row_id)) AS row_ids FROM score_rows
    WHERE score = '4ts' AND item = 'other_causes' AND answer = 'possible' GROUP BY case_id
)
SELECT c.case_id, 'thrombosis' AS item,
    CASE WHEN t.is_present AND NOT t.is_denied THEN t.points_low ELSE 0 END::DOUBLE AS low,
    CASE WHEN t.is_present AND NOT t.is_denied THEN t.points_high WHEN t.is_denied AND NOT t.is_present AND len(silent) = 0 THEN 0 ELSE 2 END::DOUBLE AS high,
    reasons(CASE WHEN t.is_present AND t.is_denied THEN [reason('contradicted_present', t.present_rows), reason('contradicted_absent', t.absent_rows)]
        WHEN t.is_present THEN about_rows([reason('present', t.present_rows), reason('after_heparin_open', t.open_rows)])
        WHEN t.is_denied THEN list_concat([reason('thrombosis_denied', t.absent_rows)], silent)
        WHEN len(t.before_rows) > 0 THEN [reason('only_before_heparin', t.before_rows), reason('later_not_reported')]
        ELSE [reason('no_statement', term := 'thrombosis in general')] END) AS reasons,
    row_list(t.row_ids) AS row_ids
FROM cases c LEFT JOIN silences t USING (case_id)
UNION ALL
SELECT c.case_id, 'other_causes',
    CASE WHEN o.says_none AND o.says_cause THEN 0 ELSE coalesce(o.points_low, 0) END::DOUBLE,
    CASE WHEN o.says_none AND o.says_cause THEN 2 ELSE coalesce(o.points_high, 2) END::DOUBLE,
    reasons(CASE WHEN o.case_id IS NULL THEN [reason('no_statement', term := 'other causes'),
            CASE WHEN len(r.row_ids) > 0 THEN reason('may_be_cause', r.row_ids) END]
        WHEN o.says_none AND o.says_cause THEN list_concat([reason('one_place_says_none', o.none_rows)], o.named_ones)
        WHEN o.says_none THEN [reason('says_none', o.none_rows)]
        ELSE o.named_ones END),
    row_list(o.row_ids)
FROM cases c LEFT JOIN causes o USING (case_id) LEFT JOIN reported r USING (case_id)
