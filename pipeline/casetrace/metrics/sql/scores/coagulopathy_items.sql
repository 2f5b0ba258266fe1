-- title: ISTH overt DIC and SIC, item by item
-- grain: one row per case, score, reading and item
-- reads: dic_conditions, coagulation_worst
-- params: none
-- missing: an item without a result may have any points, never 0; a SOFA that is not printed is 0 to 2; without a condition
--   associated with DIC (for SIC: without sepsis) the score does not apply
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330; Iba T et al., BMJ Open 2017;7:e017046; the worst printed result
--   of each item counts, whichever its day. Reading data: the INR stands in where no PT in seconds has a reference range.
--   Reading data:without_inr: only a PT in seconds counts
-- returns: series:score_items
WITH items(score, reading, item, position, most, missing) AS (VALUES
    ('isth_dic', 'data', 'platelets', 1, 2, 'no platelet count printed'),
    ('isth_dic', 'data', 'fibrin_marker', 2, 3, 'D-dimer or fibrin degradation products are not reported'),
    ('isth_dic', 'data', 'pt', 3, 2, 'neither PT nor INR printed'),
    ('isth_dic', 'data', 'fibrinogen', 4, 1, 'fibrinogen is not reported'),
    ('isth_dic', 'data:without_inr', 'platelets', 1, 2, 'no platelet count printed'),
    ('isth_dic', 'data:without_inr', 'fibrin_marker', 2, 3, 'D-dimer or fibrin degradation products are not reported'),
    ('isth_dic', 'data:without_inr', 'pt', 3, 2, 'no PT in seconds with a reference range'),
    ('isth_dic', 'data:without_inr', 'fibrinogen', 4, 1, 'fibrinogen is not reported'),
    ('sic', 'data', 'inr', 1, 2, 'no INR printed'),
    ('sic', 'data', 'platelets', 2, 2, 'no platelet count printed'),
    ('sic', 'data', 'sofa', 3, 2, 'the SOFA score is not reported')
), usable AS (
    -- A PT without a reference range says nothing, so the INR stands in for it too.
    SELECT case_id, score, item, low, high, row_ids, note, NULL AS only_reading FROM coagulation_worst
    WHERE item NOT IN ('pt', 'inr_for_pt') OR (item = 'pt' AND high - low < 2)
    UNION ALL
    SELECT i.case_id, i.score, 'pt', i.low, i.high, i.row_ids, i.note, 'data' FROM coagulation_worst i
    WHERE i.item = 'inr_for_pt' AND NOT EXISTS (
        FROM coagulation_worst p WHERE p.case_id = i.case_id AND p.item = 'pt' AND p.high - p.low < 2
    )
)
SELECT c.case_id, i.score, i.reading, i.item, i.position, 'data-derived' AS basis,
    CASE WHEN applies THEN coalesce(u.low, 0) END::DOUBLE AS low, CASE WHEN applies THEN coalesce(u.high, i.most) END::DOUBLE AS high,
    CASE WHEN NOT applies THEN 'not_applicable'
        WHEN u.low = u.high THEN 'ok' ELSE 'not_computable' END AS status,
    CASE WHEN i.score = 'sic' AND NOT c.has_sepsis THEN 'no sepsis is reported'
        WHEN NOT c.has_dic_condition THEN 'no condition associated with DIC is reported'
        WHEN u.case_id IS NULL THEN i.missing
        ELSE sentence(['worst: ' || few(u.row_ids), u.note]) END AS reason,
    CASE WHEN applies THEN row_list(u.row_ids) ELSE [] END AS row_ids
FROM (
    SELECT * FROM dic_conditions CROSS JOIN (SELECT unnest(['isth_dic', 'sic']) AS of_score)
    CROSS JOIN LATERAL (SELECT CASE of_score WHEN 'sic' THEN has_sepsis ELSE has_dic_condition END AS applies)
) c
JOIN items i ON i.score = c.of_score
LEFT JOIN usable u ON u.case_id = c.case_id AND u.score = i.score AND u.item = i.item
    AND (u.only_reading IS NULL OR u.only_reading = i.reading)
ORDER BY c.case_id, i.score, i.reading, i.position
