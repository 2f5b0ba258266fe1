-- title: Ways in which the items of a score can hold together
-- grain: one row per case, score, reading, box and item; within a box the items can be added
-- reads: hep_boxes, four_ts_items, coagulopathy_items
-- params: none
-- missing: a score that does not apply has no rows
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650 (causes); Cuker A et al., Blood 2012;120:4160-4167 (baselines of the 4Ts)
-- returns: view
SELECT case_id, 'hep' AS score, 'data' AS reading, causes || ', ' || nadir AS box, item, low, high FROM hep_boxes
UNION ALL
-- The size and the timing of a fall are those of one baseline.
SELECT case_id, score, 'data', reading, item, low, high FROM four_ts_items WHERE starts_with(reading, 'data:') AND status <> 'not_applicable'
UNION ALL
SELECT case_id, score, reading, reading, item, low, high FROM four_ts_items WHERE starts_with(reading, 'data:') AND status <> 'not_applicable'
UNION ALL
SELECT case_id, score, reading, reading, item, low, high FROM coagulopathy_items WHERE status <> 'not_applicable'
