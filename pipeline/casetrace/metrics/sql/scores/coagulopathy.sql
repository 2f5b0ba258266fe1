-- title: ISTH overt DIC and SIC, totals
-- grain: one row per case, metric and stratum
-- reads: coagulation_totals, coagulopathy_items
-- params: none
-- missing: a total is the sum of the item intervals of one day and has a value only when every item is decided and the condition is surely
--   present; without a condition associated with DIC (for SIC: without sepsis) the score does not apply
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330 (form of 2001); Iba T et al., J Thromb Haemost 2025;23:2356-2362 (revision of 2025: D-dimer
--   above 3 and 7 times the upper reference limit; the cut-offs of its other items could not be confirmed, those of 2001 stand in): 5 points
--   or more are compatible with overt DIC; Iba T et al., BMJ Open 2017;7:e017046: SIC is a total of 4 or more with more than 2 points for INR and platelets
-- returns: metrics
-- metric: isth_dic_2001_total | {score} | ISTH overt DIC score (2001), worst day, the INR standing in for a PT that is not printed | stratum: none
-- metric: isth_dic_2001_total_without_inr | {score} | ISTH overt DIC score (2001), worst day, from a PT in seconds only | stratum: none
-- metric: isth_dic_2001_total_by_day | {score} | ISTH overt DIC score (2001) of a day with a platelet count | stratum: study day
-- metric: isth_dic_2001_overt | {yes_no} | ISTH overt DIC score (2001) of 5 or more on any day | stratum: none
-- metric: isth_dic_2025_total | {score} | ISTH overt DIC score (2025), worst day, the INR standing in for a PT that is not printed | stratum: none
-- metric: isth_dic_2025_total_without_inr | {score} | ISTH overt DIC score (2025), worst day, from a PT in seconds only | stratum: none
-- metric: isth_dic_2025_total_by_day | {score} | ISTH overt DIC score (2025) of a day with a platelet count | stratum: study day
-- metric: isth_dic_2025_overt | {yes_no} | ISTH overt DIC score (2025) of 5 or more on any day | stratum: none
-- metric: sic_total | {score} | Sepsis-induced coagulopathy score, worst day | stratum: none
-- metric: sic_total_by_day | {score} | Sepsis-induced coagulopathy score of a day with a platelet count | stratum: study day
-- metric: sic_met | {yes_no} | Sepsis-induced coagulopathy (total 4 or more, and more than 2 for INR and platelets) on any day | stratum: none
WITH judged AS (
    SELECT *, CASE score WHEN 'sic' THEN low >= 4 AND core_low > 2 ELSE low >= 5 END AND applies_surely AS is_met,
        CASE score WHEN 'sic' THEN high < 4 OR core_high <= 2 ELSE high < 5 END AS is_not_met,
        CASE WHEN NOT applies_surely THEN reason('condition_uncertain', doubtful) END AS doubt
    FROM coagulation_totals
), days AS (
    -- The highest of a day's counts is the day's.
    SELECT case_id, score, reading, day, max(low) AS low, max(high) AS high, bool_or(applies_surely) AS applies_surely,
        any_value(doubt) AS doubt, arg_max(open_items, high) AS open_items, row_list(flatten(list(row_ids))) AS row_ids
    FROM judged WHERE reading = 'data' AND day IS NOT NULL GROUP BY ALL
), worst AS (
    SELECT case_id, score, reading, coalesce(max(low) FILTER (applies_surely), max(low)) AS low, max(high) AS high, bool_or(applies_surely) AS applies_surely,
        yes_no(bool_or(is_met), bool_and(is_not_met)) AS is_met, arg_max(high, is_worst) AS shown_high, any_value(doubt) FILTER (is_worst) AS doubt,
        any_value(day) FILTER (is_worst) AS shown_day,
        any_value(open_items) FILTER (is_worst) AS open_items,
        arg_max({'day': day, 'open_items': open_items}, high) AS most_open, row_list(flatten(list(row_ids))) AS row_ids
    FROM judged GROUP BY case_id, score, reading
), explained AS (
    SELECT *, CASE WHEN low = high AND applies_surely THEN low END AS total,
        CASE WHEN shown_day IS NULL THEN reason('worst_day_uncertain') ELSE reason('worst_on_day', number := shown_day) END AS worst_day,
        CASE WHEN high > shown_high THEN of_part(coalesce('day ' || replace(most_open.day::VARCHAR, '-', chr(8722)), 'a count of no certain day'),
            list_concat([reason('points_up_to', number := high)], most_open.open_items)) ELSE [] END AS highest
    FROM worst
), silent AS (
    SELECT DISTINCT case_id, score, reasons FROM coagulopathy_items WHERE status = 'not_applicable'
)
SELECT case_id, score || CASE reading WHEN 'data' THEN '_total' ELSE '_total_without_inr' END AS metric, '' AS stratum, total::DOUBLE AS value,
    low::DOUBLE AS low, high::DOUBLE AS high, '{score}' AS unit, status_of(1, total) AS status, reasons(list_concat([worst_day, doubt], open_items, highest)) AS reasons, row_ids
FROM explained
UNION ALL
SELECT case_id, score || '_total_by_day', 'D' || day, CASE WHEN low = high AND applies_surely THEN low END::DOUBLE, low::DOUBLE, high::DOUBLE, '{score}',
    status_of(1, CASE WHEN low = high AND applies_surely THEN low END), reasons(list_concat([doubt], open_items)), row_ids
FROM days
UNION ALL
SELECT case_id, CASE score WHEN 'sic' THEN 'sic_met' ELSE score || '_overt' END, '', is_met, coalesce(is_met, 0), coalesce(is_met, 1), '{yes_no}', status_of(1, is_met),
    reasons(list_concat([worst_day, doubt, CASE score WHEN 'sic' THEN reason('sic_criteria') ELSE reason('overt_dic_criteria') END],
        points_between(low, high), CASE WHEN is_met IS NULL THEN open_items ELSE [] END)), row_ids
FROM explained WHERE reading = 'data'
UNION ALL
SELECT s.case_id, m.metric, '', NULL, NULL, NULL, m.unit, 'not_applicable', s.reasons, []
FROM silent s JOIN (VALUES ('isth_dic_2001', 'isth_dic_2001_total', '{score}'), ('isth_dic_2001', 'isth_dic_2001_total_without_inr', '{score}'),
    ('isth_dic_2001', 'isth_dic_2001_overt', '{yes_no}'), ('isth_dic_2025', 'isth_dic_2025_total', '{score}'),
    ('isth_dic_2025', 'isth_dic_2025_total_without_inr', '{score}'), ('isth_dic_2025', 'isth_dic_2025_overt', '{yes_no}'),
    ('sic', 'sic_total', '{score}'), ('sic', 'sic_met', '{yes_no}')) m(score, metric, unit) USING (score)
