-- title: Items of the scores of coagulopathy around each platelet count
-- grain: one row per case, score, reading, platelet count and item
-- reads: coagulation_counts, coagulation_points, coagulation_sofa, cases
-- params: coagulation_day_h [h]
-- missing: an item without a result that surely lies within a day of the count may have any points, never 0
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330; Iba T et al., J Thromb Haemost 2025;23:2356-2362; Iba T et al., BMJ Open 2017;7:e017046.
--   A score is of one day: the worst result of each item within that time of the count. Reading data: the INR stands in where no PT in
--   seconds has a reference range. Reading data:without_inr: only a PT in seconds counts
-- returns: view
WITH items(kind, item, position, most, subject) AS (VALUES
    ('isth_dic', 'platelets', 1, 2, NULL), ('isth_dic', 'fibrin_marker', 2, 3, 'D-dimer or fibrin degradation products'),
    ('isth_dic', 'pt', 3, 2, 'PT or INR'), ('isth_dic', 'fibrinogen', 4, 1, 'fibrinogen'),
    ('sic', 'inr', 1, 2, 'INR'), ('sic', 'platelets', 2, 2, NULL), ('sic', 'sofa', 3, 2, 'the SOFA score')
), forms(kind, score, reading) AS (VALUES
    ('isth_dic', 'isth_dic_2001', 'data'), ('isth_dic', 'isth_dic_2001', 'data:without_inr'),
    ('isth_dic', 'isth_dic_2025', 'data'), ('isth_dic', 'isth_dic_2025', 'data:without_inr'), ('sic', 'sic', 'data')
), near AS (
    SELECT c.case_id, c.count_row, p.score, p.item, p.row_id, p.low, p.high, p.note, p.drug_rows,
        -- Two results counted from one row lie as far apart as their distances from it.
        CASE WHEN c.anchor = p.anchor AND c.time_form <> 'approximate' AND p.time_form <> 'approximate' THEN abs(c.offset_min - p.offset_min) END AS exact,
        coalesce(exact, greatest(p.latest - c.earliest, c.latest - p.earliest)) <= 60 * $coagulation_day_h AS is_within,
        coalesce(exact, greatest(p.earliest - c.latest, c.earliest - p.latest, 0)) <= 60 * $coagulation_day_h AS may_be_within
    FROM coagulation_counts c JOIN coagulation_points p ON p.case_id = c.case_id AND starts_with(p.score, c.kind)
    WHERE p.item <> 'platelets' OR p.row_id = c.count_row
), worst AS (
    SELECT case_id, count_row, score, item, max(low) FILTER (is_within OR item = 'platelets') AS low, max(high) AS high,
        bool_or(is_within OR item = 'platelets') AS is_sure,
        row_list(list(row_id)) AS row_ids, any_value(note) FILTER (note IS NOT NULL) AS note,
        row_list(flatten(list(drug_rows) FILTER (drug_rows IS NOT NULL))) AS drug_rows,
        -- A PT without a reference range says nothing, so the INR stands in for it too.
        bool_or(is_within AND high - low < 2) AS is_usable
    FROM near WHERE may_be_within OR item = 'platelets' GROUP BY case_id, count_row, score, item
), chosen AS (
    SELECT case_id, count_row, score, item, low, high, is_sure, row_ids, note, drug_rows, NULL AS only_reading FROM worst WHERE item NOT IN ('pt', 'inr_for_pt')
    UNION ALL
    SELECT case_id, count_row, score, item, low, high, is_sure, row_ids, note, drug_rows, NULL FROM worst WHERE item = 'pt' AND coalesce(is_usable, false)
    UNION ALL
    SELECT i.case_id, i.count_row, i.score, 'pt', i.low, i.high, i.is_sure, i.row_ids, i.note, i.drug_rows, 'data' FROM worst i
    WHERE i.item = 'inr_for_pt' AND NOT EXISTS (
        FROM worst p WHERE p.case_id = i.case_id AND p.count_row = i.count_row AND p.score = i.score AND p.item = 'pt' AND p.is_usable)
    UNION ALL
    SELECT case_id, count_row, 'sic', 'sofa', low, 2, true, row_ids, NULL, [], NULL
    FROM coagulation_sofa WHERE low > 0
)
SELECT c.case_id, f.score, f.reading, c.count_row, c.day, c.earliest, c.is_sure AS applies_surely, c.doubtful, i.item, i.position,
    CASE WHEN u.is_sure THEN u.low ELSE 0 END::DOUBLE AS low, CASE WHEN u.is_sure THEN u.high ELSE i.most END::DOUBLE AS high,
    reasons(CASE WHEN u.case_id IS NULL AND i.item = 'pt' AND f.reading = 'data:without_inr' THEN [reason('no_pt_within', number := $coagulation_day_h)]
        WHEN u.case_id IS NULL AND i.item = 'sofa' THEN [not_reported(i.subject, k.read)]
        WHEN u.case_id IS NULL THEN [reason('no_result_within', number := $coagulation_day_h, term := i.subject)]
        ELSE [CASE WHEN i.item = 'platelets' THEN reason('scored_count', u.row_ids) WHEN i.item = 'sofa' THEN reason('points_by_findings', u.row_ids, number := u.low)
                WHEN u.is_sure THEN reason('worst_within', u.row_ids, number := $coagulation_day_h)
                ELSE reason('may_lie_within', u.row_ids, number := $coagulation_day_h) END,
            u.note, CASE WHEN len(u.drug_rows) > 0 THEN reason('drug_may_prolong', u.drug_rows) END] END) AS reasons,
    row_list(coalesce(u.row_ids, [])) AS row_ids, c.row_ids AS condition_rows
FROM coagulation_counts c JOIN cases k USING (case_id) JOIN forms f USING (kind) JOIN items i USING (kind)
LEFT JOIN chosen u ON u.case_id = c.case_id AND u.count_row = c.count_row AND u.score = f.score AND u.item = i.item
    AND (u.only_reading IS NULL OR u.only_reading = f.reading)
