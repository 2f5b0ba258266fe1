-- title: HEP score, item by item
-- grain: one row per case and item
-- reads: cases, heparin_exposures, platelet_falls, platelet_nadirs, hep_timing, hep_thrombosis, hep_adjudicated
-- params: none
-- missing: what the source does not speak of may have any points of its item; without heparin the score does not apply
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; table as in Hematology ASH Educ Program 2013:668-674
-- returns: series:score_items
WITH items(item, position, basis, fewest, most, missing) AS (VALUES
    ('magnitude', 1, 'data-derived', -1, 3, 'the fall since heparin cannot be computed'),
    ('timing', 2, 'data-derived', -2, 3, 'no fall that could be timed'),
    ('nadir', 3, 'data-derived', -2, 2, 'no platelet count since heparin'),
    ('thrombosis', 4, 'adjudicated', 0, 3, 'no statement about thrombosis in general'),
    ('skin_necrosis', 5, 'adjudicated', 0, 3, 'nothing is said of the skin'),
    ('systemic_reaction', 6, 'adjudicated', 0, 2, 'nothing is said of a reaction to a bolus'),
    ('bleeding', 7, 'adjudicated', -1, 0, 'nothing is said of bleeding'),
    ('chronic_disorder', 8, 'adjudicated', -1, 0, 'nothing is said of a chronic thrombocytopenic disorder'),
    ('new_drug', 9, 'adjudicated', -2, 0, 'nothing is said of newly started drugs that lower platelets'),
    ('severe_infection', 10, 'adjudicated', -2, 0, 'nothing is said of infection'),
    ('severe_dic', 11, 'data-derived', -2, 0, 'fibrinogen is not reported'),
    ('arterial_device', 12, 'adjudicated', -2, 0, 'nothing is said of an intra-arterial device'),
    ('bypass_96h', 13, 'adjudicated', -1, 0, 'nothing is said of bypass in the 96 h before'),
    ('no_other_cause', 14, 'adjudicated', 0, 3, 'no statement about other causes')
), fall AS (
    SELECT case_id, 'magnitude' AS item,
        CASE WHEN pct_low > 50 THEN 3 WHEN pct_low >= 30 THEN 1 ELSE -1 END AS low,
        CASE WHEN coalesce(pct_high, 100) > 50 THEN 3 WHEN pct_high >= 30 THEN 1 ELSE -1 END AS high,
        CASE WHEN pct_low = pct_high THEN 'fall of ' || plain(round(pct_low, 1)) || ' % since heparin'
            ELSE 'fall between ' || coalesce(plain(round(pct_low, 1)), 'no') || ' and ' || coalesce(plain(round(pct_high, 1)), '100')
                || ' % since heparin' END AS reason, row_ids
    FROM platelet_falls WHERE reading = 'since_heparin' AND has_rows
), nadir AS (
    SELECT case_id, 'nadir' AS item, CASE WHEN low > 20 THEN 2 ELSE -2 END AS low, CASE WHEN coalesce(high, 'infinity'::DOUBLE) > 20 THEN 2 ELSE -2 END AS high,
        'nadir ' || coalesce(plain(best), plain(low) || ' or more') AS reason, nadir_rows AS row_ids
    FROM platelet_nadirs WHERE scope = 'since heparin'
), known AS (
    SELECT case_id, item, low::DOUBLE AS low, high::DOUBLE AS high, reason, row_ids FROM fall
    UNION ALL SELECT case_id, item, low, high, reason, row_ids FROM nadir
    UNION ALL SELECT case_id, 'timing', low, high, reason, row_ids FROM hep_timing
    UNION ALL SELECT case_id, item, low, high, reason, row_ids FROM hep_thrombosis
    UNION ALL SELECT case_id, item, low, high, reason, row_ids FROM hep_adjudicated
), applicable AS (
    SELECT c.case_id, EXISTS (FROM heparin_exposures e WHERE e.case_id = c.case_id) AS has_heparin FROM cases c
)
SELECT a.case_id, 'hep' AS score, 'data' AS reading, i.item, i.position, i.basis,
    CASE WHEN has_heparin THEN coalesce(k.low, i.fewest) END::DOUBLE AS low, CASE WHEN has_heparin THEN coalesce(k.high, i.most) END::DOUBLE AS high,
    CASE WHEN NOT has_heparin THEN 'not_applicable' WHEN k.low = k.high THEN 'ok' ELSE 'not_computable' END AS status,
    CASE WHEN NOT has_heparin THEN 'no heparin in the record' ELSE coalesce(k.reason, i.missing) END AS reason,
    CASE WHEN has_heparin THEN row_list(k.row_ids) ELSE [] END AS row_ids
FROM applicable a CROSS JOIN items i LEFT JOIN known k ON k.case_id = a.case_id AND k.item = i.item
ORDER BY a.case_id, i.position
