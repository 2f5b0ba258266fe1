-- title: Results in the groups that are summarised
-- grain: one row per case, analyte, stratum (an anticoagulant, or empty) and result
-- reads: lab_values, monitored_labs
-- params: none
-- missing: as lab_values; under an anticoagulant only results that surely lie in one of its
--   courses and in no pause
-- source: as lab_values
-- returns: view
SELECT case_id, analyte, '' AS stratum, row_id, unit, stat, is_single, is_implausible, best, low, high, span_low, span_high, earliest, latest, moment
FROM lab_values WHERE is_counted AND analyte IN ('platelets', 'hemoglobin', 'antithrombin_activity')
UNION ALL
SELECT case_id, analyte, drug, row_id, unit, stat, is_single, is_implausible, best, low, high, span_low, span_high, earliest, latest, moment
FROM monitored_labs WHERE is_on AND NOT is_mean
