-- title: ISTH overt DIC and SIC, totals
-- grain: one row per case and metric
-- reads: coagulopathy_items
-- params: none
-- missing: a total is the sum of the item intervals and has a value only when every item is decided; without a condition
--   associated with DIC (for SIC: without sepsis) the score does not apply
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330: 5 points or more are compatible with overt DIC; Iba T et al., BMJ
--   Open 2017;7:e017046: SIC is a total of 4 or more with more than 2 points for INR and platelets
-- returns: metrics
-- metric: isth_dic_total | {score} | ISTH overt DIC score, the INR standing in for a PT that is not printed | stratum: none
-- metric: isth_dic_total_without_inr | {score} | ISTH overt DIC score from a PT in seconds only | stratum: none
-- metric: isth_dic_overt | {yes_no} | ISTH overt DIC score of 5 or more | stratum: none
-- metric: sic_total | {score} | Sepsis-induced coagulopathy score | stratum: none
-- metric: sic_met | {yes_no} | Sepsis-induced coagulopathy (total 4 or more, and more than 2 for INR and platelets) | stratum: none
WITH totals AS (
    SELECT case_id, score, reading, sum(low) AS low, sum(high) AS high, bool_or(status = 'not_applicable') AS is_inapplicable,
        sum(low) FILTER (item <> 'sofa') AS low_without_sofa, sum(high) FILTER (item <> 'sofa') AS high_without_sofa,
        string_agg(CASE WHEN item IN ('pt', 'inr', 'sofa') THEN upper(item) ELSE replace(item, '_', ' ') END || ' ' || plain(low) || ' to ' || plain(high) || ' (' || reason || ')', '; '
            ORDER BY position) FILTER (status = 'not_computable') AS open_items,
        any_value(reason) FILTER (status = 'not_applicable') AS why_not, row_list(flatten(list(row_ids))) AS row_ids
    FROM coagulopathy_items GROUP BY ALL
), judged AS (
    SELECT *, CASE WHEN low = high THEN low END AS total,
        CASE score
            WHEN 'sic' THEN yes_no(low >= 4 AND low_without_sofa > 2, high < 4 OR high_without_sofa <= 2)
            ELSE yes_no(low >= 5, high < 5)
        END AS is_met
    FROM totals
), named_totals AS (
    SELECT *, CASE WHEN score = 'sic' THEN 'sic_total' WHEN reading = 'data' THEN 'isth_dic_total'
        ELSE 'isth_dic_total_without_inr' END AS total_metric,
        CASE WHEN score = 'sic' THEN 'sic_met' WHEN reading = 'data' THEN 'isth_dic_overt' END AS verdict_metric
    FROM judged
)
SELECT case_id, total_metric AS metric, '' AS stratum, CASE WHEN NOT is_inapplicable THEN total END::DOUBLE AS value,
    CASE WHEN NOT is_inapplicable THEN low END::DOUBLE AS low, CASE WHEN NOT is_inapplicable THEN high END::DOUBLE AS high,
    '{score}' AS unit, CASE WHEN is_inapplicable THEN 'not_applicable' ELSE status_of(1, total) END AS status,
    CASE WHEN is_inapplicable THEN why_not ELSE open_items END AS reason, row_ids
FROM named_totals
UNION ALL
SELECT case_id, verdict_metric, '', CASE WHEN NOT is_inapplicable THEN is_met END,
    CASE WHEN NOT is_inapplicable THEN coalesce(is_met, 0) END, CASE WHEN NOT is_inapplicable THEN coalesce(is_met, 1) END,
    '{yes_no}', CASE WHEN is_inapplicable THEN 'not_applicable' ELSE status_of(1, is_met) END,
    CASE WHEN is_inapplicable THEN why_not
        WHEN score = 'sic' THEN 'total between ' || plain(low) || ' and ' || plain(high) || ', INR and platelets between '
            || plain(low_without_sofa) || ' and ' || plain(high_without_sofa) || ' points; needed: 4 or more, and more than 2'
        ELSE 'between ' || plain(low) || ' and ' || plain(high) || ' points; 5 or more are compatible with overt DIC'
            || coalesce('; open: ' || open_items, '') END, row_ids
FROM named_totals WHERE verdict_metric IS NOT NULL
