-- title: ISTH overt DIC and SIC, item by item on the worst day
-- grain: one row per case, score, reading and item
-- reads: cases, coagulation_items, coagulation_totals, score_rows, labs
-- params: none
-- missing: an item without a result may have any points, never 0; without a condition associated with DIC (for SIC: without sepsis), or
--   without a platelet count from its beginning on, the score does not apply
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330; Iba T et al., J Thromb Haemost 2025;23:2356-2362; Iba T et al., BMJ Open 2017;7:e017046
-- returns: series:score_items
WITH shown AS (
    SELECT i.*, t.day AS worst_day FROM coagulation_items i JOIN coagulation_totals t USING (case_id, score, reading, count_row) WHERE t.is_worst
), forms(score, item, position, kind, what) AS (VALUES
    ('isth_dic_2001', 'platelets', 1, 'condition', 'a condition associated with DIC'), ('isth_dic_2001', 'fibrin_marker', 2, 'condition', 'a condition associated with DIC'),
    ('isth_dic_2001', 'pt', 3, 'condition', 'a condition associated with DIC'), ('isth_dic_2001', 'fibrinogen', 4, 'condition', 'a condition associated with DIC'),
    ('isth_dic_2025', 'platelets', 1, 'condition', 'a condition associated with DIC'), ('isth_dic_2025', 'fibrin_marker', 2, 'condition', 'a condition associated with DIC'),
    ('isth_dic_2025', 'pt', 3, 'condition', 'a condition associated with DIC'), ('isth_dic_2025', 'fibrinogen', 4, 'condition', 'a condition associated with DIC'),
    ('sic', 'inr', 1, 'sepsis', 'sepsis'), ('sic', 'platelets', 2, 'sepsis', 'sepsis'), ('sic', 'sofa', 3, 'sepsis', 'sepsis')
), conditions AS (
    SELECT case_id, item AS kind, row_list(list(row_id)) AS condition_rows FROM score_rows
    WHERE answer IN ('yes', 'possible') AND (score, item) IN (('isth_dic', 'condition'), ('sic', 'sepsis')) GROUP BY case_id, item
), counted AS (
    SELECT DISTINCT case_id FROM labs WHERE analyte = 'platelets' AND value_kind NOT IN ('not_done', 'not_printed') AND (stat IS NULL OR stat IN ('initial', 'min', 'max', 'range'))
)
SELECT case_id, score, reading, item, position, 'data-derived' AS basis, low, high, CASE WHEN low = high THEN 'ok' ELSE 'not_computable' END AS status,
    reasons(list_concat(reasons, [CASE WHEN item = 'platelets' AND worst_day IS NULL THEN reason('worst_day_uncertain')
        WHEN item = 'platelets' THEN reason('worst_on_day', number := worst_day) END])) AS reasons, row_ids
FROM shown
UNION ALL
SELECT c.case_id, f.score, 'data', f.item, f.position, 'data-derived', NULL, NULL, 'not_applicable',
    [CASE WHEN o.case_id IS NULL THEN not_reported(f.what, c.read) WHEN n.case_id IS NULL THEN reason('no_count_to_score')
        ELSE reason('counts_before_condition', o.condition_rows) END], []
FROM cases c CROSS JOIN forms f LEFT JOIN conditions o ON o.case_id = c.case_id AND o.kind = f.kind LEFT JOIN counted n ON n.case_id = c.case_id
WHERE NOT EXISTS (FROM coagulation_totals t WHERE t.case_id = c.case_id AND t.score = f.score)
ORDER BY case_id, score, reading, position
