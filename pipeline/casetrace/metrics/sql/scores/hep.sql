-- title: HEP score, total
-- grain: one row per case and metric
-- reads: hep_items, hep_boxes
-- params: none
-- missing: the total spans the sums of the item intervals under each way in which the items can hold together, and has a value only
--   when that is one number; without heparin the score does not apply
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; screening cut-off 2 or more, and 5 or more
-- returns: metrics
-- metric: hep_total | {score} | HIT expert probability (HEP) score | stratum: none
-- metric: hep_total_by_causes | {score} | HEP score under one reading of the causes | stratum: reading (cause_counts, no_other_cause)
-- metric: hep_at_least_2 | {yes_no} | HEP score of 2 or more (screening cut-off) | stratum: none
-- metric: hep_at_least_5 | {yes_no} | HEP score of 5 or more | stratum: none
WITH sums AS (
    SELECT case_id, causes, nadir, any_value(is_both_stated) AS is_both_stated, sum(low) AS low, sum(high) AS high
    FROM hep_boxes GROUP BY case_id, causes, nadir
), items AS (
    SELECT case_id, bool_or(status = 'not_applicable') AS is_inapplicable,
        coalesce(list(reason('open_item', term := replace(replace(item, '_', ' '), 'dic', 'DIC'))) FILTER (status = 'not_computable'), []) AS open_items,
        row_list(flatten(list(row_ids))) AS row_ids
    FROM hep_items WHERE reading = 'data' GROUP BY case_id
), totals AS (
    SELECT i.*, s.low, s.high FROM items i LEFT JOIN (SELECT case_id, min(low) AS low, max(high) AS high FROM sums GROUP BY case_id) s USING (case_id)
), judged AS (
    SELECT *, CASE WHEN low = high THEN low END AS total, yes_no(low >= 2, high < 2) AS screens, yes_no(low >= 5, high < 5) AS is_likely FROM totals
), long AS (
    SELECT *, unnest([
        {'metric': 'hep_total', 'unit': '{score}', 'v': total, 'l': low, 'h': high},
        {'metric': 'hep_at_least_2', 'unit': '{yes_no}', 'v': screens, 'l': coalesce(screens, 0), 'h': coalesce(screens, 1)},
        {'metric': 'hep_at_least_5', 'unit': '{yes_no}', 'v': is_likely, 'l': coalesce(is_likely, 0), 'h': coalesce(is_likely, 1)}
    ], recursive := true)
    FROM judged
)
SELECT case_id, metric, '' AS stratum, CASE WHEN NOT is_inapplicable THEN v END::DOUBLE AS value, CASE WHEN NOT is_inapplicable THEN l END::DOUBLE AS low,
    CASE WHEN NOT is_inapplicable THEN h END::DOUBLE AS high, unit,
    CASE WHEN is_inapplicable THEN 'not_applicable' ELSE status_of(1, v) END AS status,
    reasons(CASE WHEN is_inapplicable THEN [reason('not_in_record', term := 'heparin')]
        ELSE list_concat(points_between(low, high), CASE WHEN low = 0 AND high <> 0 THEN [reason('points_at_least', number := 0)] ELSE [] END, open_items) END) AS reasons,
    row_ids
FROM long
UNION ALL
-- The source states a cause and states that there is none: each reading by itself.
SELECT case_id, 'hep_total_by_causes', causes, CASE WHEN min(s.low) = max(s.high) THEN min(s.low) END::DOUBLE, min(s.low)::DOUBLE, max(s.high)::DOUBLE,
    '{score}', status_of(1, CASE WHEN min(s.low) = max(s.high) THEN min(s.low) END),
    [CASE causes WHEN 'cause_counts' THEN reason('cause_excludes_none') ELSE reason('none_excludes_causes') END],
    any_value(i.row_ids)
FROM sums s JOIN items i USING (case_id) WHERE is_both_stated GROUP BY case_id, causes
