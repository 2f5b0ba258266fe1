-- title: HEP score, item by item
-- grain: one row per case, reading and item
-- reads: cases, hep_boxes, hep_item_list
-- params: none
-- missing: what the source does not speak of may have any points of its item; without heparin the score does not apply
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; table as in Hematology ASH Educ Program 2013:668-674. Where the source states
--   a cause and states that there is no other, each of the two readings stands by itself beside reading data, which spans both
-- returns: series:score_items
WITH readings AS (
    SELECT *, 'data' AS reading FROM hep_boxes
    UNION ALL SELECT *, 'data:' || causes FROM hep_boxes WHERE is_both_stated
), items AS (
    SELECT case_id, reading, item, any_value(position) AS position, any_value(basis) AS basis, min(low) AS low, max(high) AS high,
        any_value(reasons) AS reasons, row_list(flatten(list(row_ids))) AS row_ids
    FROM readings GROUP BY case_id, reading, item
), without AS (
    SELECT case_id FROM cases WHERE case_id NOT IN (SELECT case_id FROM hep_boxes)
)
SELECT case_id, 'hep' AS score, reading, item, position, basis, low, high,
    CASE WHEN low = high THEN 'ok' ELSE 'not_computable' END AS status, reasons, row_ids
FROM items
UNION ALL
SELECT case_id, 'hep', 'data', i.item, i.position, i.basis, NULL, NULL, 'not_applicable', [reason('not_in_record', term := 'heparin')], []
FROM without CROSS JOIN hep_item_list i
ORDER BY case_id, reading, position
