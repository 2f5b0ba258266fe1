-- title: Conditions in which the scores of consumptive coagulopathy apply
-- grain: one row per case
-- reads: cases, findings
-- params: none
-- missing: a condition that nobody reports does not make a score apply
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330: only with a condition known to be associated with DIC; SIC
--   needs sepsis (Iba T et al., BMJ Open 2017;7:e017046)
-- returns: view
SELECT c.case_id,
    count(f.row_id) FILTER (f.finding IN ('sepsis', 'septic shock', 'malignancy', 'trauma', 'pancreatitis')) > 0 AS has_dic_condition,
    count(f.row_id) FILTER (f.finding IN ('sepsis', 'septic shock')) > 0 AS has_sepsis,
    row_list(list(f.row_id) FILTER (f.row_id IS NOT NULL)) AS row_ids
FROM cases c
LEFT JOIN findings f ON f.case_id = c.case_id AND f.status = 'present'
    AND f.finding IN ('sepsis', 'septic shock', 'malignancy', 'trauma', 'pancreatitis')
GROUP BY c.case_id
