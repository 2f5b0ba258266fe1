-- title: Cases whose only therapeutic intravenous heparin is printed as 0
-- grain: one row per case
-- reads: doses, exposure_known
-- params: none
-- missing: none
-- source: an infusion that is held is no exposure; what was given in all is 0
-- returns: view
SELECT case_id, row_list(list(row_id)) AS row_ids
FROM doses
WHERE is_coded AND drug = 'unfractionated heparin' AND kind <> 'transfusion'
    AND coalesce(route, 'iv') = 'iv' AND coalesce(purpose, 'therapeutic') = 'therapeutic'
    AND case_id NOT IN (SELECT case_id FROM exposure_known WHERE substance = 'iv_ufh')
GROUP BY case_id
