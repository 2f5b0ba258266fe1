-- title: Worst printed result of each item in the scores of consumptive coagulopathy
-- grain: one row per case, score and item with at least one result
-- reads: coagulation_points
-- params: none
-- missing: an item without a result has no row here and is open in the scores
-- source: pipeline/metrics/views/coagulation_points.sql
-- returns: view
WITH worst AS (
    SELECT *, max(low) OVER per_item AS item_low, max(high) OVER per_item AS item_high
    FROM coagulation_points WINDOW per_item AS (PARTITION BY case_id, score, item)
)
SELECT case_id, score, item, any_value(item_low) AS low, any_value(item_high) AS high,
    row_list(list(row_id) FILTER (high = item_high)) AS row_ids,
    sentence(list_concat(
        list(DISTINCT note ORDER BY note) FILTER (high = item_high AND note IS NOT NULL),
        [CASE WHEN count(drug_rows) FILTER (high = item_high) > 0 THEN 'a drug may prolong it ('
            || array_to_string(list_sort(list_distinct(list(drug_rows) FILTER (high = item_high AND drug_rows IS NOT NULL))), ', ')
            || ')' END]
    )) AS note
FROM worst GROUP BY ALL
