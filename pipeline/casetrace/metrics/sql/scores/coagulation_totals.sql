-- title: Totals of the scores of coagulopathy around each platelet count
-- grain: one row per case, score, reading and platelet count
-- reads: coagulation_items
-- params: none
-- missing: a total is the sum of the item intervals
-- source: as coagulation_items; the worst count is the one with the highest total that is sure, then the one that leaves least open
-- returns: view
WITH sums AS (
    SELECT case_id, score, reading, count_row, any_value(day) AS day, any_value(earliest) AS earliest, any_value(applies_surely) AS applies_surely,
        any_value(doubtful) AS doubtful, sum(low) AS low, sum(high) AS high, sum(low) FILTER (item <> 'sofa') AS core_low, sum(high) FILTER (item <> 'sofa') AS core_high,
        coalesce(flatten(list(of_part(CASE WHEN item IN ('pt', 'inr', 'sofa') THEN upper(item) ELSE replace(item, '_', ' ') END,
            list_concat(points_between(low, high), reasons))) FILTER (low < high)), []) AS open_items,
        row_list(list_concat(flatten(list(row_ids)), any_value(condition_rows))) AS row_ids
    FROM coagulation_items GROUP BY case_id, score, reading, count_row
)
SELECT *, row_number() OVER (PARTITION BY case_id, score, reading ORDER BY applies_surely DESC, low DESC, high, earliest, count_row) = 1 AS is_worst FROM sums
